"""One row of a file: what it asks for, or which cell of it is wrong and why.

Nothing is looked up in the inventory here; a row is read by itself, in a few microseconds.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from lib import phone
from lib.numbering import Kind, calling_code
from lib.quick_phone import QuickReader
from lib.sheets import unguard
from lib.sheets.cells import GUARDED
from lib.verdicts import shortened
from pstn.imports.columns import Header
from pstn.imports.places import Place, Places
from pstn.models import PhoneNumber
from pstn.models.numbers import MOST_SESSIONS, one_line

K, S = PhoneNumber.Kind, PhoneNumber.State
CLEAR = "-"  # a cell of only this takes away what is there
EXTENSION = re.compile(r"[0-9]{2,10}")
TAG_LIMIT, TAGS_LIMIT, NOTE_LIMIT, OWNER_LIMIT = 40, 500, 200, 100
Meaning = TypeVar("Meaning")
REMEMBERED = 20_000  # cells of one column whose meaning is kept


class BadCell(Exception):
    """A cell that cannot be used: its column, a stable code, and a sentence for whoever mends the file."""

    def __init__(self, column: str, code: str, sentence: str) -> None:
        super().__init__(code)
        self.column, self.code, self.sentence = column, code, sentence


class Wish(NamedTuple):
    """What a row asks for. None: the cell is blank and says nothing; "" and 0 take away what is there."""

    e164: str
    location_id: int | None
    kind: str | None
    extension: str | None
    owner_name: str | None
    state: str | None
    address_id: int | None
    tags: str | None
    note: str | None
    sessions: int | None  # calls at once of a contact center's number; blank or 1 to MOST_SESSIONS


class RowReader:
    """Reads the rows of one file. `addresses` are the keys of validated emergency addresses of the
    organization, each with its country."""

    def __init__(self, header: Header, places: Places, addresses: Mapping[int, str]) -> None:
        self.places = places
        self.addresses = addresses
        at = header.places
        self.width = max(at.values()) + 1
        self.number, self.location = at.get("number", -1), at.get("location", -1)
        self.type, self.status = at.get("type", -1), at.get("state", -1)
        # Columns that few files have: each with how its cell is read.
        self.others = [
            (place, column)
            for column in ("sessions", "extension", "assigned_to", "emergency_address_id", "tags", "note")
            if (place := at.get(column, -1)) >= 0
        ]
        self.has_extensions = "extension" in at
        self.readers = {country: QuickReader(country) for country in places.countries or ["US"]}
        self.found_places: dict[str, Place | None] = {"": None}
        self.found_kinds: dict[str, str | None] = {"": None}
        self.found_states: dict[str, str | None] = {"": None}
        self.kinds = _words(K.choices)
        self.states = _words(S.choices)

    def read(self, cells: list[str]) -> Wish:
        """What the row asks for. BadCell for the first cell that cannot be used."""
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        place = (
            self._remembered(self.found_places, cells[self.location], self._place)
            if self.location >= 0
            else None
        )
        kind = self._remembered(self.found_kinds, cells[self.type], self._kind) if self.type >= 0 else None
        state = (
            self._remembered(self.found_states, cells[self.status], self._state) if self.status >= 0 else None
        )
        sessions = extension = owner = tags = note = address = None
        for at, column in self.others:
            if not (cell := cells[at]) or not (cell := cell.strip()):
                continue
            if column == "extension":
                extension = _extension(cell)
            elif column == "assigned_to":
                owner = _short(cell, column, OWNER_LIMIT)
            elif column == "note":
                note = _short(cell, column, NOTE_LIMIT)
            elif column == "tags":
                tags = _tags(cell)
            elif column == "sessions":
                sessions = _sessions(cell)
            else:
                address = self._address(cell, place)
        text = cells[self.number].strip() if self.number >= 0 else ""
        if kind == K.EXTENSION:
            e164 = _extension_key(text, place, extension)
        else:
            e164, kind, typed = self._number(text, place, kind)
            if extension is None and self.has_extensions:
                extension = typed
        if sessions and kind not in (None, K.CONTACT_CENTER):
            raise no_sessions()
        place_pk = place.pk if place else None
        return Wish(e164, place_pk, kind, extension, owner, state, address, tags, note, sessions)

    def _number(self, text: str, place: Place | None, kind: str | None) -> tuple[str, str | None, str | None]:
        """The number, its type as far as that is said or follows from it, and an extension beside it."""
        if not text or text == CLEAR:
            raise BadCell("number", "no_number", _("The number is missing."))
        found = self._reader(place, text).read(text)
        if isinstance(found, tuple):
            e164, own = found
            typed = None
        elif isinstance(found, phone.Phone):
            e164, own, typed = found.e164, found.kind, found.extension or None
        else:
            raise BadCell("number", found.verdict.value, found.sentence)
        if own is Kind.OTHER:
            sentence = _("Premium-rate and personal numbers do not belong to a location.")
            raise BadCell("number", "not_for_locations", sentence)
        if own is Kind.LOCAL:
            if kind in (K.TOLL_FREE, K.NON_GEOGRAPHIC):
                raise BadCell(
                    "type", "kind_not_chosen", _("The digits of this number say that it is not that.")
                )
            return e164, kind, typed
        if kind in (None, K.STANDARD, own.value):
            return e164, own.value, typed
        raise BadCell(
            "type",
            "fixed_kind",
            _("The digits of this number say what it is: %(kind)s.") % {"kind": K(own.value).label},
        )

    def _reader(self, place: Place | None, text: str) -> QuickReader:
        """The reader of the row's country; without a location the one whose calling code the number has."""
        if place is not None:
            return self.readers[place.country]
        if len(self.readers) > 1 and (found := re.match(r"[ '\"=]*(?:\+|00)([0-9]{1,3})", text)):
            for country, reader in self.readers.items():
                if found[1].startswith(str(calling_code(country))):
                    return reader
        return next(iter(self.readers.values()))

    def _remembered(self, known: dict[str, Meaning], cell: str, read: Callable[[str], Meaning]) -> Meaning:
        try:
            return known[cell]
        except KeyError:
            pass
        if len(known) > REMEMBERED:
            known.clear()
        value = known[cell] = read(cell.strip())
        return value

    def _place(self, name: str) -> Place | None:
        if not name:
            return None
        if name == CLEAR:
            raise BadCell("location", "no_location", _("A number is always at a location."))
        place = self.places.named(unguard(name))
        if place is None:
            sentence = _("%(name)s is not one of your locations.") % {"name": shortened(name)}
            raise BadCell("location", "unknown_location", sentence)
        return place

    def _kind(self, word: str) -> str | None:
        return _one_of(
            word, self.kinds, "type", "unknown_type", _("%(word)s is not a type of numbers: %(known)s.")
        )

    def _state(self, word: str) -> str | None:
        sentence = _("%(word)s is not a state of numbers: active or inactive.")
        return _one_of(word, self.states, "state", "unknown_state", sentence)

    def _address(self, cell: str, place: Place | None) -> int:
        if cell == CLEAR:
            return 0
        pk = int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 16 else 0
        if pk not in self.addresses:
            sentence = _("%(id)s is not the ID of a validated emergency address.") % {"id": shortened(cell)}
            raise BadCell("emergency_address_id", "unknown_address", sentence)
        if place is not None:
            if self.addresses[pk] != place.country:
                sentence = _("That emergency address is in another country.")
                raise BadCell("emergency_address_id", "address_abroad", sentence)
            if pk == place.address_id:
                return 0  # the location's own: every number there has it
        return pk


def _words(choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """What people may write for each value: the value, or its word, in any case of letters."""
    both = [(value, value) for value, _label in choices] + [(value, str(label)) for value, label in choices]
    return {
        " ".join(word.replace("_", " ").replace("-", " ").casefold().split()): value for value, word in both
    }


def _one_of(word: str, known: dict[str, str], column: str, code: str, sentence: str) -> str | None:
    if not word:
        return None
    value = known.get(" ".join(word.replace("_", " ").replace("-", " ").casefold().split()))
    if value is None:
        words = ", ".join(dict.fromkeys(known.values()))
        raise BadCell(column, code, sentence % {"word": shortened(word), "known": words})
    return value


def _extension(cell: str) -> str:
    if cell == CLEAR:
        return ""
    cell = unguard(cell).removesuffix(".0")
    if not EXTENSION.fullmatch(cell):
        sentence = _("%(text)s is not an extension: 2 to 10 digits.") % {"text": shortened(cell)}
        raise BadCell("extension", "bad_extension", sentence)
    return cell


def _sessions(cell: str) -> int:
    digits = cell.removesuffix(".0")
    if digits.isascii() and digits.isdigit() and len(digits) < 9 and 1 <= int(digits) <= MOST_SESSIONS:
        return int(digits)
    sentence = _("%(text)s is not a number of calls at once: 1 to %(most)s.")
    facts = {"text": shortened(cell), "most": f"{MOST_SESSIONS:,}"}
    raise BadCell("sessions", "bad_sessions", sentence % facts)


def no_sessions() -> BadCell:
    """Why a number of another type has no calls at once."""
    return BadCell("sessions", "no_contact_center", _("Only a contact center number has calls at once."))


def _extension_key(text: str, place: Place | None, extension: str | None) -> str:
    """The key of what has no number: its location and extension."""
    if text:
        raise BadCell("number", "number_of_extension", _("What has only an extension has no phone number."))
    if place is None:
        raise BadCell("location", "no_location", _("An extension needs its location."))
    if not extension:
        raise BadCell("extension", "no_extension", _("The extension is missing."))
    return phone.key_of_extension(place.pk, extension)


def _short(cell: str, column: str, most: int) -> str:
    if cell == CLEAR:
        return ""
    if GUARDED.match(cell):
        cell = unguard(cell)
    text = one_line(cell)
    if len(text) > most:
        sentence = _("This cell has %(n)s characters; %(most)s are possible.") % {
            "n": len(text),
            "most": most,
        }
        raise BadCell(column, "too_long", sentence)
    return text


def _tags(cell: str) -> str:
    """Names with commas, semicolons, bars or line ends between; each once, in order of the alphabet."""
    if cell == CLEAR:
        return ""
    names = {one_line(name) for name in re.split(r"[,;|\n]", unguard(cell))}
    names.discard("")
    if any(len(name) > TAG_LIMIT for name in names):
        raise BadCell(
            "tags", "tag_too_long", _("A tag has at most %(most)s characters.") % {"most": TAG_LIMIT}
        )
    text = "\n".join(sorted(names))
    if len(text) > TAGS_LIMIT:
        raise BadCell("tags", "too_many_tags", _("These are too many tags for one number."))
    return text
