"""The whole vocabulary between the console and a carrier: questions, orders, events, errors. No models, no
network.

Two kinds of calls. *Questions* (`find_numbers`, `places`, `check_portability`, `check_address`) and the
short *holds* change nothing that lasts, so a page may ask them while somebody waits; an adapter answers
within `ASK_SECONDS` or raises `CarrierUnavailable`. *Orders* have lasting effects: only `tasks.py` gives
them, each with a key of ours, and the same key twice is one effect. Events are read with a cursor, carry
unique ids, and may be read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

ASK_SECONDS = 10.0
Day = date  # inside Event the name `date` is the field


class CarrierUnavailable(Exception):
    """Temporary: no answer, a timeout, a 5xx. Try again later."""


class CarrierRefused(Exception):
    """Permanent: the carrier understood and said no. `code` is one of ours; the message is the
    carrier's own words."""

    def __init__(self, message: str, code: str = "unknown") -> None:
        super().__init__(message)
        self.code = code


# --- Numbers --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NumberSearch:
    """What somebody wants. `area_code` or `city` or neither; `prefix` is the NXX after the area code."""

    country: str
    state: str
    area_code: str = ""
    prefix: str = ""
    city: str = ""
    quantity: int = 1


@dataclass(frozen=True)
class AvailableNumber:
    e164: str
    city: str
    state: str
    rate_center: str


@dataclass(frozen=True)
class Places:
    """Where a state has stock: area codes and cities, sorted."""

    area_codes: tuple[str, ...]
    cities: tuple[str, ...]


@dataclass(frozen=True)
class Hold:
    """Numbers that nobody else can be given before `expires_at` (aware, UTC). May be fewer than were
    asked for."""

    id: str
    numbers: tuple[AvailableNumber, ...]
    expires_at: datetime
    extended: bool = False


# --- Porting --------------------------------------------------------------------------------------


class Portable(StrEnum):
    YES = "yes"
    LOOK = "look"  # a person at the carrier must look; it may be sent
    NO = "no"


@dataclass(frozen=True)
class Portability:
    """The answer for one number. `reason` is a code: "", "no_carrier", "inactive", "rate_center", "ours"."""

    e164: str
    portable: Portable
    reason: str = ""
    losing_carrier: str = ""
    rate_center: str = ""
    wireless: bool = False


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
    """A paper that goes with a port: `kind` is "bill" or "loa". Only its digest and facts are ever
    printed."""

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
    """A local service request. `reference` is the order's, the same for every attempt; `key` is one
    attempt's."""

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


# --- Emergency ------------------------------------------------------------------------------------


class AddressOutcome(StrEnum):
    VALID = "valid"
    SUGGESTED = "suggested"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class AddressVerdict:
    """What the emergency service makes of an address. `reasons` are codes: "case", "spacing",
    "state_name", "abbreviation",
    "zip_plus4", "unknown_street", "po_box", "unknown_city", "zip_not_in_state", "number_missing"."""

    outcome: AddressOutcome
    suggestion: Address | None = None
    reasons: tuple[str, ...] = ()


# --- Events ---------------------------------------------------------------------------------------


class Topic(StrEnum):
    NUMBERS = "numbers"
    PORTS = "ports"


class EventKind(StrEnum):
    NUMBERS_PROVISIONED = "numbers.provisioned"
    NUMBERS_FAILED = "numbers.failed"
    PORT_REJECTED = "port.rejected"
    PORT_CONFIRMED = "port.confirmed"  # the FOC: `date` is set
    PORT_COMPLETED = "port.completed"
    PORT_CANCELED = "port.canceled"
    PORT_CANCEL_REFUSED = "port.cancel_refused"


@dataclass(frozen=True)
class Event:
    """Something that happened at the carrier. `key` is the key of the order or attempt it answers; `code` and
    `numbers` say why and which, where the kind has a why and a which; `detail` is the carrier's own words."""

    id: str
    cursor: str
    kind: EventKind
    key: str
    at: datetime
    code: str = ""
    detail: str = ""
    date: Day | None = None
    numbers: tuple[str, ...] = ()


class Carrier(Protocol):
    """What every adapter must do; tests/carrier/test_contract.py is the law. Every method may raise
    `CarrierUnavailable`."""

    name: str

    # Questions and holds: a page may ask.
    def places(self, country: str, state: str) -> Places:
        """Area codes and cities of a state that have stock now."""

    def find_numbers(self, search: NumberSearch) -> tuple[AvailableNumber, ...]:
        """At most `search.quantity` numbers that nobody has or holds. They are not held by this."""

    def hold(self, key: str, numbers: Sequence[str], seconds: int) -> Hold:
        """Hold those of `numbers` that are still free. The same key again answers the same hold."""

    def extend_hold(self, hold_id: str, seconds: int) -> Hold:
        """Once. Raises CarrierRefused("expired") or CarrierRefused("extended")."""

    def release_hold(self, hold_id: str, numbers: Sequence[str] = ()) -> None:
        """Give back some numbers of a hold, or all. A hold that is gone is no error."""

    def check_portability(self, country: str, numbers: Sequence[str]) -> tuple[Portability, ...]:
        """One answer for each number, in the order asked, in one call whatever their count."""

    def check_address(self, address: Address) -> AddressVerdict:
        """Whether the emergency service knows the address, and what it would call it."""

    # Orders: only tasks give them. Idempotent on the key.
    def order_numbers(self, key: str, numbers: Sequence[str], hold_id: str) -> str:
        """Order held numbers; answers the carrier's reference. Raises CarrierRefused("gone") if any is
        not to be had."""

    def return_numbers(self, key: str, numbers: Sequence[str]) -> None:
        """Give numbers up for good. A number that the carrier does not know as ours is no error."""

    def submit_port(self, request: PortRequest) -> str:
        """Send a first attempt; answers the carrier's reference."""

    def supplement_port(self, carrier_ref: str, request: PortRequest) -> None:
        """Send a corrected attempt on the same port (a SUP 3)."""

    def cancel_port(self, carrier_ref: str, key: str) -> None:
        """Ask to cancel (a SUP 1). PORT_CANCELED or PORT_CANCEL_REFUSED answers with `key`."""

    # What happened since.
    def events(self, topic: Topic, after: str, limit: int = 200) -> tuple[Event, ...]:
        """Events of a topic after a cursor ("" is the beginning), oldest first; the same answer
        however often asked."""
