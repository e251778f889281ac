"""The stock of the demonstration in Europe.

Where a country keeps numbers for film and radio, these are they: the United Kingdom's "numbers for drama
use" (Ofcom), Germany's (Bundesnetzagentur), France's for audiovisual works (Arcep), Sweden's (PTS),
Ireland's 020 91 (ComReg). Numbers from which the demonstration's accounts and tests port are left out.
Where a country keeps none, a prefix stands here with which no number can begin: zeros behind the area code,
or a first digit that the plan has given to nobody. All of them have a possible length (a test asks the
phone number library).
"""

from collections.abc import Iterator

from simulator.models import StockBlock

#: Country, kind, area code as it is written there ("-" for none), thousand, first and last, city.
_ROWS = """
GB local 020 +442079460 300-899 London
GB local 0121 +441214960 0-999 Birmingham
GB local 0161 +441614960 0-999 Manchester
GB local 0113 +441134960 0-999 Leeds
GB local 0114 +441144960 0-999 Sheffield
GB local 0115 +441154960 0-999 Nottingham
GB local 0116 +441164960 0-999 Leicester
GB local 0117 +441174960 0-999 Bristol
GB local 0118 +441184960 0-999 Reading
GB local 0151 +441514960 0-999 Liverpool
GB local 0131 +441314960 0-999 Edinburgh
GB local 0141 +441414960 0-999 Glasgow
GB local 0191 +441914980 0-999 Newcastle upon Tyne
GB local 029 +442920180 0-999 Cardiff
GB local 028 +442896496 0-999 Belfast
GB non_geographic 0306 +443069990 0-999 -
DE local 030 +493023125 300-999 Berlin
DE local 069 +496990009 0-999 Frankfurt am Main
DE local 040 +494066969 0-999 Hamburg
DE local 0221 +492214710 0-999 Köln
DE local 089 +498999998 0-999 München
DE national 032 +4932000000 0-999 -
FR local 01 +33199005 0-999 Paris
FR local 01 +33199006 0-999 Paris
FR local 02 +33261910 0-999 Nantes
FR local 03 +33353010 0-999 Strasbourg
FR local 04 +33465710 0-999 Lyon
FR local 05 +33536490 0-999 Bordeaux
FR national 09 +33900000 0-999 -
SE local 08 +46846500 400-499 Stockholm
SE local 031 +46313900 600-699 Göteborg
SE local 040 +46406280 400-499 Malmö
SE local 0980 +46980319 200-299 Kiruna
SE national 010 +46100000 0-999 -
IE local 01 +35310000 0-999 Dublin
IE local 021 +353210000 0-999 Cork
IE national 020 +353209100 0-999 -
AT local 01 +4310000 0-999 Wien
AT local 0316 +433160000 0-999 Graz
AT local 0662 +436620000 0-999 Salzburg
AT national 0720 +43720000 0-999 -
BE local 02 +3220000 0-999 Bruxelles
BE local 03 +3230000 0-999 Antwerpen
BE national 078 +3278000 0-999 -
CH local 044 +41440000 0-999 Zürich
CH local 022 +41220000 0-999 Genève
CH local 031 +41310000 0-999 Bern
CH national 058 +41580000 0-999 -
DK local - +4510000 0-999 København
DK national - +4511000 0-999 -
ES local 940 +34940000 0-999 Madrid
ES local 970 +34970000 0-999 Barcelona
ES national 990 +34990000 0-999 -
FI local 09 +358900000 0-999 Helsinki
FI national 029 +358290000 0-999 -
IT local 06 +390600000 0-999 Roma
IT local 02 +390200000 0-999 Milano
IT national 178 +39178000 0-999 -
LU local - +35220000 0-999 Luxembourg
LU national - +35221000 0-999 -
NL local 020 +31200000 0-999 Amsterdam
NL local 010 +31100000 0-999 Rotterdam
NL national 088 +31880000 0-999 -
NO local - +4710000 0-999 Oslo
NO national - +4711000 0-999 -
PT local 200 +351200000 0-999 Lisboa
PT local 230 +351230000 0-999 Porto
PT national 310 +351310000 0-999 -
"""


def blocks() -> Iterator[StockBlock]:
    """Every block abroad, unsaved."""
    for row in _ROWS.strip().splitlines():
        country, kind, area_code, thousand, span, city = row.split(" ", 5)
        first, last = span.split("-")
        city, area_code = city.strip("-"), area_code.strip("-")
        yield StockBlock.of(
            thousand,
            country=country,
            kind=kind,
            area_code=area_code,
            first=int(first),
            last=int(last),
            city=city,
            rate_center=city,
        )
