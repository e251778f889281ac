"""Every location's emergency address with its state, and those that lack one."""

import pytest

from tests.factories import make_connected_location, make_location, make_number

URL = "/acme/emergency/"


def test_addresses_with_their_states(client, acme, vic):
    make_connected_location(acme, name="Known")
    make_location(acme, name="Unknown")
    client.force_login(vic)
    body = client.get(URL).content.decode()
    assert "Validated" in body
    assert "Missing" in body
    assert "/address/?next=" not in body  # nothing to press for who may only look


def test_only_the_missing_ones(client, acme, eli):
    make_connected_location(acme, name="Known place")
    make_location(acme, name="Lost place")
    client.force_login(eli)
    body = client.get(f"{URL}?state=missing").content.decode()
    assert "Lost place" in body
    assert "Known place" not in body


def test_none_missing(client, acme, eli):
    make_connected_location(acme)
    client.force_login(eli)
    assert "Every location has a validated address" in client.get(f"{URL}?state=missing").content.decode()


def test_a_location_administrator_sees_their_own(client, acme, lou):
    mine = make_location(acme, name="My place")
    mine.administrators.create(membership=lou.memberships.get())
    make_location(acme, name="Their place")
    client.force_login(lou)
    body = client.get(URL).content.decode()
    assert "My place" in body
    assert "Their place" not in body


@pytest.mark.parametrize("rows", [1, 60])
def test_a_fixed_number_of_queries(client, acme, vic, rows, django_assert_num_queries):
    for number in range(rows):
        location = make_connected_location(acme, name=f"Place {number:02}")
        make_number(location, f"+140855501{number:02}")
    client.force_login(vic)
    with django_assert_num_queries(5):
        assert client.get(URL).status_code == 200


def test_the_part_and_the_page(client, acme, vic):
    make_location(acme)
    client.force_login(vic)
    part = client.get(URL, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert part.strip().startswith('<div id="results">')
