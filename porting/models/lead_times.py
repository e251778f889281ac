"""How long before a port its date must be asked for, and why: by the order's size, carriers and country."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import calendar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from porting.models.numbers import PortedNumber
    from porting.models.orders import PortOrder

#: Business days that any but a simple port (one number) may take: 47 CFR 52.35(d).
NOT_SIMPLE = 4
#: A project is negotiated: carriers take longer, and plan further ahead (business days, calendar days).
PROJECT_DAYS, PROJECT_LATEST = 10, 60


@dataclass(frozen=True)
class LeadTime:
    """What decides which dates may be asked for. `days` are business days, `latest_days` calendar days;
    `sentence` says whose need the longest is.
    """

    days: int
    latest_days: int
    zone: str
    holidays: str
    sentence: str

    def dates(self, now: "datetime | None" = None) -> list[calendar.DateChoice]:
        """Each day from tomorrow on, open or grey with its reason."""
        moment = now or timezone.now()
        return calendar.legal_dates(moment, self.zone, self.holidays, self.days, self.latest_days)

    def judge(self, day: "date", now: "datetime | None" = None) -> calendar.DateChoice:
        """One day, also one that `dates` does not list."""
        moment = now or timezone.now()
        return calendar.is_legal_date(day, moment, self.zone, self.holidays, self.days, self.latest_days)

    @cached_property
    def counts_for(self) -> "date":
        """The business day for which a request of this moment counts."""
        return calendar.received_on(timezone.now(), self.zone, self.holidays)


def lead_time(order: "PortOrder", numbers: "Sequence[PortedNumber] | None" = None) -> LeadTime:
    """The lead time of an order as it stands: the longest of what its parts need.

    Reads `order.numbers`; fetch them with the order where there are many orders. `numbers`, if given, are
    those that an order with only these would have.
    """
    pack = order.pack
    rows = order.numbers.all() if numbers is None else numbers
    count = order.number_count if numbers is None else len(numbers)
    planned = _country if pack.is_confirmed("port_lead_business_days") else _planned
    is_project = order.is_project if numbers is None else count > order.project_above
    needs = [(pack.port_lead_business_days, planned(pack.port_lead_business_days))]
    if count > 1:
        needs.append((NOT_SIMPLE, _country(NOT_SIMPLE)))
    if slowest := max(rows, key=lambda row: row.interval_days, default=None):
        needs.append((slowest.interval_days, _carrier(slowest.losing_carrier, slowest.interval_days)))
    if is_project:
        needs.append((PROJECT_DAYS, _project(count)))
    # Of two that are equal the later one is the better reason.
    days, sentence = max(reversed(needs), key=lambda need: need[0])
    latest = max(pack.port_latest_days, PROJECT_LATEST if is_project else 0)
    return LeadTime(days, latest, order.zone, pack.holidays, sentence)


def _country(days: int) -> str:
    return ngettext(
        "The current carrier has %(n)s business day to prepare the port.",
        "The current carrier has %(n)s business days to prepare the port.",
        days,
    ) % {"n": days}


def _planned(days: int) -> str:
    """Where nobody confirmed what carriers of the country need: it is our plan, not their rule."""
    return ngettext(
        "We plan %(n)s business day for the port.", "We plan %(n)s business days for the port.", days
    ) % {"n": days}


def _carrier(name: str, days: int) -> str:
    return ngettext(
        "%(carrier)s needs %(n)s business day.", "%(carrier)s needs %(n)s business days.", days
    ) % {"carrier": name or _("The current carrier"), "n": days}


def _project(count: int) -> str:
    return _(
        "With %(count)s numbers the port is a project: it needs %(n)s business days, and may be planned "
        "%(latest)s days ahead."
    ) % {"count": count, "n": PROJECT_DAYS, "latest": PROJECT_LATEST}
