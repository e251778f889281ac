"""Rules of numbering plans: which numbers can exist, where an area code belongs. No text is read here.

Rule of this house for North American numbers (country code 1): area code [2-9]XX and exchange [2-9]XX,
neither of them N11 (the North American Numbering Plan's format). Whether the plan has already assigned an
area code does not refuse a number, because tables of area codes age: it only adds a note. 555-01XX numbers
are therefore usable. Everywhere else the `phonenumbers` metadata decides.
"""

import re
from enum import StrEnum
from functools import lru_cache

import phonenumbers

from lib.verdicts import Note, Verdict

NORTH_AMERICA = 1
TOLL_FREE_CODES = frozenset({"800", "833", "844", "855", "866", "877", "888"})
#: Parts of the plan that a United States location may use; the territories are listed as states.
UNITED_STATES = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
NORTH_AMERICAN = re.compile(r"\+1[0-9]{10}")
_ASSIGNABLE = re.compile(r"(?![2-9]11)[2-9][0-9]{2}(?![2-9]11)[2-9][0-9]{6}")


class Kind(StrEnum):
    """What sort of number it is, as far as the number itself tells."""

    LOCAL = "local"
    TOLL_FREE = "toll_free"
    MOBILE = "mobile"
    NON_GEOGRAPHIC = "non_geographic"
    OTHER = "other"


_KINDS = {
    phonenumbers.PhoneNumberType.FIXED_LINE: Kind.LOCAL,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: Kind.LOCAL,
    phonenumbers.PhoneNumberType.TOLL_FREE: Kind.TOLL_FREE,
    phonenumbers.PhoneNumberType.MOBILE: Kind.MOBILE,
    phonenumbers.PhoneNumberType.UAN: Kind.NON_GEOGRAPHIC,
    phonenumbers.PhoneNumberType.SHARED_COST: Kind.NON_GEOGRAPHIC,
    phonenumbers.PhoneNumberType.VOIP: Kind.NON_GEOGRAPHIC,
}


def kind_of(e164: str) -> Kind:
    """What sort of number it is. OTHER is what a business cannot have: premium rates, personal numbers.

    North American mobile numbers look like local ones, and are called local here. Non-geographic are those
    that a country keeps for organizations and for telephony over the Internet (+44 3…, +33 9…).
    """
    if NORTH_AMERICAN.fullmatch(e164):
        code = e164[2:5]
        if code in TOLL_FREE_CODES:
            return Kind.TOLL_FREE
        # 900 is premium; 5XX with equal or twin digits and 600/700 are not tied to a place.
        return (
            Kind.OTHER
            if code in {"900", "700", "710", "600", "622", "633"} or _is_personal(code)
            else Kind.LOCAL
        )
    try:
        number_type = phonenumbers.number_type(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return Kind.OTHER
    return _KINDS.get(number_type, Kind.OTHER)


def judge_north_american(digits: str) -> Verdict:
    """READY, NOT_ASSIGNABLE or WRONG_COUNTRY for the ten digits of a +1 number."""
    if not _ASSIGNABLE.fullmatch(digits):
        return Verdict.NOT_ASSIGNABLE
    region = region_of_area_code(digits[:3])
    if region and region not in UNITED_STATES and region != "CA":
        return Verdict.WRONG_COUNTRY
    return Verdict.READY


@lru_cache(maxsize=800)
def region_of_area_code(code: str) -> str:
    """ISO 3166 code of a +1 area code; "" when the plan has not assigned it, as far as our table knows."""
    # Some patterns in the metadata allow only part of the exchanges, so more than one is tried.
    for exchange in ("234", "456", "700"):
        number = phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{code}{exchange}5678"))
        region = phonenumbers.region_code_for_number(number)
        if region:
            return str(region)
    return ""


def calling_code(country: str) -> int:
    """1 for US. 0 for a country that `phonenumbers` does not know."""
    return int(phonenumbers.country_code_for_region(country))


def notes_for(digits: str, country: str) -> tuple[Note, ...]:
    """Notes about the area code of ten judged digits for a location in `country`."""
    if digits[:3] in TOLL_FREE_CODES:
        return ()
    region = region_of_area_code(digits[:3])
    if not region:
        return (Note.UNKNOWN_AREA_CODE,)
    at_home = region in UNITED_STATES if country in UNITED_STATES else region == country
    return () if at_home else (Note.OTHER_COUNTRY_SAME_CODE,)


def _is_personal(code: str) -> bool:
    """5XX codes set aside for personal and machine numbers (NANPA: 500, 52X but 520, 532, 533, 544, 566, 577,
    588).
    """
    return code in {"500", "532", "533", "544", "566", "577", "588"} or (code[:2] == "52" and code != "520")
