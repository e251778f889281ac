"""Calendar files: events as RFC 5545 text, for e-mails, downloads and feeds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

Method = Literal["PUBLISH", "CANCEL"]
Status = Literal["", "TENTATIVE", "CONFIRMED", "CANCELLED"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar.

    `starts` and `ends` are both aware datetimes (written in UTC) or both dates (an event of whole days,
    `ends` being its last day; None means one day, or no duration for a moment). `stamp` is when this version
    was made: give the event's own time, so that the same event is the same file. A higher `sequence` with
    the same `uid` replaces the event in people's calendars.
    """

    uid: str
    starts: datetime | date
    ends: datetime | date | None
    summary: str
    stamp: datetime
    description: str = ""
    url: str = ""
    sequence: int = 0
    status: Status = ""


def calendar_file(entries: Iterable[Entry], *, method: Method = "PUBLISH", name: str = "") -> bytes:
    """A calendar as the bytes of an .ics file (UTF-8, CRLF, lines folded at 75 octets).

    `name` is what a calendar program calls a feed. With the method CANCEL the events are taken out of
    people's calendars (RFC 5546 section 3.2.5): their status must be CANCELLED and their sequence higher than
    before. ValueError for naive datetimes or mixed kinds.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//PSTN Hub//PSTN Hub//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
    ]
    if name:
        # RFC 7986 has NAME; the programs that are in use read the older one with X.
        lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def calendar_event(
    uid: str,
    starts: datetime | date,
    ends: datetime | date | None,
    summary: str,
    description: str = "",
    url: str = "",
    *,
    stamp: datetime,
    sequence: int = 0,
    status: Status = "",
    method: Method = "PUBLISH",
) -> bytes:
    """A calendar file with one event; see Entry for the values and calendar_file for the method."""
    entry = Entry(uid, starts, ends, summary, stamp, description, url, sequence, status)
    return calendar_file([entry], method=method)


def _event(entry: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"DTSTAMP:{_moment(entry.stamp)}",
        f"SEQUENCE:{entry.sequence}",
        *_when(entry.starts, entry.ends),
        f"SUMMARY:{_text(entry.summary)}",
    ]
    if entry.description:
        lines.append(f"DESCRIPTION:{_text(entry.description)}")
    if entry.url:
        lines.append(f"URL:{_one_line(entry.url)}")
    if entry.status:
        lines.append(f"STATUS:{entry.status}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _when(starts: datetime | date, ends: datetime | date | None) -> list[str]:
    if isinstance(starts, datetime):
        if ends is None:
            return [f"DTSTART:{_moment(starts)}"]
        if not isinstance(ends, datetime):
            raise ValueError("an event starts and ends with the same kind of value")
        return [f"DTSTART:{_moment(starts)}", f"DTEND:{_moment(ends)}"]
    if isinstance(ends, datetime):
        raise ValueError("an event starts and ends with the same kind of value")
    # The end of an event of whole days is exclusive (RFC 5545 section 3.6.1).
    after = (ends or starts) + timedelta(days=1)
    return [f"DTSTART;VALUE=DATE:{starts:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("calendar files need moments with a time zone")
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """TEXT of RFC 5545 section 3.3.11: backslash, semicolon, comma, newline escaped; other controls gone."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = "".join(c for c in value if c in "\n\t" or (c >= " " and c != "\x7f"))
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _one_line(value: str) -> str:
    return "".join(c for c in value if c > " " and c != "\x7f")


def _folded(line: str) -> bytes:
    """At most 75 octets a line (RFC 5545 section 3.1), never cutting a character in two."""
    whole = line.encode("utf-8", "replace")
    if len(whole) <= 75:
        return whole + b"\r\n"
    rows: list[bytes] = []
    row = b""
    for char in line:
        octets = char.encode("utf-8", "replace")
        if len(row) + len(octets) > (75 if not rows else 74):
            rows.append(row)
            row = b""
        row += octets
    rows.append(row)
    return b"\r\n ".join(rows) + b"\r\n"
