"""Orders of numbers at the carrier: in part, canceled in time or too late, and the queue of who waits."""

from dataclasses import replace

import pytest

from carrier.base import CarrierRefused, EventKind, NumberSearch, QueuePlace, Topic
from simulator import stock
from simulator.models import BackOrder, StockBlock, StockCancel, StockOrder, StockTake

SEARCH = NumberSearch("US", "CA", area_code="408", quantity=10)


def e164s(found):
    return [number.e164 for number in found]


def told(carrier, *keys):
    return [event for event in carrier.events(Topic.NUMBERS, "") if not keys or event.key in keys]


def kinds(carrier, *keys):
    return [event.kind.removeprefix("numbers.") for event in told(carrier, *keys)]


def buy(carrier, key, numbers):
    hold = carrier.hold(f"hold-{key}", numbers, 600)
    return carrier.order_numbers(key, numbers, hold.id)


def all_is_well():
    return list(stock.differences()) == []


@pytest.fixture
def broken(db):
    row = StockBlock.of("+14085553", state="CA", city="Alviso", rate_center="Alviso", is_broken=True)
    row.save()
    return row


# --- In part ------------------------------------------------------------------------------------------------


def test_numbers_of_a_broken_block_fail_and_the_others_come(carrier, block, broken, days):
    buy(carrier, "N-1", ["+14085552000", "+14085552001", "+14085553000"])
    days(0.3)
    good, bad = told(carrier, "N-1")
    assert (good.kind, good.numbers) == (EventKind.NUMBERS_PROVISIONED, ("+14085552000", "+14085552001"))
    assert (bad.kind, bad.numbers, bad.code) == (EventKind.NUMBERS_FAILED, ("+14085553000",), "unknown")
    assert "given back" in bad.detail
    broken.refresh_from_db()
    assert broken.free == 1000
    assert StockOrder.objects.get().state == "provisioned"
    assert list(stock.in_service([*good.numbers, *bad.numbers])) == list(good.numbers)
    assert all_is_well()


def test_an_order_of_broken_numbers_only_fails(carrier, broken, days):
    buy(carrier, "N-1", ["+14085553000", "+14085553001"])
    days(0.3)
    (event,) = told(carrier)
    assert (event.kind, event.numbers) == (EventKind.NUMBERS_FAILED, ("+14085553000", "+14085553001"))
    assert not StockTake.objects.exists()
    assert StockOrder.objects.get().state == "failed"


def test_numbers_that_were_given_up_before_they_came_fail(carrier, block, days):
    buy(carrier, "N-1", ["+14085552000"])
    carrier.return_numbers("R-1", ["+14085552000"])
    days(0.3)
    assert kinds(carrier, "N-1") == ["failed"]


def test_a_part_of_a_hold_is_ordered_and_the_rest_stays_held(carrier, block, wall):
    hold = carrier.hold("H-1", [f"+140855520{n:02}" for n in range(6)], 600)
    carrier.order_numbers("N-1", e164s(hold.numbers)[:2], hold.id)
    assert len(carrier.hold("H-1", [], 600).numbers) == 6
    assert carrier.hold("H-2", e164s(hold.numbers), 600).numbers == ()
    carrier.order_numbers("N-2", [*e164s(hold.numbers)[2:4], "+14085552050"], hold.id)
    wall.shift(601)
    assert e164s(carrier.hold("H-3", e164s(hold.numbers), 600).numbers) == e164s(hold.numbers)[4:]
    assert all_is_well()


def test_an_order_costs_as_many_statements_for_a_hundred_numbers_as_for_one(
    carrier, block, django_assert_max_num_queries
):
    everything = block.numbers(block.bits)
    with django_assert_max_num_queries(16) as one:  # four of them begin and end what tests nest
        buy(carrier, "N-1", everything[:1])
    with django_assert_max_num_queries(len(one)):
        buy(carrier, "N-2", everything[1:])


# --- Canceled -----------------------------------------------------------------------------------------------


def test_canceled_in_time(carrier, block, days):
    ref = buy(carrier, "N-1", ["+14085552000", "+14085552001"])
    for _again in range(2):
        carrier.cancel_numbers(ref, "C-1")
    assert told(carrier) == []
    days(0.2)
    (event,) = told(carrier)
    assert (event.kind, event.key) == (EventKind.NUMBERS_CANCELED, "C-1")
    assert event.numbers == ("+14085552000", "+14085552001")
    days(1)
    assert kinds(carrier) == ["canceled"]
    block.refresh_from_db()
    assert block.free == 100
    assert StockCancel.objects.count() == 1


def test_canceled_twice_by_different_wishes(carrier, block, days):
    ref = buy(carrier, "N-1", ["+14085552000"])
    carrier.cancel_numbers(ref, "C-1")
    carrier.cancel_numbers(ref, "C-2")
    days(0.3)
    carrier.cancel_numbers(ref, "C-3")
    days(0.3)
    assert kinds(carrier) == ["canceled"] * 3
    assert all_is_well()


def test_canceled_too_late(carrier, block, days):
    ref = buy(carrier, "N-1", ["+14085552000"])
    days(0.3)
    carrier.cancel_numbers(ref, "C-1")
    days(0.3)
    assert kinds(carrier) == ["provisioned", "cancel_refused"]
    assert told(carrier, "C-1")[0].detail
    assert list(stock.in_service(["+14085552000"])) == ["+14085552000"]


def test_an_order_that_failed_is_not_canceled(carrier, broken, days):
    ref = buy(carrier, "N-1", ["+14085553000"])
    days(0.3)
    carrier.cancel_numbers(ref, "C-1")
    days(0.3)
    assert kinds(carrier, "C-1") == ["cancel_refused"]


@pytest.mark.parametrize("ref", ["SIM-N-99", "SIM-B-99", "SIM-N-x", "", "7"])
def test_nothing_to_cancel(carrier, ref):
    with pytest.raises(CarrierRefused):
        carrier.cancel_numbers(ref, "C-1")
    assert not StockCancel.objects.exists()


# --- Waiting ------------------------------------------------------------------------------------------------


@pytest.fixture
def sold_out(carrier, block):
    """All of the hundred numbers are somebody's; the numbers."""
    numbers = block.numbers(block.bits)
    buy(carrier, "N-0", numbers)
    return numbers


def test_who_waits_gets_numbers_in_order_as_they_come(carrier, sold_out, days):
    first = carrier.back_order("B-1", replace(SEARCH, quantity=3))
    second = carrier.back_order("B-2", replace(SEARCH, area_code="", quantity=2))
    assert carrier.back_order("B-1", SEARCH) == first
    days(1)
    assert carrier.queue_place(first) == QueuePlace(1, 3)
    assert carrier.queue_place(second) == QueuePlace(2, 2)
    carrier.return_numbers("R-1", sold_out[:2])
    assert carrier.queue_place(first) == QueuePlace(1, 1)
    assert carrier.find_numbers(SEARCH) == ()
    carrier.return_numbers("R-2", sold_out[2:4])
    assert carrier.queue_place(first) == QueuePlace(0, 0)
    assert carrier.queue_place(second) == QueuePlace(1, 1)
    days(1)
    assert [(event.kind, len(event.numbers)) for event in told(carrier, "B-1")] == [
        (EventKind.NUMBERS_PROVISIONED, 2),
        (EventKind.NUMBERS_PROVISIONED, 1),
    ]
    assert kinds(carrier, "B-2") == ["provisioned"]
    assert all_is_well()


def test_new_stock_and_holds_that_run_out_serve_the_queue(carrier, block, days, wall):
    carrier.hold("H-1", block.numbers(block.bits), 60)
    ref = carrier.back_order("B-1", replace(SEARCH, quantity=150))
    StockBlock.of("+14085554", state="CA", city="San Jose", rate_center="San Jose", first=0, last=99).save()
    days(0.1)
    assert carrier.queue_place(ref) == QueuePlace(1, 50)
    wall.shift(60)
    days(0.1)
    assert carrier.queue_place(ref) == QueuePlace(0, 0)
    days(1)
    assert sum(len(event.numbers) for event in told(carrier, "B-1")) == 150


def test_different_places_are_different_queues(carrier, sold_out):
    refs = [
        carrier.back_order(f"B-{code}", NumberSearch("US", "CA", area_code=code))
        for code in ("408", "415", "415")[:2]
    ]
    assert [carrier.queue_place(ref).place for ref in refs] == [1, 1]
    everywhere = carrier.back_order("B-all", NumberSearch("US", "CA"))
    assert carrier.queue_place(everywhere).place == 3
    assert carrier.queue_place(carrier.back_order("B-ny", NumberSearch("US", "NY"))).place == 1


def test_one_who_cannot_be_served_does_not_stop_the_next(carrier, sold_out, days):
    stuck = carrier.back_order("B-1", replace(SEARCH, ends_with="99", quantity=2))
    ref = carrier.back_order("B-2", replace(SEARCH, quantity=1))
    carrier.return_numbers("R-1", ["+14085552000"])
    assert carrier.queue_place(ref).place == 0
    assert carrier.queue_place(stuck) == QueuePlace(1, 2)


def test_broken_blocks_serve_nobody_and_what_breaks_meanwhile_comes_later(carrier, block, broken, days):
    ref = carrier.back_order("B-1", replace(SEARCH, quantity=1000))
    days(0.1)
    assert carrier.queue_place(ref) == QueuePlace(1, 900)
    StockBlock.objects.filter(pk=block.pk).update(is_broken=True)
    days(0.3)
    assert kinds(carrier) == []
    assert carrier.queue_place(ref) == QueuePlace(1, 1000)
    StockBlock.objects.update(is_broken=False)
    days(0.3)
    days(0.3)
    assert sum(len(event.numbers) for event in told(carrier, "B-1")) == 1000
    assert all_is_well()


def test_waiting_is_canceled_with_what_is_on_its_way(carrier, sold_out, days):
    ref = carrier.back_order("B-1", replace(SEARCH, quantity=3))
    carrier.return_numbers("R-1", sold_out[:1])
    days(1)
    carrier.return_numbers("R-2", sold_out[1:2])
    carrier.cancel_numbers(ref, "C-1")
    assert carrier.queue_place(ref) == QueuePlace(0, 0)
    days(0.3)
    assert kinds(carrier, "B-1", "C-1") == ["provisioned", "canceled"]
    assert told(carrier, "C-1")[0].numbers == (sold_out[1],)
    carrier.return_numbers("R-3", sold_out[2:3])
    days(1)
    assert kinds(carrier, "B-1", "C-1") == ["provisioned", "canceled"]
    assert all_is_well()


def test_waiting_that_has_ended_is_not_canceled(carrier, block, days):
    ref = carrier.back_order("B-1", SEARCH)
    days(0.1)
    days(0.3)
    carrier.cancel_numbers(ref, "C-1")
    days(0.3)
    assert kinds(carrier) == ["provisioned", "cancel_refused"]
    assert BackOrder.objects.get().state == "served"


def test_nobody_waits_for_nothing(carrier):
    with pytest.raises(CarrierRefused):
        carrier.back_order("B-1", replace(SEARCH, quantity=0))
    assert carrier.queue_place("SIM-B-1") == carrier.queue_place("nonsense") == QueuePlace(0, 0)
