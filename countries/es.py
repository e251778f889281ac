"""Spain: its provinces and the two cities in Africa, as addresses name them."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from countries.base import DocumentRule, Identifier
from countries.europe import FIVE_DIGITS, european, labels, named

_PROVINCES = """
A Alicante
AB Albacete
AL Almería
AV Ávila
B Barcelona
BA Badajoz
BI Bizkaia
BU Burgos
C A Coruña
CA Cádiz
CC Cáceres
CE Ceuta
CO Córdoba
CR Ciudad Real
CS Castellón
CU Cuenca
GC Las Palmas
GI Girona
GR Granada
GU Guadalajara
H Huelva
HU Huesca
J Jaén
L Lleida
LE León
LO La Rioja
LU Lugo
M Madrid
MA Málaga
ML Melilla
MU Murcia
NA Navarra
O Asturias
OR Ourense
P Palencia
PM Illes Balears
PO Pontevedra
S Cantabria
SA Salamanca
SE Sevilla
SG Segovia
SO Soria
SS Gipuzkoa
T Tarragona
TE Teruel
TF Santa Cruz de Tenerife
TO Toledo
V Valencia
VA Valladolid
VI Álava
Z Zaragoza
ZA Zamora
"""
_CANARY_ISLANDS = frozenset({"GC", "TF"})
_PLACES = tuple(
    replace(place, zone="Atlantic/Canary") if place.code in _CANARY_ISLANDS else place
    for place in named(_PROVINCES, "Europe/Madrid")
)

SPAIN = european(
    iso="ES",
    name=_("Spain"),
    calling_code="34",
    labels=labels(region=_("Province")),
    places=_PLACES,
    address_form="{postal_code} {city}, {region_name}",
    postal_code_pattern=r"((?:0[1-9]|[1-4][0-9]|5[0-2])[0-9]{3})",
    postal_code_example="28001",
    postal_code_sentence=FIVE_DIGITS,
    emergency_numbers=("112",),
    holidays="ES",
    zones=("Europe/Madrid",),
    address_fits_area_code=True,
    identifiers=(
        Identifier(
            "company_id",
            _("Tax number (CIF)"),
            r"[A-Z][0-9]{7}[A-Z0-9]",
            _("A CIF has a letter, 7 digits, and a digit or letter."),
            status="provisional",
        ),
    ),
    order_documents=(DocumentRule("register_extract", status="provisional"),),
)
