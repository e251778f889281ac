"""Phone numbers as the rest of the house uses them: read one, read a paste of many, show one.

The rules are in lib/numbering.py, the reader of pastes in lib/paste.py, the sentences in lib/verdicts.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext as _

from lib.numbering import NORTH_AMERICAN, TOLL_FREE_CODES, Kind, kind_of, region_of_area_code
from lib.paste import PASTE_LIMIT, RANGE_LIMIT, Paste, Piece, read_paste
from lib.verdicts import Note, Verdict, explain

_EXTENSION = re.compile(r"x\d+-(?P<extension>\d+)")

__all__ = [
    "PASTE_LIMIT",
    "RANGE_LIMIT",
    "Kind",
    "Note",
    "Paste",
    "Phone",
    "Piece",
    "Reason",
    "Verdict",
    "example",
    "extension_of",
    "international",
    "is_toll_free",
    "key_of_extension",
    "kind_of",
    "national",
    "parse",
    "read_paste",
]


@dataclass(frozen=True, slots=True)
class Phone:
    """One understood number. `region` is ISO 3166 (for +1 by area code; "" when the code is unknown or toll-
    free).
    """

    e164: str
    region: str
    kind: Kind
    notes: tuple[Note, ...] = ()
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text is not a number, with what `sentence` needs to say so."""

    verdict: Verdict
    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """One sentence in the reader's language, fit to stand beside the field or line."""
        return explain(self.verdict, self.text, self.facts)


def parse(text: str, country: str = "US") -> Phone | Reason:
    """Read one number as typed into one field.

    `country` is the ISO 3166 code of the location; its calling code is assumed when none is typed. A +1
    location takes numbers of the United States and Canada alike (they share the code, and businesses own
    both), with a note when it is the other one, and refuses the rest of the +1 countries. Never raises on
    bad text.
    """
    paste = read_paste(text, country, limit=1)
    if not paste.pieces:
        return Reason(Verdict.NOT_A_NUMBER, text)
    refused = next((p for p in paste.pieces if p.verdict is not Verdict.READY), None)
    if refused is not None:
        if refused.verdict in (Verdict.TOO_MANY, Verdict.DUPLICATE):
            return Reason(Verdict.NOT_A_NUMBER, text, {"one_only": True})
        return Reason(refused.verdict, refused.text.strip(), refused.facts)
    piece = paste.pieces[0]
    if len(paste.pieces) > 1 or len(piece.numbers) != 1:
        return Reason(Verdict.NOT_A_NUMBER, text, {"one_only": True})
    return _phone(piece.numbers[0], piece.notes, str(piece.facts.get("extension", "")))


def national(e164: str) -> str:
    """`+14085550142` as (408) 555-0142, `x4-4900` as Extension 4900. Other text comes back unchanged."""
    return _extension(e164) or _formatted(e164, phonenumbers.PhoneNumberFormat.NATIONAL)


def international(e164: str) -> str:
    """`+14085550142` as +1 408-555-0142, `x4-4900` as Extension 4900. Other text comes back unchanged."""
    return _extension(e164) or _formatted(e164, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def example(country: str, ends: str = "") -> str:
    """A made-up fixed number of a country as it is written there, its last digits replaced by `ends`; of an
    unknown country only `ends`.
    """
    found = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.FIXED_LINE)
    if found is None:
        return ends
    digits = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return national(digits[: len(digits) - len(ends)] + ends)


def key_of_extension(place: int, extension: str) -> str:
    """What stands for E.164 where there is only an extension: x4-4900 at the place with the key 4."""
    return f"x{place}-{extension}"


def extension_of(key: str) -> str:
    """The extension of which this is the key; "" when it is none."""
    found = _EXTENSION.fullmatch(key)
    return found["extension"] if found else ""


def _extension(key: str) -> str:
    """An extension in words, from its key; "" of anything else."""
    extension = extension_of(key) if key[:1] == "x" else ""
    return _("Extension %(extension)s") % {"extension": extension} if extension else ""


def is_toll_free(e164: str) -> bool:
    """Whether the number is free for callers: its own kind of number, on an order of its own."""
    return kind_of(e164) is Kind.TOLL_FREE


def _phone(e164: str, notes: tuple[Note, ...], extension: str) -> Phone:
    if NORTH_AMERICAN.fullmatch(e164):
        region = "" if e164[2:5] in TOLL_FREE_CODES else region_of_area_code(e164[2:5])
    else:
        region = str(phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or "")
    return Phone(e164, region, kind_of(e164), notes, extension)


@lru_cache(maxsize=8192)
def _formatted(e164: str, style: int) -> str:
    if NORTH_AMERICAN.fullmatch(e164):
        code, exchange, line = e164[2:5], e164[5:8], e164[8:]
        if style == phonenumbers.PhoneNumberFormat.NATIONAL:
            return f"({code}) {exchange}-{line}"
        return f"+1 {code}-{exchange}-{line}"
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(e164), style))
    except phonenumbers.NumberParseException:
        return e164
