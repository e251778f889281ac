"""Reading a paste of many phone numbers: every non-blank piece gets a verdict, nothing is silently lost.

The text is cut at line ends, tabs, commas, semicolons and bars. Inside a piece a scanner looks for numbers,
their extensions and ranges.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import phonenumbers

from lib.intervals import Intervals
from lib.numbering import NORTH_AMERICA, calling_code, judge_north_american, notes_for
from lib.typed import (
    ABROAD,
    AROUND,
    EXTENSION,
    LETTER,
    LIST_MARK,
    NUMBER,
    ODD,
    POINT_ZERO,
    RANGE_END,
    SCIENTIFIC,
    THOUSANDS,
    WORDS,
    WRAPPING,
    digits_of,
    has_digits,
    parts_of,
    plain,
    spelled_number,
)
from lib.verdicts import Note, Verdict, explain, note_sentence

RANGE_LIMIT = 1_000
RANGE_TAIL = 6  # digits that the second number of a range may give; more is a number of its own
_FIRST, _END = r"(?P<first>[^a-zA-Z]+?)", rf"(?P<end>[0-9]{{1,{RANGE_TAIL}}})"
# Ranges of other countries: a mark between blanks, dots or a word; or any hyphen.
ELSEWHERE_RANGE = re.compile(rf"{_FIRST}(?:\s+-\s+|\s*\.\.+\s*|\s+(?:to|bis)\s+){_END}")
ELSEWHERE_LOOSE_RANGE = re.compile(rf"{_FIRST}(?:\s*-\s*|\s*\.\.+\s*|\s+(?:to|bis)\s+){_END}")
NEXT_NUMBER = re.compile(r"(?<=[0-9])\s+(?=\+\s*[0-9])")  # a plus sign begins a number
PASTE_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Piece:
    """What became of one piece of the paste.

    `text` is as typed and `line` counts from 1. `numbers` holds E.164 to take, and is empty unless the
    verdict is READY; a range gives all of its numbers that were not listed before. `first` and `last`
    (E.164, or "") show what was understood even when it is not taken, such as a duplicate.
    """

    text: str
    line: int
    verdict: Verdict
    numbers: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    notes: tuple[Note, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether its numbers may be used."""
        return self.verdict is Verdict.READY

    @property
    def is_range(self) -> bool:
        """Whether it names more than one number."""
        return self.first != self.last

    @property
    def sentence(self) -> str:
        """One sentence to show, in the reader's language: the verdict, and for a ready number its notes."""
        if self.verdict is Verdict.READY and self.notes:
            return " ".join(note_sentence(note, self.facts) for note in self.notes)
        return explain(self.verdict, self.text.strip(), self.facts)


@dataclass(frozen=True, slots=True)
class Paste:
    """The whole paste: its pieces in the order they were typed."""

    pieces: tuple[Piece, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number to take, E.164, once each, in the order they were typed."""
        return tuple(number for piece in self.pieces for number in piece.numbers)

    @property
    def ready(self) -> tuple[Piece, ...]:
        """The pieces that were understood."""
        return tuple(piece for piece in self.pieces if piece.is_ready)

    @property
    def refused(self) -> tuple[Piece, ...]:
        """The pieces that need a look."""
        return tuple(piece for piece in self.pieces if not piece.is_ready)


def read_paste(text: str, country: str = "US", limit: int = PASTE_LIMIT) -> Paste:
    """Read pasted text for a location in `country` (ISO 3166), taking at most `limit` numbers.

    For a +1 country several numbers may stand in one piece, with ranges in any usual writing (`408-555-0150
    - 59`, `…0150-0159`, `+14085550150..+14085550159`) of at most RANGE_LIMIT numbers. For other countries a
    piece is one number, judged by the `phonenumbers` metadata, several that begin with a plus sign, or a
    range written as such (`020 7946 0100 - 19`, `… to 19`). Never raises on bad text.
    """
    reader = _Reader(country, limit)
    pieces: list[Piece] = []
    for line, row in enumerate(text.splitlines(), start=1):
        for part in parts_of(row):
            pieces.extend(reader.read(part, line))
    return Paste(tuple(pieces))


def _is_backwards(first: phonenumbers.PhoneNumber, tail: str) -> bool:
    return tail < str(first.national_number)[-len(tail) :]


class _Reader:
    """Reads pieces one after another and remembers which numbers it has already taken."""

    def __init__(self, country: str, limit: int) -> None:
        self.country, self.limit = country, limit
        self.code = calling_code(country)
        self.taken = Intervals()

    def read(self, text: str, line: int) -> Iterator[Piece]:
        body = plain(text).strip(WRAPPING)
        if found := SCIENTIFIC.fullmatch(body):
            body = found["whole"] + (found["rest"] or "")
            if len(body) != int(found["power"]) + 1:
                yield Piece(text, line, Verdict.SPREADSHEET_DAMAGE)
                return
        if found := THOUSANDS.fullmatch(body):
            body = re.sub("[, ]", "", found[0])
        if self.code != NORTH_AMERICA:
            alone = NEXT_NUMBER.split(body)
            for one in alone:
                yield self._read_elsewhere(one if alone[1:] else text, one, line)
            return
        yield from self._read_north_american(text, POINT_ZERO.sub("", body), line)

    def _read_north_american(self, text: str, body: str, line: int) -> Iterator[Piece]:
        found = NUMBER.search(body)
        if found is None:
            yield self._read_remains(text, body, line)
            return
        position, pieces_in_it = 0, 0
        while found is not None:
            before = body[position : found.start()]
            if has_digits(before) and not (position == 0 and LIST_MARK.fullmatch(before)):
                yield self._read_remains(before.strip(), before.strip(AROUND), line)
                pieces_in_it += 1
                before = ""
            end_of_range = RANGE_END.match(body, found.end())
            stop = end_of_range.end() if end_of_range else found.end()
            extension = EXTENSION.match(body, stop)
            stop = extension.end() if extension else stop
            following = NUMBER.search(body, stop)
            after = body[stop:] if following is None else ""
            alone = following is None and pieces_in_it == 0 and not has_digits(after)
            typed = text if alone else body[found.start() : stop]
            words = WORDS.search(before + (after if not has_digits(after) else ""))
            yield self._judge(typed, line, found, end_of_range, extension, bool(words))
            pieces_in_it += 1
            position, found = stop, following
        if has_digits(body[position:]):
            yield self._read_remains(body[position:].strip(), body[position:].strip(AROUND), line)

    def _judge(
        self,
        typed: str,
        line: int,
        found: re.Match[str],
        end_of_range: re.Match[str] | None,
        extension: re.Match[str] | None,
        words: bool,
    ) -> Piece:
        first = digits_of(found["number"])
        notes = [Note.WORDS_LEFT_OUT] if words else []
        facts: dict[str, object] = {}
        if extension:
            notes.insert(0, Note.EXTENSION_DROPPED)
            facts["extension"] = extension["extension"]
        last = first
        if end_of_range:
            tail = digits_of(end_of_range["end"])[-10:]
            last = first[: 10 - len(tail)] + tail
        return self._take(typed, line, first, last, notes, facts)

    def _take(
        self, typed: str, line: int, low: str, high: str, notes: list[Note], facts: dict[str, object]
    ) -> Piece:
        """The verdict on the numbers low..high of ten digits, and the taking of what is new among them."""
        first, last = f"+1{low}", f"+1{high}"

        def refused(verdict: Verdict, **why: object) -> Piece:
            return Piece(typed, line, verdict, (), first, last, (), why)

        for end in (low, high):
            verdict = judge_north_american(end)
            if verdict is Verdict.NOT_ASSIGNABLE:
                return Piece(typed, line, verdict)
            if verdict is Verdict.WRONG_COUNTRY:
                return refused(verdict, area_code=end[:3])
        count = int(high) - int(low) + 1
        if count < 1:
            return refused(Verdict.RANGE_BACKWARDS)
        if count > RANGE_LIMIT:
            return refused(Verdict.RANGE_TOO_LONG, count=count, most=RANGE_LIMIT)
        listed = self.taken.overlap(int(low), int(high))
        if listed == count:
            return refused(Verdict.DUPLICATE)
        if self.taken.size + count - listed > self.limit:
            return refused(Verdict.TOO_MANY, most=self.limit)
        every = range(int(low), int(high) + 1)
        numbers = tuple(f"+1{number}" for number in every if not listed or number not in self.taken)
        self.taken.add(int(low), int(high))
        if listed:
            notes = [*notes, Note.SOME_ALREADY_LISTED]
            facts = {**facts, "repeated": listed}
        about_code = notes_for(low, self.country)
        if Note.OTHER_COUNTRY_SAME_CODE in about_code:
            facts = {**facts, "region": "US" if self.country == "CA" else "CA"}
        return Piece(typed, line, Verdict.READY, numbers, first, last, (*notes, *about_code), facts)

    def _read_remains(self, text: str, body: str, line: int) -> Piece:
        """The verdict on text in which no number of the usual shape was found."""
        letters, digits = LETTER.search(body) is not None, digits_of(body)
        if not digits:
            return Piece(text, line, Verdict.NOT_A_NUMBER)
        if EXTENSION.fullmatch(body) and letters:
            return Piece(text, line, Verdict.EXTENSION_ALONE)
        if letters:
            word = spelled_number(body)
            if word:
                return self._take(text, line, word, word, [Note.VANITY_CONVERTED], {})
            return Piece(text, line, Verdict.LETTERS)
        if ABROAD.match(body) and not digits.startswith("0111"):
            return Piece(text, line, Verdict.WRONG_COUNTRY, facts={"code": self.code})
        if ODD.search(body):
            unclear = "-" in body or ".." in body
            return Piece(text, line, Verdict.RANGE_UNCLEAR if unclear else Verdict.NOT_A_NUMBER)
        length = {"digits": len(digits), "wanted": 10}
        if len(digits) == 11 and digits[0] == "1":
            digits = digits[1:]
        if len(digits) == 10:  # grouped in an unusual way, such as 40 85 55 01 42
            return self._take(text, line, digits, digits, [], {})
        short = len(digits) < 10
        return Piece(text, line, Verdict.TOO_SHORT if short else Verdict.TOO_LONG, facts=length)

    def _read_elsewhere(self, text: str, body: str, line: int) -> Piece:
        """One number outside North America, or a range of them, by the metadata of `phonenumbers`."""
        number = self._national(body)
        whole = isinstance(number, phonenumbers.PhoneNumber)
        # With a plain hyphen it is a range only if it cannot be one number: hyphens group digits, too.
        shape = ELSEWHERE_RANGE if whole else ELSEWHERE_LOOSE_RANGE
        if found := shape.fullmatch(body):
            first, tail = self._national(found["first"]), found["end"]
            if not isinstance(first, Verdict) and not (whole and _is_backwards(first, tail)):
                return self._take_elsewhere(text, line, first, tail)
        if isinstance(number, Verdict):
            wrong_code = number is Verdict.WRONG_COUNTRY
            count = {"code": self.code} if wrong_code else {"digits": len(digits_of(body))}
            return Piece(text, line, number, facts={} if number is Verdict.NOT_A_NUMBER else count)
        facts: dict[str, object] = {"extension": number.extension} if number.extension else {}
        notes = (Note.EXTENSION_DROPPED,) if number.extension else ()
        return self._take_elsewhere(text, line, number, "", notes, facts)

    def _national(self, body: str) -> "phonenumbers.PhoneNumber | Verdict":
        """The number that a text is, or why it is none."""
        # phonenumbers refuses to read more than 250 characters, and no number needs 60.
        if not digits_of(body) or len(body) > 60:
            return Verdict.NOT_A_NUMBER
        try:
            number = phonenumbers.parse(body, self.country)
        except phonenumbers.NumberParseException:
            return Verdict.NOT_A_NUMBER
        if number.country_code != self.code:
            return Verdict.WRONG_COUNTRY
        if not phonenumbers.is_possible_number(number):
            reason = phonenumbers.is_possible_number_with_reason(number)
            too_long = reason == phonenumbers.ValidationResult.TOO_LONG
            return Verdict.TOO_LONG if too_long else Verdict.TOO_SHORT
        return number if phonenumbers.is_valid_number(number) else Verdict.NOT_A_NUMBER

    def _take_elsewhere(
        self,
        text: str,
        line: int,
        number: phonenumbers.PhoneNumber,
        tail: str,
        notes: tuple[Note, ...] = (),
        facts: Mapping[str, object] = MappingProxyType({}),
    ) -> Piece:
        """The verdict on a number, or on the range up to the number that ends in `tail` instead."""
        first = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        last = first[: len(first) - len(tail)] + tail
        low, high = int(first), int(last)
        if high < low:
            return Piece(text, line, Verdict.RANGE_BACKWARDS, first=first, last=last)
        if not phonenumbers.is_valid_number(phonenumbers.parse(last)):
            return Piece(text, line, Verdict.NOT_A_NUMBER)
        count = high - low + 1
        if count > RANGE_LIMIT:
            most = {"count": count, "most": RANGE_LIMIT}
            return Piece(text, line, Verdict.RANGE_TOO_LONG, first=first, last=last, facts=most)
        new = tuple(f"+{value}" for value in range(low, high + 1) if value not in self.taken)
        if not new:
            return Piece(text, line, Verdict.DUPLICATE, first=first, last=last)
        if self.taken.size + len(new) > self.limit:
            return Piece(text, line, Verdict.TOO_MANY, first=first, last=last, facts={"most": self.limit})
        self.taken.add(low, high)
        if len(new) < count:
            notes, facts = (*notes, Note.SOME_ALREADY_LISTED), {**facts, "repeated": count - len(new)}
        return Piece(text, line, Verdict.READY, new, first, last, notes, facts)
