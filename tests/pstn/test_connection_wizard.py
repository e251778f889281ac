"""The PSTN connection wizard, step by step: the draft is a row, and every step can be left and come back to."""

import pytest

from accounts.models import AuditEntry
from tests.factories import make_connected_location, make_location

CONTACT = {
    "company": "Acme",
    "first_name": "Ada",
    "last_name": "Park",
    "email": "ada@acme.example",
    "billing_number": "",
}
DISCLAIMER = {
    "disclaimer_contact": "Ada Park",
    "disclaimer_title": "Head of IT",
    "is_read": "on",
    "version": "2026-11",
}
ADDRESS = {
    "line1": "100 Main Street",
    "line2": "",
    "city": "San Jose",
    "state_code": "CA",
    "postal_code": "95112",
}


@pytest.fixture(autouse=True)
def _fake_service(settings):
    settings.CARRIER = "tests.emergency.fakes.FakeEmergencyService"


def base(location):
    return f"/acme/locations/{location.pk}/pstn/connection/"


def step(location, slug):
    return f"{base(location)}{slug}/"


def test_a_calling_plan_from_nothing_to_ready(client, acme, ada):
    location = make_location(acme)
    client.force_login(ada)
    assert client.get(base(location)).url == step(location, "type")
    assert not acme.connections.exists()  # looking makes no draft
    assert client.post(step(location, "type"), {"kind": "calling_plan"}).url == step(location, "contact")
    assert client.post(step(location, "contact"), CONTACT).url == step(location, "disclaimer")
    assert client.post(step(location, "disclaimer"), DISCLAIMER).url == step(location, "address")
    address = client.get(step(location, "address")).url
    assert address == f"/acme/emergency/locations/{location.pk}/?wizard=1"
    assert "Contract contact" in client.get(address).content.decode()  # the wizard's steps stand above it
    assert client.post(address, ADDRESS).url == step(location, "review")
    review = client.get(step(location, "review")).content.decode()
    assert "Not finished yet" not in review
    assert "100 Main Street" in review
    assert client.post(f"{base(location)}connect/").url == f"{base(location)}done/"
    done = client.get(f"{base(location)}done/").content.decode()
    assert f"/acme/numbers/start/?location={location.pk}" in done
    connection = acme.connections.get()
    assert (connection.state, connection.kind) == ("ready", "calling_plan")
    event = connection.events.get()
    assert (event.before, event.after, event.by) == ("draft", "ready", ada)
    assert AuditEntry.objects.get(what="connection.connect").after["state"] == "ready"


@pytest.mark.parametrize(
    "routing",
    [
        {"routing": "none"},
        {"routing": "trunk", "routing_name": "SJ-1"},
        {"routing": "route_group", "routing_name": "West"},
    ],
)
def test_premises(client, acme, eli, routing):
    location = make_location(acme)
    client.force_login(eli)
    assert client.post(step(location, "type"), {"kind": "premises"}).url == step(location, "routing")
    assert client.post(step(location, "routing"), routing).url == step(location, "address")
    client.post(client.get(step(location, "address")).url, ADDRESS)
    assert client.post(step(location, "review")).url == f"{base(location)}done/"
    assert acme.connections.get().state == "ready"
    assert "Type in the numbers of your gateway" in client.get(f"{base(location)}done/").content.decode()


def test_a_trunk_needs_its_name(client, acme, eli):
    location = make_location(acme)
    acme.connections.create(location=location, kind="premises")
    client.force_login(eli)
    body = client.post(step(location, "routing"), {"routing": "trunk"}).content.decode()
    assert "Say which trunk or route group." in body
    assert "Choose where outside calls leave." in client.post(step(location, "routing")).content.decode()


def test_what_cannot_be_chosen_says_why(client, acme, ada):
    location = make_location(acme, country="JP")
    client.force_login(ada)
    body = client.get(step(location, "type")).content.decode()
    assert "No provider is set up in this console." in body
    assert "Not offered in this country yet." in body
    assert body.count("disabled") == 2
    for kind in ("calling_plan", "cloud"):
        client.post(step(location, "type"), {"kind": kind})
    assert not acme.connections.exists()


def test_nothing_chosen(client, acme, ada):
    location = make_location(acme)
    client.force_login(ada)
    assert "Choose how this location is connected." in client.post(step(location, "type")).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "not an address", "Enter a valid email address."),
        ("last_name", "", "This field is required."),
        ("billing_number", "12", "12 has 2 digits; a number has 10."),
    ],
)
def test_a_bad_contact_keeps_what_was_typed(client, acme, ada, field, value, sentence):
    location = make_location(acme)
    acme.connections.create(location=location, kind="calling_plan")
    client.force_login(ada)
    response = client.post(step(location, "contact"), {**CONTACT, field: value})
    body = response.content.decode()
    assert response.context["form"].errors[field]
    assert sentence in body
    assert 'value="Ada"' in body
    assert acme.connections.get().first_name == ""


def test_the_billing_number_is_kept_as_e164(client, acme, ada):
    location = make_location(acme)
    acme.connections.create(location=location, kind="calling_plan")
    client.force_login(ada)
    client.post(step(location, "contact"), {**CONTACT, "billing_number": "(408) 555-0142"})
    assert acme.connections.get().billing_number == "+14085550142"
    assert "+1 408-555-0142" in client.get(step(location, "contact")).content.decode()


def test_the_company_is_filled_in(client, acme, ada):
    location = make_location(acme)
    acme.connections.create(location=location, kind="calling_plan")
    client.force_login(ada)
    assert 'value="Acme"' in client.get(step(location, "contact")).content.decode()


def test_save_and_leave_keeps_half_a_step(client, acme, ada):
    location = make_location(acme)
    acme.connections.create(location=location, kind="calling_plan")
    client.force_login(ada)
    sent = {"company": "Acme", "first_name": "Ada", "then": "leave"}
    assert client.post(step(location, "contact"), sent).url == f"/acme/locations/{location.pk}/pstn/"
    connection = acme.connections.get()
    assert (connection.first_name, connection.missing()[0]) == ("Ada", "contact")
    assert client.get(base(location)).url == step(location, "contact")


def test_it_says_what_is_missing(client, acme, ada):
    location = make_location(acme)
    acme.connections.create(location=location, kind="calling_plan")
    client.force_login(ada)
    assert "Not finished yet" in client.get(step(location, "review")).content.decode()
    body = client.post(f"{base(location)}connect/", follow=True).content.decode()
    assert "Still missing: the contract contact, the emergency disclaimer" in body
    assert acme.connections.get().state == "draft"


def test_steps_of_the_other_kind_lead_on(client, acme, ada):
    location = make_location(acme)
    client.force_login(ada)
    assert client.get(step(location, "review")).url == step(location, "type")
    acme.connections.create(location=location, kind="calling_plan")
    assert client.get(step(location, "routing")).url == step(location, "contact")
    assert client.get(step(location, "nonsense")).status_code == 404


def test_nothing_to_connect_yet(client, acme, ada):
    location = make_location(acme)
    client.force_login(ada)
    assert client.post(f"{base(location)}connect/").url == step(location, "type")
    assert client.get(f"{base(location)}done/").url == f"/acme/locations/{location.pk}/pstn/"


def test_a_post_to_the_start_makes_one_draft(client, acme, ada):
    location = make_location(acme)
    client.force_login(ada)
    for _ in range(2):
        assert client.post(base(location)).url == step(location, "type")
    assert acme.connections.count() == 1


@pytest.mark.parametrize("who", ["vic", "lou"])
def test_who_may_not_connect(client, acme, who, request):
    location = make_location(acme)
    person = request.getfixturevalue(who)
    location.administrators.create(membership=person.memberships.get())
    client.force_login(person)
    assert client.get(base(location)).status_code == 403
    assert client.post(step(location, "type"), {"kind": "premises"}).status_code == 403
    assert not acme.connections.exists()


def test_locations_of_others_do_not_exist(client, acme, globex, ada):
    location = make_connected_location(globex)
    client.force_login(ada)
    for slug in ("", "type/", "done/"):
        assert client.get(f"{base(location)}{slug}").status_code == 404
    assert client.post(f"{base(location)}connect/").status_code == 404
