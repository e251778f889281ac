"""Searching by pattern, near another number, by name, of other kinds, abroad; and consecutive blocks."""

from dataclasses import replace

import phonenumbers
import pytest

from carrier.base import NumberKind, NumberSearch
from simulator import demo_rows, demo_stock, plans, stock
from simulator.models import StockBlock

SAN_JOSE = NumberSearch("US", "CA", area_code="408", quantity=10)


def e164s(found):
    return [number.e164 for number in found]


def firsts(blocks):
    return [block.first for block in blocks]


@pytest.fixture
def demo(db):
    demo_rows.fill()


# --- Patterns -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ({"ends_with": "42"}, lambda n: n.endswith("42")),
        ({"ends_with": "2042"}, lambda n: n.endswith("2042")),
        ({"ends_with": "5552042"}, lambda n: n.endswith("5552042")),
        ({"contains": "77"}, lambda n: "77" in n[2:]),
        ({"contains": "55520"}, lambda n: "55520" in n),
        ({"contains": "8555"}, lambda n: "8555" in n),
        ({"contains": "4085"}, lambda n: "4085" in n),
        ({"contains": "99", "ends_with": "1"}, lambda n: "99" in n and n.endswith("1")),
    ],
)
def test_patterns(carrier, demo, pattern, fits):
    found = e164s(carrier.find_numbers(replace(SAN_JOSE, **pattern)))
    every = [n for b in StockBlock.objects.filter(area_code="408") for n in b.numbers(b.bits) if fits(n)]
    assert found
    assert all(fits(number) for number in found)
    assert len(found) == min(10, len(every))


def test_a_pattern_is_not_looked_for_in_the_country_code(carrier, demo):
    assert carrier.find_numbers(replace(SAN_JOSE, ends_with="14085552042")) == ()
    assert carrier.find_numbers(replace(SAN_JOSE, contains="14085")) == ()


def test_a_pattern_skips_what_is_taken(carrier, block):
    search = NumberSearch("US", "CA", ends_with="7", quantity=20)
    found = carrier.find_numbers(search)
    assert len(found) == 10
    carrier.hold("H-1", e164s(found)[:9], 600)
    assert e164s(carrier.find_numbers(search)) == e164s(found)[9:]


def test_a_rare_pattern_is_looked_for_in_few_statements(
    carrier, demo, django_assert_max_num_queries, monkeypatch
):
    with django_assert_max_num_queries(10):
        found = carrier.find_numbers(NumberSearch("US", "CA", ends_with="0042", quantity=100))
    assert found == ()
    monkeypatch.setattr(stock.search, "LOOKED_AT", 8)
    assert len(carrier.find_numbers(NumberSearch("US", "CA", ends_with="007", quantity=100))) <= 8


# --- Near another, and by name ------------------------------------------------------------------------------


def test_the_nearest_come_first(carrier, demo):
    carrier.hold("H-1", ["+14085552500", "+14085552501"], 600)
    found = carrier.find_numbers(NumberSearch("US", "CA", like="+14085552500", quantity=4))
    assert e164s(found) == ["+14085552499", "+14085552498", "+14085552502", "+14085552497"]


def test_near_goes_on_in_the_same_area_code_and_place(carrier, demo):
    full = StockBlock.objects.get(thousand="+14085552")
    carrier.hold("H-1", full.numbers(full.bits), 600)
    found = carrier.find_numbers(NumberSearch("US", "CA", like="+14085552500", quantity=3))
    assert {number.city for number in found} == {"San Jose"}
    assert e164s(found) == ["+14084081999", "+14084081998", "+14084081997"]


@pytest.mark.parametrize("like", ["+16045550199", "+18005550199", "+442079460001"])
def test_near_a_number_that_is_not_of_the_stock(carrier, demo, like):
    country = "GB" if like.startswith("+44") else "CA"
    found = carrier.find_numbers(NumberSearch(country, "", like=like, quantity=5))
    assert len(found) == 5
    assert all(number[:5] == like[:5] for number in e164s(found))


@pytest.mark.parametrize("like", ["nonsense", "+", "+12", "+19995550100"])
def test_near_nothing(carrier, demo, like):
    assert carrier.find_numbers(NumberSearch("US", "CA", like=like, quantity=5)) == ()


def test_by_name_answers_those_that_are_free(carrier, block):
    carrier.hold("H-1", ["+14085552001"], 600)
    wanted = ("+14085552002", "+14085552001", "+14085552100", "+14085552000", "+14085552x0", "nonsense")
    found = carrier.find_numbers(NumberSearch("US", "NY", exactly=wanted))
    assert e164s(found) == ["+14085552000", "+14085552002"]


# --- Kinds and countries ------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", ["US", "CA"])
@pytest.mark.parametrize("code", ["800", "833", "844", "855", "866", "877", "888"])
def test_toll_free_numbers_of_one_registry(carrier, demo, country, code):
    search = NumberSearch(country, "", area_code=code, kind=NumberKind.TOLL_FREE, quantity=3)
    assert all(number.startswith(f"+1{code}") for number in e164s(carrier.find_numbers(search)))
    assert len(carrier.find_numbers(search)) == 3
    assert len(carrier.find_numbers(replace(search, area_code="", ends_with="777"))) == 3


def test_the_united_kingdom(carrier, demo):
    places = carrier.places("GB", "")
    assert "020" in places.area_codes
    assert "Cardiff" in places.cities
    assert "0306" not in places.area_codes
    london = carrier.find_numbers(NumberSearch("GB", "", area_code="020", quantity=3))
    assert london == carrier.find_numbers(NumberSearch("GB", "", area_code="20", quantity=3))
    assert {number.city for number in london} == {"London"}
    by_trunk = NumberSearch("GB", "", contains="02079", quantity=2)
    assert {number.city for number in carrier.find_numbers(by_trunk)} == {"London"}
    wide = carrier.find_numbers(NumberSearch("GB", "", kind=NumberKind.NON_GEOGRAPHIC, quantity=2))
    assert all(number.startswith("+443") for number in e164s(wide))


@pytest.mark.parametrize(
    "country", ["AT", "BE", "CH", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "LU", "NL", "NO", "PT", "SE"]
)
def test_numbers_that_support_offers_abroad(carrier, demo, country):
    for kind in (NumberKind.LOCAL, NumberKind.NATIONAL):
        found = carrier.find_numbers(NumberSearch(country, "", kind=kind, quantity=2))
        assert len(found) == 2
        assert all(bool(number.city) == (kind == NumberKind.LOCAL) for number in found)


def test_canada_has_stock_in_every_province(carrier, demo):
    states = set(StockBlock.objects.filter(country="CA").values_list("state", flat=True))
    assert len(states) == 13
    assert carrier.places("CA", "ON").area_codes == ("416", "613", "647", "705", "905")


def test_every_demonstration_number_is_possible_and_in_one_country():
    blocks = list(demo_stock.blocks())
    assert len({block.thousand for block in blocks}) == len(blocks)
    for block in blocks:
        for place in (block.first, block.last):
            number = phonenumbers.parse(block.number(place))
            assert phonenumbers.is_possible_number(number), block.number(place)
        assert number.country_code == phonenumbers.country_code_for_region(block.country)
        assert block.digits == plans.national_digits(block.thousand, block.country)
        assert block.digits.startswith(block.area_code)


# --- Consecutive blocks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [10, 50, 100])
def test_blocks_begin_at_a_multiple_and_do_not_overlap(carrier, demo, size):
    found = carrier.find_blocks(SAN_JOSE, size, 30)
    assert len(found) == 30
    assert {block.size for block in found} == {size}
    assert all(int(block.first[-3:]) % size == 0 for block in found)
    numbers = [number for block in found for number in block.numbers]
    assert len(set(numbers)) == 30 * size
    assert len(carrier.find_numbers(replace(SAN_JOSE, exactly=tuple(numbers)))) == 30 * size
    assert found == carrier.find_blocks(SAN_JOSE, size, 30)


def test_the_nearest_smaller_size_is_offered(carrier, block):
    search = NumberSearch("US", "CA")
    assert firsts(carrier.find_blocks(search, 100)) == ["+14085552000"]
    carrier.hold("H-1", ["+14085552060"], 600)
    assert [(b.first, b.size) for b in carrier.find_blocks(search, 100)] == [("+14085552000", 50)]
    carrier.hold("H-2", ["+14085552009"], 600)
    smaller = carrier.find_blocks(search, 100)
    assert {found.size for found in smaller} == {10}
    assert firsts(smaller) == [f"+1408555{n}" for n in range(2010, 2100, 10) if n != 2060]
    assert carrier.find_blocks(search, 10, 3) == carrier.find_blocks(search, 50, 3)


def test_ten_numbers_come_from_what_is_broken_already(carrier, block):
    carrier.hold("H-1", ["+14085552005"], 600)
    search = NumberSearch("US", "CA")
    four = ["+14085552010", "+14085552020", "+14085552030", "+14085552040"]
    assert firsts(carrier.find_blocks(search, 10, 4)) == four
    assert {found.size for found in carrier.find_blocks(search, 50)} == {50}


def test_no_block_at_all(carrier, block):
    for first in range(0, 100, 10):
        carrier.hold(f"H-{first}", [f"+1408555{2000 + first}"], 600)
    assert carrier.find_blocks(NumberSearch("US", "CA"), 10) == ()
    assert len(carrier.find_numbers(NumberSearch("US", "CA", quantity=100))) == 90


def test_blocks_are_found_in_few_statements(carrier, demo, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert len(carrier.find_blocks(SAN_JOSE, 100)) == 10
