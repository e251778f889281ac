"""What every carrier adapter must do: its methods, its errors, its secrets, and how its events are read."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from inspect import signature

import pytest

from carrier.base import Carrier, CarrierUnavailable, EventKind, Topic
from tests.carrier.bench import ALONG, e164s, held

METHODS = [name for name in vars(Carrier) if not name.startswith("_") and callable(getattr(Carrier, name))]
SETTLED = {EventKind.PORT_REJECTED, EventKind.PORT_CONFIRMED, EventKind.PORT_COMPLETED}


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
        "find_blocks": (bench.search, 10),
        "hold": ("hold-1", ["+14085552000"], 600),
        "extend_hold": ("x", 600),
        "release_hold": ("x",),
        "check_portability": ("US", []),
        "queue_place": ("x",),
        "csr": ("x",),
        "check_address": (bench.known_address,),
        "order_numbers": ("N-1", [], ""),
        "back_order": ("B-1", bench.search),
        "cancel_numbers": ("x", "cancel-1"),
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
        "test_calls": ([],),
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
