"""When two spellings are the same to a carrier: of names, account numbers, streets, postal codes.

What carriers are known to forgive is case, spacing, commas and periods, and in a street what the post office
abbreviates (USPS Publication 28). Every word of a name counts: "Inc" is not "Incorporated", "&" is not "and".
"""

import re
import unicodedata

#: The post office's abbreviations (USPS Publication 28) of what stands behind a street's name.
SUFFIXES = {
    "aly": "Alley",
    "av": "Avenue",
    "ave": "Avenue",
    "blvd": "Boulevard",
    "cir": "Circle",
    "ct": "Court",
    "cv": "Cove",
    "dr": "Drive",
    "expy": "Expressway",
    "hwy": "Highway",
    "ln": "Lane",
    "lp": "Loop",
    "pkwy": "Parkway",
    "pl": "Place",
    "plz": "Plaza",
    "rd": "Road",
    "sq": "Square",
    "st": "Street",
    "ter": "Terrace",
    "trl": "Trail",
}
#: Points of the compass, before or behind the name.
DIRECTIONS = {
    "n": "North",
    "s": "South",
    "e": "East",
    "w": "West",
    "ne": "Northeast",
    "nw": "Northwest",
    "se": "Southeast",
    "sw": "Southwest",
}
#: Parts of a building.
UNITS = {
    "apt": "Apartment",
    "bldg": "Building",
    "fl": "Floor",
    "rm": "Room",
    "ste": "Suite",
    "unit": "Unit",
}
_LONG = {short: long.lower() for short, long in (SUFFIXES | DIRECTIONS | UNITS).items()}


def letters_only(text: str) -> str:
    """Letters and digits in lower case: "a-12 34" and "A1234" are the same account number."""
    return "".join(char for char in text.casefold() if char.isalnum())


def plain_words(text: str) -> str:
    """Words in lower case without commas and periods: "ACME, Inc." and "Acme Inc" are the same company."""
    return " ".join(re.sub(r"[,.]", " ", text.casefold()).split())


def spoken(text: str) -> str:
    """A street, with number and floor or without, read out: "100 N. Main St" is "100 north main street"."""
    words = re.sub(r"[,.#]", " ", text.casefold()).split()
    return " ".join(_LONG.get(word, word) for word in words)


def postal_code(text: str, country: str) -> str:
    """What counts of a postal code: five digits of a ZIP code, else all letters and digits."""
    code = letters_only(text)
    return code[:5] if country == "US" else code


_PO_BOX = re.compile(
    r"(?<![a-z])(?:p[\s.]{0,2}o[\s.]{0,3}box|post\s{1,3}office\s{1,3}box|postal\s{1,3}box|postfach|postbus"
    r"|postboks|boite\s{1,3}postale|casella\s{1,3}postale|apartado\s{1,3}(?:de\s{1,3}correos|[0-9]))(?![a-z])"
    r"|^\s{0,3}box\s{1,3}[0-9]"
)


def is_po_box(text: str) -> bool:
    """Whether a line of an address names a post office box, in English or a language of the packs. Service is
    installed in none, and help finds nobody there.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return bool(_PO_BOX.search("".join(char for char in plain if not unicodedata.combining(char))))
