"""What every carrier adapter must do with numbers in stock, and with questions about numbers and addresses."""

import re
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
