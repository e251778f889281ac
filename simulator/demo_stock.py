"""The stock of the demonstration: for every state, the District of Columbia and every province of Canada,
area codes with some cities; toll-free numbers; and what demo_stock_abroad.py has.

Two thousand numbers a city: one thousand of prefix 555 (above the numbers of demo.py) and one whose prefix
is the area code itself, prefixes that numbering plans as a rule give to nobody, so that no story rings at
somebody's home. Two thousand numbers of each toll-free code have the prefix 555 as well.
"""

from collections import Counter
from collections.abc import Iterator

from simulator import demo_stock_abroad
from simulator.models import StockBlock

_STATES = """
AL 205 Birmingham, Tuscaloosa; 251 Mobile; 256 Huntsville; 334 Montgomery
AK 907 Anchorage, Fairbanks, Juneau
AZ 480 Mesa, Scottsdale; 520 Tucson; 602 Phoenix; 623 Glendale; 928 Flagstaff
AR 479 Fayetteville; 501 Little Rock; 870 Jonesboro
CA 209 Stockton; 213 Los Angeles; 310 Santa Monica, Torrance; 323 Hollywood; 408 San Jose, Sunnyvale, Campbell
CA 415 San Francisco, San Rafael; 510 Oakland, Fremont; 530 Redding, Truckee; 559 Fresno; 562 Long Beach
CA 619 San Diego; 626 Pasadena; 628 San Francisco; 650 Palo Alto, San Mateo; 657 Anaheim; 661 Bakersfield
CA 669 San Jose, Milpitas; 707 Santa Rosa, Eureka; 714 Anaheim; 760 Carlsbad, Bishop; 805 Santa Barbara
CA 818 Burbank; 831 Santa Cruz, Monterey; 858 La Jolla; 909 San Bernardino; 916 Sacramento; 925 Walnut Creek
CA 949 Irvine; 951 Riverside
CO 303 Denver, Boulder; 719 Colorado Springs; 720 Denver, Aurora; 970 Fort Collins, Grand Junction
CT 203 New Haven, Stamford; 860 Hartford
DE 302 Wilmington, Dover
DC 202 Washington; 771 Washington
FL 305 Miami, Key West; 321 Melbourne; 352 Gainesville; 407 Orlando; 561 West Palm Beach; 727 Clearwater
FL 786 Miami; 813 Tampa; 850 Tallahassee, Pensacola; 904 Jacksonville; 941 Sarasota; 954 Fort Lauderdale
GA 229 Albany; 404 Atlanta; 478 Macon; 678 Atlanta; 706 Athens, Augusta; 770 Marietta; 912 Savannah
HI 808 Honolulu, Hilo
ID 208 Boise, Idaho Falls
IL 217 Springfield, Champaign; 309 Peoria; 312 Chicago; 618 Belleville; 630 Naperville, Aurora; 708 Cicero
IL 773 Chicago; 815 Rockford, Joliet; 847 Evanston, Schaumburg; 872 Chicago
IN 219 Gary; 260 Fort Wayne; 317 Indianapolis; 574 South Bend; 812 Bloomington, Evansville
IA 319 Cedar Rapids; 515 Des Moines; 563 Davenport; 712 Sioux City
KS 316 Wichita; 785 Topeka; 913 Overland Park
KY 270 Bowling Green; 502 Louisville; 859 Lexington
LA 225 Baton Rouge; 318 Shreveport; 337 Lafayette; 504 New Orleans
ME 207 Portland, Bangor
MD 301 Bethesda, Rockville; 410 Baltimore, Annapolis; 443 Baltimore
MA 413 Springfield; 508 Worcester; 617 Boston, Cambridge; 781 Waltham; 857 Boston; 978 Lowell
MI 248 Troy; 313 Detroit; 517 Lansing; 616 Grand Rapids; 734 Ann Arbor; 989 Saginaw
MN 218 Duluth; 507 Rochester; 612 Minneapolis; 651 Saint Paul; 952 Bloomington
MS 228 Biloxi; 601 Jackson; 662 Tupelo
MO 314 Saint Louis; 417 Springfield; 573 Columbia; 816 Kansas City
MT 406 Billings, Missoula
NE 308 Grand Island; 402 Omaha, Lincoln
NV 702 Las Vegas; 725 Henderson; 775 Reno, Carson City
NH 603 Manchester, Concord
NJ 201 Jersey City; 609 Trenton; 732 New Brunswick; 856 Camden; 973 Newark
NM 505 Albuquerque, Santa Fe; 575 Las Cruces
NY 212 New York City; 315 Syracuse; 332 New York City; 347 Brooklyn; 516 Hempstead; 518 Albany; 585 Rochester
NY 607 Binghamton, Ithaca; 631 Huntington; 646 New York City; 716 Buffalo; 718 Brooklyn, Queens
NY 845 Poughkeepsie; 914 White Plains, Yonkers; 917 New York City; 929 Queens
NC 252 Greenville; 336 Greensboro; 704 Charlotte; 828 Asheville; 910 Wilmington; 919 Raleigh, Durham
ND 701 Fargo, Bismarck
OH 216 Cleveland; 330 Akron; 419 Toledo; 513 Cincinnati; 614 Columbus; 937 Dayton
OK 405 Oklahoma City, Norman; 918 Tulsa
OR 458 Eugene; 503 Portland, Salem; 541 Eugene, Bend; 971 Portland
PA 215 Philadelphia; 412 Pittsburgh; 570 Scranton; 610 Allentown; 717 Harrisburg; 814 Erie
RI 401 Providence, Newport
SC 803 Columbia; 843 Charleston; 864 Greenville
SD 605 Sioux Falls, Rapid City
TN 423 Chattanooga; 615 Nashville; 865 Knoxville; 901 Memphis
TX 210 San Antonio; 214 Dallas; 254 Waco; 281 Houston; 325 Abilene; 361 Corpus Christi; 409 Galveston
TX 432 Midland; 469 Plano; 512 Austin, Round Rock; 713 Houston; 737 Austin; 806 Amarillo, Lubbock
TX 817 Fort Worth, Arlington; 832 Houston; 903 Tyler; 915 El Paso; 956 Laredo; 972 Irving, Garland
UT 385 Salt Lake City; 435 Saint George; 801 Salt Lake City, Provo
VT 802 Burlington, Montpelier
VA 276 Bristol; 434 Charlottesville; 540 Roanoke; 571 Arlington; 703 Alexandria, Reston; 757 Norfolk
VA 804 Richmond
WA 206 Seattle; 253 Tacoma; 360 Olympia, Bellingham; 425 Bellevue, Redmond; 509 Spokane; 564 Vancouver
WV 304 Charleston, Morgantown
WI 262 Waukesha; 414 Milwaukee; 608 Madison; 715 Eau Claire; 920 Green Bay
WY 307 Cheyenne, Casper, Lost Springs
"""
_PROVINCES = """
AB 403 Calgary; 780 Edmonton
BC 250 Victoria, Kelowna; 604 Vancouver
MB 204 Winnipeg, Brandon
NB 506 Fredericton, Moncton
NL 709 Saint John's
NS 902 Halifax
NT 867 Yellowknife
NU 867 Iqaluit
ON 416 Toronto; 613 Ottawa, Kingston; 647 Toronto; 705 Sudbury; 905 Hamilton, Mississauga
PE 902 Charlottetown
QC 418 Quebec City; 438 Montreal; 514 Montreal; 819 Gatineau
SK 306 Regina, Saskatoon
YT 867 Whitehorse
"""
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
#: Orders with numbers of this town fail, so that the failure of a number order can be rehearsed too.
BROKEN = ("WY", "Lost Springs")


def places() -> Iterator[tuple[str, str, str, str]]:
    """Country, state, area code and city, in the order of the tables."""
    for country, table in (("US", _STATES), ("CA", _PROVINCES)):
        for row in table.strip().splitlines():
            state, _blank, rest = row.partition(" ")
            for part in rest.split("; "):
                area_code, _blank, cities = part.partition(" ")
                for city in cities.split(", "):
                    yield country, state, area_code, city


def blocks() -> Iterator[StockBlock]:
    """Every block of the stock, unsaved."""
    turns: Counter[str] = Counter()
    for country, state, area_code, city in places():
        turns[area_code] += 1
        turn = turns[area_code]
        for thousand in (f"+1{area_code}555{turn + 1}", f"+1{area_code}{area_code}{turn}"):
            yield StockBlock.of(
                thousand,
                country=country,
                state=state,
                city=city,
                rate_center=city,
                is_broken=(state, city) == BROKEN,
            )
    for code in TOLL_FREE:
        for turn in (2, 3):
            yield StockBlock.of(f"+1{code}555{turn}", kind=StockBlock.Kind.TOLL_FREE)
    yield from demo_stock_abroad.blocks()
