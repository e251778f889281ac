"""Where help is sent: the list of all addresses, and the page on which one is checked and saved."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from emergency import workflow
from emergency.forms import AddressForm
from emergency.models import ADDRESS_FIELDS, EmergencyAddress
from emergency.validation import changes, problems
from lib import keyset
from lib.htmx import page_or_part
from lib.transitions import Refused
from pstn import standing
from pstn.models import Location, PhoneNumber
from pstn.wizards import connections as wizard

PAGE_SIZE = 50
ANSWERS = ("use", "keep", "dismiss")  # what a person may do with a suggestion


@require_safe
def address_list(request: OrgRequest) -> HttpResponse:
    is_missing = request.GET.get("state") == "missing"
    locations = request.org.locations.within(request.membership).with_standing()
    if is_missing:
        locations = locations.lacking("emergency_address")
    page = keyset.page(
        locations, ("name", "pk"), request.GET.get("after"), request.GET.get("before"), PAGE_SIZE
    )
    standing.count_numbers(page.rows)
    context = {"page": page, "is_missing": is_missing}
    return page_or_part(request, "emergency/address_list.html", "results", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def address_edit(request: OrgRequest, pk: int) -> HttpResponse:
    locations = request.org.locations.within(request.membership).with_standing()
    location: Location = get_object_or_404(locations, pk=pk)
    if request.method != "POST":
        return _page(request, location, _form(request, location))
    if request.POST.get("do") in ANSWERS:
        return answered(request, location, request.POST["do"], partial(_saved, request, location))
    form = _form(request, location, request.POST)
    if form.is_valid():
        answer = workflow.check(location, form.typed, by=request.user)
        if answer.outcome == "valid":
            return _saved(request, location)
        if request.POST.get("then") == "leave":
            messages.warning(request, _("The emergency service address is not validated yet."))
            return redirect("pstn:location_pstn", request.org.slug, location.pk)
        if answer.outcome == "suggested":
            return redirect(request.get_full_path())  # the same page now shows the suggestion
        form.show(answer)
    return _page(request, location, form)


def answered(
    request: OrgRequest, place: Location | PhoneNumber, do: str, saved: Callable[[bool], HttpResponse]
) -> HttpResponse:
    """What somebody does with the suggestion that they were shown; `saved` is told if it is validated."""
    mark = request.POST.get("suggestion", "")
    try:
        if do == "dismiss":
            workflow.dismiss(place, mark)
            return redirect(request.get_full_path())
        (workflow.use_suggestion if do == "use" else workflow.keep)(place, mark, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    return saved(do == "use")


def _saved(request: OrgRequest, location: Location, is_validated: bool = True) -> HttpResponse:
    words = {"location": location}
    is_leaving = request.POST.get("then") == "leave"
    if not is_validated:
        text = _("The address of %(location)s is saved as typed. It is not validated.") % words
        messages.warning(request, text)
    elif is_leaving or not _is_in_wizard(request, location):  # the wizard's review, which is next, shows it
        text = _("The emergency service address of %(location)s is validated and saved.") % words
        messages.success(request, text)
    if is_leaving:
        return redirect("pstn:location_pstn", request.org.slug, location.pk)
    return redirect(_way_back(request, location))


def asked_way_back(request: OrgRequest) -> str:
    """What `next` names, if that is in this console."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""


def _way_back(request: OrgRequest, location: Location) -> str:
    """Where the person came from: what `next` names, the wizard's review, or the location."""
    if wanted := asked_way_back(request):
        return wanted
    if _is_in_wizard(request, location):
        return wizard.step_url(wizard.connection_of(location), "review")
    return reverse("pstn:location_pstn", args=[request.org.slug, location.pk])


def _is_in_wizard(request: OrgRequest, location: Location) -> bool:
    connection = getattr(location, "connection", None)
    return (
        "wizard" in request.GET
        and connection is not None
        and not connection.is_ready
        and "address" in connection.steps()
    )


def _form(request: OrgRequest, location: Location, posted: Any = None) -> AddressForm:
    """Filled with what was typed last, else with the address in force, else with the location's own."""
    address = getattr(location, "emergency_address", None)
    instance = address or EmergencyAddress(org=request.org, location=location)
    own = {name: getattr(location, "state" if name == "state_code" else name) for name in ADDRESS_FIELDS}
    typed = instance.suggestion.get("typed") or ({} if address else own)
    return AddressForm(posted, instance=instance, org=request.org, initial=typed)


@dataclass(frozen=True)
class Difference:
    """One field of a suggestion beside what was typed."""

    label: str
    typed: str
    found: str

    @property
    def is_changed(self) -> bool:
        return self.typed != self.found


def _page(request: OrgRequest, location: Location, form: AddressForm) -> HttpResponse:
    stored = request.org.emergency_addresses.filter(location=location).first()
    suggestion = stored.suggestion if stored else {}
    numbers = location.phone_numbers.exclude(kind=PhoneNumber.Kind.TOLL_FREE)  # those have no address
    context = {
        "location": location,
        "form": form,
        "stored": stored,
        "suggestion": suggestion,
        "differences": differences(form, suggestion),
        "changes": changes(suggestion.get("reasons", [])),
        "problems": problems(stored.reasons) if stored and not suggestion else [],
        "why_not_keep": "" if location.may_use_kept_address else workflow.why_not_keep(),
        "number_count": keyset.bounded_count(numbers)[0],
        "intro": _("Help is sent here when somebody calls the emergency number from this location."),
        "next_label": _("Check and save"),
        **(_as_step(location) if _is_in_wizard(request, location) else _as_page(request, location)),
    }
    return render(request, "emergency/address_edit.html", context)


def _as_step(location: Location) -> dict[str, Any]:
    connection = wizard.connection_of(location)
    return {
        "section": "locations",
        "title": _("PSTN connection of %(location)s") % {"location": location},
        "steps": wizard.stages(connection, "address"),
        "step_title": wizard.STEPS["address"].title,
        "back_url": wizard.back_url(connection, "address"),
    }


def _as_page(request: OrgRequest, location: Location) -> dict[str, Any]:
    return {
        "title": _("Emergency service address"),
        "step_title": location.name,
        "crumb_url": reverse("pstn:location_pstn", args=[request.org.slug, location.pk]),
        "back_url": _way_back(request, location),
        "back_label": _("Cancel"),
        "can_leave": False,
    }


def differences(form: AddressForm, suggestion: dict[str, Any]) -> list[Difference]:
    if not suggestion:
        return []
    return [
        Difference(str(form.fields[name].label), suggestion["typed"][name], suggestion["found"][name])
        for name in ADDRESS_FIELDS
        if suggestion["typed"][name] or suggestion["found"][name]
    ]
