"""The day that numbers come: its window, how far each number is, what may be done when."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership
from porting.models import CutoverDay, PortedNumber, PortEvent, PortOrder
from porting.models.numbers import NumberState as N
from porting.models.rollup import Wish
from porting.workflow.orders import DELAYS, SNAP_BACK_WITHIN

S = PortOrder.State
OPENS, CLOSES = time(6), time(20)  # in which numbers can be activated on demand, at their place
AGAIN_AFTER = timedelta(minutes=15)  # a number that did not move after *Activate now* may be asked for again
#: The order has a day, or had it.
ON_THE_WAY = frozenset(
    {S.FOC_RECEIVED, S.SUP_REQUESTED, S.ACTIVATING, S.PARTIALLY_COMPLETED, S.ACTIVATION_FAILED}
)
MOVING = frozenset({S.ACTIVATING, S.PARTIALLY_COMPLETED, S.ACTIVATION_FAILED})
# What a page lists first: what needs somebody.
_PLACES = {N.FAILED: 0, N.REJECTED: 1, N.ACTIVATING: 2, N.FOC: 3, N.SNAPPED_BACK: 4, N.PORTED: 5}


def has_day(order: PortOrder) -> bool:
    """Whether the page of the day has something to say about an order."""
    return order.state in ON_THE_WAY or order.is_here


def day_of(order: PortOrder) -> CutoverDay | None:
    """What people ticked and when, or None while nobody has."""
    return getattr(order, "cutover_day", None)


# --- The window -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """Between which moments (aware) numbers can be activated on the confirmed day."""

    opens: datetime
    closes: datetime

    @property
    def is_ahead(self) -> bool:
        return now() < self.opens

    @property
    def is_open(self) -> bool:
        return self.opens <= now() < self.closes

    @property
    def target(self) -> datetime:
        """What the countdown counts to: the window's beginning, then its end."""
        return self.opens if self.is_ahead else self.closes

    @property
    def is_near(self) -> bool:
        """Near enough for a countdown in hours, minutes and seconds."""
        return self.target - now() < timedelta(days=1)


def window(order: PortOrder) -> Window | None:
    """The window of the FOC day where the numbers go; None without a confirmed date."""
    if order.foc_date is None:
        return None
    zone = ZoneInfo(order.zone)
    opens, closes = (
        datetime.combine(order.foc_date, hour, tzinfo=zone).astimezone(ZoneInfo("UTC"))
        for hour in (OPENS, CLOSES)
    )
    return Window(opens, closes)


# --- How far each number is -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One number on its way: since when it stands where it stands, and what is wrong with it."""

    number: PortedNumber
    since: datetime | None
    problem: str = ""


#: Verbs after which numbers stand in a state.
TURNING = {
    "accept_by_carrier": N.SUBMITTED,
    "confirm": N.FOC,
    "change_date": N.FOC,
    "lose_date": N.SUBMITTED,
    "begin_activation": N.ACTIVATING,
    "complete": N.PORTED,
    "fail": N.FAILED,
    "reject": N.REJECTED,
    "confirm_cancel": N.CANCELED,
    "snap_back": N.SNAPPED_BACK,
}


def lines(order: PortOrder, events: Iterable[PortEvent]) -> list[Line]:
    """Each number with since when it stands where it stands, what needs somebody first. No queries."""
    since: dict[tuple[str, str], datetime] = {}
    why: dict[str, str] = {}
    every = [row.e164 for row in order.numbers.all()]
    for event in events:
        if event.verb in TURNING:
            for e164 in event.numbers or every:
                since[e164, TURNING[event.verb]] = event.at
                if event.verb == "fail":
                    why[e164] = event.note
    rows = sorted(order.numbers.all(), key=lambda row: (_PLACES.get(N(row.state), 9), row.e164))
    return [
        Line(
            row,
            row.ported_at if row.state == N.PORTED else since.get((row.e164, row.state)),
            _wrong(row, why),
        )
        for row in rows
    ]


def _wrong(row: PortedNumber, why: dict[str, str]) -> str:
    if row.state not in (N.FAILED, N.REJECTED):
        return ""
    said = why.get(row.e164, "") if row.state == N.FAILED else ""
    return " ".join(part for part in (f"{row.problem_words}.", said) if part.strip("."))


def counts(order: PortOrder) -> list[tuple[str, str, int]]:
    """Tone, word and count of each state that numbers are in, in the order of a port's life."""
    found = Counter(row.state for row in order.numbers.all())
    return [(PortedNumber.TONES[state], str(state.label), found[state]) for state in N if found[state]]


# --- What may be done -------------------------------------------------------------------------------------


def why_not_activate(order: PortOrder) -> str:
    """Why nothing can be activated by hand now, or ""."""
    if not order.on_demand:
        return _("The carrier starts the activation of this order by itself.")
    if order.state not in MOVING:
        return _("The day has not begun: the carrier says when numbers can be activated.")
    if order.wish:
        return _("The carrier has not answered your last request yet.")
    frame = window(order)
    if frame and order.foc_date == order.today and now() >= frame.closes:
        return _("The window is over: the carrier activates what is left by itself.")
    return ""


def may_be_activated(order: PortOrder) -> list[str]:
    """Numbers that wait for *Activate now*, read anew; not those for which it was pressed just now."""
    asked: set[str] = set()
    recent = order.activations.filter(attempt=order.attempt, refused="", at__gt=now() - AGAIN_AFTER)
    for numbers in recent.values_list("numbers", flat=True):
        asked.update(numbers)
    waiting = order.numbers.filter(state=N.ACTIVATING).order_by("e164")
    return [e164 for e164 in waiting.values_list("e164", flat=True) if e164 not in asked]


def why_not_delay(order: PortOrder) -> str:
    """Why what has not moved cannot be put off by a business day, or ""."""
    if order.wish:
        return _("The carrier has not answered your last request yet.")
    if any(row.state == N.PORTED for row in order.numbers.all()):
        return _("Numbers have moved already: the rest cannot be put off any more.")
    if order.delays >= DELAYS:
        return _("It was put off %(n)s times already, which is as often as carriers allow.") % {"n": DELAYS}
    if order.state == S.ACTIVATING or (order.state == S.FOC_RECEIVED and order.foc_date == order.today):
        return ""
    return _("That is possible on the day itself. Before it, ask for another date.")


def may_go_back(order: PortOrder) -> list[PortedNumber]:
    """Ported numbers whose 24 hours are not over."""
    since = now() - SNAP_BACK_WITHIN
    return [
        row
        for row in order.numbers.all()
        if row.state == N.PORTED and row.ported_at is not None and row.ported_at >= since
    ]


def back_until(rows: Iterable[PortedNumber]) -> datetime | None:
    """When the first of these numbers can not go back any more; None without any."""
    came = [row.ported_at for row in rows if row.ported_at]
    return min(came) + SNAP_BACK_WITHIN if came else None


def between(numbers: Iterable[str], first: str, last: str) -> list[str]:
    """Those of E.164 `numbers` that lie in a range, both ends included."""
    low, high = sorted((int(first[1:]), int(last[1:])))
    return [number for number in numbers if low <= int(number[1:]) <= high]


# --- The order's card -------------------------------------------------------------------------------------


def facts(order: PortOrder, membership: Membership) -> dict[str, Any] | None:
    """The card that leads to the page of the day: how many numbers are here, and which are in trouble."""
    if not has_day(order):
        return None
    rows = list(order.numbers.all())
    failed = [row for row in rows if row.state == N.FAILED]
    return {
        "counts": counts(order),
        "here": sum(row.state == N.PORTED for row in rows),
        "all": sum(row.state != N.CANCELED for row in rows),
        "failed": failed,
        "is_moving": order.state in MOVING,
        "waits_for_you": order.on_demand and order.state in MOVING,
        "asks_back": order.wish == Wish.SNAP_BACK,
        "window": window(order) if order.state in ON_THE_WAY else None,
    }
