"""The port calendar: the month's ports and holidays, and the feed that calendar programs read."""

from datetime import date

import pytest
from django.test import Client

from porting.models import CalendarFeed
from pstn.models import LocationAdmin
from tests.factories import make_connected_location
from tests.porting.factories import make_port_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PAGE = "/acme/port-calendar/"


@pytest.fixture
def orders(acme, ada, office):
    def number(n):
        return (f"+140855501{n}",)

    return {
        "confirmed": make_port_order(
            acme, state="foc_received", foc_date=date(2026, 11, 24), numbers=number(20)
        ),
        "asked": make_port_order(
            acme, state="submitted", requested_date=date(2026, 11, 25), numbers=number(21)
        ),
        "here": make_port_order(acme, state="completed", foc_date=date(2026, 11, 10), numbers=number(22)),
        "draft": make_port_order(acme, requested_date=date(2026, 11, 25), numbers=number(23)),
        "canceled": make_port_order(
            acme, state="canceled", requested_date=date(2026, 11, 25), numbers=number(24)
        ),
        "december": make_port_order(
            acme, state="foc_received", foc_date=date(2026, 12, 9), numbers=number(25)
        ),
    }


def days(response):
    """Day to the words and references of its ports."""
    return {
        day.day: [(port.word, port.order.reference) for port in day.ports]
        for week in response.context["weeks"]
        for day in week
        if day.ports
    }


def test_a_month_of_ports(ada, orders, signed_in):
    response = signed_in(ada).get(PAGE)
    assert days(response) == {
        date(2026, 11, 10): [("Ported", orders["here"].reference)],
        date(2026, 11, 24): [("Confirmed", orders["confirmed"].reference)],
        date(2026, 11, 25): [("Asked for", orders["asked"].reference)],
    }
    html = response.content.decode()
    assert "Thanksgiving Day" in html
    assert {"?month=2026-10", "?month=2026-12"} == {part for part in html.split('"') if part.startswith("?")}


def test_another_month_by_its_address(ada, orders, signed_in):
    response = signed_in(ada).get(f"{PAGE}?month=2026-12")
    assert list(days(response)) == [date(2026, 12, 9)]
    assert "Christmas Day" in response.content.decode()


@pytest.mark.parametrize(
    "month", ["", "2026-13", "november", "2026", "9999-12", "0001-01", "2026-11-05", "²026-11"]
)
def test_any_other_month_is_the_present_one(ada, acme, office, signed_in, month):
    response = signed_in(ada).get(PAGE, {"month": month})
    assert response.context["first"] == date(2026, 11, 1)


def test_weeks_are_whole_and_begin_on_sunday(ada, acme, office, signed_in):
    weeks = signed_in(ada).get(PAGE).context["weeks"]
    assert all(len(week) == 7 for week in weeks)
    assert {week[0].day.weekday() for week in weeks} == {6}
    assert [day.day for week in weeks for day in week if day.is_today] == [date(2026, 11, 18)]
    closed = {day.day for week in weeks for day in week if day.closed}
    assert {date(2026, 11, 26), date(2026, 11, 28)} <= closed
    assert date(2026, 11, 27) not in closed


def test_holidays_name_their_country_when_there_are_two(ada, acme, office, signed_in):
    make_connected_location(acme, name="Toronto", country="CA", state="ON")
    html = signed_in(ada).get(PAGE).content.decode()
    assert "Thanksgiving Day (United States)" in html


def test_the_page_costs_the_same_for_one_and_for_many(
    ada, acme, office, signed_in, django_assert_max_num_queries
):
    client = signed_in(ada)
    for n in range(12):
        make_port_order(
            acme, state="foc_received", foc_date=date(2026, 11, 24), numbers=(f"+1408555{n + 2000}",)
        )
    with django_assert_max_num_queries(8):
        assert len(days(client.get(PAGE))[date(2026, 11, 24)]) == 12


def test_a_location_administrator_sees_their_own(acme, lou, orders, signed_in):
    elsewhere = make_connected_location(acme, name="Lou's office")
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=elsewhere)
    own = make_port_order(
        acme, location=elsewhere, state="foc_received", foc_date=date(2026, 11, 30), numbers=("+14085550140",)
    )
    assert days(signed_in(lou).get(PAGE)) == {date(2026, 11, 30): [("Confirmed", own.reference)]}


# --- The feed ---------------------------------------------------------------------------------------------


def subscribe(client):
    """The path of a new feed, as the page shows it once."""
    address = client.post(f"{PAGE}feed/", follow=True).context["address"]
    assert address not in client.get(PAGE).content.decode()
    return "/" + address.split("/", 3)[3]


def test_the_feed_needs_only_its_address(vic, orders, signed_in):
    path = subscribe(signed_in(vic))
    response = Client().get(path)
    assert response["Content-Type"].startswith("text/calendar")
    text = response.content.decode()
    assert text.count("BEGIN:VEVENT") == 4
    assert text.count("STATUS:CONFIRMED") == 3
    assert text.count("STATUS:TENTATIVE") == 1
    assert orders["draft"].reference + "@" not in text
    assert Client().head(path).status_code == 200
    assert CalendarFeed.unscoped.get().read_at


def test_the_feed_says_nothing_private(vic, acme, orders, signed_in):
    text = Client().get(subscribe(signed_in(vic))).content.decode()
    order = orders["confirmed"]
    assert order.reference in text
    for secret in (order.account_number, order.company_name, order.authorized_name, order.address_line1):
        assert secret not in text


def test_a_revoked_address_is_gone(vic, orders, signed_in):
    client = signed_in(vic)
    path = subscribe(client)
    client.post(f"{PAGE}feed/revoke/")
    assert Client().get(path).status_code == 404


def test_a_new_address_ends_the_old_one(vic, acme, orders, signed_in):
    client = signed_in(vic)
    old, new = subscribe(client), subscribe(client)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    what = acme.audit_entries.filter(what__startswith="calendar_feed.").values_list("what", flat=True)
    assert sorted(what) == ["calendar_feed.create", "calendar_feed.create", "calendar_feed.revoke"]


def test_nobody_elses_address_is_told_and_wrong_ones_are_404(vic, orders, signed_in):
    path = subscribe(signed_in(vic))
    assert Client().get(path[:-5] + "x.ics").status_code == 404
    assert path.split("/")[-1].split(".")[0] not in str(CalendarFeed.unscoped.values().get())


def test_who_leaves_takes_their_feed_along(vic, acme, orders, signed_in):
    path = subscribe(signed_in(vic))
    vic.is_active = False
    vic.save()
    assert Client().get(path).status_code == 404
    vic.is_active = True
    vic.save()
    vic.memberships.all().delete()
    assert Client().get(path).status_code == 404


def test_a_feed_shows_what_its_person_may_see(acme, lou, orders, signed_in):
    elsewhere = make_connected_location(acme, name="Lou's office")
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=elsewhere)
    feed = Client().get(subscribe(signed_in(lou))).content.decode()
    assert "BEGIN:VCALENDAR" in feed
    assert "BEGIN:VEVENT" not in feed


def test_links_lead_here(ada, orders, signed_in):
    client = signed_in(ada)
    assert f'href="{PAGE}"' in client.get("/acme/").content.decode()
    assert f'href="{PAGE}"' in client.get("/acme/orders/").content.decode()
