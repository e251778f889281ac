"""What happens at a carrier, as events: their topics, their kinds and what each carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

Day = date  # inside Event the name `date` is the field


class Topic(StrEnum):
    NUMBERS = "numbers"
    PORTS = "ports"
    RECORDS = "records"
    PORT_OUTS = "port_outs"


class EventKind(StrEnum):
    """`numbers` empty means all of the order. What each kind carries stands behind it."""

    NUMBERS_PROVISIONED = "numbers.provisioned"  # numbers; of a back-order those that have come
    NUMBERS_FAILED = "numbers.failed"  # code, detail; numbers: those that cannot be had
    NUMBERS_CANCELED = "numbers.canceled"  # answers cancel_numbers with its key
    NUMBERS_CANCEL_REFUSED = "numbers.cancel_refused"  # answers the same; detail
    # Ports. The key is the attempt's, unless the event answers a wish, which has a key of its own.
    PORT_REJECTED = "port.rejected"  # code, detail; numbers: those at fault. The whole request is rejected
    PORT_CONFIRMED = "port.confirmed"  # the FOC: date; again with another date when the carrier moves it
    PORT_FOC_LOST = "port.foc_lost"  # code "foc_expired" or "foc_lost": the date does not hold any more
    PORT_DATE_CHANGED = "port.date_changed"  # answers change_port_date and delay_port: date
    PORT_DATE_REFUSED = "port.date_refused"  # answers the same: the old date stands; detail
    PORT_ACTIVATING = "port.activating"  # the FOC day has begun for these numbers
    PORT_COMPLETED = "port.completed"  # these numbers are ours now; perhaps not all of the order
    PORT_FAILED = "port.failed"  # activation failed for these: code "sv_conflict", "sv_failure", detail
    PORT_MESSAGING = "port.messaging"  # code is the state: "activating", "ported", "stuck"; numbers
    PORT_TESTED = "port.tested"  # answers test_calls: one number; facts "test", "via", "result", "note"
    PORT_DOCUMENT_WANTED = "port.document_wanted"  # code is the document's kind; detail says why
    PORT_NOTE = "port.note"  # the carrier's desk writes: detail
    PORT_CANCELED = "port.canceled"
    PORT_CANCEL_REFUSED = "port.cancel_refused"  # detail
    PORT_SNAPPED_BACK = "port.snapped_back"  # answers snap_back: the numbers are at the old carrier again
    PORT_SNAP_BACK_REFUSED = "port.snap_back_refused"  # detail
    # Customer service records. The key is request_csr's.
    RECORD_ANSWERED = "record.answered"  # csr() has the answer now
    # Port-outs. The key is the carrier's reference of the request.
    PORT_OUT_REQUESTED = "port_out.requested"  # numbers, date, facts "gaining_carrier", "answer_by", "pin"
    PORT_OUT_CHANGED = "port_out.changed"  # another date
    PORT_OUT_ACCEPTED = "port_out.accepted"  # code "silence" when nobody answered in time, else ""
    PORT_OUT_REJECTED = "port_out.rejected"  # the gaining side takes the refusal
    PORT_OUT_COMPLETED = "port_out.completed"  # the numbers are gone
    PORT_OUT_CANCELED = "port_out.canceled"  # the gaining side withdrew
    PORT_OUT_RETURNED = "port_out.returned"  # answers dispute_port_out: the numbers are back
    PORT_OUT_DISPUTE_REFUSED = "port_out.dispute_refused"  # detail


@dataclass(frozen=True)
class Event:
    """Something that happened at the carrier. `key` is the key of the order, attempt or wish it answers;
    `code` and `numbers` say why and which, where the kind has a why and a which; `detail` is the carrier's
    own words; `facts` are further short values of the kind, never personal data."""

    id: str
    cursor: str
    kind: EventKind
    key: str
    at: datetime
    code: str = ""
    detail: str = ""
    date: Day | None = None
    numbers: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
