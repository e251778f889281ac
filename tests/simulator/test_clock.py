"""The clock: pausing, other lengths of a day, stepping; and appointments that are kept exactly once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from carrier.base import CarrierUnavailable, EventKind, Topic
from simulator import appointments, clock
from simulator.demo import THREE_LINES, WIRELESS
from simulator.models import Appointment, Clock, SimBatch
from simulator.tasks import tick
from simulator.workflow import answers

from .ports import last_word, port_events, port_request

pytestmark = pytest.mark.usefixtures("accounts")


def planned():
    return Appointment.objects.waiting().get()


def seconds_left():
    return (planned().due_at - timezone.now()).total_seconds()


def test_the_length_of_a_day_comes_from_settings_once(db, settings):
    settings.CARRIER_DAY_SECONDS = 7
    assert Clock.current().day_seconds == 7
    settings.CARRIER_DAY_SECONDS = 9
    assert Clock.current().day_seconds == 7


def test_nothing_happens_while_the_clock_stands_still(carrier, days):
    carrier.submit_port(port_request(THREE_LINES))
    days(0.6)
    clock.pause()
    days(50)
    assert port_events(carrier) == ()
    clock.resume()
    assert seconds_left() == pytest.approx(4)
    days(0.5)
    assert last_word(carrier).kind == EventKind.PORT_CONFIRMED


def test_what_is_planned_during_a_pause_starts_with_the_clock(carrier, days, wall):
    clock.pause()
    wall.shift(100)
    carrier.submit_port(port_request(THREE_LINES))
    wall.shift(100)
    clock.resume()
    assert seconds_left() == pytest.approx(10)


def test_pausing_twice_is_pausing_once(carrier, wall):
    carrier.submit_port(port_request(THREE_LINES))
    clock.pause()
    wall.shift(30)
    clock.pause()
    clock.resume()
    clock.resume()
    assert seconds_left() == pytest.approx(10)


def test_another_length_of_a_day_moves_what_is_planned(carrier, wall):
    carrier.submit_port(port_request(THREE_LINES))
    wall.shift(5)
    clock.set_day_length(100)
    assert seconds_left() == pytest.approx(50)


def test_from_short_days_to_real_ones_and_back(carrier, days):
    carrier.submit_port(port_request(THREE_LINES))
    days(1)
    clock.set_day_length(None)
    begin, activation = Appointment.objects.waiting()
    assert begin.due_at == datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
    assert activation.due_at == datetime(2026, 3, 10, 15, 30, tzinfo=UTC)
    clock.set_day_length(2)
    begin, activation = Appointment.objects.waiting()
    assert (activation.due_at - timezone.now()).total_seconds() == pytest.approx(10)
    assert (activation.due_at - begin.due_at).total_seconds() == pytest.approx(2 * 5.5 / 24)


def test_letting_days_pass(carrier):
    carrier.submit_port(port_request(THREE_LINES))
    for _day in range(6):
        clock.let_a_day_pass()
        tick()
    assert last_word(carrier).kind == EventKind.PORT_COMPLETED


def test_letting_real_days_pass_skips_the_weekend(carrier):
    clock.set_day_length(None)
    carrier.submit_port(port_request(THREE_LINES))
    clock.let_a_day_pass()
    tick()
    assert last_word(carrier).kind == EventKind.PORT_CONFIRMED
    for _day in range(4):
        clock.let_a_day_pass()
    tick()
    assert last_word(carrier).kind == EventKind.PORT_CONFIRMED
    clock.let_a_day_pass()
    tick()
    assert last_word(carrier).kind == EventKind.PORT_COMPLETED


def test_stepping_through_a_port_while_the_clock_stands_still(carrier):
    carrier.submit_port(port_request(THREE_LINES))
    clock.pause()
    appointments.keep_next()
    assert last_word(carrier).kind == EventKind.PORT_CONFIRMED
    appointments.keep_next()
    assert port_events(carrier)[-1].kind == EventKind.PORT_ACTIVATING
    appointments.keep_next()
    assert last_word(carrier).kind == EventKind.PORT_COMPLETED
    appointments.keep_next()
    assert port_events(carrier)[-1].code == "ported"
    appointments.keep_next()
    assert SimBatch.objects.get().is_settled
    assert appointments.keep_next() is None


def test_an_appointment_is_kept_once(carrier, days, wall):
    carrier.submit_port(port_request(THREE_LINES))
    pk = planned().pk
    assert appointments.keep(pk)
    assert not appointments.keep(pk)
    days(1)
    assert len(port_events(carrier)) == 1


def test_a_tick_that_dies_half_way_leaves_the_appointment_for_the_next(carrier, wall, monkeypatch):
    carrier.submit_port(port_request(THREE_LINES))
    wall.shift(10)

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(answers, "emit", die)
        with pytest.raises(Killed):
            tick()
    assert planned().ended_at is None
    assert port_events(carrier) == ()
    tick()
    assert [event.kind for event in port_events(carrier)] == [EventKind.PORT_CONFIRMED]


def test_an_appointment_that_fails_is_put_off_and_the_others_are_kept(carrier, wall, monkeypatch):
    carrier.submit_port(port_request(THREE_LINES))
    carrier.submit_port(port_request(WIRELESS, key="P-2-1", reference="P-2"))
    wall.shift(10)
    real = answers.emit

    def sometimes(topic, kind, key, **facts):
        if key == "P-1-1":
            raise ValueError
        real(topic, kind, key, **facts)

    monkeypatch.setattr(answers, "emit", sometimes)
    tick()
    assert [event.key for event in port_events(carrier)] == ["P-2-1"]
    monkeypatch.undo()
    wall.shift(30)
    tick()
    assert {event.key for event in port_events(carrier)} == {"P-1-1", "P-2-1"}


def test_a_tick_does_a_bounded_number_of_appointments(carrier, wall, monkeypatch):
    for number in range(3):
        carrier.submit_port(port_request(THREE_LINES, key=f"P-{number}-1", reference=f"P-{number}"))
    wall.shift(10)
    assert appointments.keep_due(at_most=2) == 2
    assert tick() == 1


def test_a_line_that_is_down_answers_nothing_and_loses_nothing(carrier, days):
    carrier.submit_port(port_request(THREE_LINES))
    Clock.objects.update(is_down=True)
    for question in (
        lambda: carrier.events(Topic.PORTS, ""),
        lambda: carrier.places("US", "CA"),
        lambda: carrier.submit_port(port_request(THREE_LINES)),
        lambda: carrier.release_hold("HOLD-1"),
    ):
        with pytest.raises(CarrierUnavailable):
            question()
    days(1)
    Clock.objects.update(is_down=False)
    assert last_word(carrier).kind == EventKind.PORT_CONFIRMED


def test_a_quiet_tick_costs_a_few_reads(carrier, django_assert_num_queries, wall):
    carrier.submit_port(port_request(THREE_LINES))
    wall.shift(timedelta(seconds=1))
    with django_assert_num_queries(5):
        tick()
