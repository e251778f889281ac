"""What every carrier adapter must do with a port, from the request to numbers that go back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from carrier.base import CallWish, CarrierRefused, EventKind, Portable, Topic
from porting.errors import ERRORS
from tests.carrier.bench import ALONG, kinds_of, of_key


def moved(bench, carrier, request):
    """The port's reference, on the day on which its numbers have moved."""
    ref = carrier.submit_port(request)
    bench.answers_come()
    bench.the_day_comes()
    bench.the_day_ends()
    return ref


def test_a_port_is_confirmed_then_completed(bench, carrier):
    request = bench.good_port()
    assert carrier.submit_port(request)
    assert of_key(carrier, Topic.PORTS, request.key) == []
    bench.answers_come()
    (confirmed,) = of_key(carrier, Topic.PORTS, request.key)
    assert confirmed.kind == EventKind.PORT_CONFIRMED
    assert confirmed.date is not None
    assert confirmed.date >= request.requested_date
    bench.everything_happens()
    assert [event.kind for event in of_key(carrier, Topic.PORTS, request.key)] == [
        EventKind.PORT_CONFIRMED,
        EventKind.PORT_COMPLETED,
    ]


def test_a_port_is_rejected_with_one_of_our_codes_and_put_right_on_the_same_port(bench, carrier):
    ref = carrier.submit_port(bench.bad_port())
    bench.answers_come()
    (rejected,) = of_key(carrier, Topic.PORTS, "P-1-1")
    assert rejected.kind == EventKind.PORT_REJECTED
    assert rejected.code in ERRORS
    assert rejected.detail
    carrier.supplement_port(ref, bench.good_port("P-1-2"))
    bench.everything_happens()
    kinds = [event.kind for event in of_key(carrier, Topic.PORTS, "P-1-2")]
    assert kinds == [EventKind.PORT_CONFIRMED, EventKind.PORT_COMPLETED]
    assert len(of_key(carrier, Topic.PORTS, "P-1-1")) == 1


def test_each_attempt_is_one_effect_however_often_it_is_sent(bench, carrier):
    refs = {carrier.submit_port(bench.bad_port()) for _again in range(3)}
    (ref,) = refs
    bench.answers_come()
    assert carrier.submit_port(bench.bad_port()) == ref
    for _again in range(3):
        carrier.supplement_port(ref, bench.good_port("P-1-2"))
    bench.everything_happens()
    carrier.supplement_port(ref, bench.good_port("P-1-2"))
    bench.everything_happens()
    answers = [event for event in carrier.events(Topic.PORTS, "") if event.kind not in ALONG]
    assert [event.key for event in answers] == ["P-1-1", "P-1-2", "P-1-2"]


def test_a_cancel_in_time(bench, carrier):
    ref = carrier.submit_port(bench.good_port())
    bench.answers_come()
    for _again in range(2):
        carrier.cancel_port(ref, "cancel-1")
    bench.everything_happens()
    (canceled,) = of_key(carrier, Topic.PORTS, "cancel-1")
    assert canceled.kind == EventKind.PORT_CANCELED
    assert EventKind.PORT_COMPLETED not in {event.kind for event in carrier.events(Topic.PORTS, "")}


def test_a_cancel_after_completion_is_refused_by_an_event(bench, carrier):
    ref = carrier.submit_port(bench.good_port())
    bench.everything_happens()
    carrier.cancel_port(ref, "cancel-1")
    bench.everything_happens()
    (refused,) = of_key(carrier, Topic.PORTS, "cancel-1")
    assert refused.kind == EventKind.PORT_CANCEL_REFUSED
    assert refused.detail


def test_a_port_that_never_was_is_refused_for_good(bench, carrier):
    for order in (
        lambda: carrier.supplement_port("no such port", bench.good_port()),
        lambda: carrier.cancel_port("no such port", "cancel-1"),
        lambda: carrier.change_port_date("no such port", "date-1", date(2026, 3, 20)),
        lambda: carrier.delay_port("no such port", "delay-1"),
        lambda: carrier.activate_port("no such port", "now-1", bench.good_port().numbers),
        lambda: carrier.send_documents("no such port", "paper-1", ()),
        lambda: carrier.snap_back("no such port", "back-1", bench.good_port().numbers),
    ):
        with pytest.raises(CarrierRefused):
            order()


def test_another_date_is_agreed_to_once(bench, carrier):
    request = bench.good_port()
    ref = carrier.submit_port(request)
    bench.answers_come()
    for _again in range(3):
        carrier.change_port_date(ref, "date-1", bench.later(request))
    bench.wishes_are_answered()
    carrier.change_port_date(ref, "date-1", bench.later(request))
    bench.wishes_are_answered()
    (changed,) = of_key(carrier, Topic.PORTS, "date-1")
    assert (changed.kind, changed.date) == (EventKind.PORT_DATE_CHANGED, bench.later(request))
    bench.everything_happens()
    assert kinds_of(carrier, request.key)[-1] == EventKind.PORT_COMPLETED


def test_a_date_that_is_not_legal_is_refused_by_an_event(bench, carrier):
    request = bench.good_port()
    ref = carrier.submit_port(request)
    bench.answers_come()
    carrier.change_port_date(ref, "date-1", timezone.localdate() - timedelta(days=1))
    bench.wishes_are_answered()
    (refused,) = of_key(carrier, Topic.PORTS, "date-1")
    assert refused.kind == EventKind.PORT_DATE_REFUSED
    assert refused.detail


def test_an_activation_is_put_off_twice_at_most(bench, carrier):
    ref = carrier.submit_port(bench.good_port())
    bench.answers_come()
    days = []
    for turn in (1, 2):
        bench.the_day_comes()
        for _again in range(2):
            carrier.delay_port(ref, f"delay-{turn}")
        bench.wishes_are_answered()
        (changed,) = of_key(carrier, Topic.PORTS, f"delay-{turn}")
        assert changed.kind == EventKind.PORT_DATE_CHANGED
        days.append(changed.date)
    assert days == sorted(set(days))
    bench.the_day_comes()
    with pytest.raises(CarrierRefused) as refused:
        carrier.delay_port(ref, "delay-3")
    assert refused.value.code == "delays"
    bench.the_day_ends()
    with pytest.raises(CarrierRefused) as refused:
        carrier.delay_port(ref, "delay-4")
    assert refused.value.code == "too_late"


def test_the_day_is_announced_before_numbers_move(bench, carrier):
    request = bench.good_port()
    carrier.submit_port(request)
    bench.everything_happens()
    told = [event.kind for event in carrier.events(Topic.PORTS, "")]
    assert told.index(EventKind.PORT_ACTIVATING) < told.index(EventKind.PORT_COMPLETED)


def test_numbers_are_activated_on_demand_each_once(bench, carrier):
    request = bench.demanded_port()
    ref = carrier.submit_port(request)
    bench.answers_come()
    with pytest.raises(CarrierRefused) as refused:
        carrier.activate_port(ref, "now-0", request.numbers[:1])
    assert refused.value.code == "not_today"
    bench.the_day_comes()
    for key in ("now-1", "now-1", "now-2"):
        carrier.activate_port(ref, key, request.numbers[:1])
    bench.everything_happens()
    moved = [e.numbers for e in carrier.events(Topic.PORTS, "") if e.kind == EventKind.PORT_COMPLETED]
    assert moved == [request.numbers[:1], request.numbers[1:]]
    carrier.activate_port(ref, "now-3", request.numbers)


def test_papers_are_taken_until_the_port_has_ended(bench, carrier):
    request = bench.good_port()
    ref = carrier.submit_port(request)
    for _again in range(2):
        carrier.send_documents(ref, "paper-1", request.documents)
    bench.everything_happens()
    assert kinds_of(carrier, request.key) == [EventKind.PORT_CONFIRMED, EventKind.PORT_COMPLETED]
    carrier.send_documents(ref, "paper-1", request.documents)
    with pytest.raises(CarrierRefused):
        carrier.send_documents(ref, "paper-2", request.documents)


def test_of_many_wishes_for_test_calls_only_those_for_no_port_are_refused(bench, carrier):
    request = bench.good_port()
    ref = moved(bench, carrier, request)
    nobodys = CallWish("no such port", "test-0", request.numbers)
    refused = carrier.test_calls([nobodys, CallWish(ref, "test-1", request.numbers[:1])])
    bench.wishes_are_answered()
    assert [(key, type(why)) for key, why in refused.items()] == [("test-0", CarrierRefused)]
    assert of_key(carrier, Topic.PORTS, "test-1")


def test_test_calls_are_told_one_by_one_and_placed_once(bench, carrier):
    request = bench.good_port()
    ref = moved(bench, carrier, request)
    for _again in range(2):
        carrier.test_calls([CallWish(ref, "test-1", request.numbers[:2])])
        bench.wishes_are_answered()
    tested = of_key(carrier, Topic.PORTS, "test-1")
    assert {event.kind for event in tested} == {EventKind.PORT_TESTED}
    calls = [(*event.numbers, event.facts["test"], event.facts["via"]) for event in tested]
    assert len(calls) == len(set(calls))
    assert {number for number, _test, _via in calls} == set(request.numbers[:2])
    assert {"inbound", "outbound"} <= {test for _number, test, _via in calls}
    assert {event.facts["result"] for event in tested} <= {"pass", "fail"}


def test_numbers_go_back_once(bench, carrier):
    request = bench.good_port()
    ref = moved(bench, carrier, request)
    for _again in range(2):
        carrier.snap_back(ref, "back-1", request.numbers[:1])
        bench.wishes_are_answered()
    (back,) = of_key(carrier, Topic.PORTS, "back-1")
    assert (back.kind, back.numbers) == (EventKind.PORT_SNAPPED_BACK, request.numbers[:1])
    assert carrier.check_portability("US", request.numbers[:1])[0].portable == Portable.YES


def test_long_afterwards_no_number_goes_back(bench, carrier):
    request = bench.good_port()
    ref = carrier.submit_port(request)
    bench.everything_happens()
    bench.everything_happens()
    carrier.snap_back(ref, "back-1", request.numbers)
    bench.wishes_are_answered()
    (refused,) = of_key(carrier, Topic.PORTS, "back-1")
    assert refused.kind == EventKind.PORT_SNAP_BACK_REFUSED
    assert refused.detail
