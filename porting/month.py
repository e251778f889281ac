"""The port dates of an organization as a month: weeks of days, each with its ports and its holidays."""

import calendar as months
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

import countries
from accounts.models import Membership, Organization
from lib import calendar
from porting.forms.date_grid import first_weekday
from porting.models import PortOrder

S = PortOrder.State
ENDED = (S.CANCELED, S.ABANDONED, S.EXPIRED)
MOST = 500  # ports of one page or feed; more would be no calendar any more
FEED_BACK, FEED_AHEAD = timedelta(days=60), timedelta(days=400)


@dataclass(frozen=True)
class Port:
    """One port on its day, and how sure that day is."""

    order: PortOrder
    tone: str
    word: str


@dataclass(frozen=True)
class Day:
    day: date
    in_month: bool
    is_today: bool
    closed: bool
    holidays: tuple[str, ...] = ()
    ports: list[Port] = field(default_factory=list)


def reachable(org: Organization, membership: Membership) -> Any:
    """The sent orders that a person may see on the calendar."""
    orders: Any = org.port_orders.within(membership)  # type: ignore[attr-defined]
    return orders.sent().exclude(state__in=ENDED).select_related("org", "location")


def between(orders: Any, first: date, last: date) -> list[PortOrder]:
    """Those whose date, the confirmed one or else the one asked for, lies in these days."""
    dated = Q(foc_date__range=(first, last)) | Q(foc_date=None, requested_date__range=(first, last))
    return list(orders.filter(dated).order_by("foc_date", "requested_date", "pk")[:MOST])


def weeks(first: date, orders: Any, isos: Iterable[str], today: date) -> list[list[Day]]:
    """Whole weeks around the month that begins on `first`. One query for the ports, however many weeks."""
    # Python counts its weeks from Monday, Django's formats from Sunday.
    grid = months.Calendar((first_weekday() - 1) % 7).monthdatescalendar(first.year, first.month)
    by_day = defaultdict(list)
    for order in between(orders, grid[0][0], grid[-1][-1]):
        by_day[order.date_shown].append(_port(order))
    packs = [countries.get(iso) for iso in sorted(set(isos))]
    return [
        [
            Day(
                day,
                in_month=day.month == first.month,
                is_today=day == today,
                closed=_is_closed(day, packs),
                holidays=_holidays(day, packs),
                ports=by_day[day],
            )
            for day in week
        ]
        for week in grid
    ]


def _port(order: PortOrder) -> Port:
    if order.is_here:
        return Port(order, "ok", _("Ported"))
    if order.foc_date:
        return Port(order, "info", _("Confirmed"))
    return Port(order, "mute", _("Asked for"))


def _is_closed(day: date, packs: list[countries.Country]) -> bool:
    """Whether carriers of none of the countries work on this day."""
    return bool(packs) and not any(calendar.is_business_day(day, pack.holidays) for pack in packs)


def _holidays(day: date, packs: list[countries.Country]) -> tuple[str, ...]:
    """The names of the day's holidays; with the country where they are not those of all countries."""
    names = {str(pack.name): calendar.holiday_name(day, pack.holidays) for pack in packs}
    kept = {country: name for country, name in names.items() if name}
    if len(packs) == 1 or (len(kept) == len(packs) and len(set(kept.values())) == 1):
        return tuple(dict.fromkeys(kept.values()))
    return tuple(f"{name} ({country})" for country, name in kept.items())
