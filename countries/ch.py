"""Switzerland."""

from django.utils.translation import gettext_lazy as _

from countries.base import DocumentRule, Identifier
from countries.europe import FOUR_DIGITS, european

SWITZERLAND = european(
    iso="CH",
    name=_("Switzerland"),
    calling_code="41",
    postal_code_pattern=r"([1-9][0-9]{3})",
    postal_code_example="8001",
    postal_code_sentence=FOUR_DIGITS,
    emergency_numbers=("112", "117", "118", "144"),
    holidays="CH",
    zones=("Europe/Zurich",),
    address_fits_area_code=True,
    identifiers=(
        Identifier(
            "company_id",
            _("Company number (UID)"),
            r"CHE-?[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}",
            _("A UID looks like CHE-123.456.789."),
            status="provisional",
        ),
    ),
    order_documents=(DocumentRule("proof_of_address", status="provisional"),),
)
