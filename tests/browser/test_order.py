"""Ada orders numbers, accepts the terms and calls; Paula, the partner, may do all of it but accept."""

from tests.browser.acting import let_the_carrier_act


def order_five(visitor):
    visitor.goes_to("/acme/numbers/start/")
    visitor.chooses("Location", "Austin office")
    visitor.presses("Order new numbers")
    visitor.chooses("Area code or city", "512")
    visitor.types("How many?", "5")
    visitor.finds_it_accessible()
    visitor.presses("Search")
    visitor.sees("5 numbers are held for you")
    visitor.finds_it_accessible()
    visitor.presses("Next")
    visitor.sees("Place order")
    visitor.finds_it_accessible()
    visitor.presses("Place order")
    visitor.sees_the_status("Pending")


def test_from_the_search_to_active_numbers(visitor):
    visitor.signs_in("ada@acme.example")
    order_five(visitor)
    let_the_carrier_act()
    visitor.sees_the_status("Waiting for terms")  # without a refresh
    visitor.finds_it_accessible()
    visitor.follows("Review and accept the terms")
    visitor.finds_it_accessible()
    visitor.ticks("I have read these terms")
    visitor.presses("Accept")
    visitor.goes_to("/acme/numbers/?q=512")
    visitor.sees_the_status("Active")
    visitor.finds_it_accessible()
    visitor.page.locator("#results a[href*='/numbers/1512']").first.click()
    visitor.sees("Emergency")
    visitor.finds_it_accessible()


def test_a_partner_sees_a_notice_instead_of_the_terms(visitor):
    visitor.signs_in("paula@partner.example")
    visitor.goes_to("/acme/")
    visitor.sees("Managing: Acme")
    order_five(visitor)
    let_the_carrier_act()
    visitor.goes_to("/acme/terms/")
    visitor.sees("a partner cannot do it")
    assert visitor.page.get_by_role("button", name="Accept").count() == 0
    visitor.finds_it_accessible()
    visitor.presses("Send request")
    visitor.sees("Last request sent")


def test_pasted_numbers_get_their_verdicts(visitor):
    visitor.signs_in("eli@acme.example")
    visitor.goes_to("/acme/numbers/start/")
    visitor.chooses("Location", "Portland warehouse")
    visitor.follows("Add numbers by hand")
    visitor.types("Numbers", "(503) 555-0142\n+1 503.555.0143; 5035550143\n503-555-0150 - 59\tabc\n1234")
    visitor.sees("12 ready")
    visitor.finds_it_accessible()
    visitor.presses("Add the numbers that are ready")
    visitor.sees("12 numbers")
