"""Who holds the ball while an order stands somewhere, and until when that is usual.

The carrier has as many business days as it usually takes: the longest interval of the order's numbers, or the
country's. At 100 % of that an order is late, at 150 % very late. Where people must act there is no carrier to
compare with: late is from the middle reminder on, very late from the last. The two days are stored when an
order moves, so that a list can ask for them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib import calendar
from porting.models.rollup import State as S

if TYPE_CHECKING:
    from porting.models.orders import PortOrder


class Holder(StrEnum):
    YOU = "you"
    PARTNER = "partner"
    CUSTOMER = "customer"
    US = "us"
    CARRIER = "carrier"
    REGISTRY = "registry"  # of toll-free numbers
    NOBODY = ""


@dataclass(frozen=True)
class Closing:
    """After how many days without anybody's doing an order is closed, or becomes a draft again; on which days
    people are warned by e-mail; from which days on it is late and very late."""

    after: int
    warnings: tuple[int, ...]
    amber: int
    red: int


@dataclass(frozen=True)
class Lateness:
    """That something takes longer than usual: how bad, as a tone of the console, and in a word."""

    tone: str
    word: str | Promise


HOLDER_WORDS: dict[str, str | Promise] = {
    Holder.YOU: _("You"),
    Holder.PARTNER: _("Your partner"),
    Holder.CUSTOMER: _("Customer"),
    Holder.US: _("Us"),
    Holder.CARRIER: _("Current carrier"),
    Holder.REGISTRY: _("Toll-free registry"),
    Holder.NOBODY: "",
}
HOLDERS: dict[str, Holder] = {
    S.DRAFT: Holder.YOU,
    S.VALIDATING: Holder.US,
    S.AWAITING_DOCUMENTS: Holder.YOU,
    S.AWAITING_SIGNATURE: Holder.YOU,
    S.READY: Holder.US,
    S.SUBMITTED: Holder.CARRIER,
    S.REJECTED: Holder.YOU,
    S.FOC_RECEIVED: Holder.CARRIER,
    S.FOC_LOST: Holder.CARRIER,
    S.SUP_REQUESTED: Holder.CARRIER,
    S.CANCEL_REQUESTED: Holder.CARRIER,
    S.ACTIVATING: Holder.CARRIER,
    S.PARTIALLY_COMPLETED: Holder.CARRIER,
    S.ACTIVATION_FAILED: Holder.CARRIER,
    S.COMPLETED: Holder.YOU,
    S.MESSAGING_PENDING: Holder.CARRIER,
    S.DISPUTED: Holder.CARRIER,
}
# Days: drafts 30 with mails on 3, 14 and 27, rejections 45 with mails on 7, 21 and 40 (porting-domain 3.6).
CLOSINGS: dict[str, Closing] = {
    S.DRAFT: Closing(30, (3, 14, 27), amber=14, red=27),
    S.REJECTED: Closing(45, (7, 21, 40), amber=21, red=40),
    # What is missing has reminders of its own.
    S.AWAITING_DOCUMENTS: Closing(30, (), amber=14, red=27),
    S.AWAITING_SIGNATURE: Closing(30, (), amber=14, red=27),
}
OURS = 1  # business days that we take to check and send
# The states in which the carrier owes an answer within its usual time, and those of the day itself.
ANSWERS = frozenset({S.SUBMITTED, S.FOC_LOST, S.SUP_REQUESTED, S.CANCEL_REQUESTED, S.MESSAGING_PENDING})
THE_DAY = frozenset({S.FOC_RECEIVED, S.ACTIVATING, S.PARTIALLY_COMPLETED})


def limits(order: "PortOrder", state: str, slowest: int | None = None) -> tuple[date | None, date | None]:
    """The last day that is usual for an order in a state, and the last before it is very late; None where
    nobody waits. One query at most; none with `slowest`, the longest interval of its numbers."""
    holidays = order.pack.holidays
    zone = ZoneInfo(order.zone)
    if state in CLOSINGS:
        rule, since = CLOSINGS[state], began(order).astimezone(zone).date()
        return since + timedelta(days=rule.amber), since + timedelta(days=rule.red)
    since = order.moved_at.astimezone(zone).date()
    if state in THE_DAY and order.foc_date:
        return order.foc_date, calendar.add_business_days(order.foc_date, 1, holidays)
    if state in (S.VALIDATING, S.READY, S.ACTIVATION_FAILED):
        days = OURS
    elif state in ANSWERS or (state == S.DISPUTED and order.wish):
        days = usual_days(order, slowest)
    else:
        return None, None
    add = calendar.add_business_days
    return add(since, days, holidays), add(since, ceil(days * 1.5), holidays)


def began(order: "PortOrder") -> datetime:
    """Since when nobody has done anything about an order that waits for people."""
    return max(order.moved_at, order.edited_at or order.moved_at)


def usual_days(order: "PortOrder", slowest: int | None = None) -> int:
    """Business days that the order's carriers usually take: the slowest number's, at least the country's."""
    if slowest is None:
        slowest = order.numbers.filter().order_by().aggregate(n=Max("interval_days"))["n"] or 0
    return max(slowest, order.pack.port_lead_business_days, 1)


def lateness(order: "PortOrder", today: date) -> Lateness | None:
    """Whether an order is late on a day; None while it is in time."""
    if order.red_on and today > order.red_on:
        return Lateness("bad", _("Very late"))
    if order.amber_on and today > order.amber_on:
        return Lateness("warn", _("Late"))
    return None
