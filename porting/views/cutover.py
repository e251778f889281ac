"""The page of the day that numbers come, and what people do on it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import OrgRequest
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from porting import ageing, next_steps
from porting.day import checks as day_checks
from porting.day import cutover, messaging, trial_calls
from porting.forms.cutover import ActivateForm, DelayForm, SnapBackForm, TestForm, VerifyForm
from porting.models import PortOrder
from porting.models.rollup import Wish
from porting.views.reach import whole_order
from porting.workflow import cutover as workflow
from porting.workflow import orders as order_workflow

SHOWN = 50  # rows of a table; a link shows all


@require_GET
def order_day(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    if not cutover.has_day(order):
        messages.info(request, _("%(order)s has no confirmed date yet.") % {"order": order})
        return redirect(order)
    # The open page asks again and again; it is drawn anew only when something has happened.
    if wants_part(request, "day") and request.GET.get("seen") == _seen(order):
        return HttpResponse(status=204)
    return _show(request, order)


@require_POST
def order_activate(request: OrgRequest, pk: int) -> HttpResponse:
    """*Activate now* for the numbers chosen. Pressed twice it is one activation."""
    order = whole_order(request, pk)
    form = _activate_form(request, order, request.POST)
    if not form.is_valid():
        return _show(request, order, activate_form=form)
    try:
        workflow.activate(order, e164s=form.chosen, by=request.user)
    except Refused as refusal:
        return _back(request, order, str(refusal))
    n = len(form.chosen)
    said = ngettext(
        "The carrier activates %(n)s number now.", "The carrier activates %(n)s numbers now.", n
    ) % {"n": n}
    messages.success(request, said)
    return _back(request, order)


@require_POST
def order_delay(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    if reason := cutover.why_not_delay(order):
        return _back(request, order, reason)
    form = DelayForm(request.POST)
    if not form.is_valid():
        return _show(request, order, delay_form=form)
    try:
        order_workflow.delay(order, by=request.user)
    except Refused as refusal:
        return _back(request, order, str(refusal))
    messages.success(request, _("The carrier is asked to put it off by one business day."))
    return _back(request, order)


@require_POST
def order_forwards(request: OrgRequest, pk: int) -> HttpResponse:
    """A person says that the old forwards are removed, or takes it back."""
    order = whole_order(request, pk)
    if cutover.has_day(order):
        workflow.remove_forwards(order, removed="removed" in request.POST, by=request.user)
    return _back(request, order)


@require_POST
def order_test(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    form = TestForm(request.POST)
    if not form.is_valid():
        return _back(request, order, _("Choose what to test."))
    try:
        run = workflow.place_test_calls(order, scope=form.cleaned_data["scope"], by=request.user)
    except Refused as refusal:
        return _back(request, order, str(refusal))
    n = len(run.numbers)
    said = ngettext(
        "Test calls for %(n)s number are on their way.", "Test calls for %(n)s numbers are on their way.", n
    ) % {"n": n}
    messages.success(request, said)
    return _back(request, order)


@require_POST
def order_verify(request: OrgRequest, pk: int) -> HttpResponse:
    """All test calls passed, or somebody answers for the rest with a note."""
    order = whole_order(request, pk)
    form = VerifyForm(request.POST, lacks=trial_calls.lacks_for_verify(order))
    if not form.is_valid():
        return _show(request, order, verify_form=form)
    try:
        workflow.confirm_works(order, note=form.cleaned_data.get("note", ""), by=request.user)
    except Refused as refusal:
        return _back(request, order, str(refusal))
    messages.success(request, _("%(order)s is verified.") % {"order": order})
    return _back(request, order)


@require_POST
def order_snap_back(request: OrgRequest, pk: int) -> HttpResponse:
    """Ask the old carrier to take numbers back."""
    order = whole_order(request, pk)
    form = _back_form(order, request.POST)
    if not form.is_valid():
        return _show(request, order, back_form=form)
    try:
        order_workflow.request_snap_back(order, e164s=form.chosen, by=request.user)
    except Refused as refusal:
        return _back(request, order, str(refusal))
    messages.success(request, _("The old carrier is asked to take the numbers back."))
    return _back(request, order)


# --- The page ---------------------------------------------------------------------------------------------


def _show(request: OrgRequest, order: PortOrder, **bound: forms.Form) -> HttpResponse:
    """The page in a fixed number of queries; `bound` are forms that somebody must correct."""
    if not cutover.has_day(order):
        return redirect(order)
    day = cutover.day_of(order)
    events = list(order.events.select_related("by").order_by("pk"))
    lines = cutover.lines(order, events)
    shown = len(lines) if request.GET.get("all") else SHOWN
    grid = trial_calls.grid_of(order)
    activations = list(order.activations.select_related("by").order_by("-pk")[:20])
    context: dict[str, Any] = {
        "order": order,
        "next": next_steps.what_next(order),
        "age": ageing.of(order, request.membership),
        "window": cutover.window(order) if order.state in cutover.ON_THE_WAY else None,
        "has_begun": order.state in cutover.MOVING,
        "checks": day_checks.checks(order, day),
        "day": day,
        "counts": cutover.counts(order),
        "lines": lines[:shown],
        "more": max(0, len(lines) - shown),
        "failed": [line for line in lines if line.problem],
        "activations": activations,
        "messaging": messaging.facts(order, request.membership),
        "why_not_delay": cutover.why_not_delay(order),
        "answer": _answer(events),
        "may_edit": request.membership.may_edit,
        "is_moving": order.is_moving or grid.under_way is not None,
        "asks_delay": order.wish == Wish.DELAY,
        "asks_back": order.wish == Wish.SNAP_BACK,
        "seen": _seen(order),
        "news": "seen" in request.GET,
        "support_url": settings.SUPPORT_URL,
        **trial_calls.facts(order, grid, shown),
        **_forms(request, order, grid),
        **bound,
    }
    status = 422 if bound else 200
    return page_or_part(request, "porting/order_day.html", "day", context, status=status)


def _forms(request: OrgRequest, order: PortOrder, grid: trial_calls.Grid) -> dict[str, Any]:
    """The forms of what is possible now; the others are missing, and the page says why."""
    found: dict[str, Any] = {}
    if not request.membership.may_edit:
        return found
    found["why_not_activate"] = cutover.why_not_activate(order)
    if order.on_demand and not found["why_not_activate"]:
        form = _activate_form(request, order)
        found["activate_form"] = form if form.offered else None
    if not cutover.why_not_delay(order):
        found["delay_form"] = DelayForm()
    if order.state in (PortOrder.State.COMPLETED, PortOrder.State.MESSAGING_PENDING):
        lacks = trial_calls.lacks_for_verify(order, grid)
        found |= {"verify_form": VerifyForm(lacks=lacks), "lacks": lacks}
    if order.is_here:
        rows = cutover.may_go_back(order)
        found["back_until"] = cutover.back_until(rows)
        if rows and not order.wish:
            found["back_form"] = _back_form(order)
    return found


def _activate_form(request: OrgRequest, order: PortOrder, data: Any = None) -> ActivateForm:
    ready = all(check.tone == "ok" for check in day_checks.checks(order, cutover.day_of(order)))
    return ActivateForm(data, order=order, offered=cutover.may_be_activated(order), is_ready=ready)


def _back_form(order: PortOrder, data: Any = None) -> SnapBackForm:
    return SnapBackForm(data, order=order, offered=[row.e164 for row in cutover.may_go_back(order)])


def _answer(events: list[Any]) -> Any:
    """What became of the last wish to give numbers back, or None."""
    verbs = ("request_snap_back", "snap_back", "refuse_snap_back")
    return next((event for event in reversed(events) if event.verb in verbs), None)


def _seen(order: PortOrder) -> str:
    """What the page shows, in short: another value means that there is something new to see."""
    return ".".join(
        str(value or 0)
        for value in (
            order.events.order_by("-pk").values_list("pk", flat=True).first(),
            order.activations.exclude(told_at=None).count(),
            order.test_runs.exclude(told_at=None).count(),
            order.test_runs.aggregate(last=Max("calls__pk"))["last"],
        )
    )


def _back(request: OrgRequest, order: PortOrder, problem: str = "") -> HttpResponse:
    if problem:
        messages.error(request, problem)
    return redirect(reverse("porting:order_day", args=[request.org.slug, order.pk]))
