"""The 19 errors: each is provoked with the account of docs/rehearsal.md, mended in the panel, and the order completed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from porting.errors import ERRORS
from simulator import demo_rows
from simulator.demo import NEIGHBOR, REHEARSALS
from simulator.models import ServiceAccount, ServiceLine
from tests.browser.acting import Visitor, let_the_carrier_act
from tests.browser.rehearsing import bill_of, draft_of, is_carried_to_its_end, is_sent
from tests.factories import make_connected_location
from tests.porting.factories import a_date, last_bill

ACCOUNTS = {rehearsal.code: rehearsal.account for rehearsal in REHEARSALS}


@dataclass(frozen=True)
class Case:
    """`wrong` is what the order says instead of the record; `mend` is what the person does in the panel."""

    mend: Callable[[Visitor, Any], None]
    wrong: dict = field(default_factory=dict)
    signs: bool = True  # the letter says it too, so it is signed again
    looks: bool = False  # the fields that open are like no other's, so axe looks at them


def types(label, attribute):
    """The value of the record, typed into the field that is open."""

    def mend(visitor, account):
        visitor.types(label, getattr(account, attribute))
        visitor.presses("Save and resubmit")

    return mend


def takes_out(visitor, account):
    visitor.presses("Take 1 number out")


def chooses_a_later_date(visitor, account):
    visitor.page.locator(f"#fix input[name=requested_date][value='{a_date(14)}']").press("Space")
    visitor.presses("Save and resubmit")


def says_that_others_stay(visitor, account):
    visitor.ticks("Only some")
    visitor.ticks("Keep")
    visitor.types("New billing number for the rest", account.left_out[0])
    visitor.presses("Save and resubmit")


def types_the_suite(visitor, account):
    visitor.types("Floor, suite", account.line2)
    visitor.presses("Save and resubmit")


def uploads_another_bill(visitor, account):
    issued = last_bill(account, timezone.localdate())
    visitor.page.set_input_files("#fix input[type=file]", bill_of(account, issued))
    visitor.types("Date of the bill", issued.isoformat())
    visitor.presses("Save and resubmit")


def signs_as_the_owner(visitor, account):
    visitor.types("Job title", "Owner")
    visitor.ticks("I have read the letter")
    visitor.presses("Sign and resubmit")


def moves_the_rest_into_another_order(visitor, account):
    visitor.presses("Move 2 numbers into an order of their own")


def waits_and_sends_again(visitor, account):
    """The other request has ended meanwhile; nothing of the order changes."""
    ServiceLine.objects.update(other_request="")
    visitor.presses("The other request has ended, send again")


def asks_support_and_sends_again(visitor, account):
    """Support thaws the account at the carrier; nothing of the order changes."""
    ServiceAccount.objects.update(is_frozen=False)
    visitor.presses("Send it again")


CASES = {
    "account_number_mismatch": Case(
        types("Account number", "account_number"), {"account_number": "HL-447190"}, looks=True
    ),
    "account_number_required": Case(types("Account number", "account_number"), {"account_number": ""}),
    "account_name_mismatch": Case(
        types("Authorized name", "authorized"), {"authorized_name": "Eleanor Whitfield"}
    ),
    "btn_mismatch": Case(types("Billing telephone number", "btn"), {"btn": "+15105550111"}),
    "company_name_mismatch": Case(
        types("Company name", "company"), {"company_name": "Stillwater Dental Group, Incorporated"}
    ),
    "multiple_btns": Case(moves_the_rest_into_another_order, looks=True),
    "foc_rejected": Case(chooses_a_later_date, {"requested_date": a_date(6)}, signs=False, looks=True),
    "invalid_pin": Case(types("PIN", "pin"), {"pin": "739401"}, signs=False),
    "pending_order": Case(waits_and_sends_again, signs=False),
    "pending_main_btn": Case(says_that_others_stay, {"full_port": True}, looks=True),
    "service_address_mismatch": Case(types_the_suite, {"address_line2": ""}, looks=True),
    "zip_mismatch": Case(types("ZIP code", "postal_code"), {"postal_code": "94086"}),
    "tn_special_feature": Case(takes_out, looks=True),
    "tn_mismatch": Case(takes_out, {"numbers": (*ACCOUNTS["tn_mismatch"].enter, NEIGHBOR.numbers[0])}),
    "tn_not_portable": Case(takes_out),
    "unsupported_rate_center": Case(takes_out),
    "bill_invalid": Case(
        uploads_another_bill,
        {"bill_dated": last_bill(ACCOUNTS["bill_invalid"], timezone.localdate()) - timedelta(days=1)},
        signs=False,
        looks=True,
    ),
    "loa_invalid": Case(signs_as_the_owner, {"title": "Office Manager"}, signs=False, looks=True),
    "unknown": Case(asks_support_and_sends_again, signs=False, looks=True),
}


@pytest.fixture
def world(transactional_db, settings):
    """Only what a rejected order needs: the full demonstration takes longer than the story."""
    settings.CARRIER_DAY_SECONDS = 10


def test_all_nineteen_are_rehearsed():
    assert set(CASES) == set(ERRORS) == set(ACCOUNTS)


@pytest.mark.parametrize("code", CASES)
def test_an_error_is_provoked_mended_in_the_panel_and_the_order_completed(visitor, acme, ada, code):
    case, account = CASES[code], ACCOUNTS[code]
    for one in (account, NEIGHBOR):
        demo_rows.add_account(one)
    make_connected_location(acme)
    order = draft_of(acme, account, **case.wrong)
    is_sent(order, by=ada)
    let_the_carrier_act()

    visitor.is_signed_in(ada)
    visitor.goes_to(order.get_absolute_url())
    visitor.sees_the_status("Rejected")
    order.refresh_from_db()
    assert (order.reject_code, order.reject_source) == (code, "carrier")
    visitor.page.locator("#fix").get_by_role("heading", name=str(ERRORS[code].title)).wait_for()
    visitor.page.locator("#fix").get_by_text(order.reject_detail).wait_for()
    if case.looks:
        visitor.finds_it_accessible()
    case.mend(visitor, account)
    if case.signs:
        visitor.sees("has changed since it was signed")
        signs_as_the_owner(visitor, account)

    visitor.sees_the_status("Submitted")
    is_carried_to_its_end(order)
    assert order.attempt == 2
    visitor.goes_to(order.get_absolute_url())
    visitor.sees_the_status("Completed")
    assert not visitor.page.locator("#fix").count()
    ported = set(acme.phone_numbers.filter(state="active").values_list("e164", flat=True))
    assert ported == set(order.numbers.values_list("e164", flat=True)) != set()
