"""Adding and editing a location: the fields follow the country, bad input keeps what was typed."""

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from pstn.workflow import locations as workflow
from tests.factories import make_connected_location, make_location

NEW = "/acme/locations/new/"
TYPED = {
    "name": "Denver office",
    "country": "US",
    "line1": "1 Broadway",
    "line2": "",
    "city": "Denver",
    "state": "CO",
    "postal_code": "80203",
    "time_zone": "",
}


def test_it_is_added(client, acme, ada):
    client.force_login(ada)
    response = client.post(NEW, TYPED)
    location = acme.locations.get()
    assert response.url == f"/acme/locations/{location.pk}/"
    assert (location.city, location.time_zone) == ("Denver", "America/Denver")
    entry = AuditEntry.objects.get(what="location.add")
    assert (entry.actor, entry.after["name"]) == (ada, "Denver office")


def test_a_time_zone_of_ones_own_wins(client, acme, ada):
    client.force_login(ada)
    client.post(NEW, {**TYPED, "time_zone": "America/Phoenix"})
    assert acme.locations.get().time_zone == "America/Phoenix"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("postal_code", "8020", "A ZIP code has 5 digits"),
        ("state", "", "Choose one from the list."),
        ("state", "ON", "not one of the available choices"),
        ("name", "san jose hq", "Another location has this name."),
        ("city", "", "This field is required."),
        ("time_zone", "Mars/Olympus", "not one of the available choices"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_the_rest(client, acme, ada, field, value, sentence):
    make_location(acme)
    client.force_login(ada)
    body = client.post(NEW, {**TYPED, field: value}).content.decode()
    assert sentence in body
    assert 'value="1 Broadway"' in body
    assert acme.locations.count() == 1


def test_changing_the_country_redraws_the_fields_around_what_was_typed(client, acme, ada):
    client.force_login(ada)
    headers = {"HX-Request": "true", "HX-Target": "location-fields"}
    assert 'hx-include="#location-fields"' in client.get(NEW).content.decode()
    part = client.get(NEW, {**TYPED, "country": "CA"}, headers=headers).content.decode()
    assert part.strip().startswith('<div id="location-fields">')
    assert "Province" in part
    assert "Ontario" in part
    assert 'value="1 Broadway"' in part
    assert "csrfmiddlewaretoken" not in part


def test_changing_the_country_without_javascript(client, acme, ada):
    client.force_login(ada)
    body = client.post(NEW, {**TYPED, "country": "CA", "then": "country"}).content.decode()
    assert "Ontario" in body
    assert 'value="1 Broadway"' in body
    assert not acme.locations.exists()


def test_a_canadian_location(client, acme, ada):
    client.force_login(ada)
    client.post(NEW, {**TYPED, "country": "CA", "state": "ON", "postal_code": "k1a0b1"})
    location = acme.locations.get()
    assert (location.postal_code, location.time_zone) == ("K1A 0B1", "America/Toronto")


def test_an_edit_is_audited_with_what_differs(client, acme, eli):
    location = make_location(acme)
    client.force_login(eli)
    sent = {**TYPED, "name": "San Jose HQ", "city": "San José", "state": "CA", "postal_code": "95112"}
    sent |= {"line1": "100 Main Street", "time_zone": location.time_zone}
    assert client.post(f"/acme/locations/{location.pk}/edit/", sent).status_code == 302
    entry = AuditEntry.objects.get(what="location.edit")
    assert (entry.before, entry.after) == ({"city": "San Jose"}, {"city": "San José"})


def test_the_country_is_fixed_once_something_follows_it(client, acme, ada):
    location = make_connected_location(acme)
    client.force_login(ada)
    url = f"/acme/locations/{location.pk}/edit/"
    assert "Fixed, because" in client.get(url).content.decode()
    client.post(url, {**TYPED, "country": "CA", "state": "CO"})
    assert acme.locations.get().country == "US"
    with pytest.raises(Refused):
        workflow.edit(acme.locations.get(), {"country": "CA"})


def test_two_people_take_one_name(acme):
    make_location(acme)
    with pytest.raises(Refused):
        workflow.add(acme, {**TYPED, "name": "San Jose HQ"})


def test_names_may_repeat_in_another_organization(client, acme, globex, ada):
    make_location(globex, name="Denver office")
    client.force_login(ada)
    assert client.post(NEW, TYPED).status_code == 302


@pytest.mark.parametrize("who", ["vic", "lou"])
def test_who_may_not_connect_may_not_add(client, acme, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.post(NEW, TYPED).status_code == 403
    assert client.get(NEW).status_code == 403
    assert not acme.locations.exists()
