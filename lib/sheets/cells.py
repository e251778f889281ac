"""Single cells: how one is written so that no spreadsheet runs it, and how reading takes that back."""

import re

# A number that is nothing but a number stays as it is: it begins like a formula, and is none.
EXEMPT = re.compile(r"\+[1-9][0-9]{6,14}")
# What makes spreadsheets take a cell for a formula (OWASP: CSV injection), full-width forms included, as
# some of them make those ordinary first.
TRIGGERS = "=+\\-@\t\r\n\0＝＋－＠"  # noqa: RUF001
GUARDED = re.compile(f"'*[{TRIGGERS}]")
UNGUARDED = re.compile(f"'+[{TRIGGERS}]")


def guard(text: str) -> str:
    """A cell for CSV that never runs as a formula: an apostrophe goes before what looks like one.

    What already has apostrophes there gets one more, so that `unguard` gives back exactly what was written.
    """
    if not GUARDED.match(text) or EXEMPT.fullmatch(text):
        return text
    return f"'{text}"


def unguard(text: str) -> str:
    """What `guard` was given. Other cells come back unchanged."""
    return text[1:] if text[:1] == "'" and UNGUARDED.match(text) else text
