"""Two at once, on PostgreSQL: one wins, the other is told, and nothing is half done."""

import pytest
from django.db import connection

from accounts.models import Membership, Organization, User
from lib.transitions import Refused
from porting import drafting
from porting.forms.account import AccountForm
from porting.models import PortEvent, PortOrder
from porting.tasks import feed
from porting.workflow import orders as workflow
from pstn.models import PhoneNumber
from tests.factories import make_connected_location
from tests.porting.factories import ACCOUNT, NUMBERS, a_date, make_port_order
from tests.pstn.test_races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
FORM = {**ACCOUNT, "pin": "", "address_line2": "", "full_port": "True", "remaining": "", "new_btn": ""}


def make_customer(slug):
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    org = Organization.objects.create(name=slug.title(), slug=slug)
    person = User.objects.create_user(f"admin@{slug}.example", "Ada Park")
    Membership.objects.create(user=person, org=org, role="full_admin")
    make_connected_location(org)
    return org, person


def attempt(verb, *args, **kwargs):
    """The verb's outcome, or why it was refused. Each thread has its own copy of the order."""
    try:
        return verb(*args, **kwargs) or "done"
    except Refused:
        return "refused"
    except drafting.Stale:
        return "stale"


def fresh(order):
    return PortOrder.unscoped.whole().get(pk=order.pk)


def test_submitted_by_many_at_once_it_is_one_order(carrier):
    org, person = make_customer("acme")
    order = make_port_order(org)
    outcomes = at_once(8, lambda n: attempt(workflow.submit, fresh(order), by=person))
    assert sorted(outcomes) == ["done"] + ["refused"] * 7
    assert carrier.made("submit") == [[f"port-{order.pk}-1"]]
    assert PortEvent.unscoped.filter(order=order, after="validating").count() == 1
    assert PhoneNumber.unscoped.count() == len(NUMBERS)


def test_of_two_orders_with_the_same_numbers_one_is_sent(carrier):
    customers = [make_customer("acme"), make_customer("globex")]
    orders = [(make_port_order(org), person) for org, person in customers]
    outcomes = at_once(2, lambda n: attempt(workflow.submit, fresh(orders[n][0]), by=orders[n][1]))
    assert sorted(outcomes) == ["done", "refused"]
    assert PhoneNumber.unscoped.count() == len(NUMBERS)
    assert PhoneNumber.unscoped.values("org").distinct().count() == 1


@pytest.mark.parametrize("turn", range(5))
def test_canceled_and_completed_at_once_it_is_completed(carrier, turn):
    org, person = make_customer("acme")
    order = make_port_order(org, state="foc_received")
    verbs = [lambda: workflow.cancel(fresh(order), by=person), lambda: workflow.complete(fresh(order))]
    outcomes = at_once(2, lambda n: attempt(verbs[n]))
    assert outcomes[1] == "done"
    assert fresh(order).is_here
    assert set(PhoneNumber.unscoped.values_list("state", flat=True)) == {"active"}


@pytest.mark.parametrize("turn", range(5))
def test_two_workers_read_the_same_event(carrier, turn):
    org, _person = make_customer("acme")
    order = make_port_order(org, state="submitted")
    event = carrier.tell("port.confirmed", order, date=a_date(8))
    at_once(4, lambda n: feed.apply(event))
    assert PortEvent.unscoped.filter(order=order).count() == 1
    assert fresh(order).state == "foc_received"


def test_of_two_people_who_save_at_once_one_is_told(carrier):
    org, person = make_customer("acme")
    order = make_port_order(org)
    membership = person.memberships.get()

    def save(n):
        data = {**FORM, "company_name": f"Acme {n}"}
        form = AccountForm(data, instance=fresh(order), org=org, membership=membership)
        assert form.is_valid()
        return attempt(drafting.save_step, form.order, form, version="0", by=person)

    assert sorted(at_once(4, save)) == ["done", "stale", "stale", "stale"]
    assert fresh(order).version == 1


@pytest.mark.parametrize("turn", range(5))
def test_saving_and_submitting_at_once(carrier, turn):
    """Either the change is in what was sent, or it is refused: never a letter that says something else."""
    org, person = make_customer("acme")
    order = make_port_order(org)
    membership = person.memberships.get()

    def save():
        data = {**FORM, "company_name": "Acme Changed"}
        form = AccountForm(data, instance=fresh(order), org=org, membership=membership)
        assert form.is_valid()
        drafting.save_step(form.order, form, version="0", by=person)

    verbs = [save, lambda: workflow.submit(fresh(order), by=person)]
    outcomes = at_once(2, lambda n: attempt(verbs[n]))
    assert sorted(outcomes) == ["done", "refused"]
    stored = fresh(order)
    assert (stored.state == "submitted") is (stored.company_name == "Acme, Inc.")
