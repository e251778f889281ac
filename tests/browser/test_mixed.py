"""The mixed list of docs/rehearsal.md: ten numbers of many carriers become a plan of orders, and all are completed."""

from datetime import timedelta

import pytest

from accounts.models import Organization
from porting.models import PortOrder
from simulator.demo import JUNIPER, MIXED_LIST
from tests.browser.acting import let_the_carrier_act
from tests.browser.rehearsing import bill_of
from tests.porting.factories import a_date

VALLEY = JUNIPER[0]
ACCOUNTS = {account.carrier: account for account in JUNIPER}


@pytest.fixture
def ada(visitor):
    visitor.signs_in("ada@acme.example")
    return visitor


def says_for_all(visitor):
    """What the four accounts have in common, once."""
    visitor.page.get_by_text("Change for all drafts").click()
    visitor.chooses("Port complete date", a_date(10).isoformat())
    visitor.types("Company name", VALLEY.company)
    visitor.types("Authorized name", VALLEY.authorized)
    visitor.types("Service address", VALLEY.line1)
    visitor.types("City", VALLEY.city)
    visitor.chooses("State", VALLEY.state)
    visitor.types("ZIP code", VALLEY.postal_code)
    visitor.presses("Save for all drafts")
    visitor.sees("drafts follow")


def finishes(visitor, order):
    """What only this order's account says: its number, its bill, its letter."""
    account = ACCOUNTS[order.losing_carrier]
    if not order.is_toll_free:  # its registry asks for no more than the group has said
        visitor.types("Account number", account.account_number)
        visitor.types("Billing telephone number", account.btn)
        visitor.types("PIN", account.pin)
        visitor.presses("Next")
    issued = order.today - timedelta(days=5)
    visitor.page.locator("main input[type=file]").set_input_files(bill_of(account, issued))
    visitor.types("Date of the bill", issued.isoformat())
    visitor.presses("Next")
    visitor.types("Job title", "Owner")
    visitor.ticks("I have read the letter")
    visitor.presses("Sign", exact=True)
    visitor.page.wait_for_url("**/edit/review/")


def test_one_list_becomes_orders_and_each_is_completed(ada):
    page = ada.page
    ada.goes_to("/acme/numbers/start/")
    ada.chooses("Location", "Austin office")
    ada.presses("Port numbers over")
    ada.types("Phone numbers", "\n".join(MIXED_LIST))
    ada.sees("Not portable")
    ada.sees("Order of its own")
    ada.presses("Port the 8 that work, keep 2 in a draft")
    ada.sees("This becomes 4 orders.")
    for reason in (
        "They are at Valley Telephone.",
        "They are at Golden Gate Communications.",
        "Wireless",
        "Toll-free numbers move through their registry.",
    ):
        ada.sees(reason)
    ada.finds_it_accessible()
    page.get_by_label("All numbers of order 2").check()
    ada.chooses("Put the ticked numbers into", "Order 1 (Valley Telephone)")
    ada.presses("Move")
    ada.sees("Numbers of two carriers cannot share an order.")
    ada.finds_it_accessible()
    ada.presses("Make 4 orders")

    ada.sees("Group of port orders")
    ada.finds_it_accessible()
    says_for_all(ada)
    acme = Organization.objects.get(slug="acme")
    group = acme.port_groups.get()
    orders = list(group.orders.whole().exclude(numbers__portable="no").order_by("pk").distinct())
    assert [order.losing_carrier for order in orders] == [account.carrier for account in JUNIPER]
    for order in orders:
        ada.goes_to(group.get_absolute_url())
        ada.follows(f"Continue {order.reference}")
        finishes(ada, order)
    ada.goes_to(group.get_absolute_url())
    ada.finds_it_accessible()
    ada.presses("Submit all 4 that are ready")
    ada.sees("Submitted: ")

    for _round in range(12):
        let_the_carrier_act()
        if not group.orders.sent().exclude(state=PortOrder.State.COMPLETED).exists():
            break
    states = {order.losing_carrier: (order.state, order.reject_code) for order in group.orders.sent()}
    assert states == dict.fromkeys(ACCOUNTS, ("completed", ""))
    here = set(acme.phone_numbers.filter(state="active").values_list("e164", flat=True))
    assert here >= {e164 for account in JUNIPER for e164 in account.numbers}

    ada.goes_to(group.get_absolute_url())
    ada.sees_the_status("Partly completed")
    ada.finds_it_accessible()
    rest = group.orders.drafts().get()
    assert {row.e164 for row in rest.numbers.all()} == {"+14085550197", "+14085552044"}
    ada.goes_to(f"/acme/orders/P-{rest.pk}/discard/")
    ada.presses("Discard")
    ada.goes_to(group.get_absolute_url())
    ada.sees_the_status("Completed")
