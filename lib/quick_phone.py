"""One phone number out of a cell, quickly: usual writings of +1 numbers by pattern, others by lib.phone.

The verdict is the one of `lib.phone.parse`, always; a test compares the two on many thousands of cells. The
pattern takes what it is certain of and leaves everything else to the slower way.
"""

import re
from functools import lru_cache

from lib import phone
from lib.numbering import NORTH_AMERICA, Kind, calling_code, judge_north_american, kind_of
from lib.phone import Phone, Reason
from lib.verdicts import Verdict

# Quotes and an equals sign are what spreadsheets are made to keep a plus sign with: '+1…, ="+1…".
_USUAL = re.compile(
    r"[ '\"=]{0,4}(?:\+?1[ .\-]?)?\(?([2-9][0-9]{2})\)?[ .\-]?([2-9][0-9]{2})[ .\-]?([0-9]{4})[ '\"]{0,4}"
)
_AREA_CODES = [str(code) for code in range(200, 1000)]


@lru_cache(maxsize=1)
def _kinds() -> dict[str, Kind]:
    """The area codes that a location may have numbers of, each with the kind of these."""
    ready = {code for code in _AREA_CODES if judge_north_american(f"{code}2345678") is Verdict.READY}
    return {code: kind_of(f"+1{code}2345678") for code in ready}


class QuickReader:
    """Reads cells for locations of one country (ISO 3166)."""

    def __init__(self, country: str) -> None:
        self.country = country
        self.usual = _USUAL.fullmatch if calling_code(country) == NORTH_AMERICA else None
        self.kinds = _kinds()

    def read(self, text: str) -> tuple[str, Kind] | Phone | Reason:
        """(E.164, kind) by pattern; else what `lib.phone.parse` says."""
        if self.usual is not None and (found := self.usual(text)):
            code, exchange, line = found.groups()
            kind = self.kinds.get(code)
            if kind is not None and exchange[1:] != "11":
                return f"+1{code}{exchange}{line}", kind
        return phone.parse(text, self.country)
