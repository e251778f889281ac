"""What every carrier adapter must do. A new adapter adds its bench to ADAPTERS and passes, or is not an adapter.

A bench brings the adapter into a state that is known: numbers in stock, a port that the losing carrier accepts and
one that it rejects, a way to let time pass, and a way to cut the line.
"""

import re
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from inspect import signature

import pytest
from django.utils import timezone

from carrier.base import (
    Address,
    AddressOutcome,
    AddressVerdict,
    Carrier,
    CarrierRefused,
    CarrierUnavailable,
    EventKind,
    NumberSearch,
    Portable,
    PortRequest,
    RecordAnswer,
    RecordRequest,
    RecordStatus,
    Topic,
)
from lib.calendar import add_business_days
from porting.errors import ERRORS

METHODS = [name for name in vars(Carrier) if not name.startswith("_") and callable(getattr(Carrier, name))]
SETTLED = {EventKind.PORT_REJECTED, EventKind.PORT_CONFIRMED, EventKind.PORT_COMPLETED}
#: What an adapter may tell besides; none of it changes where a port is.
ALONG = {EventKind.PORT_ACTIVATING, EventKind.PORT_MESSAGING, EventKind.PORT_NOTE}


class SimulatedBench:
    """The simulated carrier with the accounts of its demonstration and a business day of ten seconds."""

    search = NumberSearch("US", "CA", area_code="408", quantity=6)
    known_address = Address("100 Main Street", "San Jose", "CA", "95112")
    misspelled_address = Address("100 MAIN STREET", "San Jose", "California", "95112")
    unknown_address = Address("100 Nowhere Lane", "San Jose", "CA", "95112")
    nobodys_number = "+14085550199"

    def __init__(self, settings, time_machine):
        from simulator import demo_rows
        from simulator.carrier import SimulatedCarrier

        self.clock = time_machine
        self.clock.move_to(datetime(2026, 3, 3, 15, 0, tzinfo=UTC), tick=False)
        settings.CARRIER_DAY_SECONDS = 10
        demo_rows.fill()
        self.carrier = SimulatedCarrier()

    def good_port(self, key="P-1-1", reference="P-1") -> PortRequest:
        from simulator.demo import THREE_LINES
        from tests.simulator.ports import port_request

        return port_request(THREE_LINES, key=key, reference=reference)

    def bad_port(self, key="P-1-1", reference="P-1") -> PortRequest:
        return replace(self.good_port(key, reference), company_name="Somebody Else, Inc.")

    def demanded_port(self, key="P-1-1", reference="P-1") -> PortRequest:
        """A good port whose numbers move when `activate_port` says so."""
        return replace(self.good_port(key, reference), on_demand=True)

    def later(self, request: PortRequest):
        """A date that the losing carrier agrees to, later than the one requested."""
        return add_business_days(request.requested_date, 3, "US")

    def the_day_comes(self):
        """From a confirmed date to its FOC day, before numbers move by themselves."""
        from simulator.models import Appointment
        from simulator.tasks import tick

        begin = Appointment.objects.waiting().get(kind="begin")
        self.seconds_pass((begin.due_at - timezone.now()).total_seconds())
        tick()

    def the_day_ends(self):
        """To the moment at which what has to move on the FOC day has moved, and no further."""
        from simulator.models import Appointment
        from simulator.tasks import tick

        complete = Appointment.objects.waiting().get(kind="complete")
        self.seconds_pass((complete.due_at - timezone.now()).total_seconds())
        tick()

    def wishes_are_answered(self):
        """Long enough for answers to wishes, less than a day."""
        from simulator.tasks import tick

        self.seconds_pass(4)
        tick()

    def seconds_pass(self, seconds):
        self.clock.shift(timedelta(seconds=seconds))

    def everything_happens(self):
        """Long enough for every answer and every activation."""
        from simulator.tasks import tick

        for _round in range(3):
            self.seconds_pass(400)
            tick()

    def answers_come(self):
        """Long enough for answers, too short for activations."""
        from simulator.tasks import tick

        self.seconds_pass(11)
        tick()

    def record_wish(self, answers: bool) -> RecordRequest:
        """A wish for a record that comes at once, or never."""
        from simulator import demo

        account = demo.RECORDS[0] if answers else demo.RECORDS[2]
        return RecordRequest("US", account.carrier, account.btn, account.numbers)

    def port_out(self, numbers, pin="") -> str:
        """Another carrier asks for numbers of ours; the reference."""
        from simulator import port_outs

        return port_outs.request(numbers, "Tideline Wireless", pin).reference

    def port_out_leaves(self):
        """Long enough for a port-out that was accepted, short enough to dispute it."""
        from simulator.tasks import tick

        self.seconds_pass(31)
        tick()

    @contextmanager
    def line_cut(self):
        from simulator.models import Clock

        Clock.current()
        Clock.objects.update(is_down=True)
        yield
        Clock.objects.update(is_down=False)


ADAPTERS = {"simulated": SimulatedBench}


@pytest.fixture(params=ADAPTERS.values(), ids=ADAPTERS.keys())
def bench(request, db, settings, time_machine):
    return request.param(settings, time_machine)


@pytest.fixture
def carrier(bench):
    return bench.carrier


def e164s(numbers):
    return [number.e164 for number in numbers]


def held(bench, key="hold-1", seconds=600):
    found = bench.carrier.find_numbers(bench.search)
    return bench.carrier.hold(key, e164s(found), seconds)


def of_key(carrier, topic, key):
    """What answers a key, without what goes along with every completion."""
    return [event for event in carrier.events(topic, "") if event.key == key and event.kind not in ALONG]


def kinds_of(carrier, key):
    return [event.kind for event in of_key(carrier, Topic.PORTS, key)]


# --- The shape ----------------------------------------------------------------------------------------------


def test_has_a_name_and_every_method_as_the_protocol_writes_it(carrier):
    assert carrier.name
    for name in METHODS:
        theirs, ours = signature(getattr(carrier, name)), signature(getattr(Carrier, name))
        assert list(theirs.parameters) == list(ours.parameters)[1:], name
        for parameter in theirs.parameters.values():
            assert parameter.default == ours.parameters[parameter.name].default, (name, parameter)


def test_every_method_is_unavailable_when_the_line_is_cut_and_does_nothing(bench, carrier):
    arguments = {
        "places": ("US", "CA"),
        "find_numbers": (bench.search,),
        "hold": ("hold-1", ["+14085552000"], 600),
        "extend_hold": ("x", 600),
        "release_hold": ("x",),
        "check_portability": ("US", []),
        "csr": ("x",),
        "check_address": (bench.known_address,),
        "order_numbers": ("N-1", [], ""),
        "return_numbers": ("return-1", ["+14085550199"]),
        "submit_port": (bench.good_port(),),
        "supplement_port": ("x", bench.good_port()),
        "cancel_port": ("x", "cancel-1"),
        "request_csr": ("csr-1", bench.record_wish(answers=True)),
        "answer_port_out": ("x", "answer-1", True),
        "dispute_port_out": ("x", "dispute-1", "Nobody of us asked for it."),
        "guard_numbers": ("guard-1", ["+14085550199"], "4711", True),
        "change_port_date": ("x", "date-1", date(2026, 3, 20)),
        "delay_port": ("x", "delay-1"),
        "activate_port": ("x", "now-1", []),
        "send_documents": ("x", "paper-1", []),
        "test_calls": ("x", "test-1", []),
        "snap_back": ("x", "back-1", []),
        "events": (Topic.PORTS, ""),
    }
    assert set(arguments) == set(METHODS)
    with bench.line_cut():
        for name, values in arguments.items():
            with pytest.raises(CarrierUnavailable):
                getattr(carrier, name)(*values)
    bench.everything_happens()
    assert [carrier.events(topic, "") for topic in Topic] == [()] * len(Topic)


def test_secrets_are_not_printed(bench):
    request = replace(bench.good_port(), account_number="SECRET-1", pin="SECRET-2")
    assert "SECRET" not in repr(request)
    assert b"%PDF" not in repr(request).encode()
    assert is_dataclass(request)
    assert {"account_number", "pin"} <= {field.name for field in fields(request) if not field.repr}


# --- Numbers ------------------------------------------------------------------------------------------------


def test_places_are_sorted_and_searchable(bench, carrier):
    places = carrier.places("US", "CA")
    assert list(places.area_codes) == sorted(set(places.area_codes))
    assert list(places.cities) == sorted(set(places.cities))
    for city in places.cities[:3]:
        (number,) = carrier.find_numbers(NumberSearch("US", "CA", city=city))
        assert (number.city, number.state) == (city, "CA")


def test_a_place_without_stock_is_empty_and_no_error(carrier):
    assert carrier.places("US", "ZZ").cities == ()
    assert carrier.find_numbers(NumberSearch("US", "ZZ", quantity=5)) == ()


def test_found_numbers_fit_the_search_and_are_not_held_by_it(bench, carrier):
    found = carrier.find_numbers(bench.search)
    assert len(found) == len(set(e164s(found))) == bench.search.quantity
    assert all(re.fullmatch(rf"\+1{bench.search.area_code}[2-9]\d{{6}}", number) for number in e164s(found))
    assert carrier.find_numbers(bench.search) == found


def test_a_hold_keeps_numbers_from_others(bench, carrier):
    hold = held(bench)
    assert e164s(hold.numbers) == e164s(sorted(hold.numbers, key=lambda number: number.e164))
    assert hold.expires_at.utcoffset() == timedelta(0)
    assert (hold.expires_at - timezone.now()).total_seconds() == pytest.approx(600, abs=2)
    assert not hold.extended
    assert carrier.hold("hold-2", e164s(hold.numbers), 600).numbers == ()
    assert not set(e164s(hold.numbers)) & set(e164s(carrier.find_numbers(bench.search)))


def test_the_same_key_answers_the_same_hold(bench, carrier):
    hold = held(bench)
    others = e164s(carrier.find_numbers(bench.search))
    assert carrier.hold("hold-1", others, 60) == hold


def test_a_hold_gives_what_is_free_and_says_so(bench, carrier):
    first = held(bench)
    free = e164s(carrier.find_numbers(bench.search))[:1]
    second = carrier.hold("hold-2", [first.numbers[0].e164, *free], 600)
    assert e164s(second.numbers) == free


def test_a_hold_runs_out(bench, carrier):
    hold = held(bench, seconds=30)
    bench.seconds_pass(31)
    assert len(carrier.hold("hold-2", e164s(hold.numbers), 30).numbers) == len(hold.numbers)
    with pytest.raises(CarrierRefused) as refused:
        carrier.extend_hold(hold.id, 30)
    assert refused.value.code == "expired"


def test_a_hold_is_extended_once(bench, carrier):
    hold = held(bench, seconds=30)
    extended = carrier.extend_hold(hold.id, 30)
    assert extended.extended
    assert (extended.id, extended.numbers) == (hold.id, hold.numbers)
    assert extended.expires_at > hold.expires_at
    with pytest.raises(CarrierRefused) as refused:
        carrier.extend_hold(hold.id, 30)
    assert refused.value.code == "extended"


def test_releasing_some_then_all_then_again(bench, carrier):
    hold = held(bench)
    one, *rest = e164s(hold.numbers)
    carrier.release_hold(hold.id, [one])
    assert e164s(carrier.hold("hold-2", e164s(hold.numbers), 600).numbers) == [one]
    carrier.release_hold(hold.id)
    carrier.release_hold(hold.id)
    carrier.release_hold("no such hold")
    assert e164s(carrier.hold("hold-3", rest, 600).numbers) == rest


def test_an_order_is_one_effect_however_often_it_is_given(bench, carrier):
    hold = held(bench)
    refs = {carrier.order_numbers("N-1", e164s(hold.numbers), hold.id) for _again in range(3)}
    bench.everything_happens()
    refs.add(carrier.order_numbers("N-1", e164s(hold.numbers), hold.id))
    bench.everything_happens()
    assert len(refs) == 1
    (event,) = of_key(carrier, Topic.NUMBERS, "N-1")
    assert event.kind == EventKind.NUMBERS_PROVISIONED
    assert set(event.numbers) == set(e164s(hold.numbers))


def test_what_is_ordered_is_nobody_elses_any_more(bench, carrier):
    hold = held(bench)
    carrier.order_numbers("N-1", e164s(hold.numbers), hold.id)
    carrier.release_hold(hold.id)
    bench.everything_happens()
    assert carrier.hold("hold-2", e164s(hold.numbers), 600).numbers == ()
    assert {answer.reason for answer in carrier.check_portability("US", e164s(hold.numbers))} == {"ours"}


def test_an_order_is_all_or_nothing(bench, carrier):
    mine, theirs = held(bench, "hold-1"), held(bench, "hold-2")
    with pytest.raises(CarrierRefused) as refused:
        carrier.order_numbers("N-1", [*e164s(mine.numbers), theirs.numbers[0].e164], mine.id)
    assert refused.value.code == "gone"
    bench.everything_happens()
    assert of_key(carrier, Topic.NUMBERS, "N-1") == []
    assert len(carrier.hold("hold-3", e164s(mine.numbers), 600).numbers) == len(mine.numbers)


# --- Questions about numbers and addresses ------------------------------------------------------------------


def test_portability_answers_in_the_order_asked(bench, carrier):
    ported = bench.good_port().numbers
    asked = [bench.nobodys_number, *reversed(ported), bench.nobodys_number]
    answers = carrier.check_portability("US", asked)
    assert [answer.e164 for answer in answers] == asked
    assert answers[0].portable == answers[-1].portable == Portable.NO
    assert answers[0].reason == "no_carrier"
    assert {answer.portable for answer in answers[1:-1]} == {Portable.YES}
    assert all(answer.losing_carrier and not answer.reason for answer in answers[1:-1])
    assert carrier.check_portability("US", []) == ()


def test_addresses(bench, carrier):
    assert carrier.check_address(bench.known_address) == AddressVerdict(AddressOutcome.VALID)
    better = carrier.check_address(bench.misspelled_address)
    assert better.outcome == AddressOutcome.SUGGESTED
    assert better.reasons
    assert carrier.check_address(better.suggestion).outcome == AddressOutcome.VALID
    unknown = carrier.check_address(bench.unknown_address)
    assert unknown.outcome == AddressOutcome.UNKNOWN
    assert unknown.reasons
    assert unknown.suggestion is None


# --- Ports --------------------------------------------------------------------------------------------------


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
        lambda: carrier.test_calls("no such port", "test-1", bench.good_port().numbers),
        lambda: carrier.snap_back("no such port", "back-1", bench.good_port().numbers),
    ):
        with pytest.raises(CarrierRefused):
            order()


# --- Customer service records -------------------------------------------------------------------------------


def test_a_record_is_asked_for_once_and_read_as_often_as_one_likes(bench, carrier):
    refs = {carrier.request_csr("csr-1", bench.record_wish(answers=True)) for _again in range(3)}
    (ref,) = refs
    bench.everything_happens()
    (event,) = of_key(carrier, Topic.RECORDS, "csr-1")
    assert event.kind == EventKind.RECORD_ANSWERED
    for _again in range(2):
        answer = carrier.csr(ref)
        assert answer.status == RecordStatus.READY
        assert set(bench.record_wish(answers=True).numbers) <= set(answer.record.numbers)
        for secret in (answer.record.company_name, answer.record.account_number):
            assert secret not in repr((answer, event))


def test_a_record_that_nobody_gives(bench, carrier):
    ref = carrier.request_csr("csr-1", bench.record_wish(answers=False))
    bench.everything_happens()
    assert of_key(carrier, Topic.RECORDS, "csr-1") == []
    assert carrier.csr(ref).record is None
    assert carrier.csr("no such wish") == RecordAnswer(RecordStatus.NONE)


# --- Port-outs ----------------------------------------------------------------------------------------------


@pytest.fixture
def ours(bench, carrier):
    """Numbers that were ordered and provisioned."""
    hold = held(bench)
    carrier.order_numbers("N-1", e164s(hold.numbers), hold.id)
    bench.everything_happens()
    return e164s(hold.numbers)


def out_kinds(carrier, ref):
    return [event.kind for event in of_key(carrier, Topic.PORT_OUTS, ref)]


def test_a_port_out_is_told_with_its_deadline(bench, carrier, ours):
    ref = bench.port_out(ours)
    (event,) = of_key(carrier, Topic.PORT_OUTS, ref)
    assert event.kind == EventKind.PORT_OUT_REQUESTED
    assert set(event.numbers) == set(ours)
    assert event.date is not None
    assert event.facts["gaining_carrier"]
    assert event.facts["pin"] in {"none", "ok"}
    assert datetime.fromisoformat(event.facts["answer_by"]) > timezone.now()


def test_an_accepted_port_out_completes_and_may_be_disputed_once(bench, carrier, ours):
    ref = bench.port_out(ours)
    for _again in range(2):
        carrier.answer_port_out(ref, "answer-1", True)
    bench.port_out_leaves()
    told = [EventKind.PORT_OUT_REQUESTED, EventKind.PORT_OUT_ACCEPTED, EventKind.PORT_OUT_COMPLETED]
    assert out_kinds(carrier, ref) == told
    assert "ours" not in {answer.reason for answer in carrier.check_portability("US", ours)}
    for _again in range(2):
        carrier.dispute_port_out(ref, "dispute-1", "Nobody of us asked for it.")
    bench.everything_happens()
    assert out_kinds(carrier, ref) == [*told, EventKind.PORT_OUT_RETURNED]
    assert {answer.reason for answer in carrier.check_portability("US", ours)} == {"ours"}


def test_a_rejected_port_out_leaves_the_numbers_here(bench, carrier, ours):
    ref = bench.port_out(ours)
    for _again in range(2):
        carrier.answer_port_out(ref, "answer-1", False, "invalid_pin")
    bench.everything_happens()
    assert out_kinds(carrier, ref) == [EventKind.PORT_OUT_REQUESTED, EventKind.PORT_OUT_REJECTED]
    assert {answer.reason for answer in carrier.check_portability("US", ours)} == {"ours"}


def test_silence_is_consent_and_an_answer_after_it_is_too_late(bench, carrier, ours):
    ref = bench.port_out(ours)
    bench.everything_happens()
    (accepted,) = [e for e in of_key(carrier, Topic.PORT_OUTS, ref) if e.kind == EventKind.PORT_OUT_ACCEPTED]
    assert accepted.code == "silence"
    with pytest.raises(CarrierRefused) as refused:
        carrier.answer_port_out(ref, "answer-1", False, "invalid_pin")
    assert refused.value.code == "too_late"


def test_guarded_numbers_are_refused_before_anybody_is_asked(bench, carrier, ours):
    carrier.guard_numbers("guard-1", ours, "4711", False)
    ref = bench.port_out(ours)
    (event,) = of_key(carrier, Topic.PORT_OUTS, ref)
    assert (event.kind, event.code, event.facts["pin"]) == (EventKind.PORT_OUT_REJECTED, "pin", "missing")
    carrier.guard_numbers("guard-2", ours, "4711", True)
    assert [e.code for e in of_key(carrier, Topic.PORT_OUTS, bench.port_out(ours, "4711"))] == ["lock"]
    carrier.guard_numbers("guard-3", ours, "", False)
    carrier.guard_numbers("guard-2", ours, "4711", True)
    assert out_kinds(carrier, bench.port_out(ours)) == [EventKind.PORT_OUT_REQUESTED]


def test_a_port_out_that_never_was_is_refused_for_good(carrier):
    for order in (
        lambda: carrier.answer_port_out("no such port-out", "answer-1", True),
        lambda: carrier.dispute_port_out("no such port-out", "dispute-1", "Nobody of us asked for it."),
    ):
        with pytest.raises(CarrierRefused):
            order()


# --- Dates, activation, and what comes after it -------------------------------------------------------------


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


def test_test_calls_are_told_one_by_one_and_placed_once(bench, carrier):
    request = bench.good_port()
    ref = carrier.submit_port(request)
    bench.answers_come()
    bench.the_day_comes()
    bench.the_day_ends()
    for _again in range(2):
        carrier.test_calls(ref, "test-1", request.numbers[:2])
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
    ref = carrier.submit_port(request)
    bench.answers_come()
    bench.the_day_comes()
    bench.the_day_ends()
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


# --- Events -------------------------------------------------------------------------------------------------


@pytest.fixture
def eventful(bench, carrier):
    """A rejected, a corrected and a completed port, and a number order."""
    hold = held(bench)
    carrier.order_numbers("N-1", e164s(hold.numbers), hold.id)
    ref = carrier.submit_port(bench.bad_port())
    bench.answers_come()
    carrier.supplement_port(ref, bench.good_port("P-1-2"))
    bench.everything_happens()
    return carrier


def test_events_are_the_same_however_often_and_in_whatever_pieces_they_are_read(eventful):
    everything = eventful.events(Topic.PORTS, "")
    assert everything == eventful.events(Topic.PORTS, "")
    assert {event.kind for event in everything} - ALONG == SETTLED
    piecemeal, cursor = [], ""
    while batch := eventful.events(Topic.PORTS, cursor, 1):
        assert len(batch) == 1
        piecemeal += batch
        cursor = batch[-1].cursor
    assert tuple(piecemeal) == everything


def test_events_have_ids_of_their_own_and_come_oldest_first(eventful):
    everything = eventful.events(Topic.PORTS, "") + eventful.events(Topic.NUMBERS, "")
    assert len({event.id for event in everything}) == len(everything)
    times = [event.at for event in eventful.events(Topic.PORTS, "")]
    assert times == sorted(times)
    assert all(time.tzinfo for time in times)


def test_topics_are_kept_apart(eventful):
    assert {event.kind.value.split(".")[0] for event in eventful.events(Topic.PORTS, "")} == {"port"}
    assert {event.kind.value.split(".")[0] for event in eventful.events(Topic.NUMBERS, "")} == {"numbers"}


def test_after_the_last_event_there_is_nothing_until_something_happens(bench, eventful):
    last = eventful.events(Topic.PORTS, "")[-1]
    assert eventful.events(Topic.PORTS, last.cursor) == ()
    eventful.submit_port(bench.good_port("P-2-1", "P-2"))
    bench.everything_happens()
    assert {event.key for event in eventful.events(Topic.PORTS, last.cursor)} == {"P-2-1"}
