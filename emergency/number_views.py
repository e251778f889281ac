"""The page on which one number gets an emergency address of its own, or gives it up for its location's."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from emergency import workflow
from emergency.forms import AddressForm
from emergency.models import EmergencyAddress
from emergency.validation import changes, problems
from emergency.views import ANSWERS, answered, asked_way_back, differences
from lib.transitions import Refused
from pstn.models import PhoneNumber


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def number_address_edit(request: OrgRequest, e164: str) -> HttpResponse:
    number = _number(request, e164)
    if reason := number.why_not_address():
        messages.info(request, reason)
        return redirect(number)
    if request.method != "POST":
        return _page(request, number, _form(request, number))
    if request.POST.get("do") in ANSWERS:
        return answered(request, number, request.POST["do"], partial(_saved, request, number))
    form = _form(request, number, request.POST)
    if form.is_valid():
        answer = workflow.check(number, form.typed, by=request.user)
        if answer.outcome == "valid":
            return _saved(request, number)
        if answer.outcome == "suggested":
            return redirect(request.get_full_path())  # the same page now shows the suggestion
        form.show(answer)
    return _page(request, number, form)


@require_POST
def number_address_clear(request: OrgRequest, e164: str) -> HttpResponse:
    """Help is sent to the location's address again."""
    number = _number(request, e164)
    try:
        workflow.clear(number, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("%(number)s uses the address of its location again.") % {"number": number.national}
        )
    return redirect(_way_back(request, number))


def _number(request: OrgRequest, e164: str) -> PhoneNumber:
    numbers = request.org.phone_numbers.within(request.membership)
    related = ("org", "location__connection", "location__emergency_address", "custom_address")
    number: PhoneNumber = get_object_or_404(numbers.select_related(*related), e164=e164)
    return number


def _saved(request: OrgRequest, number: PhoneNumber, is_validated: bool = True) -> HttpResponse:
    words = {"number": number.national}
    if is_validated:
        messages.success(request, _("The emergency address of %(number)s is validated and saved.") % words)
    else:
        text = _(
            "The address of %(number)s is saved as typed. It is not validated, so its location's counts."
        )
        messages.warning(request, text % words)
    return redirect(_way_back(request, number))


def _way_back(request: OrgRequest, number: PhoneNumber) -> str:
    return asked_way_back(request) or number.get_absolute_url()


def _form(request: OrgRequest, number: PhoneNumber, posted: Any = None) -> AddressForm:
    """Filled with what was typed last, else with its own address, else with the one that it inherits."""
    instance = number.own_address or EmergencyAddress(org=request.org, number=number)
    inherited = number.address_in_force
    start = inherited.fields if inherited else {}
    typed = instance.suggestion.get("typed") or ({} if instance.pk else start)
    return AddressForm(posted, instance=instance, org=request.org, initial=typed)


def _page(request: OrgRequest, number: PhoneNumber, form: AddressForm) -> HttpResponse:
    stored = request.org.emergency_addresses.filter(number=number).select_related("number__location").first()
    suggestion = stored.suggestion if stored else {}
    context = {
        "number": number,
        "form": form,
        "stored": stored,
        "suggestion": suggestion,
        "differences": differences(form, suggestion),
        "changes": changes(suggestion.get("reasons", [])),
        "problems": problems(stored.reasons) if stored and not suggestion else [],
        "why_not_keep": "" if number.location.may_use_kept_address else workflow.why_not_keep(),
        "title": _("Emergency address of one number"),
        "step_title": number.national,
        "intro": _(
            "Help is sent here when somebody calls the emergency number with this number, in place of its "
            "location's address."
        ),
        "next_label": _("Check and save"),
        "crumb_url": number.get_absolute_url(),
        "back_url": _way_back(request, number),
        "back_label": _("Cancel"),
        "can_leave": False,
    }
    return render(request, "emergency/number_address_edit.html", context)
