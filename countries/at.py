"""Austria."""

from django.utils.translation import gettext_lazy as _

from countries.base import DocumentRule, Identifier
from countries.europe import FOUR_DIGITS, european

AUSTRIA = european(
    iso="AT",
    name=_("Austria"),
    calling_code="43",
    postal_code_pattern=r"([1-9][0-9]{3})",
    postal_code_example="1010",
    postal_code_sentence=FOUR_DIGITS,
    emergency_numbers=("112", "122", "133", "144"),
    holidays="AT",
    zones=("Europe/Vienna",),
    identifiers=(Identifier("company_id", _("Company register number"), status="provisional"),),
    documents=(DocumentRule("porting_form", status="provisional"),),
)
