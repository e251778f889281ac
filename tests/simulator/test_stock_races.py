"""Many buyers of the simulated stock at once, on PostgreSQL: nothing twice, nothing lost, nobody waits for ever."""

import random
import time
from collections import Counter

import pytest
from django.db import connection, transaction
from django.utils import timezone

from carrier.base import CarrierRefused, EventKind, NumberSearch, Topic
from simulator import appointments, stock, thousands
from simulator.carrier import SimulatedCarrier
from simulator.models import Appointment, Clock, StockBlock, StockHold, StockOrder, StockTake
from simulator.stock import holding, ledger
from tests.pstn.test_races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
BUYERS, EIGHT = 32, 8
SEARCH = NumberSearch("US", "CA", quantity=100)


@pytest.fixture
def carrier(settings):
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    settings.CARRIER_DAY_SECONDS = 10
    Clock.current()
    return SimulatedCarrier()


@pytest.fixture
def hundred():
    return shelf("+14085552", 100)


def shelf(thousand, count):
    row = StockBlock.of(thousand, state="CA", city="San Jose", rate_center="SNJS", last=count - 1)
    row.save()
    return row


def e164s(found):
    return [number.e164 for number in found]


def all_is_well():
    return list(stock.differences()) == []


def bought(carrier, key, numbers):
    """ "" when all numbers were held and ordered, else the code of the refusal or "held"."""
    hold = carrier.hold(f"H-{key}", numbers, 600)
    if len(hold.numbers) < len(numbers):
        carrier.release_hold(hold.id)
        return "held"
    try:
        carrier.order_numbers(f"N-{key}", numbers, hold.id)
    except CarrierRefused as refusal:
        return refusal.code
    return ""


def test_32_buyers_of_the_last_block(carrier, hundred):
    (block,) = carrier.find_blocks(SEARCH, 100)
    answers = at_once(BUYERS, lambda n: bought(carrier, str(n), block.numbers))
    assert Counter(answers)[""] == 1
    assert set(answers) == {"", "held"}
    assert sorted(n for take in StockTake.objects.all() for n in take.numbers) == sorted(block.numbers)
    assert carrier.find_blocks(SEARCH, 10) == ()
    assert all_is_well()


def test_overlapping_lists_in_any_order_never_wait_for_each_other(carrier):
    rows = [shelf(f"+1408555{n}", 30) for n in (2, 3, 4)]
    numbers = [number for row in rows for number in row.numbers(row.bits)]

    def work(n):
        mine = random.Random(n).sample(numbers, 40)
        hold = carrier.hold(f"H-{n}", mine, 600)
        if n % 2:
            carrier.release_hold(hold.id, e164s(hold.numbers)[::2])
        if n % 3 and (wanted := e164s(hold.numbers)[1::2]):
            carrier.order_numbers(f"N-{n}", wanted, hold.id)

    at_once(BUYERS, work)
    assert all_is_well()
    assert StockHold.objects.count() == BUYERS


def test_control_who_reads_before_locking_takes_numbers_twice(hundred):
    """The same crowd with the map read first and written later, as if the row's lock were not there."""

    def careless(n):
        row = StockBlock.objects.get()
        bits = sum(1 << place for place in thousands.positions(row.bits)[:10])
        time.sleep(0.01)
        order = StockOrder.objects.create(key=f"N-{n}")
        row.bits &= ~bits
        with transaction.atomic():
            ledger.write([row])
            StockTake.objects.create(block=row, order=order, bits=thousands.packed(bits))

    at_once(EIGHT, careless)
    assert "taken twice" in " ".join(stock.differences())


def test_a_hold_that_expires_while_it_is_ordered(carrier, hundred):
    numbers = hundred.numbers(hundred.bits)[:10]
    for turn in range(EIGHT):
        hold = carrier.hold(f"H-{turn}", numbers, 600)
        assert len(hold.numbers) == 10
        past = timezone.now()
        StockHold.objects.filter(key=f"H-{turn}").update(expires_at=past)
        StockTake.objects.filter(hold__key=f"H-{turn}").update(held_until=past)

        def work(n, turn=turn, hold=hold):
            if n == 0:
                try:
                    return carrier.order_numbers(f"N-{turn}", numbers, hold.id)
                except CarrierRefused as refusal:
                    return refusal.code
            if n == 1:
                return holding.fold_lapsed(timezone.now())
            return len(carrier.hold(f"other-{turn}", numbers, 600).numbers)

        order, _folded, other = at_once(3, work)
        # One of the two has all of them and the other none; in parts they are nobody's.
        assert (order == "gone", other) in {(True, 10), (False, 0)}
        assert all_is_well()
        carrier.release_hold(StockHold.objects.get(key=f"other-{turn}").reference)
        carrier.return_numbers(f"R-{turn}", numbers)


@pytest.mark.parametrize("verb", ["hold", "order", "return", "wait", "cancel"])
def test_the_same_key_many_times_is_one_effect(carrier, hundred, verb):
    numbers = hundred.numbers(hundred.bits)[:3]
    hold = carrier.hold("H-1", numbers, 600)
    ref = carrier.order_numbers("N-1", numbers, hold.id) if verb in {"return", "cancel"} else ""
    do = {
        "hold": lambda n: carrier.hold("H-2", hundred.numbers(hundred.bits)[5:9], 600).id,
        "order": lambda n: carrier.order_numbers("N-1", numbers, hold.id),
        "return": lambda n: carrier.return_numbers("R-1", numbers),
        "wait": lambda n: carrier.back_order("B-1", SEARCH),
        "cancel": lambda n: carrier.cancel_numbers(ref, "C-1"),
    }[verb]
    assert len(set(at_once(EIGHT, do))) == 1
    assert all_is_well()
    assert Appointment.objects.count() == {"order": 1, "return": 1, "cancel": 2}.get(verb, 0)


def test_a_cancel_and_the_provisioning_at_the_same_moment(carrier, hundred):
    for turn in range(EIGHT):
        numbers = hundred.numbers(hundred.bits)[:5]
        hold = carrier.hold(f"H-{turn}", numbers, 600)
        ref = carrier.order_numbers(f"N-{turn}", numbers, hold.id)
        pk = Appointment.objects.waiting().get().pk
        at_once(
            2,
            lambda n, pk=pk, ref=ref, turn=turn: (
                appointments.keep(pk) if n else carrier.cancel_numbers(ref, f"C-{turn}")
            ),
        )
        appointments.keep(Appointment.objects.waiting().get().pk)
        told = {e.kind for e in carrier.events(Topic.NUMBERS, "") if e.key in {f"N-{turn}", f"C-{turn}"}}
        assert told in (
            {EventKind.NUMBERS_CANCELED},
            {EventKind.NUMBERS_PROVISIONED, EventKind.NUMBERS_CANCEL_REFUSED},
        )
        assert all_is_well()
        carrier.return_numbers(f"R-{turn}", numbers)


def test_the_queue_is_served_once_by_many_workers(carrier, hundred):
    refs = [carrier.back_order(f"B-{n}", NumberSearch("US", "CA", quantity=7)) for n in range(EIGHT)]
    at_once(EIGHT, lambda n: stock.serve())
    assert [carrier.queue_place(ref).missing for ref in refs] == [0] * EIGHT
    assert Counter(StockOrder.objects.values_list("back_order", flat=True)).total() == EIGHT
    assert StockBlock.objects.get().free == 100 - 7 * EIGHT
    assert all_is_well()
