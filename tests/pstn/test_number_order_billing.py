"""The review and the page of an order say from when on its numbers are billed."""

from datetime import date

import pytest

from pstn import terms_text
from pstn.workflow import number_orders as workflow
from tests.factories import make_connected_location, make_number_order
from tests.pstn.fakes import STOCK

pytestmark = pytest.mark.usefixtures("carrier")
PROVIDED = "Each number is billed from the day on which the carrier provides it."
ACTIVE = "when the carrier has provided it and the terms are accepted."
WAITING = "Numbers that wait for the terms are billed from the day of their acceptance on."


@pytest.fixture
def order(location, eli):
    return make_number_order(location, STOCK[:3], created_by=eli)


@pytest.fixture
def accept(acme, ada):
    terms = terms_text.current()
    return lambda: acme.terms_acceptances.create(
        version=terms.version, sha256=terms.sha256, by=ada, role="full_admin"
    )


@pytest.fixture
def said(client, eli):
    client.force_login(eli)

    def said(order, what=""):
        page = client.get(f"/acme/orders/N-{order.pk}/{what}").content.decode()
        _before, found, rest = page.partition("<dt>Billing</dt><dd>")
        return rest.partition("</dd>")[0] if found else ""

    return said


def test_before_and_after_the_acceptance_of_the_terms(said, order, accept):
    assert ACTIVE in said(order, "edit/review/")
    accept()
    assert said(order, "edit/review/").strip() == PROVIDED


def test_while_the_carrier_is_busy_and_when_it_has_provided(said, order, accept, eli):
    accept()
    workflow.place(order, by=eli)
    assert said(order).strip() == PROVIDED
    workflow.provision(order, e164s=STOCK[:1])
    order.phone_numbers.filter(e164=STOCK[0]).update(billing_from=date(2026, 3, 1))
    assert said(order).strip() == f"Since March 1, 2026. {PROVIDED}"
    workflow.provision(order)
    order.phone_numbers.filter(e164=STOCK[2]).update(billing_from=date(2026, 3, 4))
    order.phone_numbers.filter(e164=STOCK[1]).update(billing_from=date(2026, 3, 2))
    told = "Since March 1, 2026, the last one since March 4, 2026; each number shows its day."
    assert said(order).strip() == told


def test_numbers_that_wait_for_the_terms(said, order, eli):
    workflow.place(order, by=eli)
    assert ACTIVE in said(order)
    workflow.provision(order)
    assert said(order).strip() == WAITING


def test_what_ends_without_numbers_is_not_charged(said, order, eli):
    workflow.place(order, by=eli)
    workflow.fail(order, reason="Sold.")
    assert said(order).strip() == "Nothing is charged."


def test_a_request_is_not_charged_before_the_offer_is_accepted(said, acme, eli):
    berlin = make_connected_location(acme, name="Berlin", country="DE", state="", city="Berlin")
    order = acme.number_orders.create(location=berlin, kind="assisted", area="Berlin", created_by=eli)
    for what in ("edit/review/", ""):
        assert "Nothing is charged before you accept an offer." in said(order, what)
        assert ACTIVE in said(order, what)
