"""Warnings before an order is closed because nobody acts, each once; and the closing itself."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.models import Message
from porting.models import PortOrder
from porting.tasks import reminders
from porting.workflow import orders as workflow
from tests.porting.factories import a_date, make_port_order

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 11, 3, 17, tzinfo=UTC)


@pytest.fixture
def wait_until(time_machine, at_work):
    """Let the calendar run until a day after the beginning, the task at least once a day or only at the end."""
    time_machine.move_to(BEGAN, tick=False)

    def wait(day, asleep=False):
        for one in range(day if asleep else wait.at, day + 1):
            time_machine.move_to(BEGAN + timedelta(days=one, minutes=1), tick=False)
            for _n in range(2):
                with at_work():
                    reminders.look_around()
        wait.at = day

    wait.at = 0
    return wait


def days_left():
    rows = Message.objects.filter(kind="port_closing", to="ada@acme.example").order_by("pk")
    return [int(next(word for word in row.subject.split() if word.isdigit())) for row in rows]


@pytest.mark.parametrize(
    ("state", "left", "last", "after", "ending"),
    [("draft", [27, 16, 3], 29, 30, "expired"), ("rejected", [38, 24, 5], 44, 45, "abandoned")],
)
def test_three_warnings_then_it_is_closed(acme, ada, office, wait_until, state, left, last, after, ending):
    order = make_port_order(acme, state=state)
    wait_until(last)
    order.refresh_from_db()
    assert order.state == state
    assert days_left() == left
    wait_until(after)
    order.refresh_from_db()
    assert order.state == ending
    assert days_left() == left
    assert order.events.get().source == "clock"
    if state == "rejected":
        assert not acme.phone_numbers.exists()


@pytest.mark.parametrize(
    ("asleep_until", "left"), [(5, []), (8, [37]), (22, [23]), (30, [15]), (43, [5]), (200, [5])]
)
def test_after_a_pause_only_the_latest_warning_is_sent(acme, ada, office, wait_until, asleep_until, left):
    order = make_port_order(acme, state="rejected")
    wait_until(asleep_until, asleep=True)
    order.refresh_from_db()
    assert order.state == "rejected"
    assert days_left() == left


def test_nothing_is_closed_unannounced(acme, ada, office, wait_until):
    order = make_port_order(acme, state="rejected")
    wait_until(200, asleep=True)
    wait_until(204)
    order.refresh_from_db()
    assert (order.state, days_left()) == ("rejected", [5])
    wait_until(205)
    order.refresh_from_db()
    assert (order.state, days_left()) == ("abandoned", [5])


def test_who_works_on_it_begins_the_wait_anew(acme, ada, office, wait_until):
    order = make_port_order(acme, state="draft")
    wait_until(14)
    edited = BEGAN + timedelta(days=14)
    PortOrder.unscoped.filter(pk=order.pk).update(edited_at=edited)
    wait_until(40)
    order.refresh_from_db()
    assert order.state == "draft"
    assert days_left() == [27, 16, 27, 16]
    wait_until(44)
    order.refresh_from_db()
    assert order.state == "expired"


def test_a_second_rejection_begins_the_wait_anew(acme, ada, office, carrier, wait_until):
    order = make_port_order(acme, state="rejected", reject_code="unknown")
    wait_until(30)
    order.documents.filter(kind="bill").update(dated=order.today)
    PortOrder.unscoped.filter(pk=order.pk).update(requested_date=a_date(9))
    order = PortOrder.unscoped.get(pk=order.pk)
    workflow.resubmit(order, by=ada)
    workflow.reject(order, code="unknown")
    wait_until(60)
    order.refresh_from_db()
    assert order.state == "rejected"
    assert days_left() == [38, 24, 38, 24]


@pytest.mark.parametrize("state", ["awaiting_signature", "awaiting_documents"])
def test_what_waits_for_papers_becomes_a_draft_again(acme, ada, office, wait_until, state):
    order = make_port_order(acme, state=state)
    wait_until(29)
    order.refresh_from_db()
    assert order.state == state
    wait_until(30)
    order.refresh_from_db()
    assert order.state == "draft"
    assert not acme.phone_numbers.exists()
    assert days_left() == []


def test_papers_that_the_carrier_wants_are_not_recalled(acme, ada, office, wait_until):
    order = make_port_order(acme, state="awaiting_documents", carrier_ref="ref-1")
    order.numbers.update(state="submitted")
    wait_until(40, asleep=True)
    order.refresh_from_db()
    assert order.state == "awaiting_documents"


@pytest.mark.parametrize("state", ["submitted", "foc_received", "completed", "canceled", "expired"])
def test_nothing_else_is_warned_of_or_closed(acme, ada, office, wait_until, state):
    order = make_port_order(acme, state=state)
    wait_until(60, asleep=True)
    order.refresh_from_db()
    assert order.state == state
    assert days_left() == []


def test_one_run_costs_the_same_for_young_orders(acme, ada, office, wait_until, django_assert_num_queries):
    make_port_order(acme, state="draft")
    reminders.look_around()
    with django_assert_num_queries(6):
        reminders.look_around()
    for n in range(20):
        make_port_order(acme, state="draft", numbers=(f"+140855501{n:02}",))
    reminders.look_around()
    with django_assert_num_queries(6):
        reminders.look_around()
