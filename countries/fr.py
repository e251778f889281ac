"""France: the part in Europe; the overseas territories have calling codes of their own."""

from django.utils.translation import gettext_lazy as _

from countries.base import Identifier
from countries.europe import FIVE_DIGITS, european

FRANCE = european(
    iso="FR",
    name=_("France"),
    calling_code="33",
    postal_code_pattern=r"([0-9]{5})",
    postal_code_example="75008",
    postal_code_sentence=FIVE_DIGITS,
    emergency_numbers=("112", "15", "17", "18"),
    holidays="FR",
    zones=("Europe/Paris",),
    address_fits_area_code=True,
    identifiers=(
        Identifier(
            "company_id",
            _("SIREN or SIRET number"),
            r"[0-9]{9}|[0-9]{14}",
            _("A SIREN number has 9 digits, a SIRET number 14."),
            status="provisional",
        ),
        Identifier("rio", _("RIO code"), is_secret=True, status="provisional"),
    ),
)
