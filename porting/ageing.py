"""Who holds the ball of an order and for how long, as its page says it; and asking support in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import PARTNER_ROLES, Membership
from lib.transitions import Refused
from porting import thread
from porting.errors import error
from porting.models import PortOrder, ageing
from porting.models.ageing import CLOSINGS, HOLDER_WORDS, Holder, Lateness
from porting.workflow import orders as workflow

S = PortOrder.State
CLAIMS = 2  # rejections after which support looks at it unasked


@dataclass(frozen=True)
class Age:
    """`who` acts, in a word; `since` when; `by` when that is usual, or closes; how late it is by now."""

    who: str
    since: datetime
    by: date | None
    lateness: Lateness | None
    closes: bool = False  # `by` is the day on which the order is closed, or becomes a draft again


def of(order: PortOrder, membership: Membership) -> Age:
    """An order's age for a reader. One query while people must act."""
    closing = CLOSINGS.get(order.state)
    by = closes_on(order) if closing else order.amber_on
    return Age(
        str(HOLDER_WORDS[holder(order, membership)]),
        order.moved_at,
        by,
        order.lateness,
        closes=closing is not None,
    )


def holder(order: PortOrder, membership: Membership) -> str:
    """Who must act, as the reader calls them: what is yours is the customer's to those who only look."""
    if order.holder != Holder.YOU:
        return order.holder
    signs = order.state == S.AWAITING_SIGNATURE
    if not membership.may_edit or (membership.is_partner and signs):
        return Holder.CUSTOMER
    if membership.is_partner or signs or order.created_by_id in (None, membership.user_id):
        return Holder.YOU
    partners = order.org.memberships.filter(user=order.created_by_id, role__in=PARTNER_ROLES)
    return Holder.PARTNER if partners.exists() else Holder.YOU


def closes_on(order: PortOrder) -> date:
    """The day on which an order that waits for people is closed if nobody acts."""
    return (ageing.began(order) + timedelta(days=CLOSINGS[order.state].after)).date()


def escalate(order: PortOrder) -> bool:
    """Ask support in after the second rejection, once; answers whether it was now."""
    with transaction.atomic():
        order.lock()
        if order.escalated_at or order.reject_count < CLAIMS or order.state != S.REJECTED:
            return False
        order.escalated_at = now()
        order.save(update_fields=["escalated_at"])
        said = _("%(order)s was rejected for the %(n)s. time: %(why)s. Please look at it.")
        why = str(error(order.reject_code).title)
        thread.alert(order, text=said % {"order": order, "n": order.reject_count, "why": why})
    return True


def chase(order: PortOrder) -> bool:
    """Ask support to call a carrier that is silent for too long, once; answers whether it was now."""
    try:
        with transaction.atomic():
            workflow.chase(order)
            said = _("%(order)s has waited for %(who)s since %(day)s. Please ask there.")
            day = order.moved_at.date().isoformat()
            words = {"order": order, "who": order.losing_carrier or _("the carrier"), "day": day}
            thread.alert(order, text=said % words)
    except Refused:
        return False
    return True
