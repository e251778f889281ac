"""Giving a confirmed order up: free for long, then what it costs is shown, accepted and kept on record."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from porting.models import FeeBand
from tests.porting.factories import make_port_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def order(acme, ada, office):
    for hours, amount in ((72, 25), (48, 50), (24, 100)):
        FeeBand.objects.create(kind="cancel", under_hours=hours, amount=amount)
    return make_port_order(acme, state="foc_received", foc_date=date(2026, 12, 9))


def at(clock, moment):
    clock.move_to(datetime.fromisoformat(f"{moment}+00:00"))


def test_early_it_is_free_and_nothing_is_to_be_ticked(ada, order, signed_in, url, carrier):
    client = signed_in(ada)
    page = client.get(url("order_cancel", order)).content.decode()
    assert "This costs nothing now." in page
    assert "id_accepted" not in page
    client.post(url("order_cancel", order), {"fee": "0"})
    order.refresh_from_db()
    assert order.state == "cancel_requested"
    assert order.events.get(verb="cancel").fee is None


def test_the_amount_is_shown_accepted_and_recorded(ada, acme, order, signed_in, url, clock, carrier):
    at(clock, "2026-12-06T20:00:00")
    client = signed_in(ada)
    page = client.get(url("order_cancel", order)).content.decode()
    assert "US$ 75.00" in page
    assert 'aria-current="true">Low' in page
    response = client.post(url("order_cancel", order), {"fee": "75.00"})
    assert response.status_code == 422
    assert "Accept the amount first." in response.content.decode()
    client.post(url("order_cancel", order), {"fee": "75.00", "accepted": "on"})
    order.refresh_from_db()
    assert order.state == "cancel_requested"
    assert order.events.get(verb="cancel").fee == Decimal(75)
    assert acme.audit_entries.get(what="port_order.cancel").after["fee"] == "75.00"


def test_a_tab_that_was_left_open_never_costs_more_than_it_showed(ada, order, signed_in, url, clock, carrier):
    at(clock, "2026-12-07T07:59:00")
    client = signed_in(ada)
    shown = client.get(url("order_cancel", order)).context["form"].fee_now
    at(clock, "2026-12-07T07:59:59")
    assert client.post(url("order_cancel", order), {"fee": shown}).status_code == 422  # still what it showed
    at(clock, "2026-12-07T08:00:01")  # in the next band
    response = client.post(url("order_cancel", order), {"fee": shown, "accepted": "on"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "It costs more than this page showed" in html
    assert 'name="fee" value="150.00"' in html
    assert 'id="id_accepted">' in html  # what was ticked was another amount
    order.refresh_from_db()
    assert order.state == "foc_received"
    assert carrier.made("cancel") == []
    client.post(url("order_cancel", order), {"fee": "150.00", "accepted": "on"})
    assert order.events.get(verb="cancel").fee == 150


@pytest.mark.parametrize("fee", ["", "NaN", "-1", "Infinity", "much", "1e999999999"])
def test_an_amount_that_is_none_does_not_pass(ada, order, signed_in, url, clock, carrier, fee):
    at(clock, "2026-12-06T20:00:00")
    data = {"fee": fee, "accepted": "on"}
    # However much somebody has accepted, what is taken is what it costs.
    status, taken = (302, [Decimal(75)]) if fee == "1e999999999" else (422, [])
    assert signed_in(ada).post(url("order_cancel", order), data).status_code == status
    assert list(order.events.filter(verb="cancel").values_list("fee", flat=True)) == taken
    assert len(carrier.made("cancel")) == len(taken)


def test_amounts_that_fell_are_the_lower_ones(ada, order, signed_in, url, clock):
    at(clock, "2026-12-06T20:00:00")
    FeeBand.objects.filter(under_hours=72).update(amount=5)
    signed_in(ada).post(url("order_cancel", order), {"fee": "75.00", "accepted": "on"})
    assert order.events.get(verb="cancel").fee == 15


def test_an_example_says_that_it_is_one(ada, order, signed_in, url, clock):
    at(clock, "2026-12-06T20:00:00")
    client = signed_in(ada)
    assert "an example" not in client.get(url("order_cancel", order)).content.decode()
    FeeBand.objects.update(is_example=True)
    assert "an example" in client.get(url("order_cancel", order)).content.decode()


@pytest.mark.parametrize("state", ["foc_received", "activating", "partially_completed"])
def test_on_the_day_it_is_locked(ada, acme, order, signed_in, url, clock, carrier, state):
    at(clock, "2026-12-09T08:00:00")  # midnight in San Jose
    acme.port_orders.update(state=state)
    client = signed_in(ada)
    assert "too late to cancel" in client.get(url("order_cancel", order), follow=True).content.decode()
    client.post(url("order_cancel", order), {"fee": "300.00", "accepted": "on"})
    assert carrier.made("cancel") == []
    assert acme.port_orders.get().state == state


def test_a_second_before_it_is_not(ada, acme, order, signed_in, url, clock, carrier):
    at(clock, "2026-12-09T07:59:59")
    signed_in(ada).post(url("order_cancel", order), {"fee": "300.00", "accepted": "on"})
    assert acme.port_orders.get().state == "cancel_requested"
