"""Ada uploads the bill without a date, sees what it says beside the fields, and takes over what differs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from porting.models import BillReading
from tests import files
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(world):
    acme = Organization.objects.get(slug="acme")
    return make_port_order(acme, bill=False, signed=False, company_name="Acme LLC", account_number="")


def test_the_bill_beside_the_fields(visitor, order, tmp_path):
    visitor.signs_in("ada@acme.example")
    page = visitor.page
    visitor.goes_to(f"/acme/orders/P-{order.pk}/edit/bill/")
    bill = tmp_path / "bill.pdf"
    issued = timezone.localdate() - timedelta(days=9)
    bill.write_bytes(files.bill_in_columns(issued=issued))
    page.set_input_files("input[type=file]", bill)
    visitor.presses("Next", exact=True)
    visitor.sees("What the bill says")
    page.locator("#bill-reading").get_by_text("Not typed yet").first.wait_for()
    assert BillReading.unscoped.get().stage == "done"
    visitor.finds_it_accessible()
    visitor.presses("Use Date of the bill")
    visitor.sees("Taken over from the bill.")
    assert order.documents.get().dated == issued

    visitor.goes_to(f"/acme/orders/P-{order.pk}/edit/carrier/")
    visitor.types("Current carrier", "Bay Phone")
    visitor.presses("Use Company name")
    visitor.sees("Taken over from the bill.")
    assert page.locator("#id_losing_carrier").input_value() == "Bay Phone"
    assert page.locator("#id_company_name").input_value() == "Acme, Inc."
    visitor.finds_it_accessible()
    page.get_by_role("navigation", name="Pages of the bill").get_by_role("link").last.click()
    page.locator("#bill-reading [aria-label='Page 2 of the bill']").wait_for()
    assert (
        page.locator("#bill-reading svg image").evaluate(
            "async (it) => (await fetch(it.href.baseVal)).status"
        )
        == 200
    )
    order.refresh_from_db()
    assert (order.company_name, order.losing_carrier) == ("Acme, Inc.", "Valley Telephone")
