"""Business hours: how much working time lies between two moments, by the clock and calendar of one place.

A deadline of "one business day" is nine hours of work, Monday to Friday except nation-wide holidays, 08:00 to
17:00 local time (the hours in which 47 CFR 52.35 lets carriers send each other requests). Local hours are
converted to moments before they are measured, so that a clock change never adds or loses time.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lib.calendar import is_business_day

OPENING, CLOSING = time(8), time(17)
#: The working time of one business day.
BUSINESS_DAY = timedelta(hours=9)
ONE_DAY = timedelta(days=1)


def left(now: datetime, until: datetime, zone: str | ZoneInfo, country: str) -> timedelta:
    """The working time from `now` to `until`; zero once `until` has passed.

    Both must be aware (ValueError otherwise). `zone` is the local zone or its IANA name, `country` the code
    whose holiday table counts (ISO 3166; ValueError for one without a table).
    """
    if now.tzinfo is None or until.tzinfo is None:
        raise ValueError("business hours are counted between moments with a time zone")
    if until <= now:
        return timedelta()
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    start, end = now.astimezone(UTC), until.astimezone(UTC)
    day, last = now.astimezone(place).date(), until.astimezone(place).date()
    total = timedelta()
    while day <= last:
        if is_business_day(day, country):
            opens, closes = _hours(day, place)
            total += max(timedelta(), min(end, closes) - max(start, opens))
        day += ONE_DAY
    return total


def _hours(day: date, place: ZoneInfo) -> tuple[datetime, datetime]:
    """When business opens and closes on a day, as moments in UTC: there, differences are real time."""
    opens = datetime.combine(day, OPENING, place).astimezone(UTC)
    return opens, datetime.combine(day, CLOSING, place).astimezone(UTC)
