"""Eli gives a number to somebody new, changes what it is, moves it, and releases a block: by the pages of one number."""

import pytest

from accounts.models import Organization
from emergency.models import EmergencyAddress
from tests.factories import make_number

AUSTIN, BLOCK = "+15125550640", "+15125550650"


@pytest.fixture
def acme(world):
    return Organization.objects.get(slug="acme")


@pytest.fixture
def austin(acme):
    place = acme.locations.get(name="Austin office")
    make_number(place, AUSTIN)
    block = acme.number_blocks.create(first=BLOCK, last="+15125550659", size=10)
    for n in range(10):
        make_number(place, f"{BLOCK[:-1]}{n}", block=block)
    return place


@pytest.fixture
def eli(visitor):
    visitor.signs_in("eli@acme.example")
    return visitor


def test_one_number_from_hand_to_hand(eli, acme, austin):
    panel = eli.page.locator("#panel")
    eli.goes_to(f"/acme/numbers/{AUSTIN[1:]}/")
    panel.get_by_role("link", name="Change the assignment").click()
    eli.types("Find an owner", "ani")
    eli.sees("Nobody has such a name.")
    eli.finds_it_accessible()
    eli.page.get_by_label("Somebody or something new").first.check()
    eli.types("Name", "Anita Perez")
    eli.types("Extension", "4142")
    eli.presses("Save")
    eli.sees("The assignment of (512) 555-0640 is saved.")
    panel.get_by_text("More actions").click()
    eli.sees("Assigned to Anita Perez. Unassign it first.")
    eli.finds_it_accessible()
    panel.get_by_role("link", name="Anita Perez").click()
    eli.finds_it_accessible()
    eli.follows("Owners")
    eli.sees("Austin office")
    eli.finds_it_accessible()
    eli.goes_to(f"/acme/numbers/{AUSTIN[1:]}/")
    panel.get_by_text("More actions").click()
    panel.get_by_role("button", name="Unassign", exact=True).click()
    eli.sees("(512) 555-0640 is unassigned.")
    panel.get_by_text("More actions").click()
    panel.get_by_role("link", name="Change type").click()
    eli.finds_it_accessible()
    eli.page.get_by_label("Contact center").check()
    eli.types("Calls at once", "30")
    eli.presses("Save")
    eli.sees("Standard → Contact center · 30 calls at once")
    panel.get_by_text("Edit note and tags").click()
    eli.types("Note", "For the hotline")
    eli.types("Tags", "VIP, lobby")
    panel.get_by_role("button", name="Save").click()
    eli.sees("For the hotline")
    eli.goes_to(f"/acme/numbers/{AUSTIN[1:]}/move/")
    eli.sees("has no PSTN connection yet.")
    eli.finds_it_accessible()


def test_a_block_goes_as_a_whole(eli, acme, austin):
    assert EmergencyAddress.unscoped.filter(location=austin).exists()
    eli.goes_to(f"/acme/numbers/{BLOCK[1:]}/")
    eli.sees("10 numbers of a block of 10")
    eli.page.locator("#panel dd a", has_text="555-0659").first.click()
    eli.finds_it_accessible()
    eli.follows("Release block")
    eli.sees("A block can only be released as a whole.")
    eli.finds_it_accessible()
    eli.presses("Release block")
    eli.sees("10 numbers of the block are deleted.")
    assert not acme.phone_numbers.filter(e164__startswith=BLOCK[:-1]).exists()
