"""Germany."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from countries.base import DocumentRule, Identifier
from countries.europe import FIVE_DIGITS, UNDERLYING_CARRIER, european

GERMANY = european(
    iso="DE",
    name=_("Germany"),
    calling_code="49",
    postal_code_pattern=r"((?:0[1-9]|[1-9][0-9])[0-9]{3})",
    postal_code_example="10117",
    postal_code_sentence=FIVE_DIGITS,
    emergency_numbers=("112", "110"),
    holidays="DE",
    zones=("Europe/Berlin",),
    port_window=(time(6), time(8)),
    address_fits_area_code=True,
    identifiers=(
        Identifier("company_id", _("Register or tax number"), status="provisional"),
        UNDERLYING_CARRIER,
    ),
    documents=(
        DocumentRule("register_extract", status="provisional"),
        DocumentRule("id_copy", status="provisional"),
        DocumentRule("proof_of_address", status="provisional"),
    ),
    order_documents=(
        DocumentRule("register_extract", status="provisional"),
        DocumentRule("trade_license", status="provisional"),
    ),
)
