"""Tables in any writing: what is read, what is refused, and that no line is lost."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.sheets import Broken, SheetRefused, guard, open_sheet, refusal, unguard
from lib.sheets.encoding import examine
from lib.sheets.refusal import LINE_LIMIT

TABLE = "number,name\n+14085550142,Zoë\n"


def read(data):
    """(sheet, rows) of bytes."""
    sheet = open_sheet(io.BytesIO(data), len(data))
    return sheet, list(sheet.rows)


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
        TABLE.encode("utf-32"),
        TABLE.encode("cp1252"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode("utf-16"),
        TABLE.replace(",", "|").encode(),
        b"sep=;\r\n" + TABLE.replace(",", ";").encode(),
        TABLE.strip().encode(),
    ],
)
def test_a_table_in_any_writing_is_the_same_table(data):
    sheet, rows = read(data)
    assert sheet.header == ["number", "name"]
    assert [cells for _line, cells in rows] == [["+14085550142", "Zoë"]]


def test_windows_1252_is_said_aloud():
    assert read(TABLE.encode("cp1252"))[0].is_guessed
    assert not read(TABLE.encode())[0].is_guessed


def test_an_odd_byte_late_in_the_file_decides_too():
    late = b"number,name\n" + b"1,a\n" * 300_000 + b"2,Zo\xeb\n"
    assert examine(io.BytesIO(late)).encoding == "cp1252"


def test_lines_are_counted_as_an_editor_does():
    _sheet, rows = read(b'a,b\n1,"two\nlines"\n\n,\n3,x\n')
    assert rows == [(2, ["1", "two\nlines"]), (6, ["3", "x"])]


def test_a_quote_that_never_closes_costs_its_own_line_only():
    _sheet, rows = read(b'a,b\n1,x\n"2,x\n3,x\n4,"y"\n')
    assert rows == [(2, ["1", "x"]), (3, Broken("open_quote")), (4, ["3", "x"]), (5, ["4", "y"])]


def test_a_file_that_ends_inside_a_quote():
    assert read(b'a,b\n1,x\n2,"open')[1] == [(2, ["1", "x"]), (3, Broken("open_quote"))]


def test_an_open_quote_in_a_long_file_swallows_nothing():
    _sheet, rows = read(b'a\n"open\n' + b"x\n" * 1_000)
    assert rows[0] == (2, Broken("open_quote"))
    assert len(rows) == 1_001
    assert rows[-1] == (1_002, ["x"])


def test_a_quote_in_the_middle_of_a_cell():
    assert read(b'a,b\n"1"x,2\n3,4\n')[1] == [(2, Broken("stray_quote")), (3, ["3", "4"])]


@given(st.lists(st.text(alphabet='a,"\n', max_size=6), max_size=12))
def test_every_line_is_in_a_row_or_broken(lines):
    text = "header\n" + "\n".join(lines)
    found = read(text.encode())[1]
    numbers = [line for line, _cells in found]
    assert numbers == sorted(set(numbers))
    for at, line in enumerate(text.split("\n")[1:], start=2):
        if line.strip("\n,") and '"' not in text:
            assert at in numbers


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "foreign"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "foreign"),
        (b"GIF89a" + b"x" * 50, "foreign"),
        (b"%PDF-1.7\n", "foreign"),
        (b"<html><body>", "foreign"),
        (bytes(range(256)) * 20, "binary"),
        (b"a,b\n" + b"x" * 100_000 + b"\0", "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_excel"),
        (b"PK\x03\x04" + bytes(50), "damaged"),
        (b'"' + b"x\n" * 300, "binary"),
        (b"," * 300 + b"x\n", "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused(data, code):
    with pytest.raises(SheetRefused) as refused:
        read(data)
    assert refused.value.code == code
    assert str(refused.value)


def test_a_file_that_is_too_large_is_not_read():
    with pytest.raises(SheetRefused, match="larger than 300 MB"):
        open_sheet(io.BytesIO(b"a\n"), refusal.FILE_LIMIT + 1)


def test_one_line_more_than_the_limit_is_refused_at_that_line(monkeypatch):
    monkeypatch.setattr("lib.sheets.open.ROW_LIMIT", 3)
    sheet = open_sheet(io.BytesIO(b"a\n1\n2\n3\n4\n"), 10)
    with pytest.raises(SheetRefused, match="more than 3 rows"):
        list(sheet.rows)


class Endless(io.RawIOBase):
    """A line of so many bytes, which are nowhere in memory."""

    def __init__(self, size):
        self.head, self.size, self.at = b"number\n", size, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, place, whence=0):
        self.at = place
        return place

    def tell(self):
        return self.at

    def readinto(self, buffer):
        data = self.head[self.at : self.at + len(buffer)] or b"x" * min(len(buffer), self.size - self.at)
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)


def test_a_line_of_200_megabytes_is_refused_without_being_held():
    stream = io.BufferedReader(Endless(200_000_000))
    tracemalloc.start()
    sheet = open_sheet(stream, 200_000_000)
    with pytest.raises(SheetRefused, match=f"more than {LINE_LIMIT:,} characters"):
        list(sheet.rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_reading_holds_a_row_and_not_the_file():
    def peak(rows):
        data = b"number,name\n" + b"+14085550142,Ada Park\n" * rows
        stream = io.BytesIO(data)
        tracemalloc.start()
        assert sum(1 for _row in open_sheet(stream, len(data)).rows) == rows
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(120_000) < peak(60_000) + 200_000


@given(st.text())
def test_guarding_is_taken_back_exactly(text):
    assert unguard(guard(text)) == text or not text.startswith("'")


@given(st.text(alphabet="'=+-@\t\r1 aＡ＝", max_size=6))
def test_what_is_guarded_never_begins_like_a_formula(text):
    guarded = guard(text)
    assert unguard(guarded) == text
    assert guarded[:1] not in tuple("=-@\t\r＝") or not guarded
