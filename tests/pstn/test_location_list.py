"""The list of locations: what each still lacks, in a fixed number of queries."""

import pytest

from tests.factories import make_connected_location, make_location, make_number

URL = "/acme/locations/"


def test_what_each_location_has(client, acme, vic):
    ready = make_connected_location(acme, name="Ready place")
    ready.main_number = make_number(ready)
    ready.save()
    client.force_login(vic)
    body = client.get(URL).content.decode()
    for text in ["Ready place", "San Jose", "Cisco calling plan", "+1 408-555-0142", "Validated"]:
        assert text in body
    assert "Missing" not in body


def test_what_is_missing_is_marked(client, acme, vic):
    make_location(acme)
    client.force_login(vic)
    body = client.get(URL).content.decode()
    assert "Not set up" in body
    assert body.count("Missing") == 2


@pytest.mark.parametrize(
    ("missing", "shown"),
    [
        ("connection", {"Bare"}),
        ("emergency_address", {"Bare"}),
        ("main_number", {"Bare", "Connected"}),
        ("nonsense", {"Bare", "Connected", "Whole"}),
    ],
)
def test_filters(client, acme, vic, missing, shown):
    make_location(acme, name="Bare")
    make_connected_location(acme, name="Connected")
    whole = make_connected_location(acme, name="Whole")
    whole.main_number = make_number(whole)
    whole.save()
    client.force_login(vic)
    body = client.get(f"{URL}?missing={missing}").content.decode()
    assert {name for name in ("Bare", "Connected", "Whole") if f">{name}<" in body} == shown


def test_pages_follow_each_other(client, acme, vic):
    for number in range(51):
        make_location(acme, name=f"Place {number:02}")
    client.force_login(vic)
    first = client.get(URL)
    assert "Place 49" in first.content.decode()
    assert "Place 50" not in first.content.decode()
    second = client.get(URL, {"after": first.context["page"].next}).content.decode()
    assert "Place 50" in second
    assert "Place 49" not in second


@pytest.mark.parametrize("rows", [1, 60])
def test_a_fixed_number_of_queries(client, acme, vic, rows, django_assert_num_queries):
    for number in range(rows):
        make_number(make_connected_location(acme, name=f"Place {number:02}"), f"+140855501{number:02}")
    client.force_login(vic)
    with django_assert_num_queries(5):
        assert client.get(URL).status_code == 200


def test_a_location_administrator_sees_their_own(client, acme, lou):
    mine = make_location(acme, name="My place")
    mine.administrators.create(membership=lou.memberships.get())
    make_location(acme, name="Their place")
    client.force_login(lou)
    body = client.get(URL).content.decode()
    assert "My place" in body
    assert "Their place" not in body
    assert "Add location" not in body


def test_the_first_location_is_asked_for(client, acme, ada, vic):
    client.force_login(ada)
    assert "/acme/locations/new/" in client.get(URL).content.decode()
    client.force_login(vic)
    body = client.get(URL).content.decode()
    assert "No location yet" in body
    assert "/acme/locations/new/" not in body
