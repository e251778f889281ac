"""The day that numbers come: what should be ready, *Activate now*, delay, per-number progress, the way back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from porting.models import Activation, PortedNumber, PortOrder
from porting.tasks import cutover as tasks
from porting.tasks import net
from tests.porting.conftest import NOON
from tests.porting.factories import NUMBERS, make_event, make_port_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ONE, TWO, THREE = NUMBERS
DAY = date(2026, 11, 18)


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, state="activating", foc_date=DAY, on_demand=True)


@pytest.fixture
def client(ada, signed_in):
    return signed_in(ada)


def ready(order):
    """Everything that should be ready before the numbers move."""
    org, office = order.org, order.location
    org.phone_numbers.update(assigned_to="Reception")
    office.main_number = org.phone_numbers.first()
    office.save()
    from pstn import terms_text

    org.terms_acceptances.create(
        version=terms_text.current().version, sha256="a" * 64, by=order.created_by, role="full_admin"
    )


def activate(client, url, order, **data):
    return client.post(url("order_activate", order), {"sure": "on", **data})


def checks(page):
    return {check.code: check.tone for check in page.context["checks"]}


# --- Before -----------------------------------------------------------------------------------------------


def test_what_is_not_ready_says_why_and_where_to_mend_it(order, client, url):
    page = client.get(url("order_day", order))
    assert checks(page) == {
        "assigned": "bad",
        "emergency": "ok",
        "main_number": "bad",
        "connection": "ok",
        "terms": "bad",
        "forwards": "bad",
    }
    html = page.content.decode()
    assert "3 of 3 numbers are not assigned" in html
    assert url("order_prepare", order) in html
    assert "#main-number" in html


def test_all_is_ready(order, ada, client, url):
    ready(order)
    client.post(url("order_forwards", order), {"removed": "on"})
    page = client.get(url("order_day", order))
    assert set(checks(page).values()) == {"ok"}
    assert "sure" not in page.context["activate_form"].fields


def test_without_an_emergency_address_it_is_red(order, client, url):
    order.location.emergency_address.delete()
    assert checks(client.get(url("order_day", order)))["emergency"] == "bad"


def test_who_removed_the_forwards_is_on_record_and_can_be_taken_back(order, acme, ada, client, url):
    client.post(url("order_forwards", order), {"removed": "on"})
    order = PortOrder.unscoped.get(pk=order.pk)
    assert (order.cutover_day.forwards_removed_by, order.cutover_day.forwards_removed_at) == (
        ada,
        timezone.now(),
    )
    assert acme.audit_entries.get(what="port_order.forwards_removed").after == {"removed": True}
    assert "Ada Park said so on" in client.get(url("order_day", order)).content.decode()
    client.post(url("order_forwards", order), {})
    assert PortOrder.unscoped.get(pk=order.pk).cutover_day.forwards_removed_at is None


@pytest.mark.parametrize("state", ["draft", "validating", "submitted", "rejected", "canceled"])
def test_without_a_date_there_is_no_day(acme, ada, office, client, url, state):
    order = make_port_order(acme, state=state)
    assert client.get(url("order_day", order)).url == order.get_absolute_url()
    assert "c-day" not in client.get(order.get_absolute_url()).content.decode()


def test_the_window_is_told_in_both_zones(acme, ada, office, signed_in, url, clock):
    ada.time_zone = "Europe/Berlin"
    ada.save()
    order = make_port_order(acme, state="foc_received", foc_date=date(2026, 11, 20))
    html = signed_in(ada).get(url("order_day", order)).content.decode()
    assert "The window begins in" in html
    assert "06:00:00-08:00" in html
    assert "15:00:00+01:00" in html
    clock.move_to("2026-11-20 20:00:00+00:00")
    assert "The window is open" in signed_in(ada).get(url("order_day", order)).content.decode()
    clock.move_to("2026-11-21 05:00:00+00:00")
    assert "The window is over" in signed_in(ada).get(url("order_day", order)).content.decode()


# --- Activate now -----------------------------------------------------------------------------------------


def test_the_numbers_chosen_are_activated_with_a_key_of_their_own(order, acme, carrier, client, url):
    assert activate(client, url, order, numbers=[ONE, THREE]).status_code == 302
    row = Activation.unscoped.get()
    assert carrier.made("activate") == [["ref-1", f"port-{order.pk}-1-a{row.pk}", [ONE, THREE]]]
    assert row.told_at is not None
    assert order.events.get(verb="activate").numbers == [ONE, THREE]
    assert acme.audit_entries.get(what="port_order.activate").after == {"numbers": [ONE, THREE]}
    page = client.get(url("order_day", order))
    assert page.context["activate_form"].offered == [TWO]


@pytest.mark.parametrize(
    ("data", "chosen"),
    [
        ({"whole": "on"}, [ONE, TWO, THREE]),
        ({"first": "408-555-0111", "last": "(408) 555-0112"}, [TWO, THREE]),
        ({"first": "408-555-0112", "last": "408-555-0111"}, [TWO, THREE]),
        ({"numbers": [ONE], "first": THREE, "last": THREE}, [ONE, THREE]),
    ],
)
def test_numbers_are_chosen_in_three_ways(order, carrier, client, url, data, chosen):
    activate(client, url, order, **data)
    assert [call[2] for call in carrier.made("activate")] == [chosen]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose at least one number."),
        ({"first": "408-555-0111"}, "A range has two ends."),
        ({"first": "soon", "last": "408-555-0111"}, "This is not a phone number: soon"),
        ({"first": "408-555-0190", "last": "408-555-0199"}, "No number that can be chosen lies"),
        ({"numbers": ["+14085550199"]}, "One of these numbers cannot be chosen any more."),
        ({"whole": "on", "sure": ""}, "say that you want to go on, or mend it"),
    ],
)
def test_bad_input_says_what_is_wrong_and_keeps_what_was_typed(order, carrier, client, url, data, said):
    response = activate(client, url, order, **data)
    assert response.status_code == 422
    html = response.content.decode()
    assert said in html
    if data.get("first"):
        assert f'value="{data["first"]}"' in html
    assert carrier.made("activate") == []


def test_pressed_twice_it_is_one_activation(order, carrier, client, url, clock):
    activate(client, url, order, whole="on")
    assert activate(client, url, order, whole="on").status_code == 422
    assert Activation.unscoped.count() == len(carrier.made("activate")) == 1
    clock.shift(timedelta(minutes=16))  # nothing moved: it may be asked for again
    assert activate(client, url, order, whole="on").status_code == 302


def test_the_task_twice_is_one_effect(order, carrier, client, url, at_work):
    activate(client, url, order, whole="on")
    tasks.tell_activation(Activation.unscoped.get().pk)
    assert len(carrier.made("activate")) == 1


def test_an_outage_only_makes_it_later(order, carrier, client, url, at_work, clock):
    carrier.down = True
    activate(client, url, order, whole="on")
    assert Activation.unscoped.get().told_at is None
    assert "being sent" in client.get(url("order_day", order)).content.decode()
    carrier.down = False
    clock.shift(timedelta(minutes=1))
    with at_work():
        net.sweep()
    assert Activation.unscoped.get().told_at is not None
    assert len(carrier.made("activate")) == 1


def test_a_refusal_is_shown_and_the_numbers_can_be_chosen_again(order, carrier, client, url):
    carrier.refuses = ("This is not the day of the activation.", "not_today")
    activate(client, url, order, whole="on")
    page = client.get(url("order_day", order))
    assert "This is not the day of the activation." in page.content.decode()
    assert page.context["activate_form"].offered == list(NUMBERS)


@pytest.mark.parametrize(
    ("state", "fields", "moment"),
    [
        ("activating", {"on_demand": False}, NOON),
        ("foc_received", {}, NOON),
        ("completed", {}, NOON),
        ("activating", {"wish": "delay", "wish_count": 1, "state": "sup_requested"}, NOON),
        ("activating", {}, "2026-11-19 04:30:00+00:00"),  # 20:30 in San Jose
    ],
)
def test_when_nothing_can_be_activated(acme, ada, office, carrier, client, url, clock, state, fields, moment):
    order = make_port_order(acme, state=state, foc_date=DAY, on_demand=True)
    PortOrder.unscoped.filter(pk=order.pk).update(**fields)
    clock.move_to(moment)
    assert client.get(url("order_day", order)).context.get("activate_form") is None
    activate(client, url, order, whole="on")
    assert carrier.made("activate") == []


def test_a_viewer_sees_the_day_and_nothing_to_press(vic, order, signed_in, url):
    client = signed_in(vic)
    page = client.get(url("order_day", order))
    assert b"<form method" not in page.content.split(b'id="day"')[1].split(b"</main>")[0]
    for name in ("activate", "delay", "forwards", "test", "verify", "snap_back"):
        assert client.post(url(f"order_{name}", order)).status_code == 403


# --- Delay ------------------------------------------------------------------------------------------------


def test_a_delay_is_asked_for_once_its_risk_is_read(order, carrier, client, url, news):
    assert client.post(url("order_delay", order), {}).status_code == 422
    assert client.post(url("order_delay", order), {"accepted": "on"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.wish, order.delays) == ("sup_requested", "delay", 1)
    assert carrier.made("delay") == [["ref-1", order.wish_key]]
    assert "asked to put it off" in client.get(url("order_day", order)).content.decode()
    carrier.tell("port.date_changed", order, key=order.wish_key, date=date(2026, 11, 19))
    news()
    order.refresh_from_db()
    assert (order.state, order.foc_date) == ("foc_received", date(2026, 11, 19))


def test_no_third_delay(order, carrier, client, url):
    PortOrder.unscoped.filter(pk=order.pk).update(delays=2)
    assert "put off 2 times already" in client.get(url("order_day", order)).content.decode()
    client.post(url("order_delay", order), {"accepted": "on"})
    assert carrier.made("delay") == []


def test_no_delay_once_numbers_have_moved(order, carrier, client, url, news):
    carrier.tell("port.completed", order, numbers=(ONE,))
    news()
    assert "Numbers have moved already" in client.get(url("order_day", order)).content.decode()
    client.post(url("order_delay", order), {"accepted": "on"})
    assert carrier.made("delay") == []


# --- Progress ---------------------------------------------------------------------------------------------


def test_each_number_says_where_it_is_since_when_and_why_not(order, carrier, client, url, news):
    carrier.tell("port.completed", order, numbers=(ONE,))
    carrier.tell("port.failed", order, code="sv_conflict", detail="Tried again tomorrow.", numbers=(THREE,))
    news()
    page = client.get(url("order_day", order))
    found = [(line.number.e164, line.number.state, line.since is not None) for line in page.context["lines"]]
    assert found == [(THREE, "failed", True), (TWO, "activating", False), (ONE, "ported", True)]
    html = page.content.decode()
    assert "1 number did not move" in html
    assert "Tried again tomorrow." in html
    assert "keep the old service running" in html
    panel = client.get(order.get_absolute_url()).content.decode()
    assert "1 of 3 numbers are here." in panel
    assert "1 number did not move." in panel


def test_the_open_page_is_drawn_anew_only_for_news(order, carrier, client, url, news):
    part = {"HX-Request": "true", "HX-Target": "day"}
    page = client.get(url("order_day", order))
    seen = page.context["seen"]
    assert f"seen={seen}" in page.content.decode()
    assert client.get(url("order_day", order), {"seen": seen}, headers=part).status_code == 204
    carrier.tell("port.completed", order, numbers=(ONE,))
    news()
    answer = client.get(url("order_day", order), {"seen": seen}, headers=part)
    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith('<div id="day">')


def test_a_thousand_numbers_cost_the_same(acme, ada, office, client, url, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few = make_port_order(acme, state="activating", foc_date=DAY, on_demand=True)
    client.get(url("order_day", few))
    with CaptureQueriesContext(connection) as counted:
        client.get(url("order_day", few))
    many = make_port_order(
        acme,
        state="activating",
        foc_date=DAY,
        on_demand=True,
        numbers=tuple(f"+1408777{n:04}" for n in range(1000)),
    )
    with django_assert_num_queries(len(counted)):
        page = client.get(url("order_day", many))
    assert len(counted) < 40
    assert page.context["more"] == 950
    assert b"Show 950 more" in page.content
    assert len(client.get(url("order_day", many), {"all": "1"}).context["lines"]) == 1000


# --- The way back -----------------------------------------------------------------------------------------


@pytest.fixture
def here(acme, ada, office):
    return make_port_order(acme, state="completed", foc_date=DAY)


def test_numbers_go_back_within_a_day(here, acme, carrier, client, url, news):
    assert client.post(url("order_snap_back", here), {"numbers": [ONE]}).status_code == 422
    assert carrier.made("snap_back") == []
    client.post(url("order_snap_back", here), {"numbers": [ONE], "accepted": "on"})
    here.refresh_from_db()
    assert carrier.made("snap_back") == [["ref-1", here.wish_key, [ONE]]]
    assert "was asked to take 1 number back" in client.get(url("order_day", here)).content.decode()
    carrier.tell("port.snapped_back", here, key=here.wish_key, numbers=(ONE,))
    carrier.tell("port.snapped_back", here, key=here.wish_key, numbers=(ONE,))
    news()
    assert not acme.phone_numbers.filter(e164=ONE).exists()
    assert "1 number went back on" in client.get(url("order_day", here)).content.decode()


def test_a_refusal_of_the_old_carrier_is_shown(here, carrier, client, url, news):
    client.post(url("order_snap_back", here), {"whole": "on", "accepted": "on"})
    here.refresh_from_db()
    carrier.tell("port.snap_back_refused", here, key=here.wish_key, detail="Not our customer any more.")
    news()
    html = client.get(url("order_day", here)).content.decode()
    assert "does not take the numbers back" in html
    assert "Not our customer any more." in html


def test_after_the_day_the_page_says_what_is_left(here, carrier, client, url):
    since = timezone.now() - timedelta(hours=25)
    PortedNumber.unscoped.filter(order=here).update(ported_at=since)
    page = client.get(url("order_day", here))
    assert "The 24 hours in which numbers can go back are over." in page.content.decode()
    client.post(url("order_snap_back", here), {"whole": "on", "accepted": "on"})
    assert carrier.made("snap_back") == []


def test_events_of_an_old_attempt_or_another_order_change_nothing(order, carrier, client, url, news):
    make_event(order, verb="begin_activation")
    carrier.tell("port.completed", order, key=f"port-{order.pk}-7", numbers=(ONE,))
    carrier.tell("port.completed", order, key=f"port-{order.pk + 9}-1", numbers=(ONE,))
    news()
    assert not order.numbers.filter(state="ported").exists()
