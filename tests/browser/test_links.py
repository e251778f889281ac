"""Ada asks her bookkeeper for the bill and the owner for a signature; both do it without an account."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Organization
from tests import files
from tests.porting.factories import make_port_order


@pytest.fixture
def order(world, fresh_limits):
    return make_port_order(Organization.objects.get(slug="acme"), bill=False, signed=False)


@pytest.fixture
def ada(visitor):
    visitor.signs_in("ada@acme.example")
    return visitor


@pytest.fixture
def outsider(visitor, browser, live_server):
    """Another browser, signed in to nothing, with scripts or without."""
    contexts = []

    def open_one(scripts=True):
        contexts.append(browser.new_context(java_script_enabled=scripts))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        return type(visitor)(page, live_server.url, visitor.axe)

    yield open_one
    for context in contexts:
        context.close()


def asks(ada, order, purpose, name, email):
    ada.goes_to(f"/acme/orders/P-{order.pk}/links/new/?purpose={purpose}")
    ada.types("E-mail", email)
    ada.types("Name of this person", name)
    ada.types("Note to this person", "For the move of the main office.")


def address():
    return re.search(r"(/t/[\w-]{43}/)", mail.outbox[-1].body)[1]


def code():
    return re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]


def opens(outsider):
    outsider.goes_to(address())
    outsider.presses("Send me the code")
    outsider.sees("We sent a code to")
    outsider.types("Code", code())
    outsider.presses("Continue")


def test_a_bill_by_link(ada, order, outsider, tmp_path):
    asks(ada, order, "bill", "Jane Doe", "jane@books.example")
    ada.finds_it_accessible()
    ada.presses("Send the link")
    ada.sees("Asked by link")
    ada.finds_it_accessible()
    jane = outsider()
    jane.goes_to(address())
    jane.sees("Is it you?")
    jane.finds_it_accessible()
    jane.presses("Send me the code")
    jane.sees("We sent a code to")
    jane.finds_it_accessible()
    jane.types("Code", code())
    jane.presses("Continue")
    jane.sees("Upload the last bill")
    jane.finds_it_accessible()
    bill = tmp_path / "bill.pdf"
    bill.write_bytes(files.bill_pdf())
    jane.page.set_input_files("input[type=file]", bill)
    jane.types("Date of the bill", (timezone.localdate() - timedelta(days=9)).isoformat())
    jane.presses("Send the bill")
    jane.sees("The bill has arrived.")
    jane.finds_it_accessible()
    assert not jane.console_errors
    stranger = outsider()
    stranger.goes_to(jane.page.url.removeprefix(jane.address))
    stranger.sees("This link opens nothing")
    stranger.finds_it_accessible()
    ada.goes_to(f"/acme/orders/P-{order.pk}/")
    ada.sees("jane@books.example")
    ada.sees_the_status("Done")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_signature_by_link(ada, order, outsider, scripts):
    asks(ada, order, "signature", "Olga Owner", "olga@acme-holding.example")
    ada.presses("Send the link")
    ada.sees("Asked by link")
    olga = outsider(scripts)
    opens(olga)
    olga.sees("Read the letter (PDF)")
    if scripts:
        olga.finds_it_accessible()
    olga.types("Job title", "Owner")
    olga.ticks("I have read the letter")
    olga.presses("Sign")
    olga.sees("The letter is signed.")
    ada.goes_to(f"/acme/orders/P-{order.pk}/")
    ada.sees("Olga Owner, Owner")
