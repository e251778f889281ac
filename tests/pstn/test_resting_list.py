"""Deleted numbers: how long they can be had back, and having them back one by one or together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pstn.models import LocationAdmin
from tests.factories import make_connected_location

HTMX = {"HX-Request": "true"}


@pytest.fixture
def place(acme):
    return make_connected_location(acme)


@pytest.fixture
def see(client, ada):
    client.force_login(ada)
    return lambda: client.get("/acme/numbers/deleted/").content.decode()


def rest(place, e164="+14085550142", days=30, **was):
    until = timezone.now() + timedelta(days=days, hours=1)
    return place.org.resting_numbers.create(e164=e164, location=place, until=until, was=was)


def test_a_row_says_where_it_was_whose_and_for_how_long(see, place):
    rest(place, days=12, assigned_to="Anita Perez")
    rest(place, "+14085550143", days=0)
    body = see()
    for words in ("+1 408-555-0142", "San Jose HQ", "Anita Perez", "For 12 more days", "For less than a day"):
        assert words in body
    assert "2 numbers" in body


def test_a_location_administrator_sees_their_own(client, lou, acme, place):
    mine = make_connected_location(acme, name="Lou's office")
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=mine)
    rest(place)
    rest(mine, "+14085550143")
    client.force_login(lou)
    body = client.get("/acme/numbers/deleted/").content.decode()
    assert "+1 408-555-0143" in body
    assert "+1 408-555-0142" not in body


def test_a_reader_sees_how_many_and_no_buttons(client, vic, place):
    rest(place)
    client.force_login(vic)
    body = client.get("/acme/numbers/deleted/").content.decode()
    assert "+1 408-555-0142" in body
    assert "1 number<" in body
    assert "Restore" not in body
