"""How the words of a page stand together: lines from the top, and in a line the cells of its columns."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median

Box = tuple[float, float, float, float]  # left, top, right, bottom; the origin is the top left corner

#: A gap wider than so many times the height of the letters parts two columns.
COLUMN_GAP = 1.5


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place, in the units of its page."""

    text: str
    box: Box

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


@dataclass(frozen=True)
class Page:
    """A page, counted from 1. `source` says who read it: the PDF's own `text`, or `ocr`."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: str

    @property
    def letters(self) -> int:
        return sum(len(word.text) for word in self.words)

    def fraction(self, box: Box) -> Box:
        """A box as fractions of the page, four decimals: fit for a picture of any size."""
        left, top, right, bottom = box
        return (
            round(left / self.width, 4),
            round(top / self.height, 4),
            round(right / self.width, 4),
            round(bottom / self.height, 4),
        )

    @cached_property
    def lines(self) -> "list[list[Cell]]":
        """The cells of each line, left to right; the lines from top to bottom."""
        return [list(_cells(row, index)) for index, row in enumerate(_rows(self.words))]

    @property
    def cells(self) -> "Iterator[Cell]":
        for line in self.lines:
            yield from line


@dataclass(frozen=True)
class Cell:
    """Words of one line that belong together. `text` joins them with single spaces."""

    line: int
    words: tuple[Word, ...]
    text: str = field(init=False)
    _starts: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        starts, at = [], 0
        for word in self.words:
            starts.append(at)
            at += len(word.text) + 1
        object.__setattr__(self, "text", " ".join(word.text for word in self.words))
        object.__setattr__(self, "_starts", tuple(starts))

    @property
    def box(self) -> Box:
        return around(self.words)

    @property
    def height(self) -> float:
        return median(word.height for word in self.words)

    def box_of(self, start: int, end: int) -> Box:
        """The place of the words that a stretch of the text touches."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = max(bisect_right(self._starts, max(end - 1, start)) - 1, first)
        return around(self.words[first : last + 1])


def around(words: tuple[Word, ...]) -> Box:
    """The smallest box that holds all words."""
    return (
        min(word.box[0] for word in words),
        min(word.box[1] for word in words),
        max(word.box[2] for word in words),
        max(word.box[3] for word in words),
    )


def _rows(words: tuple[Word, ...]) -> list[list[Word]]:
    """Words whose middles are on one height, tolerant of commas, hyphens and a slightly turned scan."""
    rows: list[list[Word]] = []
    middle = height = 0.0
    for word in sorted(words, key=lambda word: word.box[1] + word.box[3]):
        center = (word.box[1] + word.box[3]) / 2
        if rows and center - middle <= max(height, word.height) * 0.5:
            rows[-1].append(word)
            # Follow the line as it goes on, so that small marks do not pull it off its letters.
            if word.height >= height * 0.7:
                middle, height = (
                    (middle * (len(rows[-1]) - 1) + center) / len(rows[-1]),
                    max(height, word.height),
                )
            continue
        rows.append([word])
        middle, height = center, word.height
    return rows


def _cells(row: list[Word], line: int) -> Iterator[Cell]:
    row = sorted(row, key=lambda word: word.box[0])
    gap = COLUMN_GAP * max(median(word.height for word in row), 1e-6)
    begun = 0
    for at in range(1, len(row) + 1):
        if at == len(row) or row[at].box[0] - row[at - 1].box[2] > gap:
            yield Cell(line, tuple(row[begun:at]))
            begun = at
