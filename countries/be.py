"""Belgium."""

from django.utils.translation import gettext_lazy as _

from countries.base import Identifier
from countries.europe import FOUR_DIGITS, european

BELGIUM = european(
    iso="BE",
    name=_("Belgium"),
    calling_code="32",
    postal_code_pattern=r"([1-9][0-9]{3})",
    postal_code_example="1000",
    postal_code_sentence=FOUR_DIGITS,
    emergency_numbers=("112", "100", "101"),
    holidays="BE",
    zones=("Europe/Brussels",),
    address_fits_area_code=True,
    identifiers=(
        Identifier(
            "company_id",
            _("Enterprise number"),
            r"[0-9]{4}\.?[0-9]{3}\.?[0-9]{3}",
            _("An enterprise number has 10 digits."),
            status="provisional",
        ),
        Identifier("easy_switch", _("Easy Switch ID or client number"), status="provisional"),
    ),
)
