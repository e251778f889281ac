"""Deleted numbers: how long they can be had back, and having them back one by one or together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pstn.models import LocationAdmin
from tests.factories import make_connected_location, make_number

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


def test_who_only_reads_is_told_how_many_too(client, vic, place):
    rest(place)
    client.force_login(vic)
    body = client.get("/acme/numbers/deleted/").content.decode()
    assert "1 number<" in body
    assert "Restore" not in body


def test_without_any_it_says_what_comes_here(see):
    assert "No deleted number" in see()


def test_one_comes_back_at_once(client, see, acme, place):
    number = make_number(place, extension="4142", note="Front desk")
    client.force_login(acme.memberships.get(role="full_admin").user)
    client.post("/acme/numbers/jobs/delete/start/", {"numbers": number.e164, "key": "delete-a"})
    assert not acme.phone_numbers.exists()
    form = {"numbers": number.e164, "key": "restore-a", "next": "/acme/numbers/deleted/"}
    response = client.post("/acme/numbers/jobs/restore/start/", form, follow=True)
    assert response.redirect_chain == [("/acme/numbers/deleted/", 302)]
    assert "1 number is back." in response.content.decode()
    back = acme.phone_numbers.get()
    assert (back.extension, back.note) == ("4142", "Front desk")


def test_all_of_them_on_every_page(client, see, place):
    rest(place)
    assert 'name="all"' not in see()
    for n in range(60):
        rest(place, f"+14085551{n:03}")
    assert 'name="all"' in see()
    form = {"all": "1", "numbers": "+14085550142", "next": "/acme/numbers/deleted/"}
    assert "Restore 61 numbers" in client.post("/acme/numbers/jobs/restore/", form).content.decode()


def test_the_chosen_ones_are_asked_about_first(client, see, place):
    rest(place)
    see()
    form = {"numbers": ["+14085550142", "+14085550199"]}
    body = client.post("/acme/numbers/jobs/restore/", form).content.decode()
    assert "1 will work, 1 will not." in body
    assert "Restore 1 number" in body


def test_the_statements_do_not_grow_with_the_rows(client, see, place, django_assert_max_num_queries):
    see()
    for n in range(60):
        rest(place, f"+1408555{n:04}")
    with django_assert_max_num_queries(7):
        assert see().count("<tr>") == 51


def test_a_location_administrator_sees_their_own(client, lou, acme, place):
    mine = make_connected_location(acme, name="Lou's office")
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=mine)
    rest(place)
    rest(mine, "+14085550143")
    client.force_login(lou)
    body = client.get("/acme/numbers/deleted/").content.decode()
    assert "+1 408-555-0143" in body
    assert "+1 408-555-0142" not in body


def test_a_reader_sees_no_buttons(client, vic, place):
    rest(place)
    client.force_login(vic)
    body = client.get("/acme/numbers/deleted/").content.decode()
    assert "+1 408-555-0142" in body
    assert "Restore" not in body
