"""Opening a table, whatever it is written in: what the first row says, and an iterator of the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lib.sheets import delimited, xlsx_read
from lib.sheets.encoding import examine
from lib.sheets.refusal import COLUMN_LIMIT, FILE_LIMIT, ROW_LIMIT, Broken, SheetRefused

Row = tuple[int, list[str] | Broken]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that is being read.

    `header` holds the cells of the first row, stripped. `rows` gives (line, cells) for each other row that
    has anything in it, where line counts as an editor or a spreadsheet does, from 1; or (line, Broken). Cells
    are as written; a row may have fewer or more of them than the header. It raises SheetRefused at row
    1,000,001, or when the file turns out not to be a table. `lines` is how many rows there can be at most,
    for progress; 0 when unknown. `is_guessed`: letters with accents may be wrong (see encoding.Text).
    """

    kind: str  # "csv" or "xlsx"
    encoding: str
    delimiter: str
    is_guessed: bool
    lines: int
    header: list[str]
    rows: Iterator[Row]


def open_sheet(stream: BinaryIO, size: int) -> Sheet:
    """Look at a file of `size` bytes and begin to read it. SheetRefused when it is not a table."""
    if size > FILE_LIMIT:
        raise SheetRefused("too_large", most=FILE_LIMIT // (1024 * 1024))
    stream.seek(0)
    head = stream.read(8)
    stream.seek(0)
    if head.startswith(b"PK"):
        return _sheet("xlsx", "", "", False, 0, xlsx_read.read(stream))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetRefused("old_excel")
    text = examine(stream)
    delimiter, records = delimited.read(stream, text.encoding)
    return _sheet("csv", text.encoding, delimiter, text.is_guessed, text.lines, records)


def _sheet(
    kind: str, encoding: str, delimiter: str, is_guessed: bool, lines: int, rows: Iterator[Row]
) -> Sheet:
    _line, first = next(rows, (0, []))
    if isinstance(first, Broken):
        raise SheetRefused("binary")
    if not first:
        raise SheetRefused("empty")
    if len(first) > COLUMN_LIMIT:
        raise SheetRefused("too_many_columns", most=COLUMN_LIMIT)
    header = [cell.strip() for cell in first]
    return Sheet(kind, encoding, delimiter, is_guessed, lines, header, _limited(rows))


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count > ROW_LIMIT:
            raise SheetRefused("too_many_rows", most=f"{ROW_LIMIT:,}")
        yield row
