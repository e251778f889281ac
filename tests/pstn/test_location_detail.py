"""A location's tabs: what it has, what it lacks, and the one next thing to do."""

import pytest

from tests.factories import make_connected_location, make_location, make_number


def page(client, location, tab=""):
    return client.get(f"/acme/locations/{location.pk}/{tab}").content.decode()


def test_the_next_step_moves_on(client, acme, ada):
    client.force_login(ada)
    bare = make_location(acme, name="Bare")
    assert f'/acme/locations/{bare.pk}/pstn/connection/"' in page(client, bare)
    acme.connections.create(location=bare, kind="premises")
    assert "Continue setting up PSTN" in page(client, bare)

    connected = make_connected_location(acme, name="Connected")
    assert f"/acme/numbers/start/?location={connected.pk}" in page(client, connected)
    number = make_number(connected, state="inactive", waits_for_terms=True)
    assert "Review the terms" in page(client, connected)
    number.waits_for_terms = False
    number.save()
    assert "See the numbers" in page(client, connected)
    type(number).unscoped.update(state="active")
    assert "Choose a main number" in page(client, connected)
    connected.main_number = number
    connected.save()
    assert "Connected is ready for calls." in page(client, connected)


def test_only_one_button_is_shown(client, acme, ada):
    client.force_login(ada)
    assert page(client, make_location(acme)).count("btn primary") == 1


def test_the_frame(client, acme, vic):
    location = make_location(acme)
    client.force_login(vic)
    body = page(client, location)
    assert "100 Main Street, San Jose, CA 95112 · United States" in body
    assert f"/acme/numbers/?location={location.pk}" in body
    assert "/edit/" not in body


def test_the_pstn_tab_of_a_location_that_is_not_connected(client, acme, ada):
    client.force_login(ada)
    body = page(client, make_location(acme), "pstn/")
    assert "This location cannot make outside calls yet." in body
    assert "Set up PSTN" in body


def test_the_pstn_tab_of_a_calling_plan(client, acme, ada):
    location = make_connected_location(acme)
    client.force_login(ada)
    body = page(client, location, "pstn/")
    for text in ["Cisco calling plan", "Ready", "Choose a main number. Without it San Jose HQ cannot make"]:
        assert text in body
    for text in ["100 Main Street, San Jose, CA 95112", "Validated", "ada@acme.example", "Not accepted yet"]:
        assert text in body


def test_the_terms_row_says_who_accepted(client, acme, ada):
    location = make_connected_location(acme)
    acme.terms_acceptances.create(version="1", sha256="0" * 64, by=ada, role="full_admin")
    client.force_login(ada)
    assert "Accepted by Ada Park on" in page(client, location, "pstn/")


def test_read_only_people_see_values_and_no_actions(client, acme, vic):
    location = make_connected_location(acme)
    make_number(location)
    client.force_login(vic)
    body = page(client, location, "pstn/")
    assert "ada@acme.example" in body
    for action in ["connection/", "main-number/", "/emergency/locations/"]:
        assert action not in body


@pytest.mark.parametrize("tab", ["", "pstn/"])
@pytest.mark.parametrize("rows", [1, 60])
def test_a_fixed_number_of_queries(client, acme, ada, tab, rows, django_assert_max_num_queries):
    location = make_connected_location(acme)
    for number in range(rows):
        make_number(location, f"+140855501{number:02}")
    client.force_login(ada)
    with django_assert_max_num_queries(8):
        page(client, location, tab)
