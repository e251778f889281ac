"""Letters in a browser: drawn and signed, verified by the byte; and one that is signed on paper."""

import pytest

from accounts.models import Organization
from tests.files import bill_png
from tests.porting.factories import make_order_in_berlin, make_port_order


@pytest.fixture
def ada(visitor):
    visitor.signs_in("ada@acme.example")
    return visitor


@pytest.fixture
def acme(world):
    return Organization.objects.get(slug="acme")


def draws(visitor):
    """A stroke of the mouse across the pad."""
    pad = visitor.page.locator("[data-pad] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    mouse = visitor.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 90)
    mouse.down()
    for step in range(1, 30):
        mouse.move(box["x"] + 40 + step * 12, box["y"] + 90 + (-1) ** (step // 3) * 30)
    mouse.up()


def verifies(visitor, path):
    visitor.goes_to("/acme/letters/verify/")
    visitor.page.locator("input[type=file]").set_input_files(path)
    visitor.presses("Verify")


def test_a_drawn_signature_and_what_the_verify_page_says(ada, acme, tmp_path):
    order = make_port_order(acme, signed=False, company_name="Acme, Inc.", full_port=False, remaining="keep")
    order.numbers_staying, order.new_btn = ["+14085550118", "+14085550119"], "+14085550119"
    order.save()
    ada.goes_to(f"/acme/orders/P-{order.pk}/edit/loa/")
    draws(ada)
    ada.presses("Clear the drawing")
    assert ada.page.locator("[name=drawn]").input_value() == ""
    draws(ada)
    ada.types("Job title", "Owner")
    ada.finds_it_accessible()
    ada.presses("Sign", exact=True)  # without consent
    ada.sees("Tick the box to sign.")
    ada.ticks("I have read the letter")
    ada.presses("Sign", exact=True)
    ada.page.wait_for_url("**/edit/review/")
    letter = acme.port_orders.get(pk=order.pk).paper("loa")
    assert letter.signature.way == "drawn"
    good, bad = tmp_path / "letter.pdf", tmp_path / "altered.pdf"
    data = letter.read()
    good.write_bytes(data)
    bad.write_bytes(data.replace(b"%%EOF", b"%%E0F", 1))
    verifies(ada, good)
    ada.sees("Sealed by us and unchanged")
    ada.sees("Ada Park, Owner")
    ada.finds_it_accessible()
    verifies(ada, bad)
    ada.sees("Changed after it was sealed")
    ada.finds_it_accessible()
    type(order).unscoped.filter(pk=order.pk).update(company_name="Acme Holding")
    ada.goes_to(f"/acme/orders/P-{order.pk}/edit/loa/")
    ada.sees("Company name with previous carrier")
    ada.finds_it_accessible()


def test_a_letter_on_paper_is_skipped_and_comes_later(ada, acme, tmp_path):
    order = make_order_in_berlin(acme)
    ada.goes_to(f"/acme/orders/P-{order.pk}/edit/loa/")
    ada.finds_it_accessible()
    ada.presses("Skip for now")
    ada.sees("It follows later, signed on paper.")
    ada.presses("Submit")
    ada.sees("The signed letter is missing")
    ada.finds_it_accessible()
    ada.follows("Upload the signed letter")
    scan = tmp_path / "scan.png"
    scan.write_bytes(bill_png())
    ada.page.locator("input[type=file]").set_input_files(scan)
    ada.finds_it_accessible()
    ada.types("Date on the letter", order.today.isoformat())
    ada.presses("Upload")
    ada.sees("Signed on paper by Ada Park")
