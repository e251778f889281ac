"""Real workers are killed and the broker is emptied while orders are under way: all complete, nothing happens twice.

The orders are submitted by a process of their own, a worker with two children does the work, and the beat runs beside
them, all on the test's PostgreSQL and Redis (and on Linux: the children are found in /proc). The control is the same
without the sweep: there a flush must lose orders.
"""

import random
import time
from collections import Counter

import pytest

from accounts.models import Membership, Organization, User
from notifications.models import MailboxEntry, Message
from porting.models import PortEvent, PortOrder, TestRun
from pstn.models import PhoneNumber
from simulator.models import ServiceAccount, ServiceLine, SimAttempt, SimPort
from tests.factories import make_connected_location
from tests.house import wait_until
from tests.porting.factories import ACCOUNT, make_port_order

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
BTN = "+14085559999"
SUBMIT = """
import time
from porting.workflow import orders as workflow
from porting.models import PortOrder
for order in PortOrder.unscoped.filter(state="draft").order_by("pk"):
    workflow.submit(order, by=order.created_by)
    time.sleep({pause})
"""


STORY = [
    *("submit", "pass_check", "accept_by_carrier", "confirm", "begin_activation", "complete"),
    *("move_messaging", "move_messaging"),  # on its way, and there
]


def make_orders(count):
    """Drafts of one number each, all of one account at the simulated carrier, whose BTN stays there."""
    org = Organization.objects.create(name="Acme", slug="acme")
    ada = User.objects.create_user("ada@acme.example", "Ada Park")
    Membership.objects.create(user=ada, org=org, role="full_admin")
    location = make_connected_location(org)
    record = ServiceAccount.objects.create(
        carrier_name="Valley Telephone",
        account_number=ACCOUNT["account_number"],
        btn=BTN,
        company_name=ACCOUNT["company_name"],
        authorized_names="Ada Park",
        line1=ACCOUNT["address_line1"],
        city="San Jose",
        state="CA",
        postal_code="95112",
    )
    numbers = [f"+1408555{number:04}" for number in range(count)]
    ServiceLine.objects.bulk_create(
        ServiceLine(account=record, e164=e164, btn=BTN, rate_center="SAN JOSE") for e164 in [*numbers, BTN]
    )
    for e164 in numbers:
        make_port_order(org, numbers=(e164,), location=location, btn=BTN, full_port=False, created_by=ada)


def work(house, orders, *, kills, seed):
    """Submit everything while the worker, or a child of it, is killed at random moments; the broker is emptied once."""
    moments = random.Random(seed)
    house.start_beat()
    house.start("submit", "manage.py", "shell", "-c", SUBMIT.format(pause=0.15))
    house.start_worker()
    for kill in range(kills):
        began = handled()
        wait_until(lambda: handled() > began, 15)
        time.sleep(moments.uniform(0.0, 1.2))
        if kill % 2:
            house.kill_one_of("worker", moments)
            continue
        house.kill("worker")
        if kill == kills // 4 * 2:
            sent = PortOrder.unscoped.exclude(state="draft").count()
            # Nobody works now: what is submitted next is in the broker only, until it is emptied.
            assert wait_until(
                lambda: PortOrder.unscoped.exclude(state="draft").count() >= min(sent + 5, orders), 30
            )
            assert house.redis.llen("celery") > 0
            house.redis.flushdb()
        house.start_worker()
    house.running.pop("submit").wait(180)


def handled():
    return PortEvent.unscoped.exclude(handled_at=None).count()


def two_minutes_pass(house):
    """A worker that is killed while it mails leaves its claims behind; they run out after two minutes."""
    Message.objects.filter(sent_at=None).update(claimed_at=None)
    for key in house.redis.keys("*mail-sweep*"):
        house.redis.delete(key)


def completed():
    return PortOrder.unscoped.filter(state="completed").count()


def test_100_orders_10_kills_and_a_flush(house):
    orders = 100
    make_orders(orders)
    console = house(sweep=True)
    work(console, orders, kills=10, seed=20261122)

    def finished():
        unsent = Message.objects.filter(sent_at=None).exists()
        unhandled = PortEvent.unscoped.filter(handled_at=None).exists()
        untested = TestRun.unscoped.untold().exists()
        return completed() == orders and not unsent and not unhandled and not untested

    assert wait_until(lambda: completed() == orders, 240), (completed(), console.said())
    two_minutes_pass(console)
    assert wait_until(finished, 90), (Message.objects.filter(sent_at=None).count(), console.said())
    # Each order is one port at the carrier, of one attempt, whoever was killed in the middle of sending it.
    kinds = Counter(SimAttempt.objects.values_list("kind", flat=True))
    assert SimPort.objects.count() == orders
    assert kinds == {SimAttempt.Kind.FIRST: orders, SimAttempt.Kind.TEST: orders}  # and tested once, too
    assert set(SimPort.objects.values_list("state", flat=True)) == {SimPort.State.COMPLETED}
    # Each order went each way once.
    for order in PortOrder.unscoped.all():
        assert list(order.events.values_list("verb", flat=True)) == STORY
    assert PhoneNumber.unscoped.filter(state="active").count() == orders
    # Each mail is there, and once: a worker killed between sending and noting it repeats the same Message-ID.
    arrived = set(MailboxEntry.objects.values_list("message_id", flat=True))
    kinds = Counter(Message.objects.values_list("kind", flat=True))
    once = ("port_submitted", "port_foc_received", "port_completed", "port_messaging_moved")
    assert kinds == dict.fromkeys(once, orders)
    assert arrived == set(Message.objects.values_list("message_id", flat=True))


def test_control_without_the_sweep_a_flush_loses_orders(house):
    orders = 30
    make_orders(orders)
    work(house(sweep=False), orders, kills=2, seed=20261122)
    assert not wait_until(lambda: completed() == orders, 8)
    assert PortOrder.unscoped.filter(state="validating").count() >= 5
