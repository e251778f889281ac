"""Finland."""

from django.utils.translation import gettext_lazy as _

from countries.base import Identifier
from countries.europe import FIVE_DIGITS, european

FINLAND = european(
    iso="FI",
    name=_("Finland"),
    calling_code="358",
    postal_code_pattern=r"([0-9]{5})",
    postal_code_example="00100",
    postal_code_sentence=FIVE_DIGITS,
    emergency_numbers=("112",),
    holidays="FI",
    zones=("Europe/Helsinki",),
    identifiers=(
        Identifier(
            "company_id",
            _("Business ID"),
            r"[0-9]{7}-[0-9]",
            _("A business ID looks like 1234567-8."),
            status="provisional",
        ),
    ),
)
