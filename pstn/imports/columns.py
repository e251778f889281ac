"""The columns of a file of numbers: how they are called, and which cell of a row is which."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lib.sheets import SheetRefused
from lib.sheets.refusal import sentence

COLUMNS = (
    "number",
    "location",
    "type",
    "sessions",
    "extension",
    "assigned_to",
    "state",
    "emergency_address_id",
    "tags",
    "note",
)
# What other consoles and people call them. The name itself is known in any writing: "Assigned To" as well.
ALSO = {
    "number": (
        "phone number", "phone", "phone numbers", "numbers", "telephone number", "telephone", "tel", "e164",
        "e 164", "did", "direct number", "tn",
    ),
    "location": ("location name", "site", "office"),
    "type": ("number type", "phone number type", "kind"),
    "sessions": ("sessions allowed", "calls at once", "concurrent calls"),
    "extension": ("ext", "extn", "extension number"),
    "assigned_to": ("assigned", "owner", "user", "assignee", "assigned to name"),
    "state": ("status",),
    "emergency_address_id": ("emergency address", "emergency service address", "esa id"),
    "tags": ("tag", "labels", "label"),
    "note": ("notes", "comment", "comments", "description"),
}  # fmt: skip
_KNOWN = {word: name for name, words in ALSO.items() for word in (*words, name.replace("_", " "))}
# Why a table is not one of numbers, beside what lib.sheets has to say.
SENTENCES: dict[str, str | Promise] = {
    "no_header": gettext_lazy(
        "The first row must name the columns: number, location and so on. Take the template."
    ),
    "no_number_column": gettext_lazy('There is no column of numbers. Name it "number", as in the template.'),
    "column_twice": gettext_lazy("Two columns are both read as %(column)s. Take one of them out."),
    "broken": gettext_lazy("Something broke on our side while this file was read. Send it once more."),
    "no_rights": gettext_lazy("Whoever sent this file has no access to the organization any more."),
}
# What the error file adds; who sends it in again is not told that it is unknown.
OWN = ("line", "problem")


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column is (from 0), and the names that mean nothing here, as they are written."""

    places: dict[str, int]
    unknown: tuple[str, ...]


def read_header(cells: Sequence[str]) -> Header:
    """The columns of a first row. SheetRefused: no names, a name twice, or no column of numbers."""
    places: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(cells):
        plain = " ".join(re.sub(r"[^\w]|_", " ", cell.casefold()).split())
        name = _KNOWN.get(plain)
        if name is None:
            if plain and plain not in OWN:
                unknown.append(cell[:40])
        elif name in places:
            raise SheetRefused("column_twice", column=name)
        else:
            places[name] = place
    if not places:
        raise SheetRefused("no_header")
    if "number" not in places and not {"location", "extension"} <= places.keys():
        raise SheetRefused("no_number_column")
    return Header(places, tuple(unknown[:20]))


def why_refused(code: str, facts: dict[str, object]) -> str:
    """The sentence for a file that cannot be used."""
    return str(SENTENCES[code]) % facts if code in SENTENCES else sentence(code, facts)
