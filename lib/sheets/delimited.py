"""Rows of a text file with delimiters: every line ends up in a row or is named as broken, none is lost.

A cell in quotes may go over line ends. One whose quote never closes would swallow the rest of the file: then
its first line is the broken one, and reading goes on with the line after it.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from lib.sheets.refusal import CELL_LIMIT, LINE_LIMIT, RECORD_LINES, Broken, SheetRefused

DELIMITERS = (",", ";", "\t", "|")


def delimiter_of(header: str) -> str:
    """The delimiter that the first line has most of; a comma when it has none."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


class Lines:
    """The lines of a text, with their numbers; those of the present row can be put back and read again."""

    def __init__(self, text: io.TextIOBase) -> None:
        self.text = text
        self.number = 0  # of the last line that was given out
        self.given: list[str] = []  # since the row began
        self.again: deque[str] = deque()

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self.text.readline(LINE_LIMIT)
        if not line:
            raise StopIteration
        if len(line) >= LINE_LIMIT and line[-1] not in "\r\n":
            raise SheetRefused("line_too_long", line=self.number + 1, most=f"{LINE_LIMIT:,}")
        if len(self.given) >= RECORD_LINES:
            self.again.appendleft(line)
            raise csv.Error("unexpected end of data")
        self.number += 1
        self.given.append(line)
        return line

    def put_back(self) -> None:
        """All lines of the present row but its first are to be read again."""
        self.again.extendleft(reversed(self.given[1:]))
        self.number -= len(self.given) - 1
        self.given.clear()


def read(stream: BinaryIO, encoding: str) -> tuple[str, Iterator[tuple[int, list[str] | Broken]]]:
    """The delimiter, and each row with the number of its first line. The stream is at its start.

    Rows without anything in them are left out. SheetRefused: a line without an end.
    """
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    lines = Lines(text)
    first = next(lines, "")
    if first[:4].lower() == "sep=" and len(first.strip()) == 5:  # what Excel writes to name the delimiter
        delimiter = first[4]
    else:
        delimiter = delimiter_of(first)
        lines.put_back()
        lines.again.appendleft(first)
        lines.number = 0
    return delimiter, _rows(lines, delimiter)


def _rows(lines: Lines, delimiter: str) -> Iterator[tuple[int, list[str] | Broken]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    given = lines.given
    while True:
        given.clear()
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Over several lines it is the quote at their start that was never meant to go on so far.
            yield start, Broken("open_quote" if len(given) > 1 else _code(error))
            lines.put_back()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if len(given) > 1 and max(map(len, cells)) > CELL_LIMIT:
            yield start, Broken("too_long")
            lines.put_back()
        elif any(cells):
            yield start, cells


def _code(error: csv.Error) -> str:
    text = str(error)
    if "end of data" in text:
        return "open_quote"
    return "too_long" if "larger than" in text else "stray_quote"
