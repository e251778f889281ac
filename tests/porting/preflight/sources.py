"""What an order is compared with: the carrier's record, what was read on the bill, and the desk that gives records."""

from django.utils import timezone

from carrier.base import CarrierUnavailable, Event, EventKind
from porting import preflight
from porting.models import BillReading, PortOrder
from porting.models.records import question
from porting.preflight import records
from tests.porting.factories import NUMBERS

RECORD = {
    "account_number": "VT-204418",
    "btn": NUMBERS[0],
    "company_name": "Acme, Inc.",
    "authorized_names": ["Ada Park"],
    "address": {
        "line1": "100 Main Street",
        "line2": "",
        "city": "San Jose",
        "state": "CA",
        "postal_code": "95112",
    },
    "numbers": list(NUMBERS),
    "needs_pin": False,
    "features": {},
    "btns": dict.fromkeys(NUMBERS, NUMBERS[0]),
}


def give_record(order, **changes):
    """The carrier has answered with this record."""
    order = whole(order)
    carrier = "Valley Telephone"
    return order.record_requests.create(
        asked=question(order, carrier), losing_carrier=carrier, state="ready", record={**RECORD, **changes}
    )


def give_bill(order, numbers=(), **values):
    """What a worker read on the bill."""
    box = {"page": 1, "box": [0, 0, 1, 1], "context": "", "label": "Label", "score": 3}
    found = [{"field": name, "value": value, **box} for name, value in values.items()]
    found += [{"field": "number", "value": e164, **box} for e164 in numbers]
    BillReading.unscoped.create(
        document=order.paper("bill"), stage="done", engine="text", pages_read=1, findings=found
    )


def whole(order):
    return PortOrder.unscoped.whole().get(pk=order.pk)


def checked(order, person=None):
    membership = person.memberships.get() if person else None
    return preflight.check(whole(order), membership)


def codes(check):
    return [reason.code for reason in check.reasons]


class Desk:
    """A carrier's desk that gives records as a test says."""

    def __init__(self):
        self.answer, self.down, self.asked = "waiting", False, []

    def request_csr(self, key, request):
        if self.down:
            raise CarrierUnavailable("no answer")
        self.asked.append((key, request))
        return f"ref-{key}"

    def csr(self, reference):
        from carrier.base import Address, CustomerRecord, RecordAnswer, RecordStatus

        if self.answer != "ready":
            return RecordAnswer(RecordStatus(self.answer))
        record = CustomerRecord(
            "VT-204418",
            NUMBERS[0],
            "Acme, Inc.",
            ("Ada Park",),
            Address("100 Main Street", "San Jose", "CA", "95112"),
            NUMBERS,
            btns=dict.fromkeys(NUMBERS, NUMBERS[0]),
        )
        return RecordAnswer(RecordStatus.READY, record)


def ask(order, at_work):
    with at_work():
        return records.ask(whole(order))


def announced(row):
    return Event("e1", "1", EventKind.RECORD_ANSWERED, row.key, timezone.now())
