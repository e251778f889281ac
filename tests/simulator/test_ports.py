"""The life of a port at the carrier: attempts, the FOC date, what leaves the record, cancel requests."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carrier.base import CarrierRefused, EventKind
from simulator import clock
from simulator.demo import MANY_LINES, THREE_LINES
from simulator.models import Appointment, ServiceAccount, ServiceLine, SimAttempt, SimPort
from simulator.tasks import tick

from .ports import last_word, port_events, port_request, story

pytestmark = pytest.mark.usefixtures("accounts")


def test_a_good_port_is_confirmed_then_completed(carrier, days):
    carrier.submit_port(port_request(THREE_LINES))
    days(1)
    assert last_word(carrier).kind == EventKind.PORT_CONFIRMED
    assert last_word(carrier).date == date(2026, 3, 10)
    days(4.9)
    assert last_word(carrier).kind == EventKind.PORT_CONFIRMED
    days(0.1)
    assert last_word(carrier).kind == EventKind.PORT_COMPLETED
    assert last_word(carrier).date == date(2026, 3, 10)


def test_real_days_are_kept_when_no_length_is_set(carrier, wall):
    clock.set_day_length(None)
    carrier.submit_port(port_request(THREE_LINES))
    answer = Appointment.objects.get()
    assert answer.due_at.isoformat() == "2026-03-04T17:00:00+00:00"  # noon Eastern, the next business day
    wall.move_to("2026-03-04T17:00:01Z", tick=False)
    tick()
    begin, activation = Appointment.objects.waiting()
    assert begin.due_at.isoformat() == "2026-03-10T10:00:00+00:00"  # 06:00 Eastern, in summer time
    assert activation.due_at.isoformat() == "2026-03-10T15:30:00+00:00"  # 11:30


def test_the_same_key_is_one_attempt(carrier):
    request = port_request(THREE_LINES)
    assert carrier.submit_port(request) == carrier.submit_port(request)
    assert SimPort.objects.count() == SimAttempt.objects.count() == Appointment.objects.count() == 1


def test_the_same_supplement_twice_is_one(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES, pin="", company_name="Wrong"))
    days(1)
    right = port_request(THREE_LINES, key="P-1-2")
    carrier.supplement_port(ref, right)
    carrier.supplement_port(ref, right)
    days(1)
    assert [event.key for event in port_events(carrier)] == ["P-1-1", "P-1-2"]


def test_a_supplement_takes_the_place_of_an_attempt_that_waits(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES, company_name="Wrong"))
    days(0.5)
    carrier.supplement_port(ref, port_request(THREE_LINES, key="P-1-2"))
    days(1)
    assert [(event.kind, event.key) for event in port_events(carrier)] == [
        (EventKind.PORT_CONFIRMED, "P-1-2")
    ]


def test_a_supplement_after_the_foc_is_answered_anew(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES))
    days(1)
    carrier.supplement_port(ref, port_request(THREE_LINES, key="P-1-2", requested_date=date(2026, 3, 12)))
    days(1)
    assert last_word(carrier).date == date(2026, 3, 12)
    days(7)
    kinds = [event.kind for event in story(carrier)]
    assert kinds == [EventKind.PORT_CONFIRMED, EventKind.PORT_CONFIRMED, EventKind.PORT_COMPLETED]


def test_submitting_an_open_order_with_a_new_key_is_a_supplement(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES, company_name="Wrong"))
    days(1)
    assert carrier.submit_port(port_request(THREE_LINES, key="P-1-2")) == ref
    days(1)
    assert last_word(carrier).kind == EventKind.PORT_CONFIRMED


def test_the_record_counts_as_it_is_when_the_answer_falls_due(carrier, days):
    carrier.submit_port(port_request(THREE_LINES))
    ServiceAccount.objects.filter(btn=THREE_LINES.btn).update(company_name="Acme Holdings, Inc.")
    days(1)
    assert last_word(carrier).code == "company_name_mismatch"


def test_two_ports_of_one_number(carrier, days):
    carrier.submit_port(port_request(THREE_LINES))
    carrier.submit_port(port_request(THREE_LINES, key="P-2-1", reference="P-2"))
    days(1)
    first, second = port_events(carrier)
    assert first.kind == EventKind.PORT_CONFIRMED
    assert (second.code, second.numbers) == ("pending_order", THREE_LINES.numbers)


def test_a_rejected_port_holds_no_numbers(carrier, days):
    carrier.submit_port(port_request(THREE_LINES, company_name="Wrong"))
    days(1)
    carrier.submit_port(port_request(THREE_LINES, key="P-2-1", reference="P-2"))
    days(1)
    assert last_word(carrier).kind == EventKind.PORT_CONFIRMED


def test_lines_that_stay_get_the_new_btn(carrier, days):
    carrier.submit_port(
        port_request(
            THREE_LINES,
            numbers=THREE_LINES.numbers[:2],
            full_port=False,
            keep_remaining=True,
            new_btn="+14085550112",
        )
    )
    days(1)
    days(5)
    stays = ServiceLine.objects.select_related("account").get(e164="+14085550112")
    assert (stays.status, stays.btn, stays.account.btn) == ("active", "+14085550112", "+14085550112")


def test_lines_that_nobody_keeps_are_disconnected(carrier, days):
    carrier.submit_port(port_request(THREE_LINES, numbers=THREE_LINES.numbers[:2], full_port=False))
    days(1)
    days(5)
    assert ServiceLine.objects.get(e164="+14085550112").status == "disconnected"


def test_lines_stay_as_they_are_when_the_btn_stays(carrier, days):
    carrier.submit_port(port_request(THREE_LINES, numbers=THREE_LINES.numbers[1:], full_port=False))
    days(1)
    days(5)
    assert ServiceLine.objects.get(e164=THREE_LINES.btn).status == "active"


def test_cancel_before_the_activation_day(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES))
    days(1)
    carrier.cancel_port(ref, "cancel-1")
    carrier.cancel_port(ref, "cancel-1")
    days(0.2)
    assert (last_word(carrier).kind, last_word(carrier).key) == (EventKind.PORT_CANCELED, "cancel-1")
    days(20)
    assert len(port_events(carrier)) == 2
    assert ServiceLine.objects.filter(status="ported").count() == 0


def test_cancel_while_the_answer_is_awaited(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES))
    days(0.9)
    carrier.cancel_port(ref, "cancel-1")
    days(5)
    assert [event.kind for event in port_events(carrier)] == [EventKind.PORT_CANCELED]


@pytest.mark.parametrize("late", [5.7, 6, 9])
def test_cancel_too_late(carrier, days, late):
    ref = carrier.submit_port(port_request(THREE_LINES))
    days(1)
    days(late - 1)
    carrier.cancel_port(ref, "cancel-1")
    days(1)
    kinds = {event.kind for event in story(carrier)}
    assert kinds == {EventKind.PORT_CONFIRMED, EventKind.PORT_COMPLETED, EventKind.PORT_CANCEL_REFUSED}


def test_two_cancel_requests_are_both_answered(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES))
    carrier.cancel_port(ref, "cancel-1")
    carrier.cancel_port(ref, "cancel-2")
    days(1)
    assert [event.key for event in port_events(carrier)] == ["cancel-1", "cancel-2"]


def test_an_ended_port_takes_no_supplement(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES))
    carrier.cancel_port(ref, "cancel-1")
    days(1)
    with pytest.raises(CarrierRefused, match="has ended"):
        carrier.supplement_port(ref, port_request(THREE_LINES, key="P-1-2"))


def test_after_a_cancel_the_order_can_be_sent_again(carrier, days):
    ref = carrier.submit_port(port_request(THREE_LINES))
    carrier.cancel_port(ref, "cancel-1")
    days(1)
    assert carrier.submit_port(port_request(THREE_LINES, key="P-1-2")) != ref
    days(1)
    days(5)
    assert last_word(carrier).kind == EventKind.PORT_COMPLETED


@pytest.mark.parametrize("ref", ["", "SIM-P-999", "SIM-P-", "SIM-P-²", "1"])
def test_a_reference_that_is_not_ours_is_refused(carrier, ref):
    with pytest.raises(CarrierRefused):
        carrier.cancel_port(ref, "cancel-1")


def test_papers_are_kept_without_their_pages(carrier):
    carrier.submit_port(port_request(THREE_LINES))
    sent = SimAttempt.objects.get().request
    assert {paper["kind"] for paper in sent["documents"]} == {"bill", "loa"}
    assert all("data" not in paper for paper in sent["documents"])


def test_the_queries_of_an_answer_do_not_grow_with_the_numbers(carrier, wall):
    costs = []
    for account in (THREE_LINES, MANY_LINES):
        carrier.submit_port(port_request(account, key=account.btn, reference=account.btn))
        wall.shift(10)
        with CaptureQueriesContext(connection) as queries:
            tick()
        assert last_word(carrier).kind == EventKind.PORT_CONFIRMED
        costs.append(len(queries))
    # The first answer also makes the feed's row.
    assert costs[1] <= costs[0]


def test_a_rejection_names_no_port_twice(carrier, days):
    """A wrong attempt that is sent again unchanged, with a key of its own, is rejected again."""
    wrong = port_request(THREE_LINES, company_name="Wrong")
    ref = carrier.submit_port(wrong)
    days(1)
    carrier.supplement_port(ref, replace(wrong, key="P-1-2"))
    days(1)
    assert [event.code for event in port_events(carrier)] == ["company_name_mismatch"] * 2
