"""Empty tables to fill in: the columns, an example, and the names of one's own locations to choose from.

A line whose first cell begins with # is a remark, so what stands here to be read is never imported. The
numbers are written so that a spreadsheet takes them for text, and keeps the plus sign.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from lib import phone
from lib.sheets import guard
from lib.sheets.xlsx_write import Page, write
from pstn.exports import MARK, WIDTHS
from pstn.imports.columns import COLUMNS
from pstn.models import Location, PhoneNumber
from pstn.models.number_rules import CHOSEN_KINDS

# Names of locations that a template lists.
MOST_NAMES = 1_000
STATES = (PhoneNumber.State.ACTIVE.value, PhoneNumber.State.INACTIVE.value)
KINDS = (*CHOSEN_KINDS, PhoneNumber.Kind.EXTENSION.value)


def explained() -> list[tuple[str, str, str]]:
    """Each column: its name, what stands in it, an example."""
    return [
        ("number", _("With + and the country code, or as it is dialed at its location."), "+14085550142"),
        ("location", _("The name of the location. A new number needs it."), "San Jose HQ"),
        ("type", _("One of: %(types)s. Blank is standard.") % {"types": ", ".join(KINDS)}, "standard"),
        ("sessions", _("How many calls at once a contact center number takes; blank for all others."), ""),
        ("extension", _("2 to 10 digits."), "0142"),
        ("assigned_to", _("Who has it. A name that nobody has yet becomes a new user."), "Ada Park"),
        ("state", _("active or inactive. A new number without it is inactive."), "active"),
        (
            "emergency_address_id",
            _("Only if help goes somewhere else than to the location: the ID of a validated address."),
            "",
        ),
        ("tags", _("Words to find it by, with commas between."), "Sales, VIP"),
        ("note", _("Anything else, at most 200 characters."), _("Front desk")),
    ]  # fmt: skip


def as_csv(places: Sequence[Location]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _remarks(places):
        writer.writerow([guard(cell) for cell in row])
    return MARK + out.getvalue()


def as_xlsx(places: Sequence[Location]) -> bytes:
    """Three sheets: the table, what its columns mean, the locations. Choices are offered in the cells."""
    out = io.BytesIO()
    names = [(place.name, place.country) for place in places[:MOST_NAMES]]
    lists: dict[int, str | list[str]] = {
        COLUMNS.index("location"): f"=Locations!$A$2:$A${len(names) + 1}",
        COLUMNS.index("type"): list(KINDS),
        COLUMNS.index("state"): list(STATES),
    }
    write(
        out,
        [
            Page("Numbers", COLUMNS, [], WIDTHS, lists),
            Page("Columns", (_("Column"), _("What stands in it"), _("Example")), explained(), (24, 80, 20)),
            Page("Locations", (_("Location"), _("Country")), names, (40, 12)),
        ],
    )
    return out.getvalue()


def _remarks(places: Sequence[Location]) -> Iterator[list[str]]:
    """An example for the first location, and the names of all."""
    first = places[0] if places else None
    example = [cell for _name, _text, cell in explained()]
    example[0] = f"# {_example_number(first.country if first else 'US')}"
    example[1] = first.name if first else example[1]
    yield example
    for place in places[1:MOST_NAMES]:
        yield ["#", place.name]


def _example_number(country: str) -> str:
    found = phone.parse(phone.example(country, "0142" if country in ("US", "CA") else ""), country)
    return phone.international(found.e164) if isinstance(found, phone.Phone) else "+1 408-555-0142"
