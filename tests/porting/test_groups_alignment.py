"""Same day for all: who is moved, who is not, and never twice for one day."""

import pytest

from porting.models import FeeBand
from porting.tasks.groups import align
from porting.workflow import groups as workflow
from porting.workflow import orders
from tests.porting.factories import a_date, make_port_order

pytestmark = pytest.mark.django_db
EARLY, LATE, LATER = a_date(8), a_date(10), a_date(12)


@pytest.fixture
def group(acme, ada, office, carrier):
    return acme.port_groups.create(created_by=ada, location=office)


@pytest.fixture
def child(group, acme):
    def child(day=None, state="foc_received", **fields):
        n = group.orders.count()
        return make_port_order(
            acme,
            state=state,
            group=group,
            numbers=(f"+1408555050{n}",),
            carrier_ref=f"ref-P-{n}",
            foc_date=day,
            **fields,
        )

    return child


def wishes(group):
    return [order.wished_date for order in group.orders.order_by("pk")]


def test_the_earlier_one_is_moved_to_the_latest(group, child, carrier, at_work):
    child(EARLY)
    child(LATE)
    with at_work():
        align(group.pk)
    assert wishes(group) == [LATE, None]
    assert [call[-1] for call in carrier.made("change_date")] == [LATE]
    assert [event.verb for event in group.events.all()] == ["align"]


def test_it_happens_when_the_last_one_gets_its_date(group, child, carrier, news):
    child(EARLY)
    waiting = child(None, state="submitted")
    carrier.tell("port.confirmed", waiting, date=LATE)
    news()
    assert wishes(group) == [LATE, None]


def test_an_agreed_date_ends_it(group, child, carrier, news):
    early, _late = child(EARLY), child(LATE)
    align(group.pk)
    early.refresh_from_db()
    orders.change_date(early, foc_date=LATE)
    align(group.pk)
    assert wishes(group) == [None, None]
    assert group.events.count() == 1


def test_it_is_never_asked_twice_for_the_same_day(group, child):
    early = child(EARLY)
    child(LATE)
    align(group.pk)
    early.refresh_from_db()
    orders.refuse_date(early, detail="not possible")
    align(group.pk)
    align(group.pk)
    early.refresh_from_db()
    assert (early.state, early.date_changes) == ("foc_received", 1)
    assert early.events.filter(verb="request_date").count() == 1


def test_another_latest_day_is_asked_for_again(group, child):
    early, late = child(EARLY), child(LATE)
    align(group.pk)
    early.refresh_from_db()
    orders.refuse_date(early)
    orders.confirm(late, foc_date=LATER)
    align(group.pk)
    assert wishes(group) == [LATER, None]


@pytest.mark.parametrize("state", ["submitted", "foc_lost", "rejected", "validating"])
def test_nobody_moves_while_one_at_the_carrier_has_no_date(group, child, state):
    child(EARLY)
    child(LATE)
    child(None, state=state)
    align(group.pk)
    assert wishes(group) == [None, None, None]


@pytest.mark.parametrize("state", ["draft", "canceled", "completed", "abandoned", "expired"])
def test_drafts_and_ended_orders_hold_nobody_up(group, child, state):
    child(EARLY)
    child(LATE)
    child(LATER if state == "completed" else None, state=state)
    align(group.pk)
    assert wishes(group)[0] == LATE


def test_turned_off_nothing_moves(group, child, ada, at_work):
    child(EARLY)
    child(LATE)
    workflow.set_alignment(group, on=False, by=ada)
    align(group.pk)
    assert wishes(group) == [None, None]
    with at_work():
        workflow.set_alignment(group, on=True, by=ada)
    assert wishes(group) == [LATE, None]


def test_without_changes_left_it_is_told_once(group, child):
    child(EARLY, date_changes=3)
    child(LATE)
    align(group.pk)
    align(group.pk)
    (event,) = group.events.all()
    assert (event.verb, event.date) == ("not_aligned", LATE)
    assert "as often as carriers allow" in event.note
    assert wishes(group) == [None, None]


def test_what_costs_something_is_left_to_a_person(group, child):
    FeeBand.objects.filter(kind=FeeBand.Kind.CHANGE).delete()
    FeeBand.objects.create(kind=FeeBand.Kind.CHANGE, under_hours=72, amount=25)
    child(a_date(1))
    child(LATE)
    align(group.pk)
    assert wishes(group) == [None, None]
    assert "somebody must decide" in group.events.get().note


def test_one_that_is_taken_out_is_not_counted(group, child, ada, at_work):
    child(EARLY)
    child(LATE)
    waiting = child(None, state="submitted")
    with at_work():
        workflow.detach(waiting, by=ada)
    assert wishes(group) == [LATE, None]


def test_one_date_for_all_needs_nothing(group, child):
    child(LATE)
    child(LATE)
    align(group.pk)
    assert not group.events.exists()
