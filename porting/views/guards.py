"""The page of port-out PINs and locks: the organization's, and a number's own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import wants_part
from lib.transitions import Refused
from porting.forms.guards import GuardForm
from porting.models import NumberGuard, OrganizationGuard
from porting.models.guards import guard_of
from porting.workflow import guards as workflow
from pstn.models import PhoneNumber

SHOWN = 50  # own guards that the page lists


@require_GET
def guard_detail(request: OrgRequest) -> HttpResponse:
    return _page(request, GuardForm(guard=_of_org(request)))


@require_POST
@needs(Right.RELEASE)
def guard_edit(request: OrgRequest) -> HttpResponse:
    form = GuardForm(request.POST, guard=_of_org(request))
    if not form.is_valid():
        return _page(request, form, status=422)
    workflow.guard_organization(request.org, by=request.user, **form.values)
    messages.success(request, _("Saved. The carrier is told now."))
    return redirect("guards:guard_detail", request.org.slug)


@require_POST
@needs(Right.RELEASE)
def guard_reveal(request: OrgRequest) -> HttpResponse:
    guard = _of_org(request)
    if wants_part(request, "secret-pin"):
        return _revealed(request, guard)
    _on_record(request, guard)
    return _page(request, GuardForm(guard=guard), revealed=guard.pin if guard else "")


@require_http_methods(["GET", "POST"])
@needs(Right.RELEASE)
def number_guard_edit(request: OrgRequest, e164: str) -> HttpResponse:
    """A PIN and lock of its own for one number."""
    number = _number(request, e164)
    form = GuardForm(request.POST if request.method == "POST" else None, guard=_own(number))
    if request.method == "GET" or not form.is_valid():
        return _number_page(request, number, form, 422 if form.is_bound else 200)
    try:
        workflow.guard_number(number, by=request.user, **form.values)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved. The carrier is told now."))
    return redirect(number)


@require_POST
@needs(Right.RELEASE)
def number_guard_clear(request: OrgRequest, e164: str) -> HttpResponse:
    number = _number(request, e164)
    workflow.unguard_number(number, by=request.user)
    messages.success(request, _("%(number)s follows the organization.") % {"number": number.national})
    return redirect(number)


@require_POST
@needs(Right.RELEASE)
def number_guard_reveal(request: OrgRequest, e164: str) -> HttpResponse:
    number = _number(request, e164)
    guard = guard_of(number)
    if wants_part(request, "secret-pin"):
        return _revealed(request, guard)
    _on_record(request, guard)
    form = GuardForm(guard=_own(number))
    return _number_page(request, number, form, revealed=guard.pin if guard else "")


# --- What the pages need


def _of_org(request: OrgRequest) -> OrganizationGuard | None:
    return getattr(request.org, "port_out_guard", None)


def _own(number: PhoneNumber) -> NumberGuard | None:
    return getattr(number, "port_out_guard", None)


def _number(request: OrgRequest, e164: str) -> PhoneNumber:
    numbers = request.org.phone_numbers.within(request.membership)
    related = ("org__port_out_guard", "port_out_guard", "location__connection")
    return get_object_or_404(numbers.select_related(*related), e164=e164)


def _page(request: OrgRequest, form: GuardForm, *, status: int = 200, revealed: str = "") -> HttpResponse:
    own = request.org.number_guards.filter(number__in=request.org.phone_numbers.within(request.membership))
    rows = list(own.select_related("number__org", "number__location").order_by("number__e164")[: SHOWN + 1])
    context = {
        "form": form,
        "guard": _of_org(request),
        "own": rows[:SHOWN],
        "more_own": len(rows) > SHOWN,
        "may_release": request.membership.may_release,
        "revealed": revealed,
        "untold": request.org.guard_changes.filter(told_at=None).exists(),
        "section": "pstn",
    }
    return render(request, "porting/port_out_protection.html", context, status=status)


def _number_page(
    request: OrgRequest, number: PhoneNumber, form: GuardForm, status: int = 200, *, revealed: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "number": number,
        "own": _own(number),
        "guard": guard_of(number),
        "revealed": revealed,
        "section": "pstn",
    }
    return render(request, "porting/port_out_number_guard.html", context, status=status)


def _on_record(request: OrgRequest, guard: OrganizationGuard | NumberGuard | None) -> None:
    if guard is not None:
        audit.record("port_out_guard.reveal", guard, org=request.org, after={"field": "pin"})


def _revealed(request: OrgRequest, guard: OrganizationGuard | NumberGuard | None) -> HttpResponse:
    """The PIN alone, as plain text; who looked is on record."""
    _on_record(request, guard)
    return HttpResponse((guard.pin if guard else "") or _("none"), content_type="text/plain")
