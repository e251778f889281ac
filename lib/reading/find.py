"""What a bill says of the account: each finding with its page, its place and the words that gave it away."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lib import phone
from lib.reading.dates import dates_in
from lib.reading.labels import CALL, CONTACT, REMIT, SECRET, compiled, fold
from lib.reading.layout import Box, Cell, Page
from lib.reading.places import Part, Place, places_in
from lib.typed import NUMBER, RANGE_END

#: What may be found once. Telephone numbers of the account are the field `number`, any number of times.
FIELDS = (
    "dated",
    "account_number",
    "btn",
    "company_name",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
)
MOST_NUMBERS = 2_000
_LABELS = compiled()
_ACCOUNT = re.compile(r"[A-Z0-9][A-Z0-9./-]{1,29}(?: [A-Z0-9./-]*[0-9][A-Z0-9./-]+){0,4}(?![\w.,])", re.I)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,30}")
_MONEY = re.compile(r"[$€£]|[0-9]+[.,][0-9]{2}$")
_ABROAD = re.compile(r"(?<![\w+./-])(?:\+|00|0|\()[0-9][0-9 ()/.-]{5,18}[0-9](?![\w/-])")
_NO_NAME = re.compile(r"(?:invoice|bill|statement|page|summary|total|amount|service|account)\b", re.I)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing read. `box` is (left, top, right, bottom) as fractions of the page, from its top left corner.

    `value` is as the order stores it: E.164, ISO date, else as printed. `context` is the words around it.
    `label` is the printed label that announced it, "" when its shape alone did. `score` is higher the surer.
    """

    field: str
    value: str
    page: int
    box: Box
    context: str
    label: str
    score: int


@dataclass(frozen=True, slots=True)
class _Label:
    field: str  # "" for a secret's
    sure: int
    text: str
    at: Part  # the label itself
    rest: Part | None  # what follows in its cell, up to the next label


def find(page: Page, country: str) -> list[Finding]:
    """Everything that one page says, best and worse readings alike; `merged` chooses."""
    labels, parts = _split(page)
    found = list(_announced(page, labels, parts, country))
    found += _addresses(page, labels, parts, country)
    if not any(finding.field == "dated" for finding in found):
        found += _only_date(page, country)
    accounts = [finding.box for finding in found if finding.field == "account_number"]
    found += _numbers(page, country, accounts)
    return found


def merged(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The readings of a whole bill by field, the surest first; each number once, in the order of the bill."""
    by_field: dict[str, list[Finding]] = {}
    for finding in findings:
        by_field.setdefault(finding.field, []).append(finding)
    numbers = {finding.value: finding for finding in reversed(by_field.pop("number", []))}
    for readings in by_field.values():
        readings.sort(key=lambda finding: (-finding.score, finding.page, finding.box[1], finding.box[0]))
    by_field["number"] = list(reversed(numbers.values()))[:MOST_NUMBERS]
    return by_field


def _split(page: Page) -> tuple[list[_Label], list[Part]]:
    """The labels of a page, and the text that is none. What a secret's label announces is in neither."""
    labels: list[_Label] = []
    parts: list[Part] = []
    for line in page.lines:
        secret = False
        for cell in line:
            at = 0
            hits = _labels_of(cell)
            if secret and not hits:
                continue  # the value of a secret in the next column
            secret = False
            for index, (start, end, field, sure) in enumerate(hits):
                if cell.text[at:start].strip():
                    parts.append(_trimmed(cell, at, start))
                until = hits[index + 1][0] if index + 1 < len(hits) else len(cell.text)
                rest = _trimmed(cell, end, until) if cell.text[end:until].strip() else None
                text = cell.text[start:end].strip(" .:#")
                labels.append(_Label(field, sure, text, Part(cell, start, end), rest if field else None))
                secret = not field and rest is None
                at = until
                if rest and field:
                    parts.append(rest)
            if cell.text[at:].strip():
                parts.append(_trimmed(cell, at, len(cell.text)))
    hidden = [label for label in labels if not label.field and label.at.cell.words]
    return labels, [part for part in parts if not any(_is_under(label.at, part) for label in hidden)]


def _labels_of(cell: Cell) -> list[tuple[int, int, str, int]]:
    """(start, end, field, how sure) of the labels of a cell, of two in one place the longer."""
    text = fold(cell.text)
    hits = [
        (match.start(), match.end(), field, sure)
        for field, sure, expression in _LABELS
        for match in expression.finditer(text)
    ]
    hits += [(match.start(), match.end(), "", 9) for match in SECRET.finditer(text)]
    hits.sort(key=lambda hit: (hit[0], -hit[1]))
    kept: list[tuple[int, int, str, int]] = []
    for hit in hits:
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return kept


def _trimmed(cell: Cell, start: int, end: int) -> Part:
    text = cell.text[start:end]
    return Part(
        cell, start + len(text) - len(text.lstrip(" :.#-")), end - len(text) + len(text.rstrip(" :|"))
    )


def _is_under(label: Part, part: Part, lines: int = 1) -> bool:
    """Whether a text stands in the column below a label, at most so many lines down."""
    one, other = label.box, part.box
    height = max(one[3] - one[1], other[3] - other[1])
    overlap = min(one[2], other[2]) - max(one[0], other[0])
    near = other[1] > one[1] and other[1] - one[3] < (lines * 2.2 - 0.7) * height
    return (
        near and overlap > 0 and (abs(one[0] - other[0]) < 4 * height or overlap > (other[2] - other[0]) / 2)
    )


def _announced(page: Page, labels: list[_Label], parts: list[Part], country: str) -> Iterator[Finding]:
    """What stands behind, beside or below a label and looks like what the label says."""
    for label in labels:
        reader = _READERS.get(label.field)
        if reader is None:
            continue
        beside = [
            part
            for part in parts
            if part.cell.line == label.at.cell.line and part.box[0] >= label.at.box[2] and part != label.rest
        ]
        taken = min((other.at.box[0] for other in labels if other.at.cell.line == label.at.cell.line
                     and other.at.box[0] > label.at.box[2]), default=page.width)  # fmt: skip
        near = [part for part in beside if part.box[0] < taken][:1]
        below = sorted((part for part in parts if _is_under(label.at, part, 2)), key=lambda part: part.box[1])
        for behind, part in enumerate([*([label.rest] if label.rest else []), *near, *below[:2]]):
            if (read := reader(part, country)) is not None:
                value, start, end = read
                yield _finding(
                    page, label.field, value, part, start, end, label.text, label.sure * 10 - behind
                )
                break


def _finding(
    page: Page, field: str, value: str, part: Part, start: int, end: int, label: str, score: int
) -> Finding:
    box = part.within(start, end).box
    return Finding(field, value, page.number, page.fraction(box), _context(part, label), label, score)


def _context(part: Part, label: str) -> str:
    """The label and the line that was read, without anything that a secret's label announces in it."""
    words = part.cell.text
    if hidden := SECRET.search(fold(words)):
        words = words[: hidden.start()]
    return (words if label in words else f"{label} {words}".strip())[:160]


def _date(part: Part, country: str) -> tuple[str, int, int] | None:
    day, start, end = next(dates_in(part.text, country), (None, 0, 0))
    # The date stands right behind its label; one far off in a sentence is of something else.
    return (day.isoformat(), start, end) if day is not None and start <= 3 else None


def _account(part: Part, country: str) -> tuple[str, int, int] | None:
    found = _ACCOUNT.match(part.text)
    if found is None or sum(char.isdigit() for char in found[0]) < 3:
        return None
    value = found[0].rstrip("./- ")
    if (
        _IBAN.fullmatch(value)
        or _MONEY.search(value)
        or any(s == 0 for _d, s, _e in dates_in(value, country))
    ):
        return None
    return value, 0, len(value)


def _number(part: Part, country: str) -> tuple[str, int, int] | None:
    return next((read for read in _phones(part.text, country) if read[1] <= 3), None)


def _name(part: Part, country: str) -> tuple[str, int, int] | None:
    text = part.text.strip(" ,")
    letters = sum(char.isalpha() for char in text)
    if letters < 2 or letters <= sum(char.isdigit() for char in text) or len(text) > 100:
        return None
    return text, 0, len(text)


_Reader = Callable[[Part, str], tuple[str, int, int] | None]
_READERS: dict[str, _Reader] = {
    "dated": _date,
    "account_number": _account,
    "btn": _number,
    "company_name": _name,
}


def _addresses(page: Page, labels: list[_Label], parts: list[Part], country: str) -> Iterator[Finding]:
    """The addresses of a page: that under `Service address` before others, where money goes never."""
    for place in places_in(page, parts, country):
        named = [label for label in labels if _names(label, place)]
        label = max(named, key=lambda label: (label.field == "address", label.sure), default=None)
        if place.is_remit or (label is None and _is_remit(page, place)):
            continue
        is_address = label is not None and label.field == "address"
        score = label.sure * 10 if label and is_address else 8 if label else 5
        words = label.text if label and is_address else ""
        pieces = {
            "address_line1": place.street,
            "address_line2": place.unit,
            "city": place.city,
            "region": place.region,
            "postal_code": place.postal,
        }
        for field, part in pieces.items():
            if part is not None:
                value = part.text.strip(" ,.")
                yield _finding(page, field, value, part, 0, len(part.text), words, score)
        name = place.name
        if name is not None and label is None and not _NO_NAME.match(name.text):
            yield _finding(page, "company_name", name.text.strip(" ,"), name, 0, len(name.text), "", 5)


def _names(label: _Label, place: Place) -> bool:
    """Whether a label announces an address: on its first line, or up to three lines above it."""
    if label.field not in ("address", "company_name"):
        return False
    first = place.name or place.top
    if label.at.cell.line == place.top.cell.line:
        return label.at.box[2] <= place.top.box[2] and place.top.box[0] >= label.at.box[0]
    return (
        label.at.cell.line == first.cell.line
        or _is_under(label.at, first)
        or _is_under(label.at, place.top, 2)
    )


def _is_remit(page: Page, place: Place) -> bool:
    """Whether the words just above an address say that money goes there."""
    left, top, right, bottom = place.top.box
    height = bottom - top
    for cell in page.cells:
        box = cell.box
        if (
            -1 < top - box[1] < 6 * height
            and box[2] > left
            and box[0] < right
            and REMIT.search(fold(cell.text))
        ):
            return True
    return False


def _only_date(page: Page, country: str) -> Iterator[Finding]:
    """Where no label names a date: the only one in the upper third of the first page."""
    if page.number != 1:
        return
    upper = [
        (day, Part(cell, 0, len(cell.text)), start, end)
        for cell in page.cells
        if cell.box[1] < page.height / 3
        for day, start, end in dates_in(cell.text, country)
    ]
    if len({day for day, *_place in upper}) == 1 and "due" not in fold(upper[0][1].text):
        day, part, start, end = upper[0]
        yield _finding(page, "dated", day.isoformat(), part, start, end, "", 3)


def _numbers(page: Page, country: str, accounts: list[Box]) -> Iterator[Finding]:
    """The telephone numbers that a page lists: not those to call for help, not those that were called."""
    for line in page.lines:
        said = fold(" ".join(cell.text for cell in line))
        if CALL.search(said):
            continue
        for cell in line:
            whole = Part(cell, 0, len(cell.text))
            hidden = SECRET.search(fold(cell.text))
            for e164, start, end in _phones(cell.text, country):
                box = page.fraction(cell.box_of(start, end))
                if CONTACT.search(fold(cell.text[:start])) or (hidden and hidden.start() < start):
                    continue
                if any(_overlap(box, account) for account in accounts):
                    continue
                yield Finding("number", e164, page.number, box, _context(whole, ""), "", 1)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _phones(text: str, country: str) -> Iterator[tuple[str, int, int]]:
    """(E.164, start, end) of each number in a line; a range gives all of its numbers."""
    north_american = country in ("US", "CA")
    for match in (NUMBER if north_american else _ABROAD).finditer(text):
        start, end = match.span()
        behind = RANGE_END.match(text, end) if north_american else None
        if behind and sum(char.isdigit() for char in behind["end"]) >= 4:
            paste = phone.read_paste(text[start : behind.end()], country, limit=phone.RANGE_LIMIT)
            numbers = [e164 for piece in paste.pieces for e164 in piece.numbers]
            if len(numbers) > 1:
                yield from ((e164, start, behind.end()) for e164 in numbers)
                continue
        read = phone.parse(match[0].strip(), country)
        if isinstance(read, phone.Phone):
            yield read.e164, start, end
