"""The country packs: complete, consistent, and true to the numbering plan."""

import dataclasses
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from phonenumbers import shortnumberinfo

import countries
from countries import UnknownCountry
from lib import calendar
from lib.numbering import UNITED_STATES, region_of_area_code

PACKS = [countries.get(code) for code, _name in countries.choices()]


NORTH_AMERICA = [pack for pack in PACKS if pack.calling_code == "1"]
ELSEWHERE = [pack for pack in PACKS if pack.calling_code != "1"]


def test_the_packs_there_are():
    codes = [code for code, _name in countries.choices()]
    assert codes[:3] == ["US", "CA", "GB"]
    assert set(codes[3:]) == {
        *("AT", "BE", "CH", "DE", "DK", "ES", "FI", "FR"),
        *("IE", "IT", "LU", "NL", "NO", "PT", "SE"),
    }
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
    assert all(ZoneInfo(zone) for zone in pack.every_zone)
    assert ZoneInfo(pack.zone("nowhere"))
    assert pack.clean_postal_code(pack.postal_code_example) == pack.postal_code_example
    assert pack.clean_postal_code("no code") is None
    assert calendar.is_business_day(calendar.date(2026, 11, 17), pack.holidays)
    assert not calendar.is_business_day(calendar.date(2026, 12, 25), pack.holidays)
    assert pack.cutoff.hour == 13
    assert pack.port_window[0] < pack.port_window[1]
    assert all(rule.kind in countries.DOCUMENT_LABELS for rule in pack.documents)
    assert pack.provisional <= {field.name for field in dataclasses.fields(pack)}
    line = pack.city_line("Town", next(iter(pack.regions), ""), pack.postal_code_example)
    assert "Town" in line
    assert pack.postal_code_example in line
    assert "{" not in line


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.iso)
def test_numbering_facts_agree_with_the_numbering_plans(pack):
    assert phonenumbers.country_code_for_region(pack.iso) == int(pack.calling_code)
    for number in pack.emergency_numbers:
        assert shortnumberinfo.is_emergency_number(number, pack.iso), number


@pytest.mark.parametrize("pack", NORTH_AMERICA, ids=lambda pack: pack.iso)
def test_north_america_is_template_a_and_confirmed(pack):
    assert (pack.bill_max_age_days, pack.port_lead_business_days, pack.port_latest_days) == (30, 5, 30)
    assert (pack.template, pack.status, pack.letter.kind) == ("A", "confirmed", "electronic")
    assert (pack.toll_free, pack.asks_time, pack.asks_line_kinds) == (True, False, False)


@pytest.mark.parametrize("pack", ELSEWHERE, ids=lambda pack: pack.iso)
def test_what_nobody_confirmed_is_marked(pack):
    assert pack.status == "provisional"
    assert not pack.is_confirmed("port_lead_business_days")
    assert pack.is_confirmed("postal_code_pattern")
    assert all(not one.required for one in pack.identifiers if one.status == "provisional")
    assert all(rule.may_follow for rule in pack.documents if rule.status == "provisional")
    assert pack.template == ("C" if pack.iso == "GB" else "B")
    assert not pack.toll_free


@pytest.mark.parametrize("pack", NORTH_AMERICA, ids=lambda pack: pack.iso)
def test_every_area_code_belongs_to_its_country(pack):
    for codes in pack.area_codes.values():
        assert codes
        for code in codes:
            region = region_of_area_code(code)
            assert region in UNITED_STATES if pack.iso == "US" else region == "CA"


@pytest.mark.parametrize(("iso", "count"), [("IT", 107), ("ES", 52), ("IE", 26)])
def test_regions_that_addresses_name(iso, count):
    assert len(countries.get(iso).regions) == count


def test_regions_stand_where_people_look_for_them():
    names = list(countries.get("ES").regions.values())
    assert names[:4] == ["A Coruña", "Álava", "Albacete", "Alicante"]
    assert list(countries.get("IT").regions)[:2] == ["AG", "AL"]


def test_zones_within_a_country():
    assert countries.get("ES").zone("TF") == "Atlantic/Canary"
    assert countries.get("ES").zone("M") == "Europe/Madrid"
    assert countries.get("DE").zone("") == "Europe/Berlin"
    assert "Atlantic/Azores" in countries.get("PT").every_zone


@pytest.mark.parametrize(
    ("iso", "region", "code", "line"),
    [
        ("US", "CA", "95134", "Town, CA 95134"),
        ("DE", "", "10117", "10117 Town"),
        ("GB", "", "EC1A 1BB", "Town, EC1A 1BB"),
        ("IT", "MI", "20121", "20121 Town MI"),
        ("ES", "M", "28001", "28001 Town, Madrid"),
        ("IE", "D", "D02 X285", "Town, Co. Dublin, D02 X285"),
    ],
)
def test_addresses_are_written_as_the_country_writes_them(iso, region, code, line):
    assert countries.get(iso).city_line("Town", region, code) == line
    assert countries.address_line(iso, "Street 1", "2nd floor", "Town", region, code) == (
        f"Street 1, 2nd floor, {line}"
    )


@pytest.mark.parametrize(
    ("iso", "name", "typed", "clean"),
    [
        ("FR", "company_id", "732 829 320", "732829320"),
        ("FR", "company_id", "73282932000074", "73282932000074"),
        ("FR", "company_id", "7328", None),
        ("FR", "rio", " 01 P 123 ", "01 P 123"),
        ("CH", "company_id", "che-123.456.789", "CHE-123.456.789"),
        ("CH", "company_id", "123", None),
        ("DK", "company_id", "12345678", "12345678"),
        ("FI", "company_id", "1234567-8", "1234567-8"),
        ("ES", "company_id", "b12345678", "B12345678"),
        ("BE", "company_id", "0403.170.701", "0403.170.701"),
        ("NO", "company_id", "12345678", None),
    ],
)
def test_identifiers(iso, name, typed, clean):
    one = countries.get(iso).identifier(name)
    assert one.clean(typed) == clean
    assert clean or one.sentence


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
        ("GB", "ec1a1bb", "EC1A 1BB"),
        ("GB", "W1A 0AX", "W1A 0AX"),
        ("GB", "EC1A", None),
        ("DE", "10117", "10117"),
        ("DE", "00117", None),
        ("DE", "D-10117", None),
        ("FR", "75008", "75008"),
        ("FR", "7500", None),
        ("IT", "00187", "00187"),
        ("IT", "0018", None),
        ("ES", "28001", "28001"),
        ("ES", "53001", None),
        ("PT", "1100148", "1100-148"),
        ("PT", "1100 148", "1100-148"),
        ("PT", "0100-148", None),
        ("CH", "8001", "8001"),
        ("CH", "0801", None),
        ("NL", "1012js", "1012 JS"),
        ("NL", "1012", None),
        ("BE", "1000", "1000"),
        ("BE", "100", None),
        ("IE", "d02x285", "D02 X285"),
        ("IE", "D6W X285", "D6W X285"),
        ("IE", "D02", None),
        ("AT", "1010", "1010"),
        ("AT", "10100", None),
        ("DK", "0800", "0800"),
        ("DK", "DK", None),
        ("FI", "00100", "00100"),
        ("FI", "100", None),
        ("NO", "0150", "0150"),
        ("NO", "150", None),
        ("SE", "11122", "111 22"),
        ("SE", "111 2", None),
        ("LU", "L-1111", "1111"),
        ("LU", "111", None),
    ],
)
def test_postal_codes(country, text, clean):
    assert countries.get(country).clean_postal_code(text) == clean
