"""Which orders for new numbers a request may reach, and how a verb is tried."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.http import OrgRequest
from lib.transitions import Refused
from pstn.models import NumberOrder

RELATED = (
    "org",
    "created_by",
    "back_order",
    "replaces__org",
    "location__connection",
    "location__emergency_address",
)


def one_order(request: OrgRequest, pk: int) -> NumberOrder:
    """An order with everything that its pages show, or 404."""
    orders = request.org.number_orders.within(request.membership)
    order: NumberOrder = get_object_or_404(orders.select_related(*RELATED), pk=pk)
    return order


def one_draft(request: OrgRequest, pk: int) -> NumberOrder:
    order = one_order(request, pk)
    if not order.is_draft:
        raise Http404(f"{order} is no draft")
    return order


def on_draft(view: Callable[[OrgRequest, NumberOrder], HttpResponse]) -> Callable[..., HttpResponse]:
    """Of a draft in which numbers are looked for, no request through support. One that was placed in another
    tab is shown instead."""

    @wraps(view)
    def found(request: OrgRequest, pk: int) -> HttpResponse:
        order = one_order(request, pk)
        if order.is_assisted:
            raise Http404(f"{order} is a request")
        if not order.is_draft:
            messages.error(request, _("%(order)s is placed already.") % {"order": order})
            return redirect(order)
        return view(request, order)

    return found


def attempt(request: OrgRequest, verb: Callable[[], Any], back: str, done: str = "") -> HttpResponse:
    """Try a verb, say how it went, and go on to a page."""
    try:
        verb()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect(back)
