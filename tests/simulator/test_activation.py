"""The FOC day, another date, putting off, and numbers that are activated when somebody says so."""

from datetime import date, time

import pytest

from carrier.base import CarrierRefused
from simulator import appointments, clock
from simulator.demo import MANY_LINES, THREE_LINES
from simulator.models import Appointment, ServiceAccount, ServiceLine, SimPort

from .ports import events_of, kinds, last_word, port_events, port_request, story

pytestmark = pytest.mark.usefixtures("accounts")
ONE, TWO, THREE = THREE_LINES.numbers
TENTH, ELEVENTH, TWENTIETH = date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 20)


@pytest.fixture
def confirmed(carrier, days):
    """The reference of a port whose date is confirmed, five business days ahead."""

    def make(account=THREE_LINES, **changes):
        ref = carrier.submit_port(port_request(account, **changes))
        days(1)
        return ref

    return make


def refusal(call):
    with pytest.raises(CarrierRefused) as refused:
        call()
    return refused.value.code


def test_the_day_begins_before_the_numbers_move(carrier, confirmed, days):
    confirmed()
    days(4.76)
    assert kinds(carrier) == ["confirmed"]
    days(0.02)
    activating = port_events(carrier)[-1]
    assert (activating.kind.value, activating.date, activating.key) == ("port.activating", TENTH, "P-1-1")
    assert set(activating.numbers) == set(THREE_LINES.numbers)
    assert SimPort.objects.get().state == "activating"
    days(0.22)
    assert kinds(carrier) == ["confirmed", "activating", "completed", "messaging"]


def test_the_hour_that_was_asked_for(carrier, confirmed, days):
    confirmed(requested_time=time(17, 30))
    days(5.2)
    assert kinds(carrier) == ["confirmed", "activating"]
    days(0.05)
    assert last_word(carrier).kind.value == "port.completed"


@pytest.mark.parametrize(("wish", "hour"), [(time(3), "10:00"), (time(9, 30), "13:30"), (time(23), "00:00")])
def test_an_hour_outside_the_window_is_moved_into_it(carrier, confirmed, wish, hour):
    clock.set_day_length(None)
    carrier.submit_port(port_request(THREE_LINES, requested_time=wish))
    appointments.keep_next()
    activation = Appointment.objects.waiting().get(kind="complete")
    assert f"{activation.due_at:%H:%M}" == hour  # in UTC, Eastern summer time


def test_a_begun_day_takes_no_supplement_and_no_other_date(carrier, confirmed, days):
    ref = confirmed()
    days(4.9)
    request = port_request(THREE_LINES, key="P-1-2")
    with pytest.raises(CarrierRefused, match="has begun"):
        carrier.supplement_port(ref, request)
    carrier.change_port_date(ref, "date-1", TWENTIETH)
    days(1)
    assert kinds(carrier, "date-1") == ["date_refused"]
    assert last_word(carrier).detail == "The activation has begun; the date stands."


# --- Another date -------------------------------------------------------------------------------------------


def test_another_date_is_agreed_to_and_kept(carrier, confirmed, days):
    ref = confirmed()
    for _again in range(2):
        carrier.change_port_date(ref, "date-1", TWENTIETH)
    days(0.1)
    assert kinds(carrier) == ["confirmed"]
    days(0.1)
    changed = last_word(carrier)
    assert (changed.kind.value, changed.key, changed.date) == ("port.date_changed", "date-1", TWENTIETH)
    days(8)
    assert len(port_events(carrier)) == 2
    days(4.8)
    assert (last_word(carrier).kind.value, last_word(carrier).date) == ("port.completed", TWENTIETH)
    assert SimPort.objects.get().foc_date == TWENTIETH


def test_an_earlier_date(carrier, confirmed, days):
    ref = confirmed(requested_date=TWENTIETH)
    carrier.change_port_date(ref, "date-1", TENTH)
    days(0.2)
    days(4.8)
    assert (last_word(carrier).kind.value, last_word(carrier).date) == ("port.completed", TENTH)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 3, 5), "The earliest possible date is 2026-03-06."),
        (date(2026, 3, 14), "No ports are worked on 2026-03-14."),
        (date(2026, 3, 17), "No ports are worked on 2026-03-17."),
        (date(2026, 4, 3), "The date is more than 30 days ahead."),
        (date(2025, 3, 5), "The earliest possible date is 2026-03-06."),
    ],
)
def test_a_date_that_is_not_legal_is_refused(carrier, confirmed, days, day, why):
    ServiceAccount.objects.filter(btn=THREE_LINES.btn).update(closed_dates="2026-03-17")
    ref = confirmed()
    carrier.change_port_date(ref, "date-1", day)
    days(0.2)
    assert (last_word(carrier).kind.value, last_word(carrier).detail) == ("port.date_refused", why)
    days(4.8)
    assert (last_word(carrier).kind.value, last_word(carrier).date) == ("port.completed", TENTH)


def test_a_date_is_changed_only_while_one_is_confirmed(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES))
    carrier.change_port_date(ref, "date-1", TWENTIETH)
    days(0.2)
    assert kinds(carrier) == ["date_refused"]
    days(0.8)
    days(5)
    carrier.change_port_date(ref, "date-2", TWENTIETH)
    days(0.2)
    assert kinds(carrier, "date-2") == ["date_refused"]


def test_a_wish_is_answered_whatever_becomes_of_the_port(carrier, confirmed, days):
    ref = confirmed()
    carrier.change_port_date(ref, "date-1", TWENTIETH)
    carrier.cancel_port(ref, "cancel-1")
    days(1)
    assert (kinds(carrier, "date-1"), kinds(carrier, "cancel-1")) == (["date_refused"], ["canceled"])


# --- Putting off --------------------------------------------------------------------------------------------


def test_putting_off_twice_and_not_three_times(carrier, confirmed, days):
    ref = confirmed()
    assert refusal(lambda: carrier.delay_port(ref, "delay-0")) == "not_today"
    days(4.9)
    for _again in range(2):
        carrier.delay_port(ref, "delay-1")
    (changed,) = events_of(carrier, "port.date_changed")
    assert (changed.key, changed.date) == ("delay-1", ELEVENTH)
    assert refusal(lambda: carrier.delay_port(ref, "delay-2")) == "not_today"
    days(1)
    carrier.delay_port(ref, "delay-2")
    days(1)
    assert refusal(lambda: carrier.delay_port(ref, "delay-3")) == "delays"
    days(0.2)
    assert (last_word(carrier).kind.value, last_word(carrier).date) == ("port.completed", date(2026, 3, 12))
    assert [event.kind.value[5:] for event in port_events(carrier)].count("activating") == 3


def test_what_has_moved_is_not_put_off(carrier, confirmed, days):
    ref = confirmed()
    days(5)
    assert refusal(lambda: carrier.delay_port(ref, "delay-1")) == "too_late"


# --- On demand ----------------------------------------------------------------------------------------------


def test_numbers_move_when_somebody_says_so(carrier, confirmed, days):
    ref = confirmed(on_demand=True)
    assert refusal(lambda: carrier.activate_port(ref, "now-1", [ONE])) == "not_today"
    days(5)
    assert kinds(carrier) == ["confirmed", "activating"]
    for _again in range(2):
        carrier.activate_port(ref, "now-1", [TWO])
    carrier.activate_port(ref, "now-2", [TWO])
    (completed,) = events_of(carrier, "port.completed")
    assert (completed.numbers, completed.key) == ((TWO,), "P-1-1")
    carrier.activate_port(ref, "now-3", [ONE, TWO, THREE])
    assert last_word(carrier).numbers == (ONE, THREE)
    assert SimPort.objects.get().state == "completed"
    days(3)
    assert len(events_of(carrier, "port.completed")) == 2
    carrier.activate_port(ref, "now-4", [ONE])


def test_the_rest_moves_by_itself_at_the_end_of_the_window(carrier, confirmed, days):
    ref = confirmed(on_demand=True)
    days(5)
    carrier.activate_port(ref, "now-1", [TWO])
    days(0.34)
    assert len(events_of(carrier, "port.completed")) == 1
    assert SimPort.objects.get().state == "activating"
    days(0.02)
    assert last_word(carrier).numbers == (ONE, THREE)
    assert SimPort.objects.get().state == "completed"


def test_the_btn_is_settled_when_the_last_number_has_moved(carrier, confirmed, days):
    ref = confirmed(on_demand=True, numbers=(ONE, TWO), full_port=False)
    days(5)
    carrier.activate_port(ref, "now-1", [ONE])
    assert ServiceLine.objects.get(e164=TWO).status == "active"
    assert ServiceLine.objects.get(e164=THREE).status == "active"
    carrier.activate_port(ref, "now-2", [TWO])
    assert ServiceLine.objects.get(e164=TWO).status == "ported"
    assert ServiceLine.objects.get(e164=THREE).status == "disconnected"


def test_what_is_not_of_the_port_is_not_activated(carrier, confirmed, days):
    ref = confirmed(on_demand=True)
    days(5)
    assert refusal(lambda: carrier.activate_port(ref, "now-1", MANY_LINES.numbers[:1])) == "numbers"
    assert refusal(lambda: carrier.activate_port(ref, "now-1", [])) == "numbers"


def test_a_port_with_an_hour_waits_for_it(carrier, confirmed, days):
    ref = confirmed()
    days(4.9)
    assert refusal(lambda: carrier.activate_port(ref, "now-1", [ONE])) == "not_on_demand"


@pytest.mark.parametrize("scenario", ["partial", "activation_fails"])
def test_on_demand_does_not_get_around_a_scenario(carrier, confirmed, days, scenario):
    ServiceAccount.objects.filter(btn=THREE_LINES.btn).update(scenario=scenario)
    ref = confirmed(on_demand=True)
    days(5)
    for turn in range(2):
        carrier.activate_port(ref, f"now-{turn}", THREE_LINES.numbers)
    days(0.4)
    assert len(events_of(carrier, "port.failed")) == (scenario == "activation_fails")
    assert SimPort.objects.get().state == "activating"
    days(1)
    assert SimPort.objects.get().state == "completed"
    assert set(ServiceLine.objects.filter(status="ported").values_list("e164", flat=True)) == {
        ONE,
        TWO,
        THREE,
    }


def test_a_port_of_a_thousand_costs_no_more_queries(carrier, wall, django_assert_max_num_queries):
    account = ServiceAccount.objects.get(btn=MANY_LINES.btn)
    numbers = tuple(f"+1415555{n:04}" for n in range(1000, 2000))
    ServiceLine.objects.bulk_create(
        ServiceLine(account=account, e164=number, btn=account.btn, rate_center="SF") for number in numbers
    )
    carrier.submit_port(port_request(MANY_LINES, numbers=(*MANY_LINES.numbers, *numbers)))
    for _step in ("answer", "begin", "complete", "messaging", "settle"):
        with django_assert_max_num_queries(45):
            appointments.keep_next()
    assert len(last_word(carrier).numbers) == 1025
    assert len(story(carrier)) == 2
