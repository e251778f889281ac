"""Luxembourg."""

from django.utils.translation import gettext_lazy as _

from countries.base import Identifier
from countries.europe import FOUR_DIGITS, european

LUXEMBOURG = european(
    iso="LU",
    name=_("Luxembourg"),
    calling_code="352",
    postal_code_pattern=r"(?:L-?)?([1-9][0-9]{3})",
    postal_code_example="1111",
    postal_code_sentence=FOUR_DIGITS,
    emergency_numbers=("112", "113"),
    holidays="LU",
    zones=("Europe/Luxembourg",),
    identifiers=(Identifier("company_id", _("RCS number"), status="provisional"),),
)
