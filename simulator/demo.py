"""The accounts of the demonstration, all of them: see docs/rehearsal.md, which is made from this data."""

from simulator.demo_countries import ABROAD
from simulator.demo_errors import REHEARSALS
from simulator.demo_lists import JUNIPER, MIXED_LIST, TOLL_FREE
from simulator.demo_scenarios import RECORDS, SCENARIOS
from simulator.demo_shapes import DemoAccount
from simulator.demo_shapes import story_numbers as _numbers

__all__ = [
    "ABROAD",
    "ACCOUNTS",
    "GOOD",
    "JUNIPER",
    "MANY_LINES",
    "MIXED_LIST",
    "NEIGHBOR",
    "RECORDS",
    "REHEARSALS",
    "SCENARIOS",
    "THREE_LINES",
    "TOLL_FREE",
    "UNKNOWN_STREETS",
    "WIRELESS",
]

THREE_LINES = DemoAccount(
    "Acme, Inc.",
    "Valley Telephone",
    "VT-204418",
    "Ada Park",
    "100 Main Street",
    "San Jose",
    "95112",
    _numbers("408", 110, 3),
)
MANY_LINES = DemoAccount(
    "Acme Warehouse, LLC",
    "Golden Gate Communications",
    "88-310-5527",
    "Ada Park",
    "1455 Market Street",
    "San Francisco",
    "94103",
    _numbers("415", 120, 25),
    line2="Suite 600",
)
WIRELESS = DemoAccount(
    "Acme Mobile, Inc.",
    "Tideline Wireless",
    "771904465",
    "Ada Park",
    "100 Main Street",
    "San Jose",
    "95112",
    _numbers("650", 150, 3),
    pin="482615",
    is_wireless=True,
)
GOOD = (THREE_LINES, MANY_LINES, WIRELESS)
#: Not in any story: the account next door, whose number turns up in somebody else's order.
NEIGHBOR = DemoAccount(
    "Copper Kettle Annex",
    "Valley Telephone",
    "VT-660102",
    "Iris Holm",
    "19 Mill Road",
    "Monterey",
    "93940",
    _numbers("831", 148, 2),
)
ACCOUNTS: tuple[DemoAccount, ...] = (
    *GOOD,
    *(rehearsal.account for rehearsal in REHEARSALS),
    *(scenario.account for scenario in SCENARIOS),
    *RECORDS,
    TOLL_FREE,
    *JUNIPER,
    *ABROAD,
    NEIGHBOR,
)
UNKNOWN_STREETS = ("Nowhere Lane", "Imaginary Avenue", "Phantom Street", "Unwritten Road")
