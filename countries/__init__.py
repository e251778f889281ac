"""Country packs as data: `get("US")` and `choices()` are all that the rest of the house needs."""

from countries.at import AUSTRIA
from countries.base import (
    AddressLabels,
    Country,
    DocumentRule,
    Identifier,
    LetterRule,
    Region,
    UnknownCountry,
)
from countries.be import BELGIUM
from countries.ca import CANADA
from countries.ch import SWITZERLAND
from countries.de import GERMANY
from countries.dk import DENMARK
from countries.es import SPAIN
from countries.fi import FINLAND
from countries.fr import FRANCE
from countries.gb import UNITED_KINGDOM
from countries.ie import IRELAND
from countries.it import ITALY
from countries.lu import LUXEMBOURG
from countries.nl import NETHERLANDS
from countries.no import NORWAY
from countries.papers import DOCUMENT_LABELS, Text, document_label
from countries.pt import PORTUGAL
from countries.se import SWEDEN
from countries.us import UNITED_STATES

__all__ = [
    "DOCUMENT_LABELS",
    "AddressLabels",
    "Country",
    "DocumentRule",
    "Identifier",
    "LetterRule",
    "Region",
    "Text",
    "UnknownCountry",
    "address_line",
    "choices",
    "document_label",
    "get",
]

# The order in which people are offered them: where most locations are, then by code.
_PACKS = {
    pack.iso: pack
    for pack in (
        UNITED_STATES,
        CANADA,
        UNITED_KINGDOM,
        AUSTRIA,
        BELGIUM,
        SWITZERLAND,
        GERMANY,
        DENMARK,
        SPAIN,
        FINLAND,
        FRANCE,
        IRELAND,
        ITALY,
        LUXEMBOURG,
        NETHERLANDS,
        NORWAY,
        PORTUGAL,
        SWEDEN,
    )
}


def get(iso: str) -> Country:
    """The pack of an ISO 3166 code, in any case of letters. Raises UnknownCountry when there is none."""
    try:
        return _PACKS[iso.upper()]
    except KeyError:
        raise UnknownCountry(iso) from None


def address_line(iso: str, line1: str, line2: str, city: str, region: str, postal_code: str) -> str:
    """An address in one line, as its country writes it; an unknown country's as the United States do."""
    pack = _PACKS.get(iso.upper(), UNITED_STATES)
    street = f"{line1}, {line2}" if line2 else line1
    return f"{street}, {pack.city_line(city, region, postal_code)}"


def choices() -> list[tuple[str, Text]]:
    """(code, name) of every country with a pack, for a form's choices."""
    return [(pack.iso, pack.name) for pack in _PACKS.values()]
