"""Until when a confirmed port may be changed or canceled, how risky that is, and what it costs.

Free until 72 hours before the FOC day, then fee bands whose amounts an operator keeps (models/fees.py),
locked once the day has begun. Hours are counted to the beginning of the FOC day where the numbers go.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from porting.models import FeeBand, PortOrder
from porting.models.rollup import ON_THE_DAY

S = PortOrder.State


@dataclass(frozen=True)
class Rules:
    """How often a confirmed date may be changed, and the hours before the FOC day at which things change."""

    date_changes: int = 3  # many carriers cancel at the fourth
    free_hours: int = 72
    best_effort_hours: int = 48  # below, the carrier may keep the old date


RULES = Rules()
#: A date stands confirmed: changing one's mind may cost something.
CONFIRMED = frozenset(
    {S.FOC_RECEIVED, S.SUP_REQUESTED, S.ACTIVATING, S.PARTIALLY_COMPLETED, S.ACTIVATION_FAILED}
)


class Risk(StrEnum):
    """How likely it is that the numbers move all the same (UI P4)."""

    MINIMAL = "minimal"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"

    @property
    def word(self) -> str:
        return {
            Risk.MINIMAL: _("Minimal"),
            Risk.LOW: _("Low"),
            Risk.MODERATE: _("Moderate"),
            Risk.HIGH: _("High"),
        }[self]

    @property
    def span(self) -> str:
        """The hours before the FOC day that it stands for."""
        return {
            Risk.MINIMAL: _("more than 72 h"),
            Risk.LOW: _("48 to 72 h"),
            Risk.MODERATE: _("24 to 48 h"),
            Risk.HIGH: _("under 24 h"),
        }[self]


@dataclass(frozen=True)
class Quote:
    """What changing or canceling means at one moment. `day_begins` is when the FOC day begins, None without a
    confirmed date; `total` is what is asked for the whole order, 0 when it is free.
    """

    day_begins: datetime | None
    now: datetime
    each: Decimal
    count: int
    is_example: bool

    @property
    def total(self) -> Decimal:
        return self.each * self.count

    @property
    def left(self) -> timedelta | None:
        return None if self.day_begins is None else self.day_begins - self.now

    @property
    def hours(self) -> int | None:
        """Whole hours left; 0 once the day has begun."""
        return None if self.left is None else max(0, int(self.left.total_seconds() // 3600))

    @property
    def is_locked(self) -> bool:
        """The FOC day has begun: nothing can be taken back in the console."""
        return self.left is not None and self.left <= timedelta(0)

    @property
    def free_until(self) -> datetime | None:
        return self.day_begins and self.day_begins - timedelta(hours=RULES.free_hours)

    @property
    def is_free_time(self) -> bool:
        return self.free_until is None or self.now <= self.free_until

    @property
    def is_best_effort(self) -> bool:
        return self.left is not None and self.left < timedelta(hours=RULES.best_effort_hours)

    @property
    def risk(self) -> Risk | None:
        """None without a confirmed date: nothing is at risk."""
        if self.left is None:
            return None
        bounds = ((72, Risk.MINIMAL), (48, Risk.LOW), (24, Risk.MODERATE))
        # On the very hour the lower risk still holds.
        return next((risk for hours, risk in bounds if self.left >= timedelta(hours=hours)), Risk.HIGH)

    @property
    def scale(self) -> list[tuple[Risk, bool]]:
        """All risks, and which is the present one; empty without a date."""
        return [(risk, risk == self.risk) for risk in Risk] if self.risk else []


def quote(order: PortOrder, kind: str, now: datetime | None = None) -> Quote:
    """What `kind` (of FeeBand) means for an order now. At most one query, and none while it is free."""
    moment = now or timezone.now()
    begins = day_begins(order) if order.state in CONFIRMED else None
    count = order.number_count
    if begins is None or begins - moment >= timedelta(hours=RULES.free_hours):
        return Quote(begins, moment, Decimal(0), count, is_example=False)
    left = begins - moment
    bands = list(FeeBand.objects.filter(kind=kind).order_by("under_hours"))
    # Hours before the first band that is high enough; above all bands it is free.
    band = next((band for band in bands if left < timedelta(hours=band.under_hours)), None)
    if band is None:
        return Quote(begins, moment, Decimal(0), count, is_example=False)
    return Quote(begins, moment, band.amount, count, is_example=band.is_example)


def day_begins(order: PortOrder) -> datetime | None:
    """The first moment of the FOC day where the numbers go, in UTC; None without a confirmed date."""
    if order.foc_date is None:
        return None
    local = datetime.combine(order.foc_date, time.min, tzinfo=ZoneInfo(order.zone))
    return local.astimezone(ZoneInfo("UTC"))  # moments of one zone would be subtracted as wall clocks


def why_not_cancel(order: PortOrder) -> str:
    """Why it is too late to cancel, or ""."""
    if order.state in ON_THE_DAY:
        return _("The numbers are moving already: it is too late to cancel. Ask PSTN support.")
    if quote(order, FeeBand.Kind.CANCEL).is_locked:
        return _("The day of the port has begun: it is too late to cancel. Ask PSTN support.")
    return ""


def why_not_change(order: PortOrder) -> str:
    """Why the confirmed date cannot be changed, or ""."""
    if order.state != S.FOC_RECEIVED:
        return _("Only a confirmed date can be changed.")
    if order.wish:
        return _("The carrier has not answered your last request yet.")
    if changes_left(order) == 0:
        return _("The date has been changed as often as carriers allow. Ask PSTN support.")
    if quote(order, FeeBand.Kind.CHANGE).is_locked:
        return _("The day of the port has begun: the date cannot be changed any more. Ask PSTN support.")
    return ""


def changes_left(order: PortOrder) -> int:
    """How often the confirmed date may still be changed."""
    return max(0, RULES.date_changes - order.date_changes)
