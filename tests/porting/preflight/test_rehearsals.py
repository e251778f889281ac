"""The check beside the truth: what it calls green is confirmed, and what it names is what the carrier says."""

from dataclasses import replace

import pytest
from django.utils import timezone

from carrier import get_carrier
from porting import preflight
from porting.models import PortOrder
from porting.preflight import records
from porting.tasks import feed
from porting.workflow import orders as workflow
from simulator import appointments, demo, demo_rows
from simulator.models import Clock, ServiceAccount
from tests.porting.factories import a_date, add_bill, add_signature, as_recorded, last_bill, make_port_order

pytestmark = pytest.mark.django_db
AT_ONCE = ServiceAccount.RecordAnswer.AT_ONCE
ACCOUNTS = {rehearsal.code: rehearsal.account for rehearsal in demo.REHEARSALS}

# The mistake of docs/rehearsal.md for each error that something besides the carrier can know. The others are
# known to the carrier alone: a PIN's digits, the day of its bills, titles that may sign, requests of others,
# and that an account is frozen.
WRONG = {
    "account_number_mismatch": {"account_number": "HL-447190"},
    "account_number_required": {"account_number": ""},
    "account_name_mismatch": {"authorized_name": "Eleanor Whitfield"},
    "btn_mismatch": {"btn": "+15105550111"},
    "company_name_mismatch": {"company_name": "Stillwater Dental Group, Incorporated"},
    "multiple_btns": {},
    "pending_main_btn": {},
    "service_address_mismatch": {"address_line2": ""},
    "zip_mismatch": {"postal_code": "94086"},
    "tn_special_feature": {},
    "tn_mismatch": {"numbers": ("+18315550145", "+18315550146", "+18315550148")},
    "tn_not_portable": {},
    "unsupported_rate_center": {},
}
ONLY_THE_CARRIER = {"invalid_pin", "pending_order", "bill_invalid", "loa_invalid", "unknown"}


@pytest.fixture(autouse=True)
def _records(db, settings):
    settings.CARRIER_DAY_SECONDS = 10
    Clock.current()
    for account in (*demo.GOOD, *ACCOUNTS.values(), demo.NEIGHBOR):
        demo_rows.add_account(replace(account, csr_answer=AT_ONCE))


def order_of(acme, account, at_work, **changes):
    """An order with everything as on the record, but for `changes`; its record has been asked for."""
    said = {
        **as_recorded(account),
        "requested_date": a_date(14),
        "numbers": account.enter,
        **changes,
    }
    order = make_port_order(acme, bill=False, signed=False, **said)
    for answer in get_carrier().check_portability("US", said["numbers"]):
        order.numbers.filter(e164=answer.e164).update(
            portable=answer.portable.value,
            reason=answer.reason,
            losing_carrier=answer.losing_carrier,
            is_wireless=answer.wireless,
            needs_pin=answer.needs_pin,
            needs_account_number=answer.needs_account_number,
            interval_days=answer.interval_days,
        )
    add_bill(order, dated=last_bill(account, order.today))
    first, last = account.authorized.split(" ")
    title = account.accepted_titles.split("\n")[0] or "Owner"
    add_signature(order, first_name=first, last_name=last, title=title, signed_at=timezone.now())
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    with at_work():
        records.ask(order)
    return order


def judge(order):
    return preflight.check(PortOrder.unscoped.whole().get(pk=order.pk), None)


def answer_of_the_carrier(order, ada, at_work, anyway=""):
    with at_work():
        workflow.submit(order, by=ada, anyway=anyway)
    for _event in range(3):
        order.refresh_from_db()
        if order.state not in ("submitted", "ready", "validating"):
            break
        with at_work():
            appointments.keep_next()
            feed.take_carrier_events()
    return order


def test_each_of_the_nineteen_is_placed():
    assert WRONG.keys() | ONLY_THE_CARRIER | {"foc_rejected"} == ACCOUNTS.keys()
    assert not WRONG.keys() & ONLY_THE_CARRIER


@pytest.mark.parametrize("account", demo.GOOD, ids=lambda account: account.company)
def test_green_is_confirmed(acme, ada, office, at_work, account):
    order = order_of(acme, account, at_work)
    check = judge(order)
    assert (check.light, check.reasons) == ("ok", ())
    assert answer_of_the_carrier(order, ada, at_work).state == "foc_received"


@pytest.mark.parametrize("code", WRONG)
def test_a_provoked_mistake_is_found_before_and_is_what_the_carrier_says(acme, ada, office, at_work, code):
    order = order_of(acme, ACCOUNTS[code], at_work, **WRONG[code])
    check = judge(order)
    assert check.light in ("warn", "bad")
    assert check.reasons[0].code == code
    order = answer_of_the_carrier(order, ada, at_work, anyway=check.light)
    assert (order.state, order.reject_code) == ("rejected", code)


@pytest.mark.parametrize("code", [code for code in WRONG if WRONG[code]])
def test_the_same_order_without_the_mistake_is_green_and_confirmed(acme, ada, office, at_work, code):
    order = order_of(acme, ACCOUNTS[code], at_work)
    assert judge(order).light == "ok"
    assert answer_of_the_carrier(order, ada, at_work).state == "foc_received"


def test_a_date_too_soon_for_this_carrier_is_found(acme, ada, office, at_work):
    order = order_of(acme, ACCOUNTS["foc_rejected"], at_work, requested_date=a_date(5))
    check = judge(order)
    assert (check.light, check.reasons[0].code) == ("bad", "foc_rejected")


def test_a_pin_that_is_left_out_is_found(acme, ada, office, at_work):
    order = order_of(acme, ACCOUNTS["invalid_pin"], at_work, pin="")
    check = judge(order)
    assert (check.light, check.reasons[0].code) == ("bad", "invalid_pin")


@pytest.mark.parametrize("code", sorted(ONLY_THE_CARRIER - {"invalid_pin"}))
def test_what_only_the_carrier_knows_is_not_made_up(acme, ada, office, at_work, code):
    assert judge(order_of(acme, ACCOUNTS[code], at_work)).reasons == ()
