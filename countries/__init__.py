"""Country packs as data: `get("US")` and `choices()` are all that the rest of the house needs."""

from countries.base import AddressLabels, Country, Region, Text, UnknownCountry
from countries.ca import CANADA
from countries.us import UNITED_STATES

__all__ = ["AddressLabels", "Country", "Region", "Text", "UnknownCountry", "choices", "get"]

_PACKS = {pack.iso: pack for pack in (UNITED_STATES, CANADA)}


def get(iso: str) -> Country:
    """The pack of an ISO 3166 code, in any case of letters. Raises UnknownCountry when there is none."""
    try:
        return _PACKS[iso.upper()]
    except KeyError:
        raise UnknownCountry(iso) from None


def choices() -> list[tuple[str, Text]]:
    """(code, name) of every country with a pack, for a form's choices."""
    return [(pack.iso, pack.name) for pack in _PACKS.values()]
