"""An address is checked: valid is saved at once, a suggestion is shown, an unknown one is explained and kept."""

import pytest

from accounts.models import AuditEntry
from emergency.models import EmergencyAddress
from tests.emergency.fakes import FakeEmergencyService
from tests.factories import make_connected_location, make_location, make_number

TYPED = {
    "line1": "100 Main Street",
    "line2": "Floor 2",
    "city": "San Jose",
    "state_code": "CA",
    "postal_code": "95112",
}


def url(location, query=""):
    return f"/acme/emergency/locations/{location.pk}/{query}"


def check(client, location, query="", **changes):
    return client.post(url(location, query), {**TYPED, **changes}, follow=True)


def test_the_form_begins_with_the_address_of_the_location(client, acme, eli):
    client.force_login(eli)
    body = client.get(url(make_location(acme))).content.decode()
    assert 'value="100 Main Street"' in body
    assert '<option value="CA" selected>California</option>' in body


def test_a_valid_address_is_saved_at_once(client, acme, eli):
    location = make_location(acme)
    client.force_login(eli)
    response = check(client, location)
    address = acme.emergency_addresses.get()
    assert (address.state, address.line2, address.location) == ("validated", "Floor 2", location)
    assert address.checked_at
    assert response.redirect_chain[-1][0] == f"/acme/locations/{location.pk}/pstn/"
    assert "is validated and saved" in response.content.decode()
    event = address.events.get()
    assert (event.before, event.after, event.by) == ("unchecked", "validated", eli)
    entry = AuditEntry.objects.get(what="emergency_address.check")
    assert entry.after["state"] == "validated"
    assert "100 Main Street" in entry.after["address"]


def test_the_country_of_the_location_is_asked_about(client, acme, eli):
    location = make_location(acme, country="CA", state="ON", postal_code="K1A 0B1")
    client.force_login(eli)
    body = client.get(url(location)).content.decode()
    assert "Province" in body
    check(client, location, state_code="ON", postal_code="k1a0b1")
    asked = FakeEmergencyService.asked[0]
    assert (asked.country, asked.state, asked.postal_code) == ("CA", "ON", "K1A 0B1")


def test_a_bad_postal_code_is_not_even_asked_about(client, acme, eli):
    location = make_location(acme)
    client.force_login(eli)
    body = check(client, location, postal_code="9511", line1="7 Elm Street").content.decode()
    assert "A ZIP code has 5 digits" in body
    assert 'value="7 Elm Street"' in body
    assert not FakeEmergencyService.asked


def test_a_suggestion_is_shown_beside_what_was_typed(client, acme, eli):
    location = make_location(acme)
    client.force_login(eli)
    body = check(client, location, line1="100 main street").content.decode()
    assert "<del>100 main street</del>" in body
    assert "<ins>100 Main Street</ins>" in body
    assert "Capital and small letters" in body
    address = acme.emergency_addresses.get()
    assert (address.state, address.line1) == ("suggested", "100 main street")


def test_an_unknown_address_is_explained_and_kept(client, acme, eli):
    location = make_location(acme)
    client.force_login(eli)
    body = check(client, location, line1="1 Nowhere Lane").content.decode()
    assert "The emergency service does not know this address." in body
    assert "The service knows no such street there." in body
    assert 'value="1 Nowhere Lane"' in body
    assert acme.emergency_addresses.get().state == "rejected"
    later = client.get(url(location)).content.decode()
    assert "The service knows no such street there." in later
    assert 'value="1 Nowhere Lane"' in later


def test_reasons_without_a_sentence_of_ours_do_not_break_the_page(client, acme, eli):
    location = make_location(acme)
    client.force_login(eli)
    body = check(client, location, line1="PO Box 7").content.decode()
    assert "Help cannot be sent to a PO box." in body
    assert "a reason that this console does not know" in body


def test_no_answer_keeps_the_address_unchecked(client, acme, eli, settings):
    settings.CARRIER = "tests.emergency.fakes.FakeOutage"
    location = make_location(acme)
    client.force_login(eli)
    body = check(client, location, line1="7 Elm Street").content.decode()
    assert "does not answer right now" in body
    assert 'value="7 Elm Street"' in body
    address = acme.emergency_addresses.get()
    assert (address.state, address.line1, address.checked_at) == ("unchecked", "7 Elm Street", None)
    assert AuditEntry.objects.filter(what="emergency_address.check").count() == 1


@pytest.mark.parametrize("line1", ["1 Nowhere Lane", "7 elm street"])
def test_a_validated_address_stays_in_force_until_another_is(client, acme, eli, line1):
    location = make_connected_location(acme)
    client.force_login(eli)
    body = check(client, location, line1=line1).content.decode()
    assert f'value="{line1}"' in body
    address = acme.emergency_addresses.get()
    assert (address.state, address.line1) == ("validated", "100 Main Street")
    assert not AuditEntry.objects.filter(what__startswith="emergency_address").exists()


def test_an_outage_does_not_take_a_validated_address_away(client, acme, eli, settings):
    settings.CARRIER = "tests.emergency.fakes.FakeOutage"
    location = make_connected_location(acme)
    client.force_login(eli)
    check(client, location, line1="7 Elm Street")
    address = acme.emergency_addresses.get()
    assert (address.state, address.line1) == ("validated", "100 Main Street")


def test_who_inherits_is_said_before_anything_is_saved(client, acme, eli):
    location = make_connected_location(acme)
    for last in range(3):
        make_number(location, f"+1408555014{last}")
    make_number(location, "+18005550100", kind="toll_free")
    client.force_login(eli)
    assert "3 numbers of this location use the address" in client.get(url(location)).content.decode()


@pytest.mark.parametrize(
    "wanted", ["/acme/orders/", "https://evil.example/", "//evil.example", "javascript:1"]
)
def test_it_returns_only_inside_the_console(client, acme, eli, wanted):
    location = make_location(acme)
    client.force_login(eli)
    response = client.post(url(location, f"?next={wanted}"), TYPED)
    inside = wanted == "/acme/orders/"
    assert response.url == (wanted if inside else f"/acme/locations/{location.pk}/pstn/")


def test_a_location_administrator_sees_only_their_own(client, acme, lou):
    mine, other = make_location(acme, name="Mine"), make_location(acme, name="Other")
    mine.administrators.create(membership=lou.memberships.get())
    client.force_login(lou)
    assert client.post(url(mine), TYPED).status_code == 302
    assert client.post(url(other), TYPED).status_code == 404
    assert EmergencyAddress.unscoped.get().location == mine


def test_read_only_people_cannot_check(client, acme, vic):
    client.force_login(vic)
    assert client.post(url(make_location(acme)), TYPED).status_code == 403
    assert not EmergencyAddress.unscoped.exists()
