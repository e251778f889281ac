"""The first page says what is missing, what waits and what comes next, in a fixed number of queries."""

from datetime import date

import pytest

from tests.factories import make_connected_location, make_location, make_number, make_number_order
from tests.porting.outs.factories import make_port_out

URL = "/acme/"


def overview(client, user):
    client.force_login(user)
    return client.get(URL).content.decode()


def make_port(location, state, **fields):
    return location.org.port_orders.create(location=location, state=state, **fields)


def test_an_empty_organization(client, acme, ada, vic):
    body = overview(client, ada)
    assert "Set up your first location" in body
    assert "/acme/locations/new/" in body
    assert "/acme/locations/new/" not in overview(client, vic)


def test_each_unready_location_has_one_next_button(client, acme, ada):
    bare, connected = make_location(acme, name="Bare"), make_connected_location(acme, name="Connected")
    body = overview(client, ada)
    assert f'href="/acme/locations/{bare.pk}/pstn/connection/"' in body
    assert f'href="/acme/numbers/start/?location={connected.pk}"' in body
    assert body.count("btn primary") == 2


def test_a_ready_location_is_not_in_the_way(client, acme, ada):
    location = make_connected_location(acme, name="Whole place")
    location.main_number = make_number(location)
    location.save()
    body = overview(client, ada)
    assert "Get ready" not in body
    assert "Whole place" not in body


def test_what_waits(client, acme, ada):
    location = make_connected_location(acme)
    rejected = make_port(location, "rejected", reject_code="invalid_pin")
    failed = make_number_order(location, state="error")
    make_number(location, state="inactive", waits_for_terms=True)
    body = overview(client, ada)
    assert rejected.get_absolute_url() in body
    assert failed.get_absolute_url() in body
    assert "Accept the terms of service to activate 1 number." in body


def test_a_partner_reads_that_the_customer_must_accept(client, acme, paula):
    make_number(make_connected_location(acme), state="inactive", waits_for_terms=True)
    body = overview(client, paula)
    assert "An administrator of Acme must accept the terms of service." in body
    assert "Accept the terms of service to activate" not in body


def test_a_connected_location_without_a_validated_address_waits(client, acme, ada):
    location = make_connected_location(acme)
    type(location.emergency_address).unscoped.update(state="rejected")
    body = overview(client, ada)
    assert "1 location has no validated emergency service address." in body
    assert "/acme/emergency/?state=missing" in body


def test_nothing_waits_and_the_next_port_is_named(client, acme, ada):
    location = make_connected_location(acme)
    port = make_port(location, "foc_received", foc_date=date(2027, 3, 1))
    make_port(location, "foc_received", foc_date=date(2027, 3, 9))
    body = overview(client, ada)
    assert "Nothing needs you. Next port:" in body
    assert body.index("2027-03-01") < body.index("2027-03-09")
    assert port.get_absolute_url() in body


def test_the_orders_that_changed_last(client, acme, ada):
    location = make_connected_location(acme)
    orders = [make_number_order(location, numbers=(f"+1408555016{n}",)) for n in range(4)]
    orders += [make_port(location, "draft") for _ in range(4)]
    body = overview(client, ada)
    recent = body[body.index("Recent orders") :]
    assert [order.reference in recent for order in orders] == [False] * 3 + [True] * 5


def test_a_location_administrator_sees_their_own(client, acme, lou):
    mine, other = make_connected_location(acme, name="Mine"), make_connected_location(acme, name="Other")
    mine.administrators.create(membership=lou.memberships.get())
    make_port(other, "rejected")
    make_number(other, state="inactive", waits_for_terms=True)
    body = overview(client, lou)
    assert "Mine" in body
    assert "Other" not in body
    assert "Nothing needs you." in body


@pytest.mark.parametrize("rows", [1, 30])
def test_a_fixed_number_of_queries(client, acme, ada, rows, django_assert_num_queries):
    for n in range(rows):
        location = make_connected_location(acme, name=f"Place {n}")
        make_number(location, f"+140855501{n:02}", state="inactive", waits_for_terms=True)
        make_number_order(location, numbers=(f"+140855502{n:02}",), state="error")
        make_port(location, "rejected")
        make_port(location, "foc_received", foc_date=date(2027, 3, 1))
        make_port_out(location, numbers=(f"+140855503{n:02}",))
    client.force_login(ada)
    # the orders that changed last and the alert are one
    with django_assert_num_queries(12):
        assert client.get(URL).status_code == 200
