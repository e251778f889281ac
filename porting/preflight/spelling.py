"""When two spellings are one to a carrier: of names, account numbers, streets, postal codes.

What carriers are known to forgive is case, spacing, commas and periods, and in a street what the post office
abbreviates (USPS Publication 28). Every word of a name counts: "Inc" is not "Incorporated", "&" is not "and".
"""

import re

# Short forms by the word that they stand for: what follows a street's name, points of the compass, units.
_SHORT = {
    "alley": "aly",
    "avenue": "ave av",
    "boulevard": "blvd",
    "circle": "cir",
    "court": "ct",
    "cove": "cv",
    "drive": "dr",
    "expressway": "expy",
    "highway": "hwy",
    "lane": "ln",
    "loop": "lp",
    "parkway": "pkwy",
    "place": "pl",
    "plaza": "plz",
    "road": "rd",
    "square": "sq",
    "street": "st",
    "terrace": "ter",
    "trail": "trl",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
    "apartment": "apt",
    "building": "bldg",
    "floor": "fl",
    "room": "rm",
    "suite": "ste",
}
_LONG = {short: word for word, shorts in _SHORT.items() for short in shorts.split()}


def code(text: str) -> str:
    """An account number or identifier: only letters and digits count, in any case."""
    return "".join(char for char in text.casefold() if char.isalnum())


def name(text: str) -> str:
    """A company, person or city: case, spacing, commas and periods do not count."""
    return " ".join(re.sub(r"[,.]", " ", text.casefold()).split())


def street(text: str) -> str:
    """A street with its number, and floor or suite where they stand in it: abbreviations are read out."""
    words = re.sub(r"[,.#]", " ", text.casefold()).split()
    return " ".join(_LONG.get(word, word) for word in words)


def postal_code(text: str, country: str) -> str:
    """What counts of a postal code: the first five digits of a ZIP code, elsewhere all of it."""
    bare = code(text)
    return bare[:5] if country == "US" else bare
