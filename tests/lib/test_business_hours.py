"""Business hours between two moments, against a count of minutes that was written apart from it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.business_hours import BUSINESS_DAY, left

WEST, EAST, LONDON = "America/Los_Angeles", "America/New_York", "Europe/London"
HOUR = timedelta(hours=1)


def at(text, zone=WEST):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def counted(now, until, zone, country):
    """Minute by minute: it counts when the clock on the wall shows working time at its beginning."""
    free, minutes, place = holidays.country_holidays(country), 0, ZoneInfo(zone)
    moment, end = now.astimezone(UTC), until.astimezone(UTC)
    while moment < end:
        wall = moment.astimezone(place)
        minutes += wall.weekday() < 5 and 8 <= wall.hour < 17 and wall.date() not in free
        moment += timedelta(minutes=1)
    return timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("now", "until", "hours"),
    [
        ("2026-11-18T09:00", "2026-11-18T12:30", 3.5),
        ("2026-11-18T12:00", "2026-11-19T12:00", 9),
        ("2026-11-18T03:00", "2026-11-18T08:00", 0),
        ("2026-11-18T17:00", "2026-11-19T08:00", 0),
        ("2026-11-18T16:59", "2026-11-19T08:01", 2 / 60),
        ("2026-11-20T16:00", "2026-11-23T09:00", 2),  # over a weekend
        ("2026-11-21T10:00", "2026-11-22T16:00", 0),  # within one
        ("2026-11-25T16:00", "2026-11-27T09:00", 2),  # over Thanksgiving
        ("2026-07-02T16:00", "2026-07-06T09:00", 2),  # over an observed holiday and a weekend
        ("2026-03-06T12:00", "2026-03-09T12:00", 9),  # the clock goes forward in between
        ("2026-10-30T12:00", "2026-11-02T12:00", 9),  # and back
        ("2026-12-31T16:00", "2027-01-04T09:00", 2),  # over the end of the year
    ],
)
def test_working_time_between_two_moments(now, until, hours):
    assert left(at(now), at(until), WEST, "US") == hours * HOUR


def test_what_has_passed_leaves_nothing():
    assert left(at("2026-11-18T12:00"), at("2026-11-18T11:00"), WEST, "US") == timedelta()
    assert left(at("2026-11-18T12:00"), at("2026-11-18T12:00"), WEST, "US") == timedelta()


def test_the_place_decides_what_time_it_is():
    now, until = at("2026-11-18T08:00", EAST), at("2026-11-18T17:00", EAST)
    assert left(now, until, EAST, "US") == BUSINESS_DAY
    assert left(now, until, WEST, "US") == 6 * HOUR


def test_the_country_decides_the_holidays():
    now, until = at("2026-11-26T08:00"), at("2026-11-26T17:00")
    assert left(now, until, WEST, "US") == timedelta()
    assert left(now, until, WEST, "CA") == BUSINESS_DAY


def test_moments_need_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        left(datetime(2026, 11, 18), at("2026-11-19T08:00"), WEST, "US")


MINUTES = st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 20)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)


@settings(max_examples=60, deadline=None)
@given(
    now=MINUTES,
    minutes=st.integers(0, 6 * 24 * 60),
    place=st.sampled_from([(WEST, "US"), (EAST, "US"), (LONDON, "GB"), ("America/Toronto", "CA")]),
)
def test_it_agrees_with_counting_minutes(now, minutes, place):
    until = now + timedelta(minutes=minutes)
    assert left(now, until, *place) == counted(now, until, *place)


@settings(max_examples=25, deadline=None)
@given(
    change=st.sampled_from(["2026-03-08", "2026-11-01", "2027-03-14", "2028-11-05"]),
    before=st.integers(0, 3 * 24 * 60),
    after=st.integers(0, 3 * 24 * 60),
)
def test_it_agrees_over_clock_changes(change, before, after):
    middle = at(f"{change}T02:00").astimezone(UTC)
    now, until = middle - timedelta(minutes=before), middle + timedelta(minutes=after)
    assert left(now, until, WEST, "US") == counted(now, until, WEST, "US")


@given(now=MINUTES, first=st.integers(0, 9000), second=st.integers(0, 9000))
def test_two_stretches_are_as_long_as_the_whole(now, first, second):
    middle, until = now + timedelta(minutes=first), now + timedelta(minutes=first + second)
    assert left(now, middle, EAST, "US") + left(middle, until, EAST, "US") == left(now, until, EAST, "US")
