"""Ada connects a location: the calling plan with its emergency address, and a gateway of her own."""

import pytest


@pytest.fixture
def ada(visitor):
    visitor.signs_in("ada@acme.example")
    return visitor


def test_a_calling_plan_from_the_checklist_to_the_numbers(ada):
    ada.finds_it_accessible()
    ada.follows("Set up PSTN")
    ada.finds_it_accessible()
    ada.ticks("Cisco calling plan")
    ada.presses("Next")
    ada.types("First name", "Ada")
    ada.types("Last name", "Park")
    ada.types("E-mail", "ada@acme.example")
    ada.finds_it_accessible()
    ada.presses("Next")
    ada.types("Authorized contact", "Ada Park")
    ada.types("Job title", "Head of IT")
    ada.presses("Agree and continue")
    ada.sees("Tick the box to accept.")
    ada.finds_it_accessible()
    ada.ticks("I have read this")
    ada.presses("Agree and continue")
    ada.types("Street address", "100  MAIN STREET")
    ada.presses("Check and save")
    ada.sees("We found this address.")
    ada.finds_it_accessible()
    ada.presses("Use suggestion")
    ada.sees("100 Main Street")
    ada.finds_it_accessible()
    ada.presses("Save connection")
    ada.finds_it_accessible()
    ada.follows("Add numbers")
    ada.sees("Order new numbers")
    ada.finds_it_accessible()


def test_a_gateway_of_her_own(ada):
    ada.follows("Set up PSTN")
    ada.ticks("Premises-based PSTN")
    ada.presses("Next")
    ada.ticks("Trunk")
    ada.presses("Next")
    ada.finds_it_accessible()
    ada.types("Trunk or route group", "West gateway")
    ada.presses("Next")
    ada.types("Street address", "100 Main Street")
    ada.presses("Check and save")
    ada.sees("West gateway")
    ada.finds_it_accessible()
    ada.presses("Save connection")
    ada.goes_to("/acme/locations/")
    ada.page.get_by_role("row", name="San Jose HQ").get_by_text("Premises-based PSTN").wait_for()


def test_an_address_that_nobody_knows(ada):
    ada.goes_to("/acme/emergency/")
    ada.finds_it_accessible()
    ada.page.get_by_role("row", name="Austin office").get_by_role("link", name="Edit").click()
    ada.types("Street address", "PO Box 77")
    ada.presses("Check and save")
    ada.sees("PO box")
    assert ada.page.get_by_label("Street address").input_value() == "PO Box 77"
    ada.finds_it_accessible()


def test_the_wizard_by_keyboard_alone(ada):
    page = ada.page
    ada.goes_to("/acme/")
    page.get_by_role("link", name="Set up PSTN").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Cisco calling plan").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_label("First name").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.body")
