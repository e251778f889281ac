"""Submitting a draft: guards, the inventory, one order however often it is pressed."""

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from porting.models import PortOrder
from porting.workflow import orders as workflow
from tests.factories import make_number
from tests.porting.factories import NUMBERS, a_date, add_bill, make_port_order

pytestmark = pytest.mark.django_db


def test_it_is_checked_and_sent(acme, ada, office, carrier, signed_in, url):
    order = make_port_order(acme)
    assert signed_in(ada).post(url("order_submit", order)).url == order.get_absolute_url()
    order.refresh_from_db()
    assert (order.state, order.carrier_ref, order.attempt) == ("submitted", f"ref-P-{order.pk}", 1)
    assert [event.after for event in order.events.order_by("pk")] == ["validating", "ready", "submitted"]
    assert list(acme.phone_numbers.values_list("e164", "state")) == [(e164, "porting") for e164 in NUMBERS]
    assert AuditEntry.objects.get(what="port_order.submit").before == {"state": "draft"}


def test_pressing_twice_is_one_order(acme, ada, office, carrier, signed_in, url):
    order = make_port_order(acme)
    client = signed_in(ada)
    client.post(url("order_submit", order))
    assert client.post(url("order_submit", order)).url == order.get_absolute_url()
    assert carrier.made("submit") == [[f"port-{order.pk}-1"]]
    assert order.events.filter(after="validating").count() == 1


@pytest.mark.parametrize(
    ("lack", "said"),
    [
        ({"bill": False}, "Upload the last bill"),
        ({"signed": False}, "not signed yet"),
        ({"requested_date": a_date(1)}, "Too soon"),
        ({"company_name": ""}, "Describe the account"),
    ],
)
def test_what_is_missing_is_said(acme, ada, office, carrier, signed_in, url, lack, said):
    order = make_port_order(acme, **lack)
    page = signed_in(ada).post(url("order_submit", order), follow=True)
    assert said in page.content.decode()
    order.refresh_from_db()
    assert order.state == "draft"
    assert not acme.phone_numbers.exists()


def test_a_number_taken_meanwhile_is_named_and_the_draft_stays(
    acme, ada, globex, office, carrier, signed_in, url
):
    from tests.factories import make_connected_location

    order = make_port_order(acme)
    make_number(make_connected_location(globex), NUMBERS[1])
    page = signed_in(ada).post(url("order_submit", order), follow=True).content.decode()
    assert "+1 408-555-0111" in page
    assert "Globex" not in page
    order.refresh_from_db()
    assert (order.state, order.events.count(), acme.phone_numbers.count()) == ("draft", 0, 0)
    assert not order.numbers.filter(is_listed=True).exists()


def test_a_trial_cannot(acme, ada, office, carrier):
    order = make_port_order(acme)
    acme.is_trial = True
    acme.save()
    with pytest.raises(Refused, match="Trial"):
        workflow.submit(order, by=ada)


def test_a_viewer_cannot(acme, vic, ada, office, carrier, signed_in, url):
    assert signed_in(vic).post(url("order_submit", make_port_order(acme))).status_code == 403


def test_a_partner_may_once_the_customer_has_signed(acme, paula, ada, office, carrier, signed_in, url):
    order = make_port_order(acme)
    signed_in(paula).post(url("order_submit", order))
    order.refresh_from_db()
    assert order.state == "submitted"


def test_a_carrier_that_refuses_rejects(acme, ada, office, carrier, signed_in, url):
    carrier.refuses = ("The account is closed.", "unknown")
    order = make_port_order(acme)
    signed_in(ada).post(url("order_submit", order))
    order.refresh_from_db()
    assert (order.state, order.reject_code, order.reject_detail) == (
        "rejected",
        "unknown",
        "The account is closed.",
    )


def test_a_thousand_numbers_cost_dozens_of_queries_not_thousands(
    acme, ada, office, carrier, django_assert_max_num_queries
):
    many = tuple(f"+1408555{number:04}" for number in range(1000))
    order = make_port_order(acme, numbers=many, requested_date=a_date(12))
    with django_assert_max_num_queries(70):
        workflow.submit(order, by=ada)
    assert PortOrder.unscoped.get(pk=order.pk).state == "validating"


def test_an_old_bill_is_missing_at_the_last_moment(acme, ada, office, carrier, signed_in, url):
    order = make_port_order(acme, bill=False)
    bill = add_bill(order, days_old=30)
    bill.dated -= timedelta(days=1)
    bill.save()
    signed_in(ada).post(url("order_submit", order))
    order.refresh_from_db()
    assert order.state == "draft"
