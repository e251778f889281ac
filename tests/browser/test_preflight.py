"""Ada is told before she sends an order what the carrier would say, corrects one thing and insists on another."""

import os

import pytest

from accounts.models import Organization
from porting.models import PreflightOverride
from porting.preflight import records
from porting.tasks import records as tasks
from simulator.models import ServiceAccount
from tests.porting.factories import add_signature, make_port_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(world):
    ServiceAccount.objects.filter(account_number="VT-204418").update(csr_answer="at_once")
    acme = Organization.objects.get(slug="acme")
    changes = {"company_name": "Acme, Incorporated", "postal_code": "95113", "account_number": "VT-204481"}
    return make_port_order(acme, **changes)


def photographed(page, name):
    """A picture for whoever wants to look, where PICTURES_TO names a folder."""
    folder = os.environ.get("PICTURES_TO")
    if not folder:
        return
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


def test_what_the_carrier_would_say(visitor, order):
    page = visitor.page
    visitor.signs_in("ada@acme.example")
    visitor.goes_to(f"/acme/orders/P-{order.pk}/edit/review/")
    visitor.sees("Too little to compare with")
    photographed(page, "nothing")
    visitor.presses("Ask for the record")
    visitor.sees("Will be rejected")
    visitor.sees("The company name differs from the carrier's record")
    assert page.locator("#preflight ins").first.is_visible()
    assert "VT-2044" not in page.content()
    page.get_by_text("Everything that was compared").click()
    visitor.finds_it_accessible()
    photographed(page, "bad")
    visitor.presses("Reveal account number and PIN")
    page.locator("#preflight", has_text="VT-2044").first.wait_for()
    visitor.finds_it_accessible()

    visitor.goes_to(f"/acme/orders/P-{order.pk}/edit/carrier/")
    page.locator("#preflight-hints", has_text="Differs").wait_for()
    visitor.types("Company name with previous carrier", "ACME INC")
    visitor.types("ZIP code", "95112")
    visitor.types("Account number", "VT-204418")
    page.locator("#id_city").focus()
    page.locator("#preflight-hints:not(:has-text('Differs'))").wait_for()
    visitor.finds_it_accessible()
    photographed(page, "hints")
    visitor.types("Authorized name on account", "Adam Park")
    visitor.presses("Next")
    page.wait_for_url("**/edit/loa/")
    order.refresh_from_db()
    order.documents.filter(kind="loa").delete()
    add_signature(order)

    visitor.goes_to(f"/acme/orders/P-{order.pk}/edit/review/")
    visitor.sees("The person authorizing is not the one on the record")
    visitor.presses("Submit")
    visitor.sees("say that it shall be sent anyway")
    visitor.ticks("Send it anyway")
    photographed(page, "anyway")
    visitor.presses("Submit")
    visitor.sees_the_status("Submitted")
    assert PreflightOverride.unscoped.get().light == "bad"


def test_the_page_changes_when_the_record_comes(visitor, order):
    page = visitor.page
    visitor.signs_in("ada@acme.example")
    row = records.ask(order)
    type(row).unscoped.update(state="waiting", record={})
    visitor.goes_to(f"/acme/orders/P-{order.pk}/edit/review/")
    visitor.sees("looks it up, which may take days")
    photographed(page, "waiting")
    visitor.finds_it_accessible()
    tasks.ask_for_record(row.pk)
    visitor.sees("Will be rejected")
