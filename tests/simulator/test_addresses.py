"""What the emergency service makes of addresses."""

from dataclasses import replace

import pytest

from carrier.base import Address, AddressOutcome
from simulator.models import UnknownStreet

GOOD = Address("100 Main Street", "San Jose", "CA", "95112")


@pytest.fixture(autouse=True)
def _streets(db):
    UnknownStreet.objects.create(name="Nowhere Lane")
    UnknownStreet.objects.create(name="Imaginary Avenue")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"line2": "Suite 5"},
        {"postal_code": "95112-2042"},
        {"line1": "1600 Saint James Street"},
        {"line1": "One Market Plaza"},
        {"line1": "12 McAllister Street"},
        {"line1": "5 Avenue E"},
        {"line1": "123 5th Avenue"},
        {"line1": "N63W23001 Main Street"},
        {"line1": "100 Nowhere Road"},
        {
            "city": "Montréal",
            "state": "QC",
            "postal_code": "H2X 1Y4",
            "country": "CA",
            "line1": "12 Rue Émile",
        },
        {
            "city": "München",
            "state": "BY",
            "postal_code": "80331",
            "country": "DE",
            "line1": "12 Marienplatz",
        },
    ],
)
def test_known(carrier, changes):
    verdict = carrier.check_address(replace(GOOD, **changes))
    assert (verdict.outcome, verdict.suggestion, verdict.reasons) == (AddressOutcome.VALID, None, ())


@pytest.mark.parametrize(
    ("changes", "better", "reasons"),
    [
        ({"line1": "100 MAIN STREET"}, {}, ("case",)),
        ({"line1": "100 main street", "city": "san jose"}, {}, ("case",)),
        ({"line1": "100  MAIN street"}, {}, ("spacing", "case")),
        ({"line1": "8 McKinley road"}, {"line1": "8 McKinley Road"}, ("case",)),
        ({"line1": "100  Main Street ", "city": " San  Jose"}, {}, ("spacing",)),
        ({"state": "California"}, {}, ("state_name",)),
        ({"state": "california"}, {}, ("state_name",)),
        ({"state": "ca"}, {}, ("case",)),
        ({"line1": "100 Main St."}, {}, ("abbreviation",)),
        ({"line1": "100 MAIN ST"}, {}, ("case", "abbreviation")),
        ({"line1": "100 N Main St"}, {"line1": "100 North Main Street"}, ("abbreviation",)),
        ({"line1": "170 W TASMAN DR"}, {"line1": "170 West Tasman Drive"}, ("case", "abbreviation")),
        ({"line1": "100 Main St NW"}, {"line1": "100 Main Street Northwest"}, ("abbreviation",)),
        ({"line1": "100 Main St, Suite 5"}, {"line1": "100 Main Street, Suite 5"}, ("abbreviation",)),
        ({"line1": "22 5TH AVENUE"}, {"line1": "22 5th Avenue"}, ("case",)),
        ({"line1": "9 O'NEIL WAY"}, {"line1": "9 O'Neil Way"}, ("case",)),
        ({"line2": "SUITE 4B"}, {"line2": "Suite 4B"}, ("case",)),
        ({"postal_code": "951122042"}, {"postal_code": "95112-2042"}, ("zip_plus4",)),
    ],
)
def test_known_by_another_spelling(carrier, changes, better, reasons):
    verdict = carrier.check_address(replace(GOOD, **changes))
    assert verdict.outcome == AddressOutcome.SUGGESTED
    assert verdict.suggestion == replace(GOOD, **better)
    assert verdict.reasons == reasons
    assert carrier.check_address(verdict.suggestion).outcome == AddressOutcome.VALID


def test_a_canadian_postal_code(carrier):
    typed = Address("12 Rue Sherbrooke", "Montréal", "quebec", "h2x1y4", "CA")
    verdict = carrier.check_address(typed)
    assert verdict.suggestion == replace(typed, state="QC", postal_code="H2X 1Y4")
    assert verdict.reasons == ("state_name", "case", "spacing")


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"line1": "100 Nowhere Lane"}, ("unknown_street",)),
        ({"line1": "7 NOWHERE LN"}, ("unknown_street",)),
        ({"line1": "7 nowhere lane suite 5"}, ("unknown_street",)),
        ({"line1": "7 Imaginary Av."}, ("unknown_street",)),
        ({"line1": "Nowhere Lane"}, ("number_missing", "unknown_street")),
        ({"line1": "PO Box 12"}, ("po_box",)),
        ({"line1": "P. O. Box 12"}, ("po_box",)),
        ({"line1": "Post Office Box 12"}, ("po_box",)),
        ({"line1": "100 Main Street", "line2": "p.o. box 9"}, ("po_box",)),
        ({"line1": "Box 12"}, ("po_box",)),
        ({"line1": "Main Street"}, ("number_missing",)),
        ({"line1": "5th Avenue"}, ("number_missing",)),
        ({"line1": ""}, ("number_missing",)),
        ({"city": "123"}, ("unknown_city",)),
        ({"state": "Atlantis"}, ("state_name",)),
        ({"postal_code": "10001"}, ("zip_not_in_state",)),
        ({"postal_code": "9511"}, ("zip_not_in_state",)),
        ({"postal_code": "abc"}, ("zip_not_in_state",)),
        ({"state": "NY", "postal_code": "95112", "line1": "PO BOX 1"}, ("po_box", "zip_not_in_state")),
        ({"country": "CA", "state": "ON", "postal_code": "H2X 1Y4"}, ("zip_not_in_state",)),
    ],
)
def test_unknown(carrier, changes, reasons):
    verdict = carrier.check_address(replace(GOOD, **changes))
    assert (verdict.outcome, verdict.suggestion, verdict.reasons) == (AddressOutcome.UNKNOWN, None, reasons)


def test_a_long_text_is_answered_quickly(carrier):
    assert carrier.check_address(replace(GOOD, line1="p o " * 20_000)).outcome == AddressOutcome.UNKNOWN
