"""What must not be overlooked: requests to take numbers away that accept themselves, numbers that came
without something that was prepared for them."""

from collections.abc import Iterable
from typing import Any

from accounts.models import Membership, Organization
from lib.bundle import Wanted
from pstn.models import Preparation

SHOWN = 3


def waiting_port_outs(org: Organization, membership: Membership) -> Wanted:
    """For those who can answer: the first numbers of the pending port-outs that are due first. Port-outs are
    reached by their reverse relation."""
    waiting = org.port_outs.within(membership).pending()
    wanted: Wanted = (waiting if membership.may_release else waiting.none()).first_numbers(SHOWN)
    return wanted


def port_out_alerts(org: Organization, numbers: Iterable[Any]) -> list[tuple[Any, str, str, bool]]:
    """What such numbers tell: the port-out of each, the most urgent first, with the number, the business time
    left in words, and whether that is short."""
    alerts = []
    for number in numbers:
        port_out = number.port_out
        port_out.org, port_out.place = org, number.location  # known already
        alerts.append((port_out, number.e164, port_out.left_in_words, port_out.is_short))
    return sorted(alerts, key=lambda it: (it[0].answer_by is None, it[0].answer_by, it[0].pk))


def leftovers(org: Organization, membership: Membership) -> list[Preparation]:
    """The first numbers of which something could not be done when they came."""
    rows = org.preparations.within(membership).left_over().select_related("number__org")
    return list(rows.order_by("used_at", "pk")[:SHOWN])
