"""Business days: which days count, when a request counts as received, which port dates may be chosen.

Rule, 47 CFR 52.35(a): a business day is Monday to Friday except the losing carrier's holidays, and a
request received between 08:00 and 13:00 local time counts for that day; one received later counts as received
at 08:00 of the next business day. Local time there is that of the numbering region; we use the location's
zone, and the federal (nation-wide) holidays with their observed days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: The last moment of a business day that still counts for it, local time.
CUTOFF = time(13, 0)
ONE_DAY = timedelta(days=1)


class Closed(StrEnum):
    """Why a day cannot be chosen."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class DateChoice:
    """One day of the calendar that is offered. `closed` is None for a day that may be chosen."""

    day: date
    closed: Closed | None = None
    holiday: str = ""
    lead_days: int = 0
    latest_days: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the day may be chosen."""
        return self.closed is None

    @property
    def sentence(self) -> str:
        """Why the day is grey, in the reader's language; "" for a day that may be chosen."""
        match self.closed:
            case None:
                return ""
            case Closed.WEEKEND:
                return _("Ports happen on business days, not at weekends.")
            case Closed.HOLIDAY:
                return _("%(holiday)s is a holiday.") % {"holiday": self.holiday}
            case Closed.TOO_SOON:
                return ngettext(
                    "Too soon: the current carrier needs %(days)s business day.",
                    "Too soon: the current carrier needs %(days)s business days.",
                    self.lead_days,
                ) % {"days": self.lead_days}
            case Closed.TOO_FAR:
                return ngettext(
                    "Too far ahead: a port is planned at most %(days)s day ahead.",
                    "Too far ahead: a port is planned at most %(days)s days ahead.",
                    self.latest_days,
                ) % {"days": self.latest_days}


def holiday_name(day: date, country: str) -> str:
    """The English name of the nation-wide holiday on `day` in `country` (ISO 3166), or ""."""
    return _holidays(country, day.year).get(day, "")


def is_business_day(day: date, country: str) -> bool:
    """Whether carriers work on `day` in `country`: Monday to Friday, and no nation-wide holiday."""
    return day.weekday() < 5 and not holiday_name(day, country)


def next_business_day(day: date, country: str) -> date:
    """`day` itself when it is a business day, otherwise the first one after it."""
    while not is_business_day(day, country):
        day += ONE_DAY
    return day


def add_business_days(start: date, count: int, country: str) -> date:
    """The business day `count` business days after `start`, or before it when `count` is negative.

    `start` itself is never counted. With a count of 0 the answer is `start`, or the next business day if it
    is none.
    """
    if count == 0:
        return next_business_day(start, country)
    step, left, day = (ONE_DAY if count > 0 else -ONE_DAY), abs(count), start
    while left:
        day += step
        left -= is_business_day(day, country)
    return day


def business_days_between(first: date, last: date, country: str) -> int:
    """How many business days lie after `first` up to and with `last`; negative when `last` is the earlier
    one.
    """
    if last < first:
        return -business_days_between(last, first, country)
    return sum(is_business_day(day, country) for day in _days(first + ONE_DAY, last))


def received_on(moment: datetime, zone: str | ZoneInfo, country: str) -> date:
    """The business day for which a request that arrived at `moment` counts (47 CFR 52.35, see above).

    `moment` must be aware (ValueError otherwise); `zone` is the local zone or its IANA name.
    """
    if moment.tzinfo is None:
        raise ValueError("received_on needs a moment with a time zone")
    local = moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    if is_business_day(local.date(), country) and local.time() <= CUTOFF:
        return local.date()
    return next_business_day(local.date() + ONE_DAY, country)


def earliest_date(moment: datetime, zone: str | ZoneInfo, country: str, lead_days: int) -> date:
    """The first date to ask for: `lead_days` business days after the request counts as received."""
    return add_business_days(received_on(moment, zone, country), lead_days, country)


def legal_dates(
    now: datetime, zone: str | ZoneInfo, country: str, lead_days: int, latest_days: int = 30
) -> list[DateChoice]:
    """Every day from tomorrow to the last day of the week of the limit, open or grey with its reason.

    The limit is `latest_days` calendar days after today in `zone`. The days past it, up to the Sunday of
    that week, are there so that a calendar can be drawn in whole weeks and says why it ends.
    """
    earliest = earliest_date(now, zone, country, lead_days)
    today = now.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()
    limit = today + timedelta(days=latest_days)
    week_end = limit + timedelta(days=6 - limit.weekday())
    return [
        _choice(day, earliest, limit, country, lead_days, latest_days)
        for day in _days(today + ONE_DAY, week_end)
    ]


def is_legal_date(
    day: date, now: datetime, zone: str | ZoneInfo, country: str, lead_days: int, latest_days: int = 30
) -> DateChoice:
    """The choice for one day, also for days that `legal_dates` does not list: what a form checks."""
    earliest = earliest_date(now, zone, country, lead_days)
    today = now.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()
    return _choice(day, earliest, today + timedelta(days=latest_days), country, lead_days, latest_days)


def _choice(
    day: date, earliest: date, limit: date, country: str, lead_days: int, latest_days: int
) -> DateChoice:
    if day > limit:
        return DateChoice(day, Closed.TOO_FAR, latest_days=latest_days)
    if day.weekday() >= 5:
        return DateChoice(day, Closed.WEEKEND)
    if name := holiday_name(day, country):
        return DateChoice(day, Closed.HOLIDAY, holiday=name)
    if day < earliest:
        return DateChoice(day, Closed.TOO_SOON, lead_days=lead_days)
    return DateChoice(day)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> dict[date, str]:
    """Holidays of one year. `country` may be a part of one: GB-ENG.

    The first table of a country takes long to build, so each is built once a process.
    """
    try:
        iso, _dash, part = country.partition("-")
        days = holidays.country_holidays(
            iso, subdiv=part or None, years=year, observed=True, language="en_US"
        )
        return dict(days)
    except NotImplementedError:
        raise ValueError(f"no holiday table for {country}") from None
