"""Sweden."""

from django.utils.translation import gettext_lazy as _

from countries.base import Identifier
from countries.europe import european

SWEDEN = european(
    iso="SE",
    name=_("Sweden"),
    calling_code="46",
    postal_code_pattern=r"([1-9][0-9]{2}) ?([0-9]{2})",
    postal_code_example="111 22",
    postal_code_sentence=_("A postal code looks like 111 22."),
    emergency_numbers=("112",),
    holidays="SE",
    zones=("Europe/Stockholm",),
    identifiers=(Identifier("company_id", _("Organization number"), status="provisional"),),
)
