"""The first page: what still has to be set up, what waits for somebody, what comes next."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.http import OrgRequest
from lib.keyset import bounded_count
from pstn import standing
from pstn.alerts import leftovers, port_out_alerts, waiting_port_outs
from pstn.order_list import merged

SHOWN = 5
KINDS = ("number_orders", "port_orders", "port_outs")


@dataclass(frozen=True)
class Waiting:
    """One thing that needs a person."""

    tone: str
    word: str
    text: str
    url: str
    action: str


@require_safe
def overview(request: OrgRequest) -> HttpResponse:
    unready = list(_locations(request).unready().order_by("name", "pk")[: SHOWN + 1])
    recent, [numbers] = merged(
        request.org,
        [_orders(request, name) for name in KINDS],
        size=SHOWN,
        beside=[waiting_port_outs(request.org, request.membership)],
    )
    context = {
        "has_locations": bool(unready) or _locations(request).exists(),
        "unready": [
            (location, standing.checklist(location, request.membership)) for location in unready[:SHOWN]
        ],
        "more_unready": len(unready) > SHOWN,
        "waiting": _waiting(request),
        "alerts": port_out_alerts(request.org, numbers),
        "ports": _orders(request, "port_orders")
        .filter(state="foc_received")
        .order_by("foc_date", "pk")[:SHOWN],
        "recent": recent.rows,
    }
    return render(request, "pstn/overview.html", context)


def _locations(request: OrgRequest) -> Any:
    return request.org.locations.within(request.membership).with_standing()


def _orders(request: OrgRequest, name: str) -> Any:
    """The orders of one kind, last changed first. Those of porting are reached by reverse relations."""
    orders: Any = getattr(request.org, name)
    return orders.within(request.membership).select_related("location").order_by("-updated_at", "-pk")


def _waiting(request: OrgRequest) -> list[Waiting]:
    stopped = [
        order
        for name in ("port_outs", "port_orders", "number_orders")
        for order in _orders(request, name).needing_action()[:SHOWN]
    ]
    things = [
        Waiting(
            order.tone,
            order.shown,
            f"{order.kind_label} {order.reference}",
            order.get_absolute_url(),
            _("Open"),
        )
        for order in stopped
    ]
    return [*things, *_left_over(request), *_waiting_for_terms(request), *_waiting_for_addresses(request)]


def _left_over(request: OrgRequest) -> list[Waiting]:
    """Numbers that came without something that was prepared for them."""
    return [
        Waiting(
            "warn",
            _("Left to do"),
            _("Temporary number of %(number)s") % {"number": row.number.national},
            row.number.get_absolute_url(),
            _("Open"),
        )
        for row in leftovers(request.org, request.membership)
    ]


def _waiting_for_terms(request: OrgRequest) -> list[Waiting]:
    held = request.org.phone_numbers.within(request.membership).waiting_for_terms()
    count, _more = bounded_count(held)
    if not count:
        return []
    url = reverse("pstn:terms_detail", args=[request.org.slug])
    if request.membership.may_accept:
        text = ngettext(
            "Accept the terms of service to activate %(n)s number.",
            "Accept the terms of service to activate %(n)s numbers.",
            count,
        ) % {"n": count}
        return [Waiting("warn", _("Waiting for terms"), text, url, _("Review"))]
    text = _("An administrator of %(customer)s must accept the terms of service.") % {"customer": request.org}
    return [Waiting("warn", _("Waiting for terms"), text, url, _("Open"))]


def _waiting_for_addresses(request: OrgRequest) -> list[Waiting]:
    """Only connected locations: before that, the address is a line of their checklist."""
    locations = _locations(request).filter(connection__state="ready").lacking("emergency_address")
    count, _more = bounded_count(locations)
    if not count:
        return []
    text = ngettext(
        "%(n)s location has no validated emergency service address.",
        "%(n)s locations have no validated emergency service address.",
        count,
    ) % {"n": count}
    url = f"{reverse('emergency:address_list', args=[request.org.slug])}?state=missing"
    return [Waiting("warn", _("Not validated"), text, url, _("Review"))]
