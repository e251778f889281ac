"""When two spellings are the same to a carrier: of names, account numbers, streets, postal codes."""

import re

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
