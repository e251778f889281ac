"""Rows of the first sheet of an XLSX file, one after another. The XML is read as it is unpacked.

Nothing is ever held but the present rows and the table of shared texts, and both have a limit: a small file
that unpacks to gigabytes is refused on the way. Documents with a DTD, where entities live, are refused.
No library reads here: openpyxl keeps something of every row until the end, takes eight times as long, and
takes digits for dates and floats; other readers hold the whole sheet. A library does write (xlsx_write).
"""

import re
import zipfile
from array import array
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO
from xml.parsers import expat

from lib.sheets.refusal import CELL_LIMIT, COLUMN_LIMIT, Broken, SheetRefused

Row = tuple[int, list[str] | Broken]
BLOCK = 1 << 16
SHEET_LIMIT = 2 << 30  # bytes of one sheet, unpacked
STRINGS_LIMIT = 64 << 20  # bytes of all shared texts
PART_LIMIT = 4 << 20  # bytes of the small parts
# How spreadsheets write what XML cannot carry as it is: a carriage return is _x000D_.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MEMBER = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_UNREADABLE = (
    zipfile.BadZipFile,
    expat.ExpatError,
    EOFError,
    KeyError,
    ValueError,
    OSError,
    NotImplementedError,
)


def read(stream: BinaryIO) -> Iterator[Row]:
    """The rows of the first visible sheet. SheetRefused when the file is no spreadsheet."""
    try:
        book = zipfile.ZipFile(stream)
        member = _first_sheet(book)
        strings = _Strings()
        if "xl/sharedStrings.xml" in book.namelist():
            _feed(book, "xl/sharedStrings.xml", strings.parser, STRINGS_LIMIT * 4)
    except SheetRefused:
        raise
    except (*_UNREADABLE, RuntimeError):  # RuntimeError: an archive with a password
        raise SheetRefused("damaged") from None
    return _rows(book, member, strings)


def _rows(book: zipfile.ZipFile, member: str, strings: "_Strings") -> Iterator[Row]:
    cells = _Cells(strings)
    size = 0
    try:
        with book.open(member) as part:
            while block := part.read(BLOCK):
                size += len(block)
                if size > SHEET_LIMIT:
                    raise SheetRefused("too_complex")
                cells.parser.Parse(block, False)
                if cells.rows:
                    yield from cells.rows
                    cells.rows.clear()
            cells.parser.Parse(b"", True)
            yield from cells.rows
    except (*_UNREADABLE, RuntimeError):
        raise SheetRefused("damaged") from None


def _feed(book: zipfile.ZipFile, member: str, parser: Any, limit: int) -> None:
    size = 0
    with book.open(member) as part:
        while block := part.read(BLOCK):
            size += len(block)
            if size > limit:
                raise SheetRefused("too_complex")
            parser.Parse(block, False)
    parser.Parse(b"", True)


def _first_sheet(book: zipfile.ZipFile) -> str:
    """The first visible sheet of the workbook, by the order in which people see the tabs."""
    names = set(book.namelist())
    found: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def sheet(name: str, given: dict[str, str]) -> None:
        if _local(name) == "sheet":
            key = next((value for key, value in given.items() if _local(key) == "id"), "")
            found.append((key, given.get("state", "visible")))

    def relation(name: str, given: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    for member, handler in (("xl/workbook.xml", sheet), ("xl/_rels/workbook.xml.rels", relation)):
        if member in names:
            _feed(book, member, _parser(handler), PART_LIMIT)
    for key, _state in sorted(found, key=lambda one: one[1] != "visible"):
        target = targets.get(key, "").lstrip("/")
        for path in (target, f"xl/{target}"):
            if path in names and _MEMBER.fullmatch(path):
                return path
    sheets = sorted(name for name in names if _MEMBER.fullmatch(name))
    if not sheets:
        raise SheetRefused("no_sheet")
    return sheets[0]


def _parser(start: Callable[[str, dict[str, str]], None]) -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    return parser


def _refuse_doctype(*_args: object) -> None:
    raise SheetRefused("damaged")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Strings:
    """The texts that cells share, kept as bytes side by side: a list of a million would weigh tenfold."""

    def __init__(self) -> None:
        self.parser = _parser(self._start)
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.data, self.ends = bytearray(), array("Q")
        self.parts: list[str] = []
        self.is_text, self.is_reading_aid = False, False

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self.ends):
            raise SheetRefused("damaged")
        start = self.ends[index - 1] if index else 0
        return self.data[start : self.ends[index]].decode()

    def _start(self, name: str, given: dict[str, str]) -> None:
        name = _local(name)
        if name == "si":
            self.parts.clear()
        elif name == "rPh":  # how a text is pronounced, in Japanese files
            self.is_reading_aid = True
        self.is_text = name == "t" and not self.is_reading_aid

    def _end(self, name: str) -> None:
        name = _local(name)
        self.is_text = False
        if name == "rPh":
            self.is_reading_aid = False
        elif name == "si":
            self.data += unescaped("".join(self.parts)[: CELL_LIMIT + 1]).encode(errors="replace")
            self.ends.append(len(self.data))
            if len(self.data) > STRINGS_LIMIT:
                raise SheetRefused("too_complex")

    def _text(self, text: str) -> None:
        if self.is_text:
            self.parts.append(text)


class _Cells:
    """Collects the finished rows of a sheet in `rows` while the parser is fed."""

    def __init__(self, strings: _Strings) -> None:
        self.parser = _parser(self._start)
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.strings = strings
        self.rows: list[Row] = []
        self.line = 0
        self.cells: list[str] = []
        self.parts: list[str] = []
        self.column = -1  # of the last cell
        self.type = ""
        self.is_text = False
        self.columns: dict[str, int] = {}

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name not in ("c", "v", "row", "t", "is"):
            name = _local(name)
        if name == "c":
            reference = given.get("r")
            column = self._column(reference) if reference else self.column + 1
            if column > COLUMN_LIMIT:  # a stray cell far to the right does not make a table
                column = COLUMN_LIMIT
            self.column, self.type = column, given.get("t", "n")
            self.parts.clear()
        elif name in ("v", "t"):
            self.is_text = True
        elif name == "row":
            self.line = int(given["r"]) if "r" in given else self.line + 1
            self.cells, self.column = [], -1

    def _end(self, name: str) -> None:
        if name not in ("c", "v", "row", "t", "is"):
            name = _local(name)
        if name == "c":
            if self.parts:
                while len(self.cells) < self.column:
                    self.cells.append("")
                self.cells[self.column :] = [self._value()]
        elif name in ("v", "t"):
            self.is_text = False
        elif name == "row" and any(self.cells):
            too_long = max(map(len, self.cells)) > CELL_LIMIT
            self.rows.append((self.line, Broken("too_long") if too_long else self.cells))

    def _text(self, text: str) -> None:
        if self.is_text:
            self.parts.append(text)

    def _value(self) -> str:
        text = self.parts[0] if len(self.parts) == 1 else "".join(self.parts)
        if self.type == "s":
            return self.strings[int(text)]
        return written(text) if self.type == "n" else unescaped(text)

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        known = self.columns.get(letters)
        if known is None:
            known = 0
            for letter in letters.upper()[:4]:
                known = known * 26 + ord(letter) - 64
            known -= 1
            if known < 0:
                raise SheetRefused("damaged")
            self.columns[letters] = known
        return known


def unescaped(text: str) -> str:
    """A text cell with its escapes taken back. Characters that no table of text has are left out."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _UNFIT.sub("", chr(int(found[1], 16))), text)


def written(value: str) -> str:
    """A number cell as digits: 1.4085550142E10 is 14085550142. The file keeps all digits that a column which
    is too narrow shows as 1.40856E+10."""
    if value.isdigit():
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > 20:
        return value
    whole = number.to_integral_value()
    return str(int(whole)) if whole == number else value
