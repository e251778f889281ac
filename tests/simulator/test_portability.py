"""What the carrier says of numbers that somebody wants to bring."""

import pytest

from carrier.base import Portable
from simulator.demo import THREE_LINES, WIRELESS
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
