"""Ada prepares the numbers of a port at its table, by a pasted list, and gives one an address of its own."""

import pytest

from accounts.models import Organization
from porting.workflow import orders as workflow
from tests.factories import make_number
from tests.porting.factories import a_date, make_port_order

NUMBERS = ("+15125550610", "+15125550611", "+15125550612")


@pytest.fixture
def ada(visitor):
    visitor.signs_in("ada@acme.example")
    return visitor


@pytest.fixture
def order(world):
    acme = Organization.objects.get(slug="acme")
    austin = acme.locations.get(name="Austin office")
    make_number(austin, "+15125550670", assigned_to="Anita Perez")
    day = a_date()
    return make_port_order(acme, state="foc_received", numbers=NUMBERS, location=austin, foc_date=day)


def test_from_the_confirmed_date_to_phones_that_ring_at_once(ada, order):
    page = ada.page
    ada.goes_to(order.get_absolute_url())
    ada.sees("Assign the numbers now so that phones ring at once.")
    ada.follows("Assign now")
    ada.finds_it_accessible()
    ada.types("Assigned to, (512) 555-0610", "Front desk")
    ada.types("Caller ID name, (512) 555-0610", "A name that is much too long")
    ada.presses("Save")
    ada.sees("Nothing is saved yet")
    ada.finds_it_accessible()
    assert page.get_by_label("Assigned to, (512) 555-0610").input_value() == "Front desk"
    ada.types("Caller ID name, (512) 555-0610", "Acme")
    ada.types("Temporary number, (512) 555-0611", "(512) 555-0670")
    ada.presses("Save")
    ada.sees("2 numbers are saved.")
    ada.follows("Paste a list instead")
    ada.types("Numbers and what they become", "512-555-0612\tBo Lindgren\tAcme\n512-555-0699\tNobody")
    ada.presses("Check")
    ada.sees("1 ready, 1 skipped")
    ada.finds_it_accessible()
    ada.presses("Save the lines that are ready")
    ada.sees("3 of 3 are assigned.")
    ada.finds_it_accessible()
    ada.goes_to("/acme/numbers/15125550612/")
    ada.sees("Will be assigned to")
    ada.finds_it_accessible()
    ada.follows("Prepare this number")
    ada.finds_it_accessible()
    ada.goes_to("/acme/emergency/numbers/15125550612/")
    ada.finds_it_accessible()
    workflow.complete(order)
    held = dict(order.org.phone_numbers.filter(e164__in=NUMBERS).values_list("e164", "assigned_to"))
    assert held == dict(zip(NUMBERS, ("Front desk", "Anita Perez", "Bo Lindgren"), strict=True))
    ada.goes_to("/acme/numbers/15125550611/assign/")
    ada.finds_it_accessible()
