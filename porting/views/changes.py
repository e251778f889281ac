"""Another date for a confirmed order, or giving an order up: what it costs is shown and accepted first."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from porting import calendar_files, dates, deadlines
from porting.forms.changes import CancelForm, DateChangeForm
from porting.models import PortOrder
from porting.views.reach import whole_order
from porting.workflow import orders as workflow


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def order_reschedule(request: OrgRequest, pk: int) -> HttpResponse:
    """Ask for another date than the confirmed one."""
    order = whole_order(request, pk)
    if reason := deadlines.why_not_change(order):
        messages.error(request, reason)
        return redirect(order)
    form = DateChangeForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.request_date(
                order, day=form.cleaned_data["day"], by=request.user, fee=form.quote.total or None
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Another date for %(order)s is asked for.") % {"order": order})
            return redirect(order)
    context = {
        "history": dates.history(order),
        "left": deadlines.changes_left(order),
        "most": deadlines.RULES.date_changes,
        "hours": deadlines.RULES.best_effort_hours,
    }
    return _page(request, "porting/order_reschedule.html", order, form, context)


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def order_cancel(request: OrgRequest, pk: int) -> HttpResponse:
    """GET asks in plain words, with the risk and the amount; POST asks the carrier."""
    order = whole_order(request, pk)
    if reason := deadlines.why_not_cancel(order):
        messages.error(request, reason)
        return redirect(order)
    form = CancelForm(request.POST if request.method == "POST" else None, order=order)
    if not form.is_bound or not form.is_valid():
        return _page(request, "porting/order_cancel.html", order, form, {})
    try:
        workflow.cancel(order, by=request.user, fee=form.quote.total or None)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(order)s: %(state)s.") % {"order": order, "state": order.shown})
    return redirect(order)


@require_GET
def order_calendar(request: OrgRequest, pk: int) -> HttpResponse:
    """The order's date as a file for one's own calendar."""
    return calendar_files.response(calendar_files.of_order(whole_order(request, pk)))


def _page(
    request: OrgRequest, template: str, order: PortOrder, form: Any, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(
        request, template, {"order": order, "form": form, "quote": form.quote, **context}, status=status
    )
