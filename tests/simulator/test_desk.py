"""What support staff force on a port, once and twice, and where it is refused."""

from datetime import date

import pytest

from carrier.base import CarrierRefused, Document
from simulator import workflow
from simulator.demo import THREE_LINES
from simulator.models import Appointment, ServiceAccount, ServiceLine, SimPort

from .ports import events_of, kinds, last_word, port_events, port_request

pytestmark = pytest.mark.usefixtures("accounts")
TWENTIETH = date(2026, 3, 20)
PAPER = Document("identity", "c" * 64, "application/pdf", b"%PDF")


@pytest.fixture
def port(carrier):
    carrier.submit_port(port_request(THREE_LINES))
    return SimPort.objects.get()


def scenario(name):
    ServiceAccount.objects.filter(btn=THREE_LINES.btn).update(scenario=name)


def test_rejecting(carrier, port, days):
    workflow.force_reject(port, "invalid_pin", "Wrong PIN.")
    with pytest.raises(CarrierRefused):
        workflow.force_reject(port, "invalid_pin", "Wrong PIN.")
    rejected = last_word(carrier)
    assert (rejected.code, rejected.detail, rejected.key) == ("invalid_pin", "Wrong PIN.", "P-1-1")
    days(30)
    assert kinds(carrier) == ["rejected"]
    carrier.submit_port(port_request(THREE_LINES, key="P-1-2"))
    days(1)
    workflow.force_reject(port, "tn_mismatch", "After all.")
    days(30)
    assert kinds(carrier) == ["rejected", "confirmed", "rejected"]


def test_confirming_and_moving_the_date(carrier, port, days):
    workflow.force_confirm(port, date(2026, 3, 5))
    workflow.force_confirm(port, date(2026, 3, 5))
    assert kinds(carrier) == ["confirmed"]
    workflow.force_confirm(port, TWENTIETH)
    assert last_word(carrier).date == TWENTIETH
    days(12.8)
    assert kinds(carrier) == ["confirmed", "confirmed", "activating"]
    days(1)
    assert last_word(carrier).kind.value == "port.completed"
    with pytest.raises(CarrierRefused):
        workflow.force_confirm(port, TWENTIETH)


def test_no_date_that_is_past(carrier, port):
    with pytest.raises(CarrierRefused, match="past"):
        workflow.force_confirm(port, date(2026, 3, 2))
    assert port_events(carrier) == ()


def test_getting_an_answer_out_of_a_silent_carrier(carrier, days):
    scenario("silent")
    carrier.submit_port(port_request(THREE_LINES))
    port = SimPort.objects.get()
    workflow.answer_now(port)
    assert kinds(carrier) == ["confirmed"]
    with pytest.raises(CarrierRefused):
        workflow.answer_now(port)
    days(5)
    assert last_word(carrier).kind.value == "port.completed"


def test_an_answer_now_goes_by_the_record(carrier, port, days):
    ServiceAccount.objects.filter(btn=THREE_LINES.btn).update(company_name="Other")
    workflow.answer_now(port)
    assert last_word(carrier).code == "company_name_mismatch"
    days(30)
    assert len(port_events(carrier)) == 1


def test_completing_now(carrier, port, days):
    with pytest.raises(CarrierRefused):
        workflow.complete_now(port)
    days(1)
    scenario("partial")
    workflow.complete_now(port)
    assert kinds(carrier) == ["confirmed", "activating", "completed", "messaging"]
    assert last_word(carrier).numbers == THREE_LINES.numbers
    with pytest.raises(CarrierRefused):
        workflow.complete_now(port)
    days(30)
    assert len(events_of(carrier, "port.completed")) == 1


def test_completing_what_is_left(carrier, days):
    scenario("partial")
    carrier.submit_port(port_request(THREE_LINES))
    days(1)
    days(5)
    workflow.complete_now(SimPort.objects.get())
    days(1)
    assert [len(event.numbers) for event in events_of(carrier, "port.completed")] == [2, 1]
    assert SimPort.objects.get().state == "completed"


def test_releasing_messaging(carrier, days):
    scenario("messaging_stuck")
    carrier.submit_port(port_request(THREE_LINES))
    port = SimPort.objects.get()
    with pytest.raises(CarrierRefused):
        workflow.release_messaging(port)
    days(1)
    days(5)
    days(0.3)
    workflow.release_messaging(port)
    with pytest.raises(CarrierRefused):
        workflow.release_messaging(port)
    assert [e.code for e in events_of(carrier, "port.messaging")] == ["activating", "stuck", "ported"]


def test_releasing_messaging_before_it_moves(carrier, port, days):
    days(1)
    days(5)
    workflow.release_messaging(port)
    days(1)
    assert [e.code for e in events_of(carrier, "port.messaging")] == ["activating", "ported"]


def test_asking_for_a_paper_stops_the_answer_until_it_comes(carrier, port, days):
    workflow.ask_document(port, "identity", "We need it.")
    days(30)
    (wanted,) = port_events(carrier)
    assert (wanted.kind.value, wanted.code, wanted.detail) == (
        "port.document_wanted",
        "identity",
        "We need it.",
    )
    carrier.send_documents(port.carrier_ref, "paper-1", [PAPER])
    days(1)
    assert kinds(carrier) == ["document_wanted", "confirmed"]


def test_a_paper_that_was_asked_for_takes_the_place_of_the_old_one(carrier, days):
    old = Document("bill", "a" * 64, "image/png", b"", date(2025, 3, 1))
    new = Document("bill", "d" * 64, "image/png", b"", date(2026, 3, 1))
    letter = port_request(THREE_LINES).documents[1]
    carrier.submit_port(port_request(THREE_LINES, documents=(old, letter)))
    port = SimPort.objects.get()
    workflow.ask_document(port, "bill", "The bill is old.")
    carrier.send_documents(port.carrier_ref, "paper-1", [new])
    days(1)
    assert kinds(carrier) == ["document_wanted", "confirmed"]
    # What a later attempt brings itself goes before what came apart and earlier.
    carrier.supplement_port(port.carrier_ref, port_request(THREE_LINES, key="P-1-2", documents=(old, letter)))
    days(1)
    assert last_word(carrier).code == "bill_invalid"


def test_asking_while_a_date_is_confirmed_keeps_it(carrier, port, days):
    days(1)
    workflow.ask_document(port, "identity", "Late.")
    days(5)
    assert last_word(carrier).kind.value == "port.completed"
    with pytest.raises(CarrierRefused):
        workflow.ask_document(port, "identity", "Too late.")


def test_an_ended_port_takes_no_papers(carrier, port, days):
    days(1)
    days(5)
    with pytest.raises(CarrierRefused) as refused:
        carrier.send_documents(port.carrier_ref, "paper-1", [PAPER])
    assert refused.value.code == "ended"


def test_a_note(carrier, port):
    workflow.write_note(port, "We have called the losing carrier.")
    note = port_events(carrier)[-1]
    assert (note.kind.value, note.key, note.detail) == (
        "port.note",
        "P-1-1",
        "We have called the losing carrier.",
    )


def test_papers_are_kept_without_their_pages(carrier, port):
    carrier.send_documents(port.carrier_ref, "paper-1", [PAPER])
    (paper,) = port.attempts.get(key="paper-1").request["documents"]
    assert paper == {"kind": "identity", "sha256": "c" * 64, "media_type": "application/pdf", "dated": None}


def test_nothing_is_left_planned_for_a_port_that_was_canceled(carrier, port, days):
    days(1)
    carrier.cancel_port(port.carrier_ref, "cancel-1")
    days(1)
    assert not Appointment.objects.waiting().exists()
    assert not ServiceLine.objects.exclude(port=None).exists()
