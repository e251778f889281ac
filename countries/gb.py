"""The United Kingdom: template C, each number on a single or a multi line."""

from django.utils.translation import gettext_lazy as _

from countries.base import LetterRule
from countries.europe import UNDERLYING_CARRIER, european, labels

UNITED_KINGDOM = european(
    iso="GB",
    name=_("United Kingdom"),
    calling_code="44",
    template="C",
    confirmed=frozenset({"template", "port_latest_days", "address_fits_area_code"}),
    labels=labels(postal_code=_("Postcode")),
    address_form="{city}, {postal_code}",
    postal_code_pattern=r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})",
    postal_code_example="EC1A 1BB",
    postal_code_sentence=_("A postcode looks like EC1A 1BB."),
    emergency_numbers=("999", "112"),
    holidays="GB-ENG",  # where most carriers keep office
    zones=("Europe/London",),
    bill_max_age_days=30,
    port_latest_days=30,
    asks_time=False,
    asks_btn=True,
    asks_line_kinds=True,
    letter=LetterRule("electronic", text="gb"),
    identifiers=(UNDERLYING_CARRIER,),
)
