"""Ada brings three numbers over: a typing error is rejected, fixed in place, confirmed and completed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import files
from tests.browser.acting import let_the_carrier_act


@pytest.fixture
def ada(visitor):
    visitor.signs_in("ada@acme.example")
    return visitor


def fills_in_the_account(visitor, postal_code):
    visitor.types("Account number", "VT-204418")
    visitor.types("Company name", "Acme, Inc.")
    visitor.types("Authorized name", "Ada Park")
    visitor.types("Billing telephone number", "(408) 555-0110")
    visitor.types("Service address", "100 Main Street")
    visitor.types("City", "San Jose")
    visitor.chooses("State", "CA")
    visitor.types("ZIP code", postal_code)


def signs(visitor):
    visitor.types("First name", "Ada")
    visitor.types("Last name", "Park")
    visitor.types("Job title", "Head of IT")
    visitor.ticks("I have read the letter")


def test_from_the_first_number_to_the_completed_port(ada, tmp_path):
    page = ada.page
    bill = tmp_path / "bill.pdf"
    bill.write_bytes(files.bill_pdf())
    ada.goes_to("/acme/numbers/start/")
    ada.chooses("Location", "Austin office")
    ada.presses("Port numbers over")
    ada.types("Phone numbers", "(408) 555-0110\n+1 408.555.0111; 4085550112 ext 12\n408-555-9999")
    ada.sees("Portable")
    ada.sees("Not portable")
    ada.finds_it_accessible()
    ada.types("Phone numbers", "(408) 555-0110\n+1 408.555.0111; 4085550112 ext 12")
    ada.presses("Next")
    page.get_by_role("group", name="Port complete date").wait_for()
    ada.finds_it_accessible()
    ada.presses("Next")
    fills_in_the_account(ada, "95113")
    ada.finds_it_accessible()
    ada.presses("Next")
    page.set_input_files("input[type=file]", bill)
    ada.types("Date of the bill", (timezone.localdate() - timedelta(days=9)).isoformat())
    ada.finds_it_accessible()
    ada.presses("Next")
    signs(ada)
    ada.finds_it_accessible()
    ada.presses("Sign")
    ada.sees("Submit")
    assert "VT-204418" not in page.content()
    ada.sees(
        "The postal code differs from the carrier's record"
    )  # by the bill or the record: before it is sent
    ada.finds_it_accessible()
    ada.ticks("Send it anyway")
    ada.presses("Submit")
    ada.sees_the_status("Submitted")
    let_the_carrier_act()
    ada.sees("The postal code differs from the carrier's record")  # without a refresh
    ada.finds_it_accessible()
    ada.types("ZIP code", "95112")
    ada.presses("Save and resubmit")
    ada.sees("has changed since it was signed")
    ada.finds_it_accessible()
    signs(ada)
    ada.presses("Sign and resubmit")
    ada.sees_the_status("Submitted")
    let_the_carrier_act()
    ada.sees_the_status("FOC received")
    ada.finds_it_accessible()
    ada.goes_to("/acme/numbers/?q=4085550110")
    ada.sees_the_status("Porting in")
    let_the_carrier_act()
    ada.goes_to("/acme/numbers/?q=4085550110")
    ada.sees_the_status("Active")
    ada.goes_to("/acme/orders/")
    ada.sees_the_status("Completed")
    ada.finds_it_accessible()
