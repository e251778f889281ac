"""What the emergency service makes of a civic address: known, known by another spelling, or unknown."""

import re
from collections.abc import Callable
from dataclasses import replace

from carrier.base import Address, AddressOutcome, AddressVerdict
from lib.spelling import DIRECTIONS, SUFFIXES, is_po_box, letters_only, spoken
from simulator import geography
from simulator.models import UnknownStreet

_POSTAL_CODE = {"US": re.compile(r"\d{5}(?:\d{4})?"), "CA": re.compile(r"[A-Z]\d[A-Z]\d[A-Z]\d")}
_ORDINAL = re.compile(r"\d{1,4}(?:st|nd|rd|th)", re.IGNORECASE)
_SMALL_SUFFIXES = frozenset(suffix.lower() for suffix in SUFFIXES.values())
Change = Callable[[str, str, str], str]
#: "One Market Plaza" is an address.
_NUMBER_WORDS = frozenset({"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"})


def check(address: Address) -> AddressVerdict:
    """VALID as it stands; SUGGESTED with the better spelling and why; UNKNOWN with every reason found.

    Streets are unknown when a row of UnknownStreet says so, every other is known: the simulated service
    has no map. It writes streets in full ("Street", "North"), states as codes, and a ZIP+4 with its hyphen.
    """
    tidy, reasons = _tidied(address)
    problems = _problems(tidy)
    if problems:
        return AddressVerdict(AddressOutcome.UNKNOWN, reasons=problems)
    if reasons:
        return AddressVerdict(AddressOutcome.SUGGESTED, suggestion=tidy, reasons=reasons)
    return AddressVerdict(AddressOutcome.VALID)


def _problems(tidy: Address) -> tuple[str, ...]:
    found = []
    number, _blank, rest = tidy.line1.partition(" ")
    has_number = _is_house_number(number)
    if is_po_box(tidy.line1) or is_po_box(tidy.line2):
        found.append("po_box")
    elif not has_number and not (tidy.country not in _POSTAL_CODE and _has_digit(tidy.line1)):
        found.append("number_missing")
    if _is_unknown(rest if has_number else tidy.line1):
        found.append("unknown_street")
    if not any(char.isalpha() for char in tidy.city):
        found.append("unknown_city")
    if tidy.country in geography.REGIONS and not geography.state_code(tidy.state, tidy.country):
        found.append("state_name")
    elif not _fits(tidy):
        found.append("zip_not_in_state")
    return tuple(found)


def _is_house_number(word: str) -> bool:
    if _ORDINAL.fullmatch(word):
        return False  # "5th Avenue" is a street
    return any(char.isdigit() for char in word) or word.casefold() in _NUMBER_WORDS


def _has_digit(text: str) -> bool:
    """Elsewhere the house number stands behind the street."""
    return any(char.isdigit() for char in text)


def _is_unknown(street: str) -> bool:
    """Also with a floor behind it: "Nowhere Lane Suite 5" begins with an unknown street."""
    words = spoken(street).split()
    starts = [" ".join(words[:end]) for end in range(1, min(len(words), 8) + 1)]
    return UnknownStreet.objects.filter(spoken__in=starts).exists()


def _fits(tidy: Address) -> bool:
    if tidy.country not in _POSTAL_CODE:
        return True
    code = letters_only(tidy.postal_code).upper()
    shape = _POSTAL_CODE[tidy.country]
    return bool(shape.fullmatch(code)) and geography.fits(code, tidy.state, tidy.country)


def _tidied(typed: Address) -> tuple[Address, tuple[str, ...]]:
    """The address as the service writes it, and what was changed, in the order in which people read it."""
    reasons: dict[str, None] = {}  # a set that keeps its order

    def change(before: str, after: str, reason: str) -> str:
        if before != after:
            reasons[reason] = None
        return after

    lines = {}
    for name in ("line1", "line2", "city"):
        text = getattr(typed, name)
        text = change(text, " ".join(text.split()), "spacing")
        lines[name] = change(text, _titled(text), "case")
    if typed.country in _POSTAL_CODE:  # the abbreviations are English
        lines["line1"] = change(lines["line1"], _in_full(lines["line1"]), "abbreviation")
    return replace(
        typed, **lines, state=_state(typed, change), postal_code=_postal_code(typed, change)
    ), tuple(reasons)


def _state(typed: Address, change: Change) -> str:
    text = change(typed.state, " ".join(typed.state.split()), "spacing")
    code = geography.state_code(text, typed.country)
    if not code:
        return text
    return change(text, code, "case" if text.upper() == code else "state_name")


def _postal_code(typed: Address, change: Change) -> str:
    text = change(typed.postal_code, " ".join(typed.postal_code.split()), "spacing")
    code = letters_only(text).upper()
    if typed.country == "US" and len(code) == 9:
        return change(text, f"{code[:5]}-{code[5:]}", "zip_plus4")
    if typed.country == "CA" and len(code) == 6:
        text = change(text, text.upper(), "case")
        return change(text, f"{code[:3]} {code[3:]}", "spacing")
    return text


def _titled(text: str) -> str:
    """Capitals where they belong: in every word of a text that has only one kind of letters, else in
    the words that are plainly shouted or whispered ("100 MAIN street"; "McKinley" and "de" stay)."""
    if not any(char.isalpha() for char in text):
        return text
    one_kind = text.isupper() or text.islower()
    return " ".join(
        _titled_word(word) if one_kind or _is_misspelt(word) else word for word in text.split(" ")
    )


def _is_misspelt(word: str) -> bool:
    bare = word.strip(".,")
    return (bare.isalpha() and bare.isupper() and len(bare) > 3) or bare in _SMALL_SUFFIXES


def _titled_word(word: str) -> str:
    bare = word.strip(".,")
    if _ORDINAL.fullmatch(bare):
        return word.lower()
    if any(char.isdigit() for char in word) or (len(bare) == 2 and bare.casefold() in DIRECTIONS):
        return word.upper()
    return "-".join("'".join(_capital(part) for part in half.split("'")) for half in word.split("-"))


def _capital(part: str) -> str:
    # Not str.title: "Joe's" keeps its small s.
    return part.lower() if len(part) == 1 and part.casefold() == "s" else part[:1].upper() + part[1:].lower()


def _in_full(line1: str) -> str:
    """A street with "St" and "N" written out, where they can not be a name: "St Louis Avenue E" stays."""
    street, comma, unit = line1.partition(",")
    words = street.split(" ")
    if len(words) < 3:
        return line1
    last = len(words) - 1
    first = words[1].rstrip(".").casefold()
    if first in DIRECTIONS and last > 2:
        words[1] = DIRECTIONS[first]
    behind = words[last].rstrip(".").casefold()
    before = words[last - 1].rstrip(".").casefold()
    if behind in SUFFIXES:
        words[last] = SUFFIXES[behind]
    elif behind in DIRECTIONS and before in SUFFIXES and last > 2:
        words[last - 1 :] = [SUFFIXES[before], DIRECTIONS[behind]]
    return " ".join(words) + comma + unit
