"""What must not be overlooked: requests to take numbers away that accept themselves, numbers that came
without something that was prepared for them."""

from typing import Any

from accounts.models import Membership, Organization
from pstn.models import Preparation

SHOWN = 3


def port_out_alerts(org: Organization, membership: Membership) -> list[tuple[Any, str, str, bool]]:
    """For those who can answer: the pending port-outs, the most urgent first, each with its first number, the
    business time left in words, and whether that is short. Port-outs are reached by their reverse relation.
    """
    if not membership.may_release:
        return []
    waiting = org.port_outs.within(membership).pending().whole().order_by("answer_by", "pk")
    return [
        (port_out, port_out.numbers.all()[0].e164, port_out.left_in_words, port_out.is_short)
        for port_out in waiting[:SHOWN]
    ]


def leftovers(org: Organization, membership: Membership) -> list[Preparation]:
    """The first numbers of which something could not be done when they came."""
    rows = org.preparations.within(membership).left_over().select_related("number__org")
    return list(rows.order_by("used_at", "pk")[:SHOWN])
