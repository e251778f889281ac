"""Ireland: its counties, as addresses name them."""

from django.utils.translation import gettext_lazy as _

from countries.base import Identifier
from countries.europe import european, labels, named

_COUNTIES = """
CE Clare
CN Cavan
CO Cork
CW Carlow
D Dublin
DL Donegal
G Galway
KE Kildare
KK Kilkenny
KY Kerry
LD Longford
LH Louth
LK Limerick
LM Leitrim
LS Laois
MH Meath
MN Monaghan
MO Mayo
OY Offaly
RN Roscommon
SO Sligo
TA Tipperary
WD Waterford
WH Westmeath
WW Wicklow
WX Wexford
"""

IRELAND = european(
    iso="IE",
    name=_("Ireland"),
    calling_code="353",
    labels=labels(region=_("County")),
    places=named(_COUNTIES, "Europe/Dublin"),
    address_form="{city}, Co. {region_name}, {postal_code}",
    postal_code_pattern=r"([AC-FHKNPRTV-Y][0-9]{2}|D6W) ?([0-9AC-FHKNPRTV-Y]{4})",
    postal_code_example="D02 X285",
    postal_code_sentence=_("An Eircode looks like D02 X285."),
    emergency_numbers=("112", "999"),
    holidays="IE",
    zones=("Europe/Dublin",),
    address_fits_area_code=True,
    identifiers=(Identifier("uan", _("Universal account number (UAN)"), status="provisional"),),
)
