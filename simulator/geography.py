"""States and provinces: their names, and with which digits or letters their postal codes begin."""

#: Code, name, and the first three digits of its ZIP codes (USPS, Publication 65).
_STATES = """
AL Alabama|350-369
AK Alaska|995-999
AS American Samoa|967-967
AZ Arizona|850-865
AR Arkansas|716-729
CA California|900-961
CO Colorado|800-816
CT Connecticut|060-069
DE Delaware|197-199
DC District of Columbia|200-205 569-569
FL Florida|320-349
GA Georgia|300-319 398-399
GU Guam|969-969
HI Hawaii|967-968
ID Idaho|832-838
IL Illinois|600-629
IN Indiana|460-479
IA Iowa|500-528
KS Kansas|660-679
KY Kentucky|400-427
LA Louisiana|700-714
ME Maine|039-049
MD Maryland|206-219
MA Massachusetts|010-027 055-055
MI Michigan|480-499
MN Minnesota|550-567
MS Mississippi|386-397
MO Missouri|630-658
MT Montana|590-599
NE Nebraska|680-693
NV Nevada|889-898
NH New Hampshire|030-038
NJ New Jersey|070-089
NM New Mexico|870-884
NY New York|005-005 063-063 100-149
NC North Carolina|270-289
ND North Dakota|580-588
MP Northern Mariana Islands|969-969
OH Ohio|430-459
OK Oklahoma|730-749
OR Oregon|970-979
PA Pennsylvania|150-196
PR Puerto Rico|006-009
RI Rhode Island|028-029
SC South Carolina|290-299
SD South Dakota|570-577
TN Tennessee|370-385
TX Texas|733-733 750-799 885-885
VI U.S. Virgin Islands|008-008
UT Utah|840-847
VT Vermont|050-059
VA Virginia|201-201 220-246
WA Washington|980-994
WV West Virginia|247-268
WI Wisconsin|530-549
WY Wyoming|820-831
"""
#: Code, name, and the first letters of its postal codes.
_PROVINCES = """
AB Alberta|T
BC British Columbia|V
MB Manitoba|R
NB New Brunswick|E
NL Newfoundland and Labrador|A
NT Northwest Territories|X
NS Nova Scotia|B
NU Nunavut|X
ON Ontario|K L M N P
PE Prince Edward Island|C
QC Quebec|G H J
SK Saskatchewan|S
YT Yukon|Y
"""


def _table(text: str) -> dict[str, tuple[str, str]]:
    rows = (line.split("|") for line in text.strip().splitlines())
    return {row[0][:2]: (row[0][3:], row[1]) for row in rows}


REGIONS = {"US": _table(_STATES), "CA": _table(_PROVINCES)}
_BY_NAME = {
    country: {name.casefold(): code for code, (name, _codes) in table.items()}
    for country, table in REGIONS.items()
}


def state_code(text: str, country: str) -> str:
    """The code of a state that is written as a code or by its name; "" when there is no such state."""
    plain = " ".join(text.split())
    if country not in REGIONS:
        return plain
    return plain.upper() if plain.upper() in REGIONS[country] else _BY_NAME[country].get(plain.casefold(), "")


def fits(postal_code: str, state: str, country: str) -> bool:
    """Whether a postal code, as letters and digits only, may be in a state. Other countries always fit."""
    if country not in REGIONS:
        return True
    starts = REGIONS[country][state][1].split()
    if country == "CA":
        return postal_code[:1].upper() in starts
    first = postal_code[:3]
    return any(low <= first <= high for low, high in (pair.split("-") for pair in starts))
