"""The whole vocabulary between the console and a carrier: questions, orders, events, errors. No models, no
network.

Two kinds of calls. *Questions* (`find_numbers`, `places`, `check_portability`, `csr`, `check_address`) and
the short *holds* change nothing that lasts, so a page may ask them while somebody waits; an adapter answers
within `ASK_SECONDS` or raises `CarrierUnavailable`. *Orders* have lasting effects: only tasks give
them, each with a key of ours, and the same key twice is one effect. Events are read with a cursor, carry
unique ids, and may be read again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from carrier.events import Event, EventKind, Topic
from carrier.ports import (
    Address,
    CallWish,
    CustomerRecord,
    Document,
    LineKind,
    Portability,
    Portable,
    PortRequest,
    RecordAnswer,
    RecordRequest,
    RecordStatus,
    Signature,
)

__all__ = [
    "ASK_SECONDS",
    "Address",
    "AddressOutcome",
    "AddressVerdict",
    "AvailableBlock",
    "AvailableNumber",
    "CallWish",
    "Carrier",
    "CarrierRefused",
    "CarrierUnavailable",
    "CustomerRecord",
    "Document",
    "Event",
    "EventKind",
    "Hold",
    "LineKind",
    "NumberKind",
    "NumberSearch",
    "Places",
    "PortRequest",
    "Portability",
    "Portable",
    "QueuePlace",
    "RecordAnswer",
    "RecordRequest",
    "RecordStatus",
    "Signature",
    "Topic",
]

ASK_SECONDS = 10.0


class CarrierUnavailable(Exception):
    """Temporary: no answer, a timeout, a 5xx. Try again later."""


class CarrierRefused(Exception):
    """Permanent: the carrier understood and said no. `code` is one of ours; the message is the
    carrier's own words."""

    def __init__(self, message: str, code: str = "unknown") -> None:
        super().__init__(message)
        self.code = code


# --- Numbers --------------------------------------------------------------------------------------


class NumberKind(StrEnum):
    """What kind of number is wanted. A country offers some of them; its pack says which."""

    LOCAL = "local"  # of a place: what other plans call geographic
    NATIONAL = "national"  # of a country and no place in it
    NON_GEOGRAPHIC = "non_geographic"  # United Kingdom: 03 and the like
    TOLL_FREE = "toll_free"


@dataclass(frozen=True)
class NumberSearch:
    """What somebody wants. `area_code` or `city` or neither; `prefix` is the NXX after the area code.

    `contains` and `ends_with` are digits of the national number (letters are the console's to translate).
    `like` asks for the free numbers nearest to this one, in E.164. `exactly` names numbers, in E.164; the
    rest of the search is ignored then. `without` are numbers, in E.164, that are not wanted. For
    toll-free numbers `area_code` is their prefix (800, 833 …) and `state` is "".
    """

    country: str
    state: str
    area_code: str = ""
    prefix: str = ""
    city: str = ""
    quantity: int = 1
    kind: NumberKind = NumberKind.LOCAL
    contains: str = ""
    ends_with: str = ""
    like: str = ""
    exactly: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class AvailableNumber:
    e164: str
    city: str
    state: str
    rate_center: str


@dataclass(frozen=True)
class AvailableBlock:
    """`size` consecutive free numbers from `first` on. It begins at a multiple of its size."""

    first: str
    size: int
    city: str
    state: str
    rate_center: str

    @property
    def numbers(self) -> tuple[str, ...]:
        """Each number of the block, in order, in E.164."""
        start = int(self.first.removeprefix("+"))
        return tuple(f"+{start + step}" for step in range(self.size))


@dataclass(frozen=True)
class Places:
    """Where a state has stock: area codes and cities, sorted. Of a country without states: `state` is ""."""

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


@dataclass(frozen=True)
class QueuePlace:
    """Where a back-order stands: `place` 1 is served next, 0 means that it has been served or canceled;
    `missing` numbers are still to come."""

    place: int
    missing: int


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


class Carrier(Protocol):
    """What every adapter must do; tests/carrier is the law. Every method may raise
    `CarrierUnavailable`."""

    name: str

    # Questions and holds: a page may ask.
    def places(self, country: str, state: str) -> Places:
        """Area codes and cities of a state that have stock now."""

    def find_numbers(self, search: NumberSearch) -> tuple[AvailableNumber, ...]:
        """At most `search.quantity` numbers that nobody has or holds. They are not held by this."""

    def find_blocks(self, search: NumberSearch, size: int, quantity: int = 10) -> tuple[AvailableBlock, ...]:
        """At most `quantity` blocks of `size` (10, 50 or 100) consecutive free numbers, none overlapping.

        When there is none of that size, blocks of the next smaller size that there are; () when there is
        none of any. They are not held by this: `hold` takes their numbers."""

    def hold(self, key: str, numbers: Sequence[str], seconds: int) -> Hold:
        """Hold those of `numbers` that are still free. The same key again answers the same hold."""

    def extend_hold(self, hold_id: str, seconds: int) -> Hold:
        """Once. Raises CarrierRefused("expired") or CarrierRefused("extended")."""

    def release_hold(self, hold_id: str, numbers: Sequence[str] = ()) -> None:
        """Give back some numbers of a hold, or all. A hold that is gone is no error."""

    def check_portability(self, country: str, numbers: Sequence[str]) -> tuple[Portability, ...]:
        """One answer for each number, in the order asked, in one call whatever their count."""

    def queue_place(self, carrier_ref: str) -> QueuePlace:
        """Where a back-order stands now. An unknown reference answers place 0, missing 0."""

    def csr(self, reference: str) -> RecordAnswer:
        """The answer to `request_csr` so far. An unknown reference answers NONE."""

    def check_address(self, address: Address) -> AddressVerdict:
        """Whether the emergency service knows the address, and what it would call it."""

    # Orders: only tasks give them. Idempotent on the key.
    def order_numbers(self, key: str, numbers: Sequence[str], hold_id: str) -> str:
        """Order held numbers, all or none; answers the carrier's reference. Raises CarrierRefused("gone")
        if any is not to be had. NUMBERS_PROVISIONED and NUMBERS_FAILED answer with `key`, perhaps several
        times, each for some of the numbers."""

    def back_order(self, key: str, search: NumberSearch) -> str:
        """Wait in a queue for `search.quantity` numbers that are not there now; answers the reference.
        NUMBERS_PROVISIONED answers with `key`, each time for the numbers that have come."""

    def cancel_numbers(self, carrier_ref: str, key: str) -> None:
        """Ask to cancel what an order or back-order has not been given yet. NUMBERS_CANCELED or
        NUMBERS_CANCEL_REFUSED answers with `key`."""

    def return_numbers(self, key: str, numbers: Sequence[str]) -> None:
        """Give numbers up for good. A number that the carrier does not know as ours is no error."""

    def submit_port(self, request: PortRequest) -> str:
        """Send a first attempt; answers the carrier's reference."""

    def supplement_port(self, carrier_ref: str, request: PortRequest) -> None:
        """Send a corrected attempt on the same port (a SUP 3)."""

    def cancel_port(self, carrier_ref: str, key: str) -> None:
        """Ask to cancel (a SUP 1). PORT_CANCELED or PORT_CANCEL_REFUSED answers with `key`."""

    def change_port_date(self, carrier_ref: str, key: str, day: date) -> None:
        """Ask for another date (a SUP 2). PORT_DATE_CHANGED or PORT_DATE_REFUSED answers with `key`."""

    def delay_port(self, carrier_ref: str, key: str) -> None:
        """On the FOC day: put the activation off to the next business day, at most twice. Raises
        CarrierRefused("too_late") once numbers have moved, CarrierRefused("delays") for a third time."""

    def activate_port(self, carrier_ref: str, key: str, numbers: Sequence[str]) -> None:
        """Activate these numbers of an on-demand port now. Raises CarrierRefused("not_today") outside its
        FOC day; numbers that are activated already are no error."""

    def send_documents(self, carrier_ref: str, key: str, documents: Sequence[Document]) -> None:
        """Add papers that were asked for to a port that has not ended."""

    def test_calls(self, wishes: Sequence[CallWish]) -> Mapping[str, CarrierRefused]:
        """Have test calls and messages placed to and from ported numbers of one port or many; one PORT_TESTED
        for each, with the wish's key. Answers which wishes are refused, by key; the others are taken in."""

    def snap_back(self, carrier_ref: str, key: str, numbers: Sequence[str]) -> None:
        """Ask the old carrier to take ported numbers back. PORT_SNAPPED_BACK or PORT_SNAP_BACK_REFUSED
        answers with `key`."""

    def request_csr(self, key: str, request: RecordRequest) -> str:
        """Ask for a customer service record; answers the reference for `csr`. RECORD_ANSWERED with `key`
        follows when there is an answer, which may be never."""

    # Port-outs: numbers of ours that another carrier asks for.
    def answer_port_out(self, carrier_ref: str, key: str, accept: bool, reason: str = "") -> None:
        """Accept or reject a port-out with a lawful reason's code. Raises CarrierRefused("too_late") once it
        is decided."""

    def dispute_port_out(self, carrier_ref: str, key: str, reason: str) -> None:
        """Say that a port-out was not authorized. PORT_OUT_RETURNED or PORT_OUT_DISPUTE_REFUSED answers."""

    def guard_numbers(self, key: str, numbers: Sequence[str], pin: str, locked: bool) -> None:
        """Set the port-out PIN ("" for none) and lock of numbers: what comes without the PIN, or at all for
        locked ones, is refused before anybody is asked. The last word for a number counts."""

    # What happened since.
    def events(self, topic: Topic, after: str, limit: int = 200) -> tuple[Event, ...]:
        """Events of a topic after a cursor ("" is the beginning), oldest first; the same answer
        however often asked."""
