"""Denmark."""

from django.utils.translation import gettext_lazy as _

from countries.base import Identifier
from countries.europe import FOUR_DIGITS, european

DENMARK = european(
    iso="DK",
    name=_("Denmark"),
    calling_code="45",
    postal_code_pattern=r"([0-9]{4})",
    postal_code_example="1050",
    postal_code_sentence=FOUR_DIGITS,
    emergency_numbers=("112", "114"),
    holidays="DK",
    zones=("Europe/Copenhagen",),
    identifiers=(
        Identifier(
            "company_id",
            _("CVR number"),
            r"[0-9]{8}",
            _("A CVR number has 8 digits."),
            status="provisional",
        ),
    ),
)
