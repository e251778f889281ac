"""What every carrier adapter must do with numbers in stock, and with questions about numbers and addresses."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from carrier.base import (
    AddressOutcome,
    AddressVerdict,
    CarrierRefused,
    EventKind,
    NumberSearch,
    Portable,
    QueuePlace,
    Topic,
)
from tests.carrier.bench import e164s, held, of_key


def test_places_are_sorted_and_searchable(bench, carrier):
    places = carrier.places("US", "CA")
    assert bench.search.area_code in places.area_codes
    assert places.cities
    assert list(places.area_codes) == sorted(set(places.area_codes))
    assert list(places.cities) == sorted(set(places.cities))
    for city in places.cities[:3]:
        (number,) = carrier.find_numbers(NumberSearch("US", "CA", city=city))
        assert (number.city, number.state) == (city, "CA")


def test_a_place_without_stock_is_empty_and_no_error(carrier):
    assert carrier.places("US", "ZZ").cities == ()
    assert carrier.find_numbers(NumberSearch("US", "ZZ", quantity=5)) == ()


def test_found_numbers_fit_the_search_and_are_not_held_by_it(bench, carrier):
    found = carrier.find_numbers(bench.search)
    assert len(found) == len(set(e164s(found))) == bench.search.quantity
    assert all(re.fullmatch(rf"\+1{bench.search.area_code}[2-9]\d{{6}}", number) for number in e164s(found))
    assert carrier.find_numbers(bench.search) == found


def test_a_hold_keeps_numbers_from_others(bench, carrier):
    hold = held(bench)
    assert e164s(hold.numbers) == e164s(sorted(hold.numbers, key=lambda number: number.e164))
    assert hold.expires_at.utcoffset() == timedelta(0)
    assert (hold.expires_at - timezone.now()).total_seconds() == pytest.approx(600, abs=2)
    assert not hold.extended
    assert carrier.hold("hold-2", e164s(hold.numbers), 600).numbers == ()
    assert not set(e164s(hold.numbers)) & set(e164s(carrier.find_numbers(bench.search)))


def test_the_same_key_answers_the_same_hold(bench, carrier):
    hold = held(bench)
    others = e164s(carrier.find_numbers(bench.search))
    assert carrier.hold("hold-1", others, 60) == hold


def test_a_hold_gives_what_is_free_and_says_so(bench, carrier):
    first = held(bench)
    free = e164s(carrier.find_numbers(bench.search))[:1]
    second = carrier.hold("hold-2", [first.numbers[0].e164, *free], 600)
    assert e164s(second.numbers) == free


def test_a_hold_runs_out(bench, carrier):
    hold = held(bench, seconds=30)
    bench.seconds_pass(31)
    assert len(carrier.hold("hold-2", e164s(hold.numbers), 30).numbers) == len(hold.numbers)
    with pytest.raises(CarrierRefused) as refused:
        carrier.extend_hold(hold.id, 30)
    assert refused.value.code == "expired"


def test_a_hold_is_extended_once(bench, carrier):
    hold = held(bench, seconds=30)
    extended = carrier.extend_hold(hold.id, 30)
    assert extended.extended
    assert (extended.id, extended.numbers) == (hold.id, hold.numbers)
    assert extended.expires_at > hold.expires_at
    with pytest.raises(CarrierRefused) as refused:
        carrier.extend_hold(hold.id, 30)
    assert refused.value.code == "extended"


def test_releasing_some_then_all_then_again(bench, carrier):
    hold = held(bench)
    one, *rest = e164s(hold.numbers)
    carrier.release_hold(hold.id, [one])
    assert e164s(carrier.hold("hold-2", e164s(hold.numbers), 600).numbers) == [one]
    carrier.release_hold(hold.id)
    carrier.release_hold(hold.id)
    carrier.release_hold("no such hold")
    assert e164s(carrier.hold("hold-3", rest, 600).numbers) == rest


def test_an_order_is_one_effect_however_often_it_is_given(bench, carrier):
    hold = held(bench)
    refs = {carrier.order_numbers("N-1", e164s(hold.numbers), hold.id) for _again in range(3)}
    bench.everything_happens()
    refs.add(carrier.order_numbers("N-1", e164s(hold.numbers), hold.id))
    bench.everything_happens()
    assert len(refs) == 1
    (event,) = of_key(carrier, Topic.NUMBERS, "N-1")
    assert event.kind == EventKind.NUMBERS_PROVISIONED
    assert set(event.numbers) == set(e164s(hold.numbers))


def test_what_is_ordered_is_nobody_elses_any_more(bench, carrier):
    hold = held(bench)
    carrier.order_numbers("N-1", e164s(hold.numbers), hold.id)
    carrier.release_hold(hold.id)
    bench.everything_happens()
    assert carrier.hold("hold-2", e164s(hold.numbers), 600).numbers == ()
    assert {answer.reason for answer in carrier.check_portability("US", e164s(hold.numbers))} == {"ours"}


def test_an_order_is_all_or_nothing(bench, carrier):
    mine, theirs = held(bench, "hold-1"), held(bench, "hold-2")
    with pytest.raises(CarrierRefused) as refused:
        carrier.order_numbers("N-1", [*e164s(mine.numbers), theirs.numbers[0].e164], mine.id)
    assert refused.value.code == "gone"
    bench.everything_happens()
    assert of_key(carrier, Topic.NUMBERS, "N-1") == []
    assert len(carrier.hold("hold-3", e164s(mine.numbers), 600).numbers) == len(mine.numbers)


# --- Patterns, kinds, blocks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ({"ends_with": "77"}, r".*77"),
        ({"contains": "00"}, r"\+1.*00.*"),
        ({"contains": "12", "ends_with": "3"}, r"\+1.*12.*3"),
    ],
)
def test_patterns_are_kept_to(bench, carrier, pattern, fits):
    search = replace(bench.search, **pattern)
    found = e164s(carrier.find_numbers(search))
    assert found
    assert all(re.fullmatch(fits, number) for number in found)
    assert e164s(carrier.find_numbers(search)) == found


def test_numbers_like_another_and_by_name(bench, carrier):
    one, *_rest = e164s(carrier.find_numbers(bench.search))
    near = e164s(carrier.find_numbers(replace(bench.search, like=one)))
    assert near[0] == one
    assert len(near) == bench.search.quantity
    assert all(number[:5] == one[:5] for number in near)
    carrier.hold("hold-1", [one], 600)
    assert one not in e164s(carrier.find_numbers(replace(bench.search, like=one)))
    named = (bench.nobodys_number, *near)
    assert e164s(carrier.find_numbers(replace(bench.search, exactly=named))) == sorted(near[1:])


def test_other_kinds_and_countries(bench, carrier):
    for search in (bench.toll_free, *bench.abroad):
        found = carrier.find_numbers(search)
        assert len(found) == search.quantity
        hold = carrier.hold(f"hold-{search}"[:90], e164s(found), 600)
        assert hold.numbers == found
    toll_free = e164s(carrier.find_numbers(bench.toll_free))
    assert all(number.startswith(f"+1{bench.toll_free.area_code}") for number in toll_free)


@pytest.mark.parametrize("size", [10, 50, 100])
def test_blocks_are_consecutive_free_and_apart(bench, carrier, size):
    found = carrier.find_blocks(bench.search, size, 4)
    numbers = [number for block in found for number in block.numbers]
    assert len(found) == 4
    assert len(set(numbers)) == 4 * size
    assert all(int(block.first[1:]) % size == 0 and block.size == size for block in found)
    hold = carrier.hold("hold-1", found[0].numbers, 600)
    assert tuple(e164s(hold.numbers)) == found[0].numbers
    assert found[0] not in carrier.find_blocks(bench.search, size, 4)


def test_the_next_smaller_block_is_offered(bench, carrier):
    search = bench.last_numbers(50)
    (block,) = carrier.find_blocks(search, 100)
    assert block.size == 50
    carrier.hold("hold-1", block.numbers[:1], 600)
    assert {block.size for block in carrier.find_blocks(search, 100)} == {10}
    carrier.hold("hold-2", block.numbers, 600)
    assert carrier.find_blocks(search, 10) == ()


# --- In part, back-orders, cancels --------------------------------------------------------------------------


def test_numbers_fail_and_come_in_one_order(bench, carrier):
    hold = held(bench)
    bad = bench.last_numbers(1)
    broken = carrier.hold("hold-2", e164s(carrier.find_numbers(bad)), 600)
    wanted = e164s((*hold.numbers, *broken.numbers))
    carrier.release_hold(hold.id)
    carrier.release_hold(broken.id)
    both = carrier.hold("hold-3", wanted, 600)
    carrier.order_numbers("N-1", wanted, both.id)
    bench.breaks(broken.numbers[0].e164)
    bench.everything_happens()
    told = {event.kind: event for event in of_key(carrier, Topic.NUMBERS, "N-1")}
    assert set(told) == {EventKind.NUMBERS_PROVISIONED, EventKind.NUMBERS_FAILED}
    assert set(told[EventKind.NUMBERS_PROVISIONED].numbers) == set(e164s(hold.numbers))
    assert told[EventKind.NUMBERS_FAILED].numbers == (broken.numbers[0].e164,)
    assert told[EventKind.NUMBERS_FAILED].code
    assert told[EventKind.NUMBERS_FAILED].detail


def test_a_back_order_is_served_in_its_turn(bench, carrier):
    search = bench.last_numbers(4)
    all_four = carrier.hold("hold-1", e164s(carrier.find_numbers(search)), 600)
    carrier.order_numbers("N-1", e164s(all_four.numbers), all_four.id)
    bench.everything_happens()
    first = {carrier.back_order("B-1", replace(search, quantity=2)) for _again in range(2)}.pop()
    second = carrier.back_order("B-2", replace(search, quantity=1))
    assert carrier.queue_place(first) == QueuePlace(1, 2)
    assert carrier.queue_place(second) == QueuePlace(2, 1)
    one, two, three, _four = e164s(all_four.numbers)
    for key, number in (("R-1", one), ("R-2", two), ("R-3", three)):
        carrier.return_numbers(key, [number])
        bench.everything_happens()
    assert carrier.queue_place(first) == carrier.queue_place(second) == QueuePlace(0, 0)
    came = [event.numbers for event in of_key(carrier, Topic.NUMBERS, "B-1")]
    assert came == [(one,), (two,)]
    assert [event.numbers for event in of_key(carrier, Topic.NUMBERS, "B-2")] == [(three,)]
    assert carrier.queue_place("no such back-order") == QueuePlace(0, 0)


def test_numbers_that_are_not_wanted_are_neither_found_nor_waited_for(bench, carrier):
    search = bench.last_numbers(2)
    one, two = e164s(carrier.find_numbers(search))
    assert e164s(carrier.find_numbers(replace(search, without=(one,)))) == [two]
    carrier.back_order("B-1", replace(search, without=(one,)))
    bench.everything_happens()
    assert [event.numbers for event in of_key(carrier, Topic.NUMBERS, "B-1")] == [(two,)]
    assert e164s(carrier.find_numbers(search)) == [one]


def test_a_cancel_in_time_and_one_too_late(bench, carrier):
    hold = held(bench)
    ref = carrier.order_numbers("N-1", e164s(hold.numbers), hold.id)
    for _again in range(2):
        carrier.cancel_numbers(ref, "cancel-1")
    bench.everything_happens()
    (event,) = of_key(carrier, Topic.NUMBERS, "cancel-1")
    assert event.kind == EventKind.NUMBERS_CANCELED
    assert of_key(carrier, Topic.NUMBERS, "N-1") == []
    again = carrier.hold("hold-2", e164s(hold.numbers), 600)
    assert again.numbers == hold.numbers
    ref = carrier.order_numbers("N-2", e164s(again.numbers), again.id)
    bench.everything_happens()
    carrier.cancel_numbers(ref, "cancel-2")
    bench.everything_happens()
    (event,) = of_key(carrier, Topic.NUMBERS, "cancel-2")
    assert event.kind == EventKind.NUMBERS_CANCEL_REFUSED
    with pytest.raises(CarrierRefused):
        carrier.cancel_numbers("no such order", "cancel-3")


def test_a_back_order_is_canceled(bench, carrier):
    search = bench.last_numbers(1)
    hold = carrier.hold("hold-1", e164s(carrier.find_numbers(search)), 600)
    order = carrier.order_numbers("N-1", e164s(hold.numbers), hold.id)
    bench.everything_happens()
    ref = carrier.back_order("B-1", search)
    assert ref != order
    carrier.cancel_numbers(ref, "cancel-1")
    bench.everything_happens()
    carrier.return_numbers("return-1", e164s(hold.numbers))
    bench.everything_happens()
    assert [event.kind for event in of_key(carrier, Topic.NUMBERS, "cancel-1")] == [
        EventKind.NUMBERS_CANCELED
    ]
    assert of_key(carrier, Topic.NUMBERS, "B-1") == []
    assert carrier.find_numbers(search) == hold.numbers


# --- Other questions ----------------------------------------------------------------------------------------


def test_portability_answers_in_the_order_asked(bench, carrier):
    ported = bench.good_port().numbers
    asked = [bench.nobodys_number, *reversed(ported), bench.nobodys_number]
    answers = carrier.check_portability("US", asked)
    assert [answer.e164 for answer in answers] == asked
    assert answers[0].portable == answers[-1].portable == Portable.NO
    assert answers[0].reason == "no_carrier"
    assert {answer.portable for answer in answers[1:-1]} == {Portable.YES}
    assert all(answer.losing_carrier and not answer.reason for answer in answers[1:-1])
    assert carrier.check_portability("US", []) == ()


def test_addresses(bench, carrier):
    assert carrier.check_address(bench.known_address) == AddressVerdict(AddressOutcome.VALID)
    better = carrier.check_address(bench.misspelled_address)
    assert better.outcome == AddressOutcome.SUGGESTED
    assert better.reasons
    assert carrier.check_address(better.suggestion).outcome == AddressOutcome.VALID
    unknown = carrier.check_address(bench.unknown_address)
    assert unknown.outcome == AddressOutcome.UNKNOWN
    assert unknown.reasons
    assert unknown.suggestion is None
