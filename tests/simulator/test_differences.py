"""Where a record is tolerant, where it is not, and the rules that have more than one side."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from simulator.demo import ACCOUNTS, MANY_LINES, THREE_LINES, WIRELESS
from simulator.differences import first_difference
from simulator.models import ServiceAccount, ServiceLine, SimPort

from .ports import bill, port_request

pytestmark = pytest.mark.usefixtures("wall", "accounts")


def code_for(request):
    difference = first_difference(request, timezone.now(), SimPort(pk=1))
    return difference.code if difference else ""


def at(account, **changes):
    request = port_request(account)
    return replace(request, address=replace(request.address, **changes))


def record(**changes):
    ServiceAccount.objects.filter(btn=THREE_LINES.btn).update(**changes)


@pytest.mark.parametrize("account", [THREE_LINES, MANY_LINES, WIRELESS], ids=lambda a: a.company)
def test_what_is_printed_is_accepted(account):
    assert code_for(port_request(account)) == ""


@pytest.mark.parametrize("typed", ["ACME INC", "acme, inc.", "  Acme   Inc "])
def test_company_in_another_dress(typed):
    assert code_for(port_request(THREE_LINES, company_name=typed)) == ""


@pytest.mark.parametrize("typed", ["Acme Incorporated", "Acme", "Acme & Inc", ""])
def test_another_company(typed):
    assert code_for(port_request(THREE_LINES, company_name=typed)) == "company_name_mismatch"


@pytest.mark.parametrize("typed", ["ADA PARK", "ada  park"])
def test_authorized_name_in_another_dress(typed):
    assert code_for(port_request(THREE_LINES, authorized_name=typed)) == ""


def test_a_middle_initial_is_another_name():
    assert code_for(port_request(THREE_LINES, authorized_name="Ada B. Park")) == "account_name_mismatch"


def test_any_of_the_authorized_people_will_do():
    record(authorized_names="Ada Park\nEli Stone")
    assert code_for(port_request(THREE_LINES, authorized_name="Eli Stone")) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"line1": "1455 MARKET ST", "line2": "STE 600"},
        {"line1": "1455 Market St., Suite 600", "line2": ""},
        {"state": "california"},
        {"city": "san francisco"},
        {"postal_code": "94103-2042"},
    ],
)
def test_the_same_address_written_otherwise(changes):
    assert code_for(at(MANY_LINES, **changes)) == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"line1": "1456 Market Street"}, "service_address_mismatch"),
        ({"line2": "Suite 601"}, "service_address_mismatch"),
        ({"city": "Oakland"}, "service_address_mismatch"),
        ({"state": "NV"}, "service_address_mismatch"),
        ({"postal_code": "94104"}, "zip_mismatch"),
    ],
)
def test_another_address(changes, code):
    assert code_for(at(MANY_LINES, **changes)) == code


def test_account_number_without_hyphens():
    assert code_for(port_request(THREE_LINES, account_number="vt 204418")) == ""


@pytest.mark.parametrize(
    ("typed", "code"), [("", ""), ("408-555-0110", ""), ("999", "account_number_mismatch")]
)
def test_account_number_where_the_record_does_not_insist(typed, code):
    record(requires_account_number=False)
    assert code_for(port_request(THREE_LINES, account_number=typed)) == code


def test_a_pin_is_compared_to_the_letter_and_only_where_there_is_one():
    assert code_for(port_request(WIRELESS, pin="")) == "invalid_pin"
    assert code_for(port_request(THREE_LINES, pin="0000")) == ""


def test_numbers_on_no_record():
    assert code_for(port_request(THREE_LINES, numbers=("+14085550199",))) == "tn_mismatch"
    assert (
        code_for(port_request(THREE_LINES, numbers=(*THREE_LINES.numbers, "+14085550199"))) == "tn_mismatch"
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"full_port": True}, "pending_main_btn"),
        ({"full_port": False, "keep_remaining": True}, "pending_main_btn"),
        ({"full_port": False, "keep_remaining": True, "new_btn": "+14085550110"}, "pending_main_btn"),
        ({"full_port": False, "keep_remaining": True, "new_btn": "+14085550199"}, "pending_main_btn"),
        ({"full_port": False, "keep_remaining": True, "new_btn": "+14085550112"}, ""),
        ({"full_port": False, "keep_remaining": False}, ""),
    ],
)
def test_lines_that_stay_when_the_btn_goes(changes, code):
    assert code_for(port_request(THREE_LINES, numbers=THREE_LINES.numbers[:2], **changes)) == code


def test_a_port_that_leaves_the_btn_behind_is_a_partial_one_whatever_it_says():
    assert code_for(port_request(THREE_LINES, numbers=THREE_LINES.numbers[1:], full_port=True)) == ""


@pytest.mark.parametrize(("age", "code"), [(0, ""), (30, ""), (32, "bill_invalid"), (-2, "bill_invalid")])
def test_the_age_of_a_bill(age, code):
    request = port_request(THREE_LINES)
    papers = (bill(timezone.now().date() - timedelta(days=age)), request.documents[1])
    assert code_for(replace(request, documents=papers)) == code


def test_a_bill_that_is_missing_or_undated():
    request = port_request(THREE_LINES)
    assert code_for(replace(request, documents=request.documents[1:])) == "bill_invalid"
    assert code_for(replace(request, documents=(bill(None), request.documents[1]))) == "bill_invalid"


def test_a_letter_that_is_missing_or_unsigned():
    request = port_request(THREE_LINES)
    assert code_for(replace(request, documents=request.documents[:1])) == "loa_invalid"
    assert code_for(replace(request, signature=None)) == "loa_invalid"


def test_a_signer_who_must_be_authorized():
    record(signer_rule=ServiceAccount.SignerRule.AUTHORIZED)
    request = port_request(THREE_LINES)
    assert code_for(request) == ""
    stranger = replace(request.signature, first_name="Mallory", last_name="Voss")
    assert code_for(replace(request, signature=stranger)) == "loa_invalid"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 3, 5), "foc_rejected"),  # two business days
        (date(2026, 3, 6), ""),
        (date(2026, 3, 7), "foc_rejected"),  # a Saturday
        (date(2026, 3, 10), "foc_rejected"),  # closed
        (date(2026, 5, 25), "foc_rejected"),  # Memorial Day
    ],
)
def test_dates(day, code):
    record(closed_dates="2026-03-10\n2026-12-24")
    assert code_for(port_request(THREE_LINES, requested_date=day)) == code


def test_a_request_after_one_in_the_afternoon_counts_for_the_next_day(wall):
    wall.move_to("2026-03-03T18:30:00Z", tick=False)
    assert code_for(port_request(THREE_LINES, requested_date=date(2026, 3, 6))) == "foc_rejected"
    assert code_for(port_request(THREE_LINES, requested_date=date(2026, 3, 9))) == ""


def test_another_request_that_has_ended():
    line = ServiceLine.objects.get(e164="+16285550113")
    line.other_request_until = timezone.now() - timedelta(minutes=1)
    line.save()
    account = next(account for account in ACCOUNTS if line.e164 in account.numbers)
    assert code_for(port_request(account)) == ""


def test_a_sub_account_is_ported_with_its_own_btn():
    account = next(account for account in ACCOUNTS if account.company.startswith("Twin Pines"))
    second = ("+16505550112", "+16505550113")
    assert code_for(port_request(account, numbers=second, btn=second[0])) == ""
    assert code_for(port_request(account, numbers=second)) == "btn_mismatch"
