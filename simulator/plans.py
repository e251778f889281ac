"""What the stock must know of numbering plans: how a number is written inside its country, and its area
code.
"""

from functools import lru_cache

import phonenumbers

#: Countries whose numbers share +1, and one registry of toll-free numbers.
NORTH_AMERICA = ("US", "CA")


def national_digits(e164: str, country: str) -> str:
    """A number, or the beginning of one, as it is dialed inside its country: +44207946 is 0207946 there.

    North American numbers are written without the 1 that is dialed before them.
    """
    return trunk(country) + e164.removeprefix(f"+{_calling_code(country)}")


def area_as_written(area_code: str, country: str) -> str:
    """An area code as it is written in its country, also when it came without the 0: 20 is 020 in
    London.
    """
    plain = area_code.strip()
    prefix = trunk(country)
    return plain if not plain or plain.startswith(prefix) else prefix + plain


@lru_cache(maxsize=64)
def trunk(country: str) -> str:
    """What stands before the national number inside its country: "0" in most of Europe, "" in America."""
    if country in NORTH_AMERICA:
        return ""
    return phonenumbers.ndd_prefix_for_region(country, True) or ""


@lru_cache(maxsize=64)
def _calling_code(country: str) -> int:
    return int(phonenumbers.country_code_for_region(country))
