"""Italy: its provinces, as addresses name them."""

from django.utils.translation import gettext_lazy as _

from countries.base import DocumentRule, Identifier
from countries.europe import FIVE_DIGITS, european, labels, named

_PROVINCES = """
AG Agrigento
AL Alessandria
AN Ancona
AO Aosta
AP Ascoli Piceno
AQ L'Aquila
AR Arezzo
AT Asti
AV Avellino
BA Bari
BG Bergamo
BI Biella
BL Belluno
BN Benevento
BO Bologna
BR Brindisi
BS Brescia
BT Barletta-Andria-Trani
BZ Bolzano
CA Cagliari
CB Campobasso
CE Caserta
CH Chieti
CL Caltanissetta
CN Cuneo
CO Como
CR Cremona
CS Cosenza
CT Catania
CZ Catanzaro
EN Enna
FC Forlì-Cesena
FE Ferrara
FG Foggia
FI Firenze
FM Fermo
FR Frosinone
GE Genova
GO Gorizia
GR Grosseto
IM Imperia
IS Isernia
KR Crotone
LC Lecco
LE Lecce
LI Livorno
LO Lodi
LT Latina
LU Lucca
MB Monza e Brianza
MC Macerata
ME Messina
MI Milano
MN Mantova
MO Modena
MS Massa-Carrara
MT Matera
NA Napoli
NO Novara
NU Nuoro
OR Oristano
PA Palermo
PC Piacenza
PD Padova
PE Pescara
PG Perugia
PI Pisa
PN Pordenone
PO Prato
PR Parma
PT Pistoia
PU Pesaro e Urbino
PV Pavia
PZ Potenza
RA Ravenna
RC Reggio Calabria
RE Reggio Emilia
RG Ragusa
RI Rieti
RM Roma
RN Rimini
RO Rovigo
SA Salerno
SI Siena
SO Sondrio
SP La Spezia
SR Siracusa
SS Sassari
SU Sud Sardegna
SV Savona
TA Taranto
TE Teramo
TN Trento
TO Torino
TP Trapani
TR Terni
TS Trieste
TV Treviso
UD Udine
VA Varese
VB Verbano-Cusio-Ossola
VC Vercelli
VE Venezia
VI Vicenza
VR Verona
VT Viterbo
VV Vibo Valentia
"""

ITALY = european(
    iso="IT",
    name=_("Italy"),
    calling_code="39",
    labels=labels(region=_("Province")),
    places=named(_PROVINCES, "Europe/Rome"),
    address_form="{postal_code} {city} {region}",
    postal_code_pattern=r"([0-9]{5})",
    postal_code_example="20121",
    postal_code_sentence=FIVE_DIGITS,
    emergency_numbers=("112", "113", "115", "118"),
    holidays="IT",
    zones=("Europe/Rome",),
    address_fits_area_code=True,
    identifiers=(Identifier("migration_code", _("Migration code"), status="provisional"),),
    documents=(
        DocumentRule("id_copy", status="provisional"),
        DocumentRule("register_extract", status="provisional"),
    ),
    order_documents=(
        DocumentRule("proof_of_address", status="provisional"),
        DocumentRule("register_extract", status="provisional"),
        DocumentRule("id_copy", status="provisional"),
    ),
)
