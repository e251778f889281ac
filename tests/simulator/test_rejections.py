"""The 19 errors: a wrong order is rejected for its cause, and the same order, put right, is completed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carrier.base import EventKind
from lib.calendar import add_business_days
from simulator.demo import NEIGHBOR, REHEARSALS
from simulator.models import ServiceAccount, ServiceLine

from .ports import bill, last_word, port_events, port_request, story

ACCOUNTS = {rehearsal.code: rehearsal.account for rehearsal in REHEARSALS}


def address(request, **changes):
    return {"address": replace(request.address, **changes)}


def sooner(request):
    return {"requested_date": add_business_days(request.requested_date, -3, "US")}


def signed_as(request, title):
    return {"signature": replace(request.signature, title=title)}


def other_bill(request):
    paper, letter = request.documents
    return {"documents": (bill(paper.dated - timedelta(days=1)), letter)}


# What docs/rehearsal.md says to do to provoke each error; nothing where the record itself is the cause.
WRONG = {
    "account_number_mismatch": lambda r: {"account_number": "HL-447190"},
    "account_number_required": lambda r: {"account_number": ""},
    "account_name_mismatch": lambda r: {"authorized_name": "Eleanor Whitfield"},
    "btn_mismatch": lambda r: {"btn": r.numbers[1]},
    "company_name_mismatch": lambda r: {"company_name": "Stillwater Dental Group, Incorporated"},
    "multiple_btns": lambda r: {},
    "foc_rejected": sooner,
    "invalid_pin": lambda r: {"pin": "739401"},
    "pending_order": lambda r: {},
    "pending_main_btn": lambda r: {},
    "service_address_mismatch": lambda r: address(r, line2=""),
    "zip_mismatch": lambda r: address(r, postal_code="94086"),
    "tn_special_feature": lambda r: {},
    "tn_mismatch": lambda r: {"numbers": (*r.numbers, NEIGHBOR.numbers[0])},
    "tn_not_portable": lambda r: {},
    "unsupported_rate_center": lambda r: {},
    "bill_invalid": other_bill,
    "loa_invalid": lambda r: signed_as(r, "Office Manager"),
    "unknown": lambda r: {},
}


def without_the_last(request):
    return {"numbers": request.numbers[:-1]}


def thaw(request):
    ServiceAccount.objects.filter(is_frozen=True).update(is_frozen=False)
    return {}


# How it is put right, where typing what is printed is not enough.
FIXED = {
    "multiple_btns": lambda r: {"numbers": r.numbers[:2]},
    "pending_order": without_the_last,
    "pending_main_btn": lambda r: {"full_port": False, "keep_remaining": True, "new_btn": "+15305550112"},
    "tn_special_feature": without_the_last,
    "tn_not_portable": without_the_last,
    "unsupported_rate_center": without_the_last,
    "unknown": thaw,
}
# The numbers that a rejection names.
NAMED = {
    "btn_mismatch": (),
    "multiple_btns": ("+16505550112", "+16505550113"),
    "pending_order": ("+16285550113",),
    "pending_main_btn": ("+15305550110",),
    "tn_special_feature": ("+16285550123",),
    "tn_mismatch": ("+18315550148",),
    "tn_not_portable": ("+17075550123",),
    "unsupported_rate_center": ("+17605550113",),
}


def test_all_nineteen_are_here():
    assert len(REHEARSALS) == len(WRONG) == 19
    assert set(WRONG) == set(ACCOUNTS)


@pytest.mark.parametrize("code", WRONG)
def test_a_difference_is_rejected_and_put_right_on_the_same_port(code, carrier, accounts, days):
    request = port_request(ACCOUNTS[code])
    ref = carrier.submit_port(replace(request, **WRONG[code](request)))
    days(0.9)
    assert port_events(carrier) == ()
    days(0.2)
    rejected = last_word(carrier)
    assert (rejected.kind, rejected.code, rejected.key) == (EventKind.PORT_REJECTED, code, request.key)
    assert rejected.numbers == NAMED.get(code, ())
    assert rejected.detail

    right = replace(request, key="P-1-2", **FIXED.get(code, lambda r: {})(request))
    carrier.supplement_port(ref, right)
    days(1.1)
    confirmed = last_word(carrier)
    assert (confirmed.kind, confirmed.key) == (EventKind.PORT_CONFIRMED, "P-1-2")
    assert confirmed.date == request.requested_date

    days(20)
    completed = last_word(carrier)
    assert (completed.kind, completed.key) == (EventKind.PORT_COMPLETED, "P-1-2")
    assert set(completed.numbers) == set(right.numbers)
    assert [event.kind.split(".")[1] for event in story(carrier)] == [
        "rejected",
        "confirmed",
        "completed",
    ]
    lines = ServiceLine.objects.filter(e164__in=right.numbers)
    assert {line.status for line in lines} == {"ported"}


def test_details_do_not_repeat_what_is_secret(carrier, accounts, days):
    for number, (code, account) in enumerate(ACCOUNTS.items()):
        request = port_request(account, key=f"{code}-1", reference=code)
        carrier.submit_port(replace(request, **WRONG[code](request)))
    days(1)
    events = port_events(carrier)
    assert len(events) == 19
    for event, account in zip(events, ACCOUNTS.values(), strict=True):
        for secret in filter(None, (account.pin, account.account_number, account.authorized, account.line1)):
            assert secret not in event.detail
