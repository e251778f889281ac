"""What the carrier says of numbers that somebody wants to bring."""

import pytest

from carrier.base import LineKind, Portable
from simulator.demo import ABROAD, THREE_LINES, TOLL_FREE, WIRELESS
from simulator.models import ServiceAccount, ServiceLine

from .ports import port_request

pytestmark = pytest.mark.usefixtures("accounts")


def test_each_kind_of_answer_in_the_order_asked(carrier, block):
    asked = ["+17605550113", "+14085552000", "+14085550199", "+14085550110", "+17075550123", "+14085550110"]
    answers = carrier.check_portability("US", asked)
    assert [answer.e164 for answer in answers] == asked
    assert [(answer.portable, answer.reason) for answer in answers] == [
        (Portable.LOOK, "rate_center"),
        (Portable.NO, "ours"),
        (Portable.NO, "no_carrier"),
        (Portable.YES, ""),
        (Portable.LOOK, "inactive"),
        (Portable.YES, ""),
    ]
    assert (answers[3].losing_carrier, answers[3].rate_center) == ("Valley Telephone", "San Jose")


def test_wireless_numbers_say_so(carrier):
    assert carrier.check_portability("US", [WIRELESS.btn])[0].wireless


def test_a_ported_number_is_ours(carrier, days):
    carrier.submit_port(port_request(THREE_LINES))
    days(1)
    days(5)
    answers = carrier.check_portability("US", THREE_LINES.numbers)
    assert {(answer.portable, answer.reason) for answer in answers} == {(Portable.NO, "ours")}


def test_another_country_and_no_numbers(carrier):
    assert carrier.check_portability("CA", [THREE_LINES.btn])[0].reason == "no_carrier"
    assert carrier.check_portability("US", []) == ()


def test_five_thousand_numbers_are_one_call_and_three_queries(carrier, django_assert_num_queries):
    account = ServiceAccount.objects.get(btn=THREE_LINES.btn)
    numbers = [f"+1209555{n:04}" for n in range(5000)]
    ServiceLine.objects.bulk_create(
        ServiceLine(account=account, e164=number, btn=account.btn, rate_center="Modesto")
        for number in numbers
    )
    carrier.check_portability("US", [])
    with django_assert_num_queries(3):
        answers = carrier.check_portability("US", numbers)
    assert {answer.portable for answer in answers} == {Portable.YES}
    assert len(answers) == 5000


def test_what_the_losing_carrier_needs_is_told_in_advance(carrier):
    local, wireless = carrier.check_portability("US", [THREE_LINES.btn, WIRELESS.btn])
    assert (local.kind, local.interval_days, local.needs_pin) == (LineKind.WIRELINE, 3, False)
    assert (wireless.kind, wireless.needs_pin, wireless.needs_account_number) == (
        LineKind.WIRELESS,
        True,
        True,
    )
    assert local.has_messaging
    ServiceLine.objects.filter(e164=THREE_LINES.btn).update(has_messaging=False)
    ServiceAccount.objects.filter(btn=THREE_LINES.btn).update(
        minimum_lead_days=9, requires_account_number=False
    )
    (now,) = carrier.check_portability("US", [THREE_LINES.btn])
    assert (now.has_messaging, now.interval_days, now.needs_account_number) == (False, 9, False)


def test_toll_free_numbers_are_answered_from_the_registry(carrier):
    answers = carrier.check_portability("US", TOLL_FREE.numbers)
    assert {answer.kind for answer in answers} == {LineKind.TOLL_FREE}
    assert [(a.registry_status, a.portable, a.reason) for a in answers[1:]] == [
        ("working", Portable.YES, ""),
        ("assigned", Portable.YES, ""),
        ("reserved", Portable.YES, ""),
        ("suspended", Portable.YES, ""),
        ("disconnected", Portable.LOOK, "inactive"),
        ("transitional", Portable.LOOK, "transitional"),
        ("spare", Portable.NO, "spare"),
        ("unavailable", Portable.NO, "unavailable"),
        ("working", Portable.NO, "resp_org_99"),
    ]
    assert (answers[0].resp_org, answers[-1].resp_org) == ("CRL01", "CRL99")
    assert [a.portable for a in carrier.check_portability("CA", TOLL_FREE.numbers[:1])] == [Portable.YES]
    assert carrier.check_portability("GB", TOLL_FREE.numbers[:1])[0].reason == "no_carrier"


@pytest.mark.parametrize("account", ABROAD, ids=lambda account: account.country)
def test_other_countries(carrier, account):
    answers = carrier.check_portability(account.country, account.numbers)
    assert {(a.portable, a.losing_carrier, a.rate_center) for a in answers} == {
        (Portable.YES, account.carrier, account.city)
    }
    assert not any(answer.has_messaging for answer in answers)
    assert {a.reason for a in carrier.check_portability("US", account.numbers)} == {"no_carrier"}
