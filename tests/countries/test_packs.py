"""The country packs: complete, consistent, and true to the numbering plan."""

from zoneinfo import ZoneInfo

import pytest

import countries
from countries import UnknownCountry
from lib import calendar
from lib.numbering import UNITED_STATES, region_of_area_code

PACKS = [countries.get(code) for code, _name in countries.choices()]


def test_the_packs_there_are():
    assert [code for code, _name in countries.choices()] == ["US", "CA"]
    assert countries.get("us").name == "United States"


@pytest.mark.parametrize("code", ["XX", "", "USA"])
def test_an_unknown_country_is_an_error(code):
    with pytest.raises(UnknownCountry):
        countries.get(code)


def test_the_states():
    us = countries.get("US")
    assert len(us.regions) == 50 + 1 + 5
    assert us.regions["DC"] == "District of Columbia"
    assert us.region(" ca ").name == "California"
    assert us.region("ZZ") is None
    assert len(countries.get("CA").regions) == 13


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.iso)
def test_every_pack_is_consistent(pack):
    assert len({place.code for place in pack.places}) == len(pack.places)
    assert all(ZoneInfo(place.zone) for place in pack.places)
    assert "911" in pack.emergency_numbers
    assert pack.clean_postal_code(pack.postal_code_example)
    assert calendar.is_business_day(calendar.date(2026, 11, 17), pack.holidays)
    assert (pack.bill_max_age_days, pack.port_lead_business_days, pack.port_latest_days) == (30, 5, 30)
    assert (pack.template, pack.status, pack.cutoff.hour) == ("A", "confirmed", 13)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.iso)
def test_every_area_code_belongs_to_its_country(pack):
    for codes in pack.area_codes.values():
        assert codes
        for code in codes:
            region = region_of_area_code(code)
            assert region in UNITED_STATES if pack.iso == "US" else region == "CA"


def test_a_state_has_each_area_code_once():
    codes = [code for codes in countries.get("US").area_codes.values() for code in codes]
    assert len(codes) == len(set(codes)) > 350
    assert {"408", "669"} <= set(countries.get("US").area_codes["CA"])
    assert countries.get("US").region_of_area_code("212").code == "NY"
    assert countries.get("US").region_of_area_code("416") is None


def test_zones():
    assert countries.get("US").zone("CA") == "America/Los_Angeles"
    assert countries.get("US").zone("AZ") == "America/Phoenix"
    assert countries.get("CA").zone("NL") == "America/St_Johns"
    assert countries.get("US").zone("??")


@pytest.mark.parametrize(
    ("country", "text", "clean"),
    [
        ("US", "95134", "95134"),
        ("US", " 95134 1234 ", "95134-1234"),
        ("US", "951341234", "95134-1234"),
        ("US", "9513", None),
        ("US", "K1A 0B1", None),
        ("CA", "k1a0b1", "K1A 0B1"),
        ("CA", "K1A-0B1", "K1A 0B1"),
        ("CA", "D1A 0B1", None),
        ("CA", "95134", None),
    ],
)
def test_postal_codes(country, text, clean):
    assert countries.get(country).clean_postal_code(text) == clean
