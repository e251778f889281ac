"""Calendar files by RFC 5545."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ics import Entry, calendar_event, calendar_file

STAMP = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def lines(event):
    assert event.endswith(b"\r\n")
    return event.decode().replace("\r\n ", "").split("\r\n")


def test_a_whole_day():
    event = calendar_event("p1@hub", date(2026, 11, 30), None, "Port completes", stamp=STAMP)
    assert "DTSTART;VALUE=DATE:20261130" in lines(event)
    assert "DTEND;VALUE=DATE:20261201" in lines(event)
    assert lines(event)[0] == "BEGIN:VCALENDAR"


def test_moments_are_written_in_utc():
    east = timezone(timedelta(hours=-5))
    starts = datetime(2026, 11, 30, 9, 0, tzinfo=east)
    event = calendar_event(
        "p1@hub", starts, starts + timedelta(hours=1), "Port", "", "https://hub/a", stamp=STAMP
    )
    assert {"DTSTART:20261130T140000Z", "DTEND:20261130T150000Z", "URL:https://hub/a"} <= set(lines(event))


def test_text_is_escaped_and_cannot_add_lines():
    event = calendar_event("p1", date(2026, 11, 30), None, "A,B;C\\D\r\nATTENDEE:mailto:x", stamp=STAMP)
    assert "SUMMARY:A\\,B\\;C\\\\D\\nATTENDEE:mailto:x" in lines(event)
    evil = calendar_event("p1", date(2026, 11, 30), None, "x", "", "https://hub/\r\nATTACH:x", stamp=STAMP)
    assert "URL:https://hub/ATTACH:x" in lines(evil)


@given(st.text(max_size=400))
def test_no_line_is_longer_than_75_octets(text):
    event = calendar_event("p1", date(2026, 11, 30), None, text, text, stamp=STAMP)
    rows = event.split(b"\r\n")
    assert all(len(row) <= 75 for row in rows)
    assert b"\n" not in event.replace(b"\r\n", b"")
    assert sum(row.startswith(b"END:") for row in rows) == 2


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (datetime(2026, 11, 30), None),
        (date(2026, 11, 30), STAMP),
        (STAMP, date(2026, 11, 30)),
    ],
)
def test_naive_and_mixed_values_are_errors(starts, ends):
    with pytest.raises(ValueError, match=r"zone|kind"):
        calendar_event("p1", starts, ends, "x", stamp=STAMP)


def test_a_canceled_event_leaves_peoples_calendars():
    event = calendar_event(
        "p1@hub",
        date(2026, 11, 30),
        None,
        "Port",
        stamp=STAMP,
        sequence=7,
        status="CANCELLED",
        method="CANCEL",
    )
    assert {"METHOD:CANCEL", "UID:p1@hub", "SEQUENCE:7", "STATUS:CANCELLED"} <= set(lines(event))


def test_a_feed_has_a_name_and_many_events():
    entries = [
        Entry(f"p{n}@hub", date(2026, 11, 30), None, f"Port {n}", STAMP, status="TENTATIVE") for n in (1, 2)
    ]
    feed = lines(calendar_file(entries, name="Ports, Acme"))
    assert feed.count("BEGIN:VEVENT") == feed.count("END:VEVENT") == feed.count("STATUS:TENTATIVE") == 2
    assert feed.count("BEGIN:VCALENDAR") == feed.count("END:VCALENDAR") == 1
    assert "X-WR-CALNAME:Ports\\, Acme" in feed
    assert "METHOD:PUBLISH" in feed


def test_an_empty_feed_is_a_calendar():
    assert lines(calendar_file([]))[0] == "BEGIN:VCALENDAR"
    assert lines(calendar_file([]))[-2] == "END:VCALENDAR"
