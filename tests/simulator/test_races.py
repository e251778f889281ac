"""Two at once at the simulated carrier, on PostgreSQL: one of them has an effect, and nobody waits for ever."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from carrier.base import CarrierRefused, EventKind, RecordRequest, Topic
from simulator import appointments, demo, demo_rows, port_outs
from simulator.carrier import SimulatedCarrier
from simulator.models import Appointment, NumberGuard, ServiceLine, SimPortOut, SimRecordRequest
from tests.pstn.test_races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
EIGHT = 8


@pytest.fixture
def carrier(settings):
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    settings.CARRIER_DAY_SECONDS = 10
    for account in (demo.THREE_LINES, *demo.RECORDS):
        demo_rows.add_account(account)
    ServiceLine.objects.filter(account__btn=demo.THREE_LINES.btn).update(status="ported")
    return SimulatedCarrier()


def outs(carrier):
    return [event.kind for event in carrier.events(Topic.PORT_OUTS, "")]


def refused(work):
    try:
        work()
    except CarrierRefused as refusal:
        return refusal.code
    return ""


def test_an_answer_and_silence_at_the_same_moment(carrier):
    for turn in range(EIGHT):
        row = port_outs.request(demo.THREE_LINES.numbers[:1], "Other")
        appointment = Appointment.objects.waiting().get(port_out=row)

        def work(n, row=row, pk=appointment.pk, turn=turn):
            if n:
                return appointments.keep(pk)
            return refused(lambda: carrier.answer_port_out(row.reference, f"A-{turn}", False, "invalid_pin"))

        answer, consent = at_once(2, work)
        assert (answer == "") is not consent
        assert answer in {"", "too_late"}
        state = SimPortOut.objects.get(pk=row.pk).state
        assert state == ("accepted" if consent else "rejecting")
        port_outs.withdraw(row)


def test_many_carriers_ask_for_one_number(carrier):
    numbers = demo.THREE_LINES.numbers
    found = at_once(EIGHT, lambda n: refused(lambda: port_outs.request(numbers, f"Carrier {n}")))
    assert sorted(found) == ["", *["busy"] * (EIGHT - 1)]
    assert outs(carrier) == [EventKind.PORT_OUT_REQUESTED]


def test_the_same_dispute_many_times(carrier):
    row = port_outs.request(demo.THREE_LINES.numbers, "Other")
    carrier.answer_port_out(row.reference, "A-1", True)
    assert appointments.hurry(row)
    at_once(EIGHT, lambda n: carrier.dispute_port_out(row.reference, "D-1", "Nobody of us asked for it."))
    Appointment.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    at_once(EIGHT, lambda n: appointments.keep_due())
    assert outs(carrier).count(EventKind.PORT_OUT_RETURNED) == 1


def test_the_same_wish_for_a_record_many_times(carrier):
    for account in demo.RECORDS[:2]:
        wish = RecordRequest("US", account.carrier, account.btn, account.numbers)
        refs = at_once(EIGHT, lambda n, wish=wish, key=account.btn: carrier.request_csr(key, wish))
        assert len(set(refs)) == 1
    row = SimRecordRequest.objects.get(state="waiting")
    Appointment.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    at_once(EIGHT, lambda n: appointments.keep_due())
    told = [event.key for event in carrier.events(Topic.RECORDS, "")]
    assert sorted(told) == sorted([demo.RECORDS[0].btn, row.key])


def test_guards_of_the_same_numbers_from_many_sides(carrier):
    numbers = list(demo.THREE_LINES.numbers)

    def work(n):
        mixed = numbers if n % 2 else numbers[::-1]
        carrier.guard_numbers(f"G-{n}", mixed, f"{n}{n}{n}{n}", False)

    at_once(EIGHT, work)
    assert len({guard.pin for guard in NumberGuard.objects.all()}) == 1
    assert NumberGuard.objects.count() == 3
