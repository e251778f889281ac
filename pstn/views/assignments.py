"""Whom a number is for: given to somebody who is there already or is new, and taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import page_or_part
from lib.transitions import Refused
from pstn.forms.assignment import NEW, AssignmentForm
from pstn.models import PhoneNumber
from pstn.views.reach import one_number, posted
from pstn.workflow import numbers as workflow


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def number_assign(request: OrgRequest, e164: str) -> HttpResponse:
    """Whom a number of ours is for, its extension, the name it shows, and what it is used for."""
    number = one_number(request, e164)
    if number.state == PhoneNumber.State.PORTING:
        return redirect("pstn:number_prepare", request.org.slug, number.e164)
    form = AssignmentForm(posted(request), number=number, membership=request.membership)
    is_search = request.POST.get("do") == "find" or bool(request.htmx)
    if form.is_bound and not is_search and form.is_valid():
        try:
            _save(request, number, form)
        except Refused as refusal:
            form.add_error("owner", str(refusal))
        else:
            text = _("The assignment of %(number)s is saved.") % {"number": number.national}
            messages.success(request, text)
            return redirect(number)
    context: dict[str, Any] = {"number": number, "form": form, "is_search": is_search}
    status = 422 if form.is_bound and not is_search else 200
    return page_or_part(request, "pstn/number_assign.html", "owners", context, status=status)


@require_POST
def number_unassign(request: OrgRequest, e164: str) -> HttpResponse:
    number = one_number(request, e164)
    try:
        workflow.unassign(number, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(number)s is unassigned.") % {"number": number.national})
    return redirect(number)


def _save(request: OrgRequest, number: PhoneNumber, form: AssignmentForm) -> None:
    data = form.cleaned_data
    if data["owner"] == NEW:
        new = {"kind": data["kind"], "name": data["name"], "location": data["location"]}
        workflow.assign_to_new(number, new, by=request.user, **form.use)
    elif data["owner"]:
        workflow.assign(number, owner=data["owner"], by=request.user, **form.use)
    else:
        workflow.assign(number, assigned_to="", by=request.user, **form.use)
