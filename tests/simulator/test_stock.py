"""Finding, holding and ordering numbers. Races between buyers run on PostgreSQL, with the other races."""

import pytest

from carrier.base import CarrierRefused, EventKind, NumberSearch, Topic
from simulator import demo_rows, stock
from simulator.models import StockBlock, StockHold, StockOrder, StockTake
from simulator.tasks import tick

SEARCH = NumberSearch(country="US", state="CA", area_code="408", quantity=10)


def e164s(found):
    return [number.e164 for number in found]


@pytest.fixture
def demo_stock(db):
    demo_rows.fill()


def test_the_same_answer_to_everybody(carrier, block):
    found = carrier.find_numbers(SEARCH)
    assert found == carrier.find_numbers(SEARCH)
    assert len(set(e164s(found))) == 10
    assert {(n.city, n.state, n.rate_center) for n in found} == {("San Jose", "CA", "San Jose")}


@pytest.mark.parametrize(
    ("search", "city", "start"),
    [
        (NumberSearch("US", "CA", area_code="831", quantity=5), {"Santa Cruz", "Monterey"}, "+1831"),
        (NumberSearch("US", "CA", area_code="408", prefix="555", quantity=5), None, "+1408555"),
        (NumberSearch("US", "CA", area_code="408", prefix="408", quantity=5), None, "+1408408"),
        (NumberSearch("US", "ny", city="brooklyn", quantity=5), {"Brooklyn"}, "+1"),
    ],
)
def test_filters(carrier, demo_stock, search, city, start):
    found = carrier.find_numbers(search)
    assert len(found) == 5
    assert all(number.startswith(start) for number in e164s(found))
    assert city is None or {number.city for number in found} == city


@pytest.mark.parametrize(
    "search",
    [
        NumberSearch("US", "CA", area_code="212"),
        NumberSearch("CA", "CA"),
        NumberSearch("US", "CA", city="Atlantis"),
        NumberSearch("US", "CA", quantity=0),
    ],
)
def test_nothing_found(carrier, demo_stock, search):
    assert carrier.find_numbers(search) == ()


def test_every_state_has_stock(carrier, demo_stock):
    states = set(StockBlock.objects.values_list("state", flat=True))
    assert len(states) == 51 + 13 + 1  # and "" for what belongs to no state
    places = carrier.places("US", "CA")
    assert {"408", "415", "628", "650", "669", "831"} <= set(places.area_codes)
    assert list(places.cities) == sorted(places.cities)


def test_a_thousand_numbers_are_found_in_few_queries(carrier, demo_stock, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        assert len(carrier.find_numbers(NumberSearch("US", "TX", quantity=1000))) == 1000


def test_held_numbers_are_not_found(carrier, block):
    held = carrier.hold("buyer-1", e164s(carrier.find_numbers(SEARCH)), 600)
    assert len(held.numbers) == 10
    assert not set(e164s(held.numbers)) & set(e164s(carrier.find_numbers(SEARCH)))


def test_a_number_is_held_for_one_buyer(carrier, block):
    carrier.hold("buyer-1", ["+14085552000", "+14085552001"], 600)
    second = carrier.hold("buyer-2", ["+14085552001", "+14085552002", "+14085552002"], 600)
    assert e164s(second.numbers) == ["+14085552002"]


def test_numbers_that_we_do_not_have_are_not_held(carrier, block):
    assert carrier.hold("buyer-1", ["+14085553000", "+14085552500", "nonsense", ""], 600).numbers == ()


def test_the_same_key_is_the_same_hold(carrier, block):
    first = carrier.hold("buyer-1", ["+14085552000"], 600)
    assert carrier.hold("buyer-1", ["+14085552001"], 600) == first
    assert StockHold.objects.count() == 1


def test_a_hold_that_ran_out_frees_its_numbers_without_any_tick(carrier, block, wall):
    carrier.hold("buyer-1", ["+14085552000"], 600)
    wall.shift(600)
    assert e164s(carrier.hold("buyer-2", ["+14085552000"], 600).numbers) == ["+14085552000"]
    assert carrier.hold("buyer-1", ["+14085552000"], 600).numbers == ()


def test_a_tick_forgets_holds_that_ran_out(carrier, block, wall):
    carrier.hold("buyer-1", ["+14085552000"], 600)
    carrier.hold("buyer-2", ["+14085552001"], 900)
    wall.shift(600)
    tick()
    assert [take.numbers for take in StockTake.objects.all()] == [["+14085552001"]]
    wall.shift(2 * 86_400)
    tick()
    tick()
    assert not StockHold.objects.exists()


def test_a_hold_is_extended_once(carrier, block, wall):
    hold = carrier.hold("buyer-1", ["+14085552000"], 600)
    extended = carrier.extend_hold(hold.id, 600)
    assert (extended.expires_at - hold.expires_at).total_seconds() == 600
    assert extended.extended
    with pytest.raises(CarrierRefused) as refused:
        carrier.extend_hold(hold.id, 600)
    assert refused.value.code == "extended"
    wall.shift(700)
    assert carrier.hold("buyer-2", ["+14085552000"], 600).numbers == ()


@pytest.mark.parametrize("hold_id", ["HOLD-1", "", "HOLD-x"])
def test_a_hold_that_is_gone_is_not_extended(carrier, block, wall, hold_id):
    carrier.hold("buyer-1", ["+14085552000"], 600)
    wall.shift(600)
    with pytest.raises(CarrierRefused) as refused:
        carrier.extend_hold(hold_id, 600)
    assert refused.value.code == "expired"


def test_giving_back_some_or_all(carrier, block):
    hold = carrier.hold("buyer-1", ["+14085552000", "+14085552001", "+14085552002"], 600)
    carrier.release_hold(hold.id, ["+14085552001", "+14085552099"])
    assert e164s(carrier.hold("buyer-1", [], 600).numbers) == ["+14085552000", "+14085552002"]
    carrier.release_hold(hold.id)
    carrier.release_hold(hold.id)
    carrier.release_hold("HOLD-999")
    assert not StockTake.objects.exists()


def test_an_order_is_provisioned(carrier, block, days):
    hold = carrier.hold("buyer-1", ["+14085552000", "+14085552001"], 600)
    carrier.order_numbers("N-1", e164s(hold.numbers), hold.id)
    days(0.2)
    assert carrier.events(Topic.NUMBERS, "") == ()
    days(0.1)
    (event,) = carrier.events(Topic.NUMBERS, "")
    assert (event.kind, event.key) == (EventKind.NUMBERS_PROVISIONED, "N-1")
    assert event.numbers == ("+14085552000", "+14085552001")
    block.refresh_from_db()
    assert block.free == 98


def test_the_same_order_twice_is_one(carrier, block, days):
    hold = carrier.hold("buyer-1", ["+14085552000"], 600)
    assert carrier.order_numbers("N-1", ["+14085552000"], hold.id) == carrier.order_numbers(
        "N-1", ["+14085552000"], hold.id
    )
    days(1)
    assert carrier.order_numbers("N-1", ["+14085552000"], hold.id)
    days(1)
    assert len(carrier.events(Topic.NUMBERS, "")) == StockOrder.objects.count() == 1


def test_all_or_nothing(carrier, block):
    carrier.hold("buyer-2", ["+14085552001"], 600)
    hold = carrier.hold("buyer-1", ["+14085552000"], 600)
    for wanted in (["+14085552000", "+14085552001"], ["+14085552000", "+14085559999"], []):
        with pytest.raises(CarrierRefused) as refused:
            carrier.order_numbers("N-1", wanted, hold.id)
        assert refused.value.code == "gone"
    assert not StockOrder.objects.exists()
    assert StockTake.objects.filter(order=None).count() == 2
    assert carrier.order_numbers("N-1", ["+14085552000"], hold.id)


@pytest.mark.parametrize("forgotten", [True, False])
def test_an_order_that_comes_late_is_taken_as_long_as_the_numbers_are_free(carrier, block, wall, forgotten):
    hold = carrier.hold("buyer-1", ["+14085552000"], 600)
    wall.shift(601)
    if forgotten:
        stock.forget_lapsed_holds()
    assert carrier.order_numbers("N-1", ["+14085552000"], hold.id)


def test_an_order_that_comes_late_loses_numbers_that_somebody_else_holds(carrier, block, wall):
    hold = carrier.hold("buyer-1", ["+14085552000"], 600)
    wall.shift(601)
    carrier.hold("buyer-2", ["+14085552000"], 600)
    with pytest.raises(CarrierRefused):
        carrier.order_numbers("N-1", ["+14085552000"], hold.id)


def test_sold_numbers_are_never_sold_or_freed_again(carrier, block, wall):
    hold = carrier.hold("buyer-1", ["+14085552000"], 600)
    carrier.order_numbers("N-1", ["+14085552000"], hold.id)
    carrier.release_hold(hold.id)
    wall.shift(10_000)
    tick()
    assert carrier.hold("buyer-2", ["+14085552000"], 600).numbers == ()
    with pytest.raises(CarrierRefused):
        carrier.order_numbers("N-2", ["+14085552000"], hold.id)


def test_a_block_that_is_sold_out_is_not_offered(carrier, block):
    everything = carrier.find_numbers(NumberSearch("US", "CA", quantity=500))
    assert len(everything) == 100
    hold = carrier.hold("buyer-1", e164s(everything), 600)
    carrier.order_numbers("N-1", e164s(everything), hold.id)
    assert carrier.find_numbers(SEARCH) == ()
    assert carrier.places("US", "CA").cities == ()
