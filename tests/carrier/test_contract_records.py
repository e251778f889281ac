"""What every carrier adapter must do with customer service records and with port-outs."""

from datetime import datetime

import pytest
from django.utils import timezone

from carrier.base import CarrierRefused, EventKind, RecordAnswer, RecordStatus, Topic
from tests.carrier.bench import e164s, held, of_key


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
