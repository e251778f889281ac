"""Many people at once, on PostgreSQL: what may happen once happens once. The control shows that the race is real."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Membership, Organization, User
from carrier.base import Hold
from lib.transitions import Refused
from pstn import replacing, stock, tasks, terms_text
from pstn.models import NumberBlock, NumberEvent, NumberOrder, NumberOrderLine, PhoneNumber
from pstn.models.numbers import taken
from pstn.workflow import number_drafts, terms
from pstn.workflow import number_orders as workflow
from tests.factories import make_connected_location, make_number_order
from tests.pstn.fakes import STOCK, FakeCarrier

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
BUYERS = 32


def at_once(count, work):
    """Run work(0) … work(count - 1) in threads that start together; their results. An error in one fails the test."""
    gate, results, errors = threading.Barrier(count), [None] * count, []

    def run(n):
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            results[n] = work(n)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not errors, errors
    return results


@pytest.fixture
def org():
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    return Organization.objects.create(name="Acme", slug="acme")


@pytest.fixture
def buyer(org):
    user = User.objects.create_user("eli@acme.example", "Eli Stone")
    Membership.objects.create(user=user, org=org, role="full_admin")
    return user


@pytest.fixture
def location(org):
    return make_connected_location(org)


@pytest.fixture
def other_location():
    return make_connected_location(Organization.objects.create(name="Globex", slug="globex"))


def drafts(count, *locations):
    """One draft for each buyer, in turn for each location."""
    places = [locations[n % len(locations)] for n in range(count)]
    return [place.org.number_orders.create(location=place, region="CA") for place in places]


def buy(order, by, quantity):
    """What the pages do: search and hold, then place."""
    order = NumberOrder.unscoped.get(pk=order.pk)
    try:
        if workflow.look(order, stock.Search("US", "CA", quantity=quantity)):
            workflow.place(order, by=by)
    except Refused as refusal:
        return str(refusal)
    return order.state


def test_32_buyers_of_the_same_hundred_numbers(location, other_location, buyer):
    from simulator import tasks as simulator_tasks
    from simulator.models import Appointment, StockBlock, StockTake

    StockBlock.of("+14087770", first=0, last=99, state="CA", city="San Jose", rate_center="SNJS").save()
    orders = drafts(BUYERS, location, other_location)
    at_once(BUYERS, lambda n: buy(orders[n], buyer, 5))
    # Under such a crowd some found fewer than they wanted; one more takes whatever is left.
    buy(*drafts(1, location), buyer, 100)
    Appointment.objects.update(due_at=timezone.now())
    simulator_tasks.tick()
    tasks.take_carrier_events()

    sold = Counter(NumberOrderLine.unscoped.filter(is_placed=True).values_list("e164", flat=True))
    assert len(sold) == 100
    assert set(sold.values()) == {1}
    assert set(PhoneNumber.unscoped.values_list("e164", flat=True)) == set(sold)
    assert StockBlock.objects.get().free == 0
    assert sorted(n for take in StockTake.objects.exclude(order=None) for n in take.numbers) == sorted(sold)
    assert set(NumberOrder.unscoped.values_list("state", flat=True)) == {"provisioned", "draft"}


class CarelessCarrier(FakeCarrier):
    """Holds anything for anybody, as often as asked: only our own records stand between two buyers."""

    def find_numbers(self, search):
        return tuple(self._number(e164) for e164 in STOCK[: search.quantity])

    def hold(self, key, numbers, seconds):
        found = tuple(self._number(e164) for e164 in numbers)
        return Hold(key, found, timezone.now() + timedelta(seconds=seconds))


def test_a_careless_carrier_still_sells_each_number_once(location, other_location, buyer, settings):
    settings.CARRIER = "tests.pstn.test_races.CarelessCarrier"
    FakeCarrier.reset()
    orders = drafts(BUYERS, location, other_location)
    results = at_once(BUYERS, lambda n: buy(orders[n], buyer, 100))
    assert Counter(results)["pending"] == 1
    assert all("Not to be had" in r or "Already in your" in r for r in results if r != "pending"), results
    assert NumberOrderLine.unscoped.filter(is_placed=True).count() == PhoneNumber.unscoped.count() == 100


def test_32_people_on_the_last_block(location, other_location, buyer):
    """One gets it, whole; the others read that they were too late, and nobody is left with a part."""
    from simulator.models import StockBlock

    StockBlock.of("+14087770", first=0, last=9, state="CA", city="San Jose", rate_center="SNJS").save()
    orders = drafts(BUYERS, location, other_location)
    NumberOrder.unscoped.update(kind="block", area_code="408")

    def buy_block(n):
        order = NumberOrder.unscoped.get(pk=orders[n].pk)
        try:
            number_drafts.take_block(order, "+14087770000", 10)
            workflow.place(order, by=buyer)
        except Refused as refusal:
            return str(refusal)
        return order.state

    results = at_once(BUYERS, buy_block)
    assert Counter(results) == {
        "pending": 1,
        "Somebody else has just taken this block. Choose another one.": BUYERS - 1,
    }
    assert NumberBlock.unscoped.get().phone_numbers.count() == PhoneNumber.unscoped.count() == 10


def test_a_hold_that_expires_while_the_order_is_placed(location, other_location, buyer):
    """Placed in the last second, and somebody else holds the numbers before the carrier hears of it."""
    from simulator.models import StockBlock

    StockBlock.of("+14087770", first=0, last=9, state="CA", city="San Jose", rate_center="SNJS").save()
    slow, quick = drafts(2, location, other_location)
    workflow.look(slow, stock.Search("US", "CA", quantity=3))
    e164s = list(slow.lines.values_list("e164", flat=True))
    stock.release(slow.hold_id)  # the carrier's clock was ahead of ours
    assert len(stock.hold_these(e164s[:1], name="quick").numbers) == 1
    workflow.place(slow, by=buyer)
    slow.refresh_from_db()
    assert slow.state == "error"
    assert "not available any more" in slow.error
    assert not PhoneNumber.unscoped.exists()
    draft = replacing.begin(slow, by=buyer)
    assert draft.lines.count() == 3


def test_control_reading_then_writing_oversells(org, location, buyer):
    """The same crowd, with the check that everybody writes first: look whether it is free, then take it."""

    def naive(n):
        for e164 in STOCK:
            if not NumberEvent.unscoped.filter(e164=e164, what="sold").exists() and e164 not in taken([e164]):
                time.sleep(0.001)
                NumberEvent.unscoped.create(org=org, e164=e164, what="sold", by=buyer)

    at_once(BUYERS, naive)
    sold = Counter(NumberEvent.unscoped.filter(what="sold").values_list("e164", flat=True))
    assert sum(sold.values()) > len(sold) == 100


@pytest.mark.parametrize("presses", [2, 8])
def test_place_pressed_at_once_is_one_order(location, buyer, settings, presses):
    settings.CARRIER = "tests.pstn.fakes.FakeCarrier"
    world = FakeCarrier.reset()
    order = make_number_order(location, STOCK[:10])

    def press(_n):
        mine = NumberOrder.unscoped.get(pk=order.pk)
        try:
            workflow.place(mine, by=buyer)
        except Refused:
            return "refused"
        return "placed"

    assert Counter(at_once(presses, press)) == {"placed": 1, "refused": presses - 1}
    assert order.events.filter(after="pending").count() == 1
    assert world.calls.count("order") == 1


def test_a_trial_is_not_outrun(org, location, buyer, settings):
    settings.CARRIER = "tests.pstn.fakes.FakeCarrier"
    FakeCarrier.reset()
    org.is_trial = True
    org.save()
    orders = [make_number_order(location, STOCK[n * 4 : n * 4 + 4]) for n in range(6)]

    def press(n):
        try:
            workflow.place(NumberOrder.unscoped.get(pk=orders[n].pk), by=buyer)
        except Refused:
            return "refused"
        return "placed"

    assert Counter(at_once(6, press)) == {"placed": 2, "refused": 4}
    assert PhoneNumber.unscoped.count() == 8


@pytest.mark.parametrize("trial", range(8))
def test_accepting_while_the_carrier_delivers_leaves_no_number_waiting(location, buyer, settings, trial):
    settings.CARRIER = "tests.pstn.fakes.FakeCarrier"
    FakeCarrier.reset()
    order = make_number_order(location, STOCK[:20])
    workflow.place(order, by=buyer)
    membership = Membership.objects.select_related("org", "user").get(user=buyer)

    def one_or_the_other(n):
        if n == 0:
            terms.accept(membership, sha256=terms_text.current().sha256)
        else:
            workflow.provision(NumberOrder.unscoped.get(pk=order.pk))

    at_once(2, one_or_the_other)
    order.refresh_from_db()
    assert set(order.phone_numbers.values_list("state", "waits_for_terms")) == {("active", False)}
    assert not order.waits_for_terms


def test_an_event_taken_by_many_workers_is_applied_once(location, buyer, settings):
    settings.CARRIER = "tests.pstn.fakes.FakeCarrier"
    FakeCarrier.reset()
    order = make_number_order(location, STOCK[:20])
    workflow.place(order, by=buyer)
    FakeCarrier().happens("numbers.provisioned", f"number-order-{order.pk}")
    at_once(8, lambda n: tasks.take_carrier_events())
    assert order.events.filter(after="provisioned").count() == 1
    assert NumberEvent.unscoped.filter(what="provisioned").count() == 20


def test_the_same_paste_added_twice_at_once(org, buyer):
    from pstn.workflow import numbers

    place = make_connected_location(org, "premises", name="Warehouse")

    def add(n):
        try:
            return numbers.add(place, STOCK if n % 2 else STOCK[::-1], kind="standard", active=True, by=buyer)
        except Refused as refusal:
            return str(refusal)

    results = at_once(8, add)
    assert Counter(results)[100] == 1
    assert all("Already in your inventory" in str(r) for r in results if r != 100), results
