"""Two at once on one port of the simulated carrier, on PostgreSQL: one effect, and nobody waits for ever."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from carrier.base import CallWish, CarrierRefused
from simulator import appointments, demo_rows, workflow
from simulator.carrier import SimulatedCarrier
from simulator.demo import THREE_LINES
from simulator.models import Appointment, ServiceLine, SimPort
from tests.pstn.test_races import at_once

from .ports import events_of, kinds, port_request

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
EIGHT = 8
NUMBERS = THREE_LINES.numbers


@pytest.fixture
def carrier(settings):
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    settings.CARRIER_DAY_SECONDS = 10
    demo_rows.add_account(THREE_LINES)
    return SimulatedCarrier()


def keep(*kinds):
    for kind in kinds:
        for pk in Appointment.objects.waiting().filter(kind=kind).values_list("pk", flat=True):
            appointments.keep(pk)


def tried(call):
    try:
        call()
    except CarrierRefused as refusal:
        return refusal.code
    return "done"


def test_everybody_activates_some_of_the_same_numbers(carrier):
    ref = carrier.submit_port(port_request(THREE_LINES, on_demand=True))
    keep("answer", "begin")
    at_once(EIGHT, lambda n: carrier.activate_port(ref, f"now-{n % 4}", NUMBERS[n % 3 :]))
    moved = [number for event in events_of(carrier, "port.completed") for number in event.numbers]
    assert sorted(moved) == list(NUMBERS)
    assert SimPort.objects.get().state == "completed"


def test_activating_while_the_window_ends(carrier):
    ref = carrier.submit_port(port_request(THREE_LINES, on_demand=True))
    keep("answer", "begin")
    Appointment.objects.filter(kind="complete").update(due_at=timezone.now() - timedelta(seconds=1))
    work = (lambda: appointments.keep_due(), lambda: carrier.activate_port(ref, "now-1", NUMBERS[:1]))
    at_once(EIGHT, lambda n: work[n % 2]())
    moved = [number for event in events_of(carrier, "port.completed") for number in event.numbers]
    assert sorted(moved) == list(NUMBERS)


def test_putting_off_while_the_day_goes_on(carrier):
    ref = carrier.submit_port(port_request(THREE_LINES))
    keep("answer", "begin")
    pk = Appointment.objects.waiting().get(kind="complete").pk

    def work(n):
        return appointments.keep(pk) if n % 2 else tried(lambda: carrier.delay_port(ref, "delay-1"))

    answers = at_once(EIGHT, work)
    told = kinds(carrier)
    assert told.count("completed") + told.count("date_changed") == 1
    assert ("too_late" in answers) == ("completed" in told)


def test_the_same_wishes_from_many_sides(carrier):
    ref = carrier.submit_port(port_request(THREE_LINES))
    keep("answer", "begin", "complete")
    at_once(EIGHT, lambda n: carrier.test_calls([CallWish(ref, "test-1", NUMBERS[:1])]))
    at_once(EIGHT, lambda n: carrier.snap_back(ref, "back-1", NUMBERS))
    Appointment.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    at_once(EIGHT, lambda n: appointments.keep_due())
    assert kinds(carrier).count("snapped_back") == 1
    assert kinds(carrier).count("tested") == 7
    assert set(ServiceLine.objects.values_list("status", flat=True)) == {"active"}


def test_support_staff_and_the_clock_answer_at_the_same_moment(carrier):
    carrier.submit_port(port_request(THREE_LINES))
    port, pk = SimPort.objects.get(), Appointment.objects.get().pk
    work = (
        lambda: appointments.keep(pk),
        lambda: tried(lambda: workflow.answer_now(port)),
        lambda: tried(lambda: workflow.force_reject(port, "invalid_pin", "No.")),
    )
    at_once(EIGHT, lambda n: work[n % 3]())
    told = kinds(carrier)
    assert told in (["confirmed"], ["rejected"], ["confirmed", "rejected"])
