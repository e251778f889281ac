"""The rule of a placed order's state, and every pair of the table."""

from itertools import product

import pytest

from lib.transitions import Refused
from pstn.models import NumberOrder
from pstn.models.order_rule import Standing, state_of
from pstn.workflow import number_orders as workflow
from tests.factories import make_number_order
from tests.pstn.fakes import STOCK

STATES = NumberOrder.State.values


@pytest.mark.parametrize(
    ("lines", "facts", "state"),
    [
        ({"pending": 2}, {}, "pending"),
        ({"pending": 1, "provisioned": 4}, {}, "pending"),
        ({"pending": 1}, {"waits": True}, "pending"),
        ({"pending": 1}, {"wish": True}, "cancel_requested"),
        ({}, {"waits": True}, "back_ordered"),
        ({"provisioned": 2, "failed": 1}, {"waits": True}, "back_ordered"),
        ({"provisioned": 2}, {"waits": True, "wish": True}, "cancel_requested"),
        ({"provisioned": 2}, {"wish": True}, "provisioned"),  # it has all come: nothing is left to cancel
        ({"provisioned": 2, "failed": 1}, {}, "partly"),
        ({"provisioned": 2}, {"back_failed": True}, "partly"),
        ({"provisioned": 2, "canceled": 1, "replaced": 1}, {}, "provisioned"),
        ({"failed": 2}, {}, "error"),
        ({}, {"back_failed": True}, "error"),
        ({"canceled": 2}, {}, "canceled"),
        ({}, {}, "canceled"),
    ],
)
def test_the_rule(lines, facts, state):
    assert state_of(Standing(lines, **facts)) == state


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_every_pair_of_the_table(location, eli, before, after):
    order = make_number_order(location, STOCK[:2], state=before)
    allowed = after == before or after in workflow.ALLOWED[before]
    try:
        with workflow.settled(order, "test", set(STATES), rule=lambda: after, by=eli):
            pass
    except Refused:
        assert not allowed
        assert not order.events.exists()
    else:
        assert allowed
        assert order.events.filter(before=before, after=after).count() == 1
    order.refresh_from_db()
    assert order.state == (after if allowed else before)


@pytest.mark.parametrize("state", set(STATES) - {"draft"})
def test_only_a_draft_is_placed(location, eli, state):
    order = make_number_order(location, STOCK[:2], state=state)
    with pytest.raises(Refused):
        workflow.place(order, by=eli)
    assert not order.events.exists()


def test_a_move_costs_the_same_however_many_numbers(location, eli, carrier, django_assert_max_num_queries):
    """Bench B7 measures the time; this keeps the statements."""
    for count in (1, 90):
        order = make_number_order(location, [f"+1408{count:03}{n:04}" for n in range(count)])
        with django_assert_max_num_queries(30):
            workflow.place(order, by=eli)
        with django_assert_max_num_queries(24):
            workflow.provision(order)
