"""Postal addresses on a page: the line with city and postal code, and what stands above it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lib.reading.labels import REMIT, fold
from lib.reading.layout import Box, Cell, Page
from lib.spelling import is_po_box

_CITY = r"(?P<city>[^\W\d_][^\d,:;]{1,39}?)"
_FIVE = rf"(?:[A-Z]{{1,2}}-)?(?P<postal>[0-9]{{5}}) {_CITY}"
_FOUR = rf"(?:[A-Z]{{1,2}}-)?(?P<postal>[0-9]{{4}}) {_CITY}"

#: The line that ends an address, by country, as its post writes it. Those of other countries are not read.
CITY_LINES: dict[str, str] = {
    "US": rf"{_CITY}[,.]? (?P<region>[A-Z]{{2}})[.,]? (?P<postal>[0-9]{{5}}(?:-[0-9]{{4}})?)",
    "CA": rf"{_CITY}[,.]? \(?(?P<region>[A-Z]{{2}})\)?[.,]? (?P<postal>[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9])",
    "GB": rf"{_CITY}[,.]? (?P<postal>[A-Z]{{1,2}}[0-9][A-Z0-9]? ?[0-9][A-Z]{{2}})",
    "NL": rf"(?P<postal>[0-9]{{4}} ?[A-Z]{{2}}) {_CITY}",
    "SE": rf"(?:SE?-)?(?P<postal>[0-9]{{3}} ?[0-9]{{2}}) {_CITY}",
    "IT": rf"{_FIVE}(?: \(?(?P<region>[A-Z]{{2}})\)?)?",
    **dict.fromkeys(("DE", "FR", "ES", "FI"), _FIVE),
    **dict.fromkeys(("AT", "BE", "CH", "DK", "NO"), _FOUR),
    "PT": rf"(?P<postal>[0-9]{{4}}-[0-9]{{3}}) {_CITY}",
}
_NUMBER_FIRST = re.compile(
    r"#?[0-9]+[0-9A-Za-z/-]* +[^\W\d_].*|[0-9]+[A-Za-z-]* [0-9]+(?:st|nd|rd|th)\b.*", re.I
)
_HAS_BOTH = re.compile(r"(?=.*[0-9])[^\W\d_].*")
_UNIT = re.compile(
    r"(?:suite|ste|unit|floor|fl|apt|apartment|room|rm|bldg|building|dept)\b\.? ?.*|#.*|.*\bfloor", re.I
)
#: Above the street a name may begin like a unit ("Building Supplies, Inc."): only one with its number is one.
_UNIT_ABOVE = re.compile(
    r"(?:suite|ste|unit|floor|fl|apt|apartment|room|rm|bldg|building|dept)\b\.? ?#?[0-9][0-9A-Za-z-]{0,5}"
    r"|# ?[0-9][0-9A-Za-z-]{0,5}|[0-9]{1,3}(?:st|nd|rd|th) floor",
    re.I,
)
_TO_WHOM = re.compile(r"(?:attn|attention|c/o)\b", re.I)

#: An address is one block: its lines are at most so many heights of their letters apart.
NEAR = 2.6


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a cell's text: what is left of it beside the labels."""

    cell: Cell
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.cell.text[self.start : self.end]

    @property
    def box(self) -> Box:
        return self.cell.box_of(self.start, self.end)

    def within(self, start: int, end: int) -> "Part":
        """A stretch of this one, counted from its beginning."""
        return Part(self.cell, self.start + start, self.start + end)


@dataclass(frozen=True, slots=True)
class Place:
    """An address as it is printed. `top` is its first line; `name` stands above it, if anything does."""

    street: Part
    unit: Part | None
    city: Part
    region: Part | None
    postal: Part
    name: Part | None
    top: Part
    is_box: bool
    is_remit: bool


def places_in(page: Page, parts: list[Part], country: str) -> Iterator[Place]:
    """The addresses of a country on a page, from top to bottom. `parts` is the page's text without labels."""
    source = CITY_LINES.get(country)
    if source is None:
        return
    ends = re.compile(rf"(?:(?P<before>.+?), *)?{source}[.,]?")
    for part in parts:
        found = ends.fullmatch(part.text)
        if found and (place := _place(found, part, parts, country)):
            yield place


def _place(found: "re.Match[str]", part: Part, parts: list[Part], country: str) -> Place | None:
    above = _above(part, parts)
    street = unit = None
    top = part
    if found["before"]:
        before = part.within(*found.span("before"))
        street, unit = _cut(before)
        if not _is_street(street.text, country):
            return None
    else:
        for line in list(above):
            text = line.text.strip(" ,")
            if street is None and unit is None and _UNIT.fullmatch(text):
                unit = line
            elif street is None and _is_street(text, country):
                street, rest = _cut(line)
                unit = unit or rest
            elif street is not None and unit is None and _UNIT_ABOVE.fullmatch(text):
                unit = line
            else:
                break
            top = line
            above.remove(line)
        if street is None:
            return None
    name = next((line for line in above if not _TO_WHOM.match(line.text)), None)
    said = " ".join(line.text for line in (*above[:3], street))
    named = found.groupdict()
    return Place(
        street=street,
        unit=unit,
        city=part.within(*found.span("city")),
        region=part.within(*found.span("region")) if named.get("region") else None,
        postal=part.within(*found.span("postal")),
        name=name if name and _is_name(name.text) else None,
        top=top,
        is_box=is_po_box(street.text),
        is_remit=bool(REMIT.search(fold(said))),
    )


def _above(part: Part, parts: list[Part]) -> list[Part]:
    """The lines of the block above, nearest first, at most four: same left edge, no wide gap."""
    left, top, _right, bottom = part.box
    height = max(bottom - top, part.cell.height)
    lines: list[Part] = []
    for other in sorted(parts, key=lambda other: -other.box[1]):
        box = other.box
        if box[3] > top + height / 2 or abs(box[0] - left) > height * 1.5:
            continue
        if top - box[1] > NEAR * height or len(lines) == 4:
            break
        lines.append(other)
        top = box[1]
    return lines


def _cut(line: Part) -> tuple[Part, Part | None]:
    """A street line and the unit behind its comma, if it has one."""
    text = line.text
    street, comma, rest = text.partition(",")
    if comma and _UNIT.fullmatch(rest.strip(" ,")):
        begin = len(street) + 1 + len(rest) - len(rest.lstrip())
        return line.within(0, len(street)), line.within(begin, len(text.rstrip(" ,")))
    return line.within(0, len(text.rstrip(" ,"))), None


def _is_street(text: str, country: str) -> bool:
    if is_po_box(text):
        return True
    shape = _NUMBER_FIRST if country in ("US", "CA", "GB") else _HAS_BOTH
    return bool(shape.fullmatch(text.strip(" ,"))) and len(text) <= 80


def _is_name(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return letters >= 2 and letters > sum(char.isdigit() for char in text) and len(text) <= 100
