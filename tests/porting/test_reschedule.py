"""Another date for a confirmed order: only legal ones, at most three times, what it costs accepted first."""

from datetime import date, datetime

import pytest

from porting.models import FeeBand
from tests.porting.factories import make_port_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, state="foc_received", foc_date=date(2026, 12, 9))


def test_only_legal_dates_are_offered_and_grey_days_say_why(ada, order, signed_in, url):
    page = signed_in(ada).get(url("order_reschedule", order))
    offered = [value for value, _label in page.context["form"].fields["day"].choices]
    assert offered[0] == "2026-11-25"
    assert {"2026-11-26", "2026-11-28", "2026-12-09", "2026-12-21"}.isdisjoint(offered)
    html = page.content.decode()
    assert "Thanksgiving Day is a holiday." in html
    assert "That is the confirmed date." in html
    assert "changed 3 of 3 times" in html


def test_the_carrier_is_asked_and_the_page_says_so(ada, order, signed_in, url, carrier, news):
    client = signed_in(ada)
    response = client.post(url("order_reschedule", order), {"day": "2026-12-11", "fee": "0"})
    assert response.url == order.get_absolute_url()
    order.refresh_from_db()
    assert (order.state, order.wished_date, order.date_changes) == ("sup_requested", date(2026, 12, 11), 1)
    assert carrier.made("change_date") == [["ref-1", order.wish_key, date(2026, 12, 11)]]
    panel = client.get(order.get_absolute_url()).content.decode()
    assert "until the carrier answers, the confirmed date stands" in panel
    carrier.tell("port.date_changed", order, key=order.wish_key, date=date(2026, 12, 11))
    news()
    order.refresh_from_db()
    assert (order.state, order.foc_date) == ("foc_received", date(2026, 12, 11))
    panel = client.get(order.get_absolute_url()).content.decode()
    assert "2 of 3 times" in panel
    assert "Changed by the carrier as asked" in panel


def test_a_refusal_keeps_the_old_date(ada, order, signed_in, url, carrier, news):
    client = signed_in(ada)
    client.post(url("order_reschedule", order), {"day": "2026-12-11", "fee": "0"})
    order.refresh_from_db()
    carrier.tell("port.date_refused", order, key=order.wish_key, detail="No room.")
    news()
    order.refresh_from_db()
    assert (order.state, order.foc_date) == ("foc_received", date(2026, 12, 9))
    assert "The carrier keeps the old date" in client.get(order.get_absolute_url()).content.decode()


@pytest.mark.parametrize("day", ["", "2026-11-24", "2026-11-26", "2026-12-09", "2026-12-30", "soon"])
def test_other_dates_get_a_sentence(ada, order, signed_in, url, carrier, day):
    response = signed_in(ada).post(url("order_reschedule", order), {"day": day, "fee": "0"})
    assert response.status_code == 422
    assert response.context["form"].errors["day"]
    assert carrier.made("change_date") == []


def test_the_fourth_change_is_refused(ada, acme, order, signed_in, url, carrier):
    acme.port_orders.update(date_changes=3)
    response = signed_in(ada).get(url("order_reschedule", order), follow=True)
    assert "as often as carriers allow" in response.content.decode()
    signed_in(ada).post(url("order_reschedule", order), {"day": "2026-12-11", "fee": "0"})
    assert carrier.made("change_date") == []


def test_within_48_hours_the_risk_must_be_read_first(ada, acme, order, signed_in, url, clock, carrier):
    clock.move_to(datetime.fromisoformat("2026-12-07T20:00:00+00:00"))
    client = signed_in(ada)
    page = client.get(url("order_reschedule", order)).content.decode()
    assert "Fewer than 48 hours are left" in page
    data = {"day": "2026-12-16", "fee": "0"}
    response = client.post(url("order_reschedule", order), data)
    assert response.status_code == 422
    assert "Say that you have read this first." in response.content.decode()
    assert 'value="2026-12-16" checked' in response.content.decode()
    assert client.post(url("order_reschedule", order), {**data, "accepted": "on"}).status_code == 302
    assert len(carrier.made("change_date")) == 1


def test_the_accepted_amount_is_on_record(ada, acme, order, signed_in, url, clock):
    FeeBand.objects.create(kind="change", under_hours=72, amount="10")
    clock.move_to(datetime.fromisoformat("2026-12-06T20:00:00+00:00"))
    data = {"day": "2026-12-16", "fee": "30.00", "accepted": "on"}
    assert signed_in(ada).post(url("order_reschedule", order), data).status_code == 302
    assert order.events.get(verb="request_date").fee == 30
    assert acme.audit_entries.get(what="port_order.request_date").after["fee"] == "30.00"


def test_a_viewer_cannot(vic, order, signed_in, url):
    assert signed_in(vic).get(url("order_reschedule", order)).status_code == 403
    assert signed_in(vic).post(url("order_reschedule", order), {"day": "2026-12-11"}).status_code == 403


def test_the_date_is_a_file_for_ones_own_calendar(vic, acme, order, signed_in, url):
    client = signed_in(vic)
    response = client.get(url("order_calendar", order))
    assert response["Content-Type"].startswith("text/calendar")
    assert b"DTSTART;VALUE=DATE:20261209" in response.content
    acme.port_orders.update(foc_date=None, requested_date=date(2026, 12, 2))
    assert b"STATUS:TENTATIVE" in client.get(url("order_calendar", order)).content
    acme.port_orders.update(requested_date=None)
    assert client.get(url("order_calendar", order)).status_code == 404
