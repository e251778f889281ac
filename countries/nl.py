"""The Netherlands: the part in Europe."""

from django.utils.translation import gettext_lazy as _

from countries.base import DocumentRule, Identifier
from countries.europe import european

NETHERLANDS = european(
    iso="NL",
    name=_("Netherlands"),
    calling_code="31",
    postal_code_pattern=r"([1-9][0-9]{3}) ?([A-Z]{2})",
    postal_code_example="1012 JS",
    postal_code_sentence=_("A postal code looks like 1012 JS."),
    emergency_numbers=("112",),
    holidays="NL",
    zones=("Europe/Amsterdam",),
    address_fits_area_code=True,
    identifiers=(
        Identifier(
            "company_id",
            _("KvK number"),
            r"[0-9]{8}",
            _("A KvK number has 8 digits."),
            status="provisional",
        ),
    ),
    documents=(DocumentRule("register_extract", status="provisional"),),
)
