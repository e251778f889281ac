"""What passes between the console and a carrier about ports: questions, requests, papers, records.

Only frozen dataclasses and plain values; `carrier/base.py` names them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class Portable(StrEnum):
    YES = "yes"
    LOOK = "look"  # a person at the carrier must look; it may be sent
    NO = "no"


class LineKind(StrEnum):
    """How a number reaches its place; toll-free numbers move through their registry, not from carrier to
    carrier.
    """

    WIRELINE = "wireline"
    WIRELESS = "wireless"
    TOLL_FREE = "toll_free"


@dataclass(frozen=True)
class Portability:
    """The answer for one number. `reason` is a code: "", "no_carrier", "inactive", "rate_center", "ours",
    and for toll-free numbers "spare", "unavailable", "transitional", "resp_org_99".

    `interval_days` is the least number of business days that the losing carrier needs (0: not known).
    `registry_status` and `resp_org` are of the toll-free registry, "" for other numbers.
    """

    e164: str
    portable: Portable
    reason: str = ""
    losing_carrier: str = ""
    rate_center: str = ""
    wireless: bool = False
    kind: LineKind = LineKind.WIRELINE
    interval_days: int = 0
    needs_pin: bool = False
    needs_account_number: bool = False
    has_messaging: bool = True
    registry_status: str = ""
    resp_org: str = ""


@dataclass(frozen=True)
class Address:
    """A civic address as the country writes it; `state` is the code or the name that was typed."""

    line1: str
    city: str
    state: str
    postal_code: str
    country: str = "US"
    line2: str = ""


@dataclass(frozen=True)
class Document:
    """A paper that goes with a port: `kind` is "bill", "loa" or another of the country's. Only its digest
    and facts are ever printed."""

    kind: str
    sha256: str
    media_type: str
    data: bytes = field(repr=False)
    dated: date | None = None


@dataclass(frozen=True)
class Signature:
    first_name: str
    last_name: str
    title: str
    signed_at: datetime


@dataclass(frozen=True)
class PortRequest:
    """A local service request, or for toll-free numbers a change of RespOrg. `reference` is the order's, the
    same for every attempt; `key` is one attempt's.

    `requested_time` is a wish, local to the numbers' place (None: the carrier's usual hour). With `on_demand`
    numbers are activated on the FOC day when `activate_port` says so, or by themselves at the end of the
    window. `line_kinds` says "single" or "multi" for a number where the country asks for it. `identifiers`
    are the country's own (a code from the invoice, a register number), by their name in the country pack.
    """

    key: str
    reference: str
    country: str
    numbers: tuple[str, ...]
    btn: str
    company_name: str
    authorized_name: str
    address: Address
    requested_date: date
    full_port: bool
    account_number: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    keep_remaining: bool = False
    new_btn: str = ""
    documents: tuple[Document, ...] = ()
    signature: Signature | None = None
    requested_time: time | None = None
    on_demand: bool = False
    resp_org: str = ""
    line_kinds: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict, repr=False)


# --- After a port ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CallWish:
    """Test calls and messages to and from `numbers` of a port, with a key of ours."""

    carrier_ref: str
    key: str
    numbers: Sequence[str]


# --- The customer service record --------------------------------------------------------------------------


@dataclass(frozen=True)
class RecordRequest:
    """Asking the losing carrier for a customer service record (CSR) of the account that numbers are on."""

    country: str
    losing_carrier: str
    btn: str
    numbers: tuple[str, ...]


class RecordStatus(StrEnum):
    READY = "ready"
    WAITING = "waiting"  # a person at the losing carrier works on it
    NONE = "none"  # this carrier never answers, or has no such account


@dataclass(frozen=True)
class CustomerRecord:
    """What the losing carrier has on record. It is personal data: never printed, never in events."""

    account_number: str = field(repr=False)
    btn: str = field(repr=False)
    company_name: str = field(repr=False)
    authorized_names: tuple[str, ...] = field(repr=False)
    address: Address = field(repr=False)
    numbers: tuple[str, ...] = field(repr=False)
    needs_pin: bool = False
    features: Mapping[str, str] = field(default_factory=dict, repr=False)  # number to the feature on it
    btns: Mapping[str, str] = field(default_factory=dict, repr=False)  # number to the BTN it is billed under


@dataclass(frozen=True)
class RecordAnswer:
    """`record` is set when `status` is READY."""

    status: RecordStatus
    record: CustomerRecord | None = None
