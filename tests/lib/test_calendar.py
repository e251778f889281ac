"""Business days, the 13:00 rule of 47 CFR 52.35, and the dates that a port may be asked for."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.calendar import (
    Closed,
    add_business_days,
    business_days_between,
    earliest_date,
    holiday_name,
    is_business_day,
    is_legal_date,
    legal_dates,
    next_business_day,
    received_on,
)

EAST, WEST = "America/New_York", "America/Los_Angeles"


@pytest.mark.parametrize(
    ("day", "country", "is_open"),
    [
        (date(2026, 11, 20), "US", True),
        (date(2026, 11, 21), "US", False),
        (date(2026, 11, 26), "US", False),
        (date(2026, 11, 27), "US", True),
        (date(2026, 7, 3), "US", False),  # Independence Day, observed
        (date(2021, 12, 31), "US", False),  # New Year's Day, observed in the year before
        (date(2026, 6, 19), "US", False),
        (date(2026, 7, 1), "US", True),
        (date(2026, 7, 1), "CA", False),
        (date(2026, 11, 26), "CA", True),
    ],
)
def test_business_days(day, country, is_open):
    assert is_business_day(day, country) is is_open


def test_holidays_have_names():
    assert holiday_name(date(2026, 7, 3), "US") == "Independence Day (observed)"
    assert holiday_name(date(2026, 7, 2), "US") == ""


def test_an_unknown_country_is_an_error_and_not_a_country_without_holidays():
    with pytest.raises(ValueError, match="XX"):
        is_business_day(date(2026, 7, 3), "XX")


def test_adding_and_counting_skip_weekends_and_holidays():
    assert add_business_days(date(2026, 11, 20), 5, "US") == date(2026, 11, 30)
    assert add_business_days(date(2026, 11, 30), -5, "US") == date(2026, 11, 20)
    assert add_business_days(date(2026, 11, 21), 0, "US") == date(2026, 11, 23)
    assert business_days_between(date(2026, 11, 20), date(2026, 11, 30), "US") == 5
    assert business_days_between(date(2026, 11, 30), date(2026, 11, 20), "US") == -5
    assert next_business_day(date(2026, 11, 26), "US") == date(2026, 11, 27)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 60), st.sampled_from(["US", "CA"]))
def test_adding_and_counting_agree(start, count, country):
    end = add_business_days(start, count, country)
    assert is_business_day(end, country)
    assert business_days_between(start, end, country) == count


@pytest.mark.parametrize(
    ("moment", "zone", "counts_for"),
    [
        (datetime(2026, 11, 20, 17, 59, 59, tzinfo=UTC), EAST, date(2026, 11, 20)),  # 12:59:59
        (datetime(2026, 11, 20, 18, 0, 0, tzinfo=UTC), EAST, date(2026, 11, 20)),  # 13:00:00
        (datetime(2026, 11, 20, 18, 0, 1, tzinfo=UTC), EAST, date(2026, 11, 23)),  # a second too late, Friday
        (datetime(2026, 11, 20, 18, 0, 1, tzinfo=UTC), WEST, date(2026, 11, 20)),  # 10:00 in the west
        (datetime(2026, 11, 20, 10, 0, tzinfo=UTC), EAST, date(2026, 11, 20)),  # 05:00: counts from 08:00
        (datetime(2026, 11, 21, 15, 0, tzinfo=UTC), EAST, date(2026, 11, 23)),  # Saturday
        (datetime(2026, 11, 25, 20, 0, tzinfo=UTC), EAST, date(2026, 11, 27)),  # the eve of Thanksgiving
        (datetime(2026, 7, 6, 16, 30, tzinfo=UTC), EAST, date(2026, 7, 6)),  # 12:30 in summer time
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), EAST, date(2026, 11, 24)),  # Monday 22:00 in New York
    ],
)
def test_received_by_one_o_clock_counts_for_the_day(moment, zone, counts_for):
    assert received_on(moment, zone, "US") == counts_for


def test_a_moment_without_a_zone_is_an_error():
    with pytest.raises(ValueError, match="time zone"):
        received_on(datetime(2026, 11, 20, 12, 0), EAST, "US")


NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # Friday noon in New York


def test_the_earliest_date_counts_from_the_day_of_receipt():
    assert earliest_date(NOON, EAST, "US", 5) == date(2026, 11, 30)
    assert earliest_date(NOON.replace(hour=19), EAST, "US", 5) == date(2026, 12, 1)


def test_legal_dates_say_why_a_day_is_grey():
    choices = {choice.day: choice for choice in legal_dates(NOON, EAST, "US", 5)}
    assert min(choices) == date(2026, 11, 21)
    assert choices[date(2026, 11, 21)].closed is Closed.WEEKEND
    assert choices[date(2026, 11, 23)].closed is Closed.TOO_SOON
    assert choices[date(2026, 11, 26)].sentence == "Thanksgiving Day is a holiday."
    assert choices[date(2026, 11, 30)].is_open
    assert choices[date(2026, 12, 18)].is_open
    assert max(day for day, choice in choices.items() if choice.is_open) == date(2026, 12, 18)


def test_the_limit_of_thirty_days_is_a_reason_too():
    monday = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
    choices = {choice.day: choice for choice in legal_dates(monday, EAST, "US", 5)}
    assert choices[date(2026, 12, 16)].is_open
    assert choices[date(2026, 12, 17)].closed is Closed.TOO_FAR
    assert max(choices) == date(2026, 12, 20)
    assert all(choice.sentence.endswith(".") for choice in choices.values() if not choice.is_open)


def test_one_day_is_judged_as_in_the_list():
    for choice in legal_dates(NOON, EAST, "US", 5):
        assert is_legal_date(choice.day, NOON, EAST, "US", 5) == choice
    assert is_legal_date(date(2026, 11, 19), NOON, EAST, "US", 5).closed is Closed.TOO_SOON
    assert is_legal_date(date(2030, 1, 2), NOON, EAST, "US", 5).closed is Closed.TOO_FAR
