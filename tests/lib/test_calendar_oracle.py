"""lib.calendar against an oracle that was written from the words of 47 CFR 52.35 alone, for six years.

The oracle is naive on purpose: it walks a wall clock hour by hour, works out the federal holidays and the
clock changes by their own rules, and shares no line, table or time zone library with lib.calendar.

Paragraph (a) says: the work week of Monday through Friday is mandatory business days, without holidays; a
request must be received between 8 a.m. and 1 p.m. local time to count for that day; one that is received after
this time is considered received on the following business day at 8 a.m. local time. What comes before 8 a.m.
waits for 8 a.m. Paragraph (d): other than simple ports take four business days.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

import pytest

from lib import calendar

YEARS = range(2025, 2031)
FIRST, LAST = date(2025, 1, 1), date(2030, 12, 31)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STANDARD = {"America/New_York": -5, "America/Chicago": -6, "Pacific/Honolulu": -10}
CHANGES_CLOCKS = {"America/New_York", "America/Chicago"}
WALL_CLOCKS = [(0, 0), (7, 59), (8, 0), (12, 59), (13, 0), (13, 1), (17, 0), (23, 30)]


# --- The oracle -------------------------------------------------------------------------------------------


@cache
def nth(year, month, weekday, which):
    """The first, second … (1, 2 …) or last (-1) such weekday of a month; Monday is 0."""
    found = [
        date(year, month, day)
        for day in range(1, 32)
        if (date(year, month, 1) + (day - 1) * DAY).month == month
        and date(year, month, day).weekday() == weekday
    ]
    return found[which if which < 0 else which - 1]


def federal_holidays():
    """5 U.S.C. 6103: eleven days; one on a Saturday is kept on the Friday before, on a Sunday on the Monday."""
    days = set()
    for year in range(YEARS[0] - 1, YEARS[-1] + 3):
        for month, day in [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)]:
            fixed = date(year, month, day)
            days.add(fixed + {5: -DAY, 6: DAY}.get(fixed.weekday(), 0 * DAY))
        days |= {nth(year, 1, 0, 3), nth(year, 2, 0, 3), nth(year, 5, 0, -1)}
        days |= {nth(year, 9, 0, 1), nth(year, 10, 0, 2), nth(year, 11, 3, 4)}
    return days


HOLIDAYS = federal_holidays()


def is_business_day(day):
    return day.weekday() in (0, 1, 2, 3, 4) and day not in HOLIDAYS


def wall_clock(moment, zone):
    """What clocks in a zone show: summer time from the second Sunday of March to the first of November, at 2."""
    standard = timedelta(hours=STANDARD[zone])
    shown = moment.replace(tzinfo=None) + standard
    if zone not in CHANGES_CLOCKS:
        return shown
    starts = datetime.combine(nth(shown.year, 3, 6, 2), datetime.min.time()) + 2 * HOUR  # standard time
    ends = (
        datetime.combine(nth(shown.year, 11, 6, 1), datetime.min.time()) + 1 * HOUR
    )  # the same, in standard
    return shown + HOUR if starts <= shown < ends else shown


def counts_for(moment, zone):
    """Wait with the request, from full hour to full hour, until somebody may receive it."""
    clock = wall_clock(moment, zone)
    while not (time(8) <= clock.time() <= time(13) and is_business_day(clock.date())):
        clock = clock.replace(minute=0, second=0, microsecond=0) + HOUR
    return clock.date()


def later_by(day, business_days):
    """So many business days on: walk day by day and count only those on which carriers work."""
    while business_days > 0 or not is_business_day(day):
        day += DAY
        if is_business_day(day):
            business_days -= 1
    return day


def moments(zone, every=1):
    """Each day at the wall clock's interesting times; around a clock change each half hour of UTC.

    With `every`, only each so many-th of either: for tests that do much with one moment.
    """
    for offset in range(0, (LAST - FIRST).days, every):
        day = FIRST + offset * DAY
        for hour, minute in WALL_CLOCKS:
            yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(
                hours=STANDARD[zone] + (zone in CHANGES_CLOCKS and 3 < day.month < 11)
            )
    for year in YEARS:
        for change in (nth(year, 3, 6, 2), nth(year, 11, 6, 1)):
            for half_hours in range(-48, 144, every):
                yield datetime(change.year, change.month, change.day, tzinfo=UTC) + half_hours * HOUR / 2


# --- Every day of six years -------------------------------------------------------------------------------


def test_the_same_days_are_business_days():
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + offset * DAY
        assert calendar.is_business_day(day, "US") is is_business_day(day), day


def test_the_oracle_knows_the_days_that_are_hard():
    """A control: an oracle without the rule for observed days would agree with a calendar without it."""
    assert {date(2026, 7, 3), date(2027, 12, 24), date(2027, 12, 31), date(2028, 11, 10)} <= HOLIDAYS
    assert date(2026, 7, 4) not in HOLIDAYS
    assert wall_clock(datetime(2026, 3, 8, 6, 59, tzinfo=UTC), "America/New_York").hour == 1
    assert wall_clock(datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "America/New_York").hour == 3
    assert wall_clock(datetime(2026, 11, 1, 5, 59, tzinfo=UTC), "America/New_York").hour == 1
    assert wall_clock(datetime(2026, 11, 1, 6, 0, tzinfo=UTC), "America/New_York").hour == 1


@pytest.mark.parametrize("zone", STANDARD)
def test_a_request_counts_for_the_same_day(zone):
    for moment in moments(zone):
        assert calendar.received_on(moment, zone, "US") == counts_for(moment, zone), (moment, zone)


@pytest.mark.parametrize("zone", STANDARD)
@pytest.mark.parametrize("away", [-7, 9])
def test_where_the_asker_sits_does_not_matter(zone, away):
    """The same moment, written in another zone's clock, counts for the same day."""
    for moment in moments(zone, every=19):
        written = moment.astimezone(timezone(timedelta(hours=away)))
        assert calendar.received_on(written, zone, "US") == counts_for(moment, zone), (moment, zone)


@pytest.mark.parametrize("zone", STANDARD)
@pytest.mark.parametrize("lead", [1, 4, 10])
def test_the_earliest_date_is_the_same(zone, lead):
    for moment in moments(zone, every=7):
        expected = later_by(counts_for(moment, zone), lead)
        assert calendar.earliest_date(moment, zone, "US", lead) == expected, (moment, zone)


def test_business_days_are_added_and_counted_alike():
    working = [
        FIRST + offset * DAY
        for offset in range((LAST - FIRST).days + 1)
        if is_business_day(FIRST + offset * DAY)
    ]
    after = 0  # how many business days lie up to and with the day
    for offset in range(60, (LAST - FIRST).days - 60):
        day = FIRST + offset * DAY
        after = sum(one <= day for one in working) if offset == 60 else after + is_business_day(day)
        upto = after - is_business_day(day)  # before the day
        for count in (1, 2, 4, 5, 10, 21):
            forward, back = working[after + count - 1], working[upto - count]
            assert calendar.add_business_days(day, count, "US") == forward, (day, count)
            assert calendar.add_business_days(day, -count, "US") == back, (day, -count)
            assert calendar.business_days_between(day, forward, "US") == count, (day, forward)
            assert calendar.business_days_between(forward, day, "US") == -count, (forward, day)


@pytest.mark.parametrize(
    ("zone", "lead", "latest"), [*((zone, 4, 30) for zone in STANDARD), ("America/Chicago", 10, 60)]
)
def test_the_same_dates_are_legal(zone, lead, latest):
    for moment in moments(zone, every=29):
        today = wall_clock(moment, zone).date()
        earliest = later_by(counts_for(moment, zone), lead)
        legal = {
            today + offset * DAY
            for offset in range(1, latest + 1)
            if is_business_day(today + offset * DAY) and today + offset * DAY >= earliest
        }
        offered = calendar.legal_dates(moment, zone, "US", lead, latest)
        assert {choice.day for choice in offered if choice.is_open} == legal, (moment, zone)
        assert all(choice.sentence for choice in offered if not choice.is_open)
