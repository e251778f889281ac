"""Dates as bills print them, in the order of their country and with the months of eight languages."""

import re
from collections.abc import Iterator
from datetime import date

from lib.reading.labels import fold

#: Where 11/10 is the tenth of November; elsewhere it is the eleventh of October.
MONTH_FIRST = frozenset({"US", "CA"})

# English, German, French, Spanish, Italian, Dutch, Swedish, Portuguese; folded, whole and shortened.
_NAMES = (
    "january januar janvier enero gennaio januari janeiro jan ene gen janv",
    "february februar fevrier febrero febbraio februari fevereiro feb fev fevr",
    "march marz mars marzo maart marco mar mrt",
    "april avril abril aprile apr abr avr",
    "may mai mayo maggio mei maj maio mag",
    "june juni juin junio giugno junho jun giu",
    "july juli juillet julio luglio julho jul lug juil",
    "august aout agosto augustus augusti aug ago",
    "september septembre septiembre settembre setembro sep sept set",
    "october oktober octobre octubre ottobre outubro oct okt ott out",
    "november novembre noviembre novembro nov",
    "december dezember decembre diciembre dicembre dezembro dec dez dic",
)
MONTHS = {name: month for month, names in enumerate(_NAMES, start=1) for name in names.split()}

_YEAR = r"(?P<year>20[0-9]{2})"
_MONTH = r"(?P<month>[a-z]{3,10})\.?"
_SHAPES = tuple(
    re.compile(rf"(?<![a-z0-9.,/-]){shape}(?![0-9/])")
    for shape in (
        rf"{_YEAR}[-./](?P<m>[0-9]{{1,2}})[-./](?P<d>[0-9]{{1,2}})",
        r"(?P<one>[0-9]{1,2})[-./ ](?P<two>[0-9]{1,2})[-./ ](?P<year>20[0-9]{2}|[0-9]{2})",
        rf"{_MONTH} (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? ?{_YEAR}",
        rf"(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|er)?\.? ?(?:de |of )?{_MONTH},? ?(?:de |of )?{_YEAR}",
        r"(?P<d>[0-9]{1,2})[-/](?P<month>[a-z]{3})[-/](?P<year>20[0-9]{2}|[0-9]{2})",
    )
)


def dates_in(text: str, country: str) -> Iterator[tuple[date, int, int]]:
    """Each date in a line of text, with where it begins and ends. A day that does not exist is no date."""
    folded, seen = fold(text), -1
    found = sorted(
        (match.start(), match.end(), day)
        for shape in _SHAPES
        for match in shape.finditer(folded)
        if (day := _day(match.groupdict(), country)) is not None
    )
    for start, end, day in found:
        if start >= seen:
            yield day, start, end
            seen = end


def _day(parts: dict[str, str], country: str) -> date | None:
    year = int(parts["year"])
    year += 2000 if year < 100 else 0
    if "one" in parts:
        one, two = int(parts["one"]), int(parts["two"])
        month, day = (one, two) if country in MONTH_FIRST else (two, one)
        if month > 12:  # the other order is the only one that can be meant
            month, day = day, month
    else:
        month = int(parts["m"]) if "m" in parts else MONTHS.get(parts["month"], 0)
        day = int(parts["d"])
    try:
        return date(year, month, day)
    except ValueError:
        return None
