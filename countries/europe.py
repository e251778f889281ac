"""What the European packs share until a country's own row says otherwise."""

import unicodedata
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from countries.base import AddressLabels, Country, Identifier, LetterRule, Region
from countries.papers import Text

# Ways of working that carriers describe for the whole of Europe; nobody confirmed them for a single country.
UNSURE = frozenset(
    {
        "template",
        "port_lead_business_days",
        "port_latest_days",
        "port_window",
        "toll_free",
        "address_fits_area_code",
    }
)
LABELS = AddressLabels(
    line1=_("Street and house number"),
    line2=_("Floor, building"),
    city=_("City"),
    region=_("Region"),
    postal_code=_("Postal code"),
)
FIVE_DIGITS = _("A postal code has 5 digits.")
FOUR_DIGITS = _("A postal code has 4 digits.")
PAPER = LetterRule("paper", max_age_days=90, text="europe", status="provisional")
# The pages ask for it and do not say that anybody needs it.
UNDERLYING_CARRIER = Identifier(
    "underlying_carrier", _("Underlying carrier, if yours resells its lines"), status="provisional"
)


def labels(**words: Text) -> AddressLabels:
    """The address labels, with the country's own words over some of them."""
    return replace(LABELS, **words)


def named(table: str, zone: str) -> tuple[Region, ...]:
    """Regions from a table of lines "code name", sorted by name as people look for it: Ávila under A."""
    rows = sorted((line.split(" ", 1) for line in table.strip().splitlines()), key=lambda row: _plain(row[1]))
    return tuple(Region(code, name, zone) for code, name in rows)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(char for char in letters if not unicodedata.combining(char)).casefold()


def european(*, confirmed: frozenset[str] = frozenset(), **facts: object) -> Country:
    """A pack of template B with what Europe shares; `facts` are those of Country, and win.

    `confirmed` names those of the unsure ways of working that are known for this country.
    """
    shared: dict[str, object] = {
        "template": "B",
        "labels": LABELS,
        "places": (),
        "address_form": "{postal_code} {city}",
        "bill_max_age_days": 90,
        "port_lead_business_days": 10,
        "port_latest_days": 60,
        "asks_time": True,
        "asks_btn": False,
        "letter": PAPER,
    }
    return Country(**{**shared, **facts}, provisional=UNSURE - confirmed)  # type: ignore[arg-type]
