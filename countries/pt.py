"""Portugal, with Madeira and the Azores."""

from django.utils.translation import gettext_lazy as _

from countries.base import DocumentRule, Identifier
from countries.europe import european

PORTUGAL = european(
    iso="PT",
    name=_("Portugal"),
    calling_code="351",
    postal_code_pattern=r"([1-9][0-9]{3})[- ]?([0-9]{3})",
    postal_code_mark="-",
    postal_code_example="1100-148",
    postal_code_sentence=_("A postal code looks like 1100-148."),
    emergency_numbers=("112", "115"),
    holidays="PT",
    zones=("Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores"),
    address_fits_area_code=True,
    identifiers=(
        Identifier(
            "company_id",
            _("Tax number (NIF)"),
            r"[0-9]{9}",
            _("A NIF has 9 digits."),
            status="provisional",
        ),
        Identifier("cvp", _("CVP code from the invoice"), is_secret=True, status="provisional"),
    ),
    documents=(
        DocumentRule("register_extract", status="provisional"),
        DocumentRule("id_copy", status="provisional"),
        DocumentRule("power_of_attorney", status="provisional"),
    ),
    order_documents=(DocumentRule("proof_of_address", status="provisional"),),
)
