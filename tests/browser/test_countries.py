"""A port in Germany, where the letter is signed by hand: skipped in the wizard, uploaded later, carried to its end."""

from datetime import timedelta

import pytest

from accounts.models import Organization
from porting.models import PortOrder
from simulator.demo import ABROAD
from simulator.models import ServiceLine
from tests import files
from tests.browser.rehearsing import bill_of, is_carried_to_its_end
from tests.factories import make_connected_location

KRANICH = next(account for account in ABROAD if account.country == "DE")


@pytest.fixture
def berlin(world):
    return make_connected_location(
        Organization.objects.get(slug="acme"),
        name="Berlin",
        line1=KRANICH.line1,
        city=KRANICH.city,
        country="DE",
        state="",
        postal_code=KRANICH.postal_code,
        time_zone="Europe/Berlin",
    )


def describes_the_account(visitor):
    visitor.types("Account number", KRANICH.account_number)
    visitor.types("Company name", KRANICH.company)
    visitor.types("Authorized name", KRANICH.authorized)
    visitor.types("Service address", KRANICH.line1)
    visitor.types("City", KRANICH.city)
    visitor.types("Postal code", KRANICH.postal_code)
    visitor.types("Register or tax number", KRANICH.identifiers["company_id"])


def test_a_letter_on_paper_follows_and_the_port_is_completed(visitor, berlin):
    visitor.signs_in("ada@acme.example")
    visitor.goes_to(f"/acme/numbers/start/?location={berlin.pk}")
    visitor.presses("Port numbers over")
    visitor.types("Phone numbers", "030 23125110\n030 23125111")
    visitor.sees("Portable")
    visitor.presses("Next")
    visitor.presses("Next")
    describes_the_account(visitor)
    visitor.presses("Next")
    order = PortOrder.unscoped.get(location=berlin)
    issued = order.today - timedelta(days=9)
    visitor.page.locator("main input[type=file]").set_input_files(bill_of(KRANICH, issued))
    visitor.types("Date of the bill", issued.isoformat())
    visitor.presses("Next")

    visitor.sees("Scan all pages into one PDF or PNG file")
    visitor.finds_it_accessible()
    letter = visitor.page.get_by_role("link", name="Download the letter (PDF)")
    answer = visitor.page.request.get(f"{visitor.address}{letter.get_attribute('href')}")
    assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")
    visitor.presses("Skip for now")
    visitor.sees("It follows later, signed on paper.")
    visitor.presses("Submit")
    visitor.sees_the_status("Action required")
    visitor.sees("The signed letter is missing")
    visitor.finds_it_accessible()
    visitor.goes_to("/acme/orders/?show=action")
    visitor.follows(f"P-{order.pk}")
    visitor.follows("Upload the signed letter")
    scan = {"name": "scan.png", "mimeType": "image/png", "buffer": files.bill_png(text="Vollmacht")}
    visitor.page.locator("main input[type=file]").set_input_files(scan)
    visitor.types("Date on the letter", order.today.isoformat())
    visitor.finds_it_accessible()
    visitor.presses("Upload")

    visitor.sees_the_status("Submitted")
    is_carried_to_its_end(order)
    visitor.goes_to(order.get_absolute_url())
    visitor.sees_the_status("Completed")
    visitor.finds_it_accessible()
    active = berlin.phone_numbers.filter(state="active").values_list("e164", flat=True)
    assert tuple(sorted(active)) == KRANICH.numbers
    assert set(ServiceLine.objects.filter(e164__in=KRANICH.numbers).values_list("status", flat=True)) == {
        "ported"
    }
