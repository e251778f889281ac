"""Norway."""

from django.utils.translation import gettext_lazy as _

from countries.base import Identifier
from countries.europe import FOUR_DIGITS, european

NORWAY = european(
    iso="NO",
    name=_("Norway"),
    calling_code="47",
    postal_code_pattern=r"([0-9]{4})",
    postal_code_example="0150",
    postal_code_sentence=FOUR_DIGITS,
    emergency_numbers=("112", "110", "113"),
    holidays="NO",
    zones=("Europe/Oslo",),
    identifiers=(
        Identifier(
            "company_id",
            _("Organization number"),
            r"[0-9]{9}",
            _("An organization number has 9 digits."),
            status="provisional",
        ),
    ),
)
