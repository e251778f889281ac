"""Two who divide a list at once, on PostgreSQL: it is divided once, and no number is lost or doubled."""

import pytest

from lib.transitions import Refused
from porting import drafting
from porting.models import PortedNumber, PortGroup, PortOrder
from porting.workflow import orders as workflow
from tests.porting.factories import make_port_order
from tests.porting.test_races import attempt, fresh, make_customer
from tests.pstn.test_races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def customer():
    return make_customer("acme")


@pytest.fixture
def order(customer, carrier):
    """Three numbers, each of another carrier."""
    order = make_port_order(customer[0])
    for n, row in enumerate(order.numbers.all()):
        order.numbers.filter(pk=row.pk).update(losing_carrier=f"Carrier {n}")
    return order


def divide(order, person):
    return attempt(drafting.make_orders, fresh(order), version="0", aligned=True, by=person)


def test_pressed_by_many_at_once_it_is_made_once(order, customer):
    outcomes = at_once(8, lambda n: divide(order, customer[1]))
    assert sum(isinstance(outcome, PortGroup) for outcome in outcomes) == 1
    assert outcomes.count("stale") == 7
    assert PortOrder.unscoped.count() == 3
    assert PortGroup.unscoped.count() == 1
    assert sorted(PortedNumber.unscoped.values_list("e164", flat=True)) == [
        "+14085550110",
        "+14085550111",
        "+14085550112",
    ]


def test_without_the_version_many_would_be_made(order, customer):
    """The control: who saw an older plan would divide what is left of it."""
    drafting.make_orders(fresh(order), version="0", aligned=True, by=customer[1])
    with pytest.raises(drafting.Stale):
        drafting.make_orders(fresh(order), version="0", aligned=True, by=customer[1])
    with pytest.raises(Refused):  # nothing is left to divide even for those who look again
        drafting.make_orders(fresh(order), version="1", aligned=True, by=customer[1])


@pytest.mark.parametrize("turn", range(3))
def test_divided_and_discarded_at_once(order, customer, turn):
    verbs = [
        lambda: divide(order, customer[1]),
        lambda: attempt(workflow.discard, fresh(order), by=customer[1]),
    ]

    def act(n):
        try:
            return verbs[n]()
        except PortOrder.DoesNotExist:
            return "gone"

    outcomes = at_once(2, act)
    assert outcomes[1] == "done"
    made = isinstance(outcomes[0], PortGroup)
    assert PortOrder.unscoped.count() == (2 if made else 0)
    assert PortedNumber.unscoped.count() == (2 if made else 0)
