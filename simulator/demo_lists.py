"""Toll-free numbers, and a list of numbers that belongs to one company and to many carriers."""

from simulator.demo_shapes import DemoAccount, DemoLine
from simulator.demo_shapes import story_numbers as _numbers
from simulator.models import ServiceLine

Registry = ServiceLine.RegistryStatus


def _toll_free(e164: str, status: Registry = Registry.WORKING, resp_org: str = "CRL01") -> DemoLine:
    return DemoLine(e164, rate_center="Toll-free", registry_status=status, resp_org=resp_org)


#: A number in each status of the registry, and one whose RespOrg lets nothing go.
_REGISTRY = (
    _toll_free("+18005550110"),
    _toll_free("+18005550111"),
    _toll_free("+18005550112", Registry.ASSIGNED),
    _toll_free("+18005550113", Registry.RESERVED),
    _toll_free("+18005550114", Registry.SUSPENDED),
    _toll_free("+18005550115", Registry.DISCONNECTED),
    _toll_free("+18005550116", Registry.TRANSITIONAL),
    _toll_free("+18005550117", Registry.SPARE),
    _toll_free("+18005550118", Registry.UNAVAILABLE),
    _toll_free("+18005550119", resp_org="CRL99"),
)
TOLL_FREE = DemoAccount(
    "Redbird Outdoor Supply, Inc.",
    "Crestline Toll-Free",
    "CT-30088",
    "Maya Fuentes",
    "515 Redbird Road",
    "Sacramento",
    "95814",
    tuple(line.e164 for line in _REGISTRY),
    odd=_REGISTRY,
    left_out=tuple(line.e164 for line in _REGISTRY[2:]),
)
#: One company with accounts at three carriers, and a toll-free number. Its places are one: one address.
JUNIPER = (
    DemoAccount(
        "Juniper Trading, Inc.",
        "Valley Telephone",
        "VT-884120",
        "Rosa Delgado",
        "300 Juniper Street",
        "San Jose",
        "95113",
        _numbers("408", 160, 3),
    ),
    DemoAccount(
        "Juniper Trading, Inc.",
        "Golden Gate Communications",
        "61-884-1200",
        "Rosa Delgado",
        "300 Juniper Street",
        "San Jose",
        "95113",
        _numbers("415", 160, 2),
    ),
    DemoAccount(
        "Juniper Trading, Inc.",
        "Tideline Wireless",
        "771884120",
        "Rosa Delgado",
        "300 Juniper Street",
        "San Jose",
        "95113",
        _numbers("650", 160, 2),
        pin="604118",
        is_wireless=True,
    ),
    DemoAccount(
        "Juniper Trading, Inc.",
        "Crestline Toll-Free",
        "CT-88412",
        "Rosa Delgado",
        "300 Juniper Street",
        "San Jose",
        "95113",
        ("+18005550160",),
        odd=(_toll_free("+18005550160"),),
    ),
)
#: To be pasted as it is: numbers of JUNIPER, one on nobody's record, one of the carrier's own stock.
MIXED_LIST = (
    "(408) 555-0160 - 0162",
    "(415) 555-0160",
    "(415) 555-0161",
    "(650) 555-0160",
    "(650) 555-0161",
    "(800) 555-0160",
    "(408) 555-0197",
    "(408) 555-2044",
)
