"""Without a main number a location cannot make or receive outside calls; it is one of its active numbers."""

import pytest

from accounts.models import AuditEntry
from pstn.forms import locations as forms
from tests.factories import make_connected_location, make_location, make_number


def choose(client, location, number):
    url = f"/acme/locations/{location.pk}/main-number/"
    return client.post(url, {"number": number}, follow=True).content.decode()


def test_it_is_chosen(client, acme, eli):
    location = make_connected_location(acme)
    number = make_number(location)
    client.force_login(eli)
    assert "San Jose HQ is ready for calls." in choose(client, location, number.e164)
    assert acme.locations.get().main_number == number
    entry = AuditEntry.objects.get(what="location.set_main_number")
    assert (entry.before, entry.after) == ({"main_number": ""}, {"main_number": "+14085550142"})


def test_ready_is_said_only_when_it_is_true(client, acme, eli):
    location = make_location(acme)
    client.force_login(eli)
    body = choose(client, location, make_number(location).e164)
    assert "Main number saved." in body
    assert "is ready for calls" not in body


@pytest.mark.parametrize("state", ["pending", "porting", "inactive"])
def test_only_an_active_number(client, acme, eli, state):
    location = make_connected_location(acme)
    make_number(location, "+14085550150")
    number = make_number(location, state=state)
    client.force_login(eli)
    body = choose(client, location, number.e164)
    assert "+1 408-555-0142 is not an active number of San Jose HQ." in body
    assert acme.locations.get().main_number is None


def test_only_a_number_of_this_location(client, acme, globex, eli):
    location = make_connected_location(acme)
    make_number(location, "+14085550150")
    make_number(make_location(acme, name="Other"), "+14085550151")
    make_number(make_location(globex), "+14085550152")
    client.force_login(eli)
    for e164 in ("+14085550151", "+14085550152"):
        assert "is not an active number of San Jose HQ" in choose(client, location, e164)


def test_nonsense_gets_a_sentence(client, acme, eli):
    location = make_connected_location(acme)
    make_number(location)
    client.force_login(eli)
    choose(client, location, "the red one")
    assert "This field is required." in choose(client, location, "")
    assert acme.locations.get(pk=location.pk).main_number is None


def test_with_many_numbers_it_is_typed(client, acme, eli, monkeypatch):
    monkeypatch.setattr(forms, "SELECT_LIMIT", 1)
    location = make_connected_location(acme)
    for last in "12":
        make_number(location, f"+1408555015{last}")
    client.force_login(eli)
    body = client.get(f"/acme/locations/{location.pk}/pstn/").content.decode()
    assert "Type one of the active numbers" in body
    choose(client, location, "(408) 555-0152")
    assert acme.locations.get().main_number.e164 == "+14085550152"


def test_a_toll_free_one_has_no_emergency_address(client, acme, eli):
    location = make_connected_location(acme)
    number = make_number(location, "+18005550142", kind="toll_free")
    client.force_login(eli)
    assert "A toll-free main number has no emergency address." in choose(client, location, number.e164)


def test_read_only_people_cannot_choose(client, acme, vic):
    location = make_connected_location(acme)
    number = make_number(location)
    client.force_login(vic)
    assert (
        client.post(f"/acme/locations/{location.pk}/main-number/", {"number": number.e164}).status_code == 403
    )
    assert acme.locations.get().main_number is None
