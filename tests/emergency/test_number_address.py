"""A number's own emergency address: checked as a location's is, in force once validated, and given up again."""

import pytest

from accounts.models import AuditEntry
from emergency import workflow
from emergency.models import EmergencyAddress
from lib.transitions import Refused
from pstn.models import LocationAdmin, PhoneNumber
from tests.factories import make_connected_location, make_number

URL = "/acme/emergency/numbers/14085550142/"
TYPED = {"line1": "7 Own Street", "city": "San Jose", "state_code": "CA", "postal_code": "95112"}


@pytest.fixture
def number(client, acme, eli):
    client.force_login(eli)
    return make_number(make_connected_location(acme))


def fresh(number):
    return PhoneNumber.unscoped.get(pk=number.pk)


def test_it_starts_with_what_is_inherited(client, number):
    assert 'value="100 Main Street"' in client.get(URL).content.decode()


def test_a_known_address_is_in_force_at_once_and_only_for_this_number(client, acme, number, eli):
    assert client.post(URL, TYPED).url == "/acme/numbers/14085550142/"
    own = EmergencyAddress.unscoped.get(number=number)
    assert own.is_validated
    assert fresh(number).address_in_force == own
    assert acme.emergency_addresses.get(location=number.location).line1 == "100 Main Street"
    assert AuditEntry.objects.get(what="emergency_address.check").actor == eli
    assert acme.number_events.get().what == "address_set"
    assert "7 Own Street" in client.get("/acme/numbers/14085550142/").content.decode()


@pytest.mark.parametrize("street", ["Nowhere 1", "9 own street"])
def test_until_it_is_validated_the_location_counts(client, number, street):
    client.post(URL, TYPED | {"line1": street})
    number = fresh(number)
    assert number.own_address.line1 == street
    assert number.address_in_force == number.location.emergency_address
    assert "It counts once it is validated" in client.get("/acme/numbers/14085550142/").content.decode()


def test_a_suggestion_is_used(client, number):
    assert client.post(URL, TYPED | {"line1": "9 own street"}).url == URL
    mark = EmergencyAddress.unscoped.get(number=number).suggestion_mark
    client.post(URL, {"do": "use", "suggestion": mark})
    assert fresh(number).address_in_force.line1 == "9 Own Street"


def test_a_calling_plan_keeps_no_address_that_the_service_does_not_know(client, number):
    client.post(URL, TYPED | {"line1": "9 own street"})
    mark = EmergencyAddress.unscoped.get(number=number).suggestion_mark
    client.post(URL, {"do": "keep", "suggestion": mark})
    assert EmergencyAddress.unscoped.get(number=number).state == "suggested"


def test_cleared_the_location_counts_again(client, acme, number, eli):
    client.post(URL, TYPED)
    assert client.post(f"{URL}clear/").status_code == 302
    number = fresh(number)
    assert number.own_address is None
    assert number.address_in_force == number.location.emergency_address
    assert AuditEntry.objects.get(what="emergency_address.clear").before["state"] == "validated"
    assert list(acme.number_events.order_by("pk").values_list("what", flat=True)) == [
        "address_set",
        "address_cleared",
    ]


def test_a_number_in_service_is_not_left_without_any(client, number, eli):
    client.post(URL, TYPED)
    EmergencyAddress.unscoped.filter(location=number.location).update(state="rejected")
    number = fresh(number)
    assert not number.lacks_address
    with pytest.raises(Refused, match="no validated emergency address"):
        workflow.clear(number, by=eli)
    assert number.why_not_activate() == "It is active already."


def test_an_own_address_is_enough_to_activate(client, acme, eli):
    number = make_number(make_connected_location(acme), state="inactive")
    EmergencyAddress.unscoped.update(state="rejected")
    assert "no validated" in fresh(number).why_not_activate()
    workflow.check(number, TYPED | {"line2": ""}, by=eli)
    assert fresh(number).why_not_activate() == ""


def test_toll_free_numbers_have_none(client, number):
    PhoneNumber.unscoped.update(kind="toll_free")
    assert client.post(URL, TYPED).url == "/acme/numbers/14085550142/"
    assert not EmergencyAddress.unscoped.filter(number=number).exists()


def test_within_ones_own_locations(client, acme, number, lou, ada):
    client.post(URL, TYPED)
    seat = LocationAdmin.unscoped.create(
        membership=lou.memberships.get(), location=make_connected_location(acme, name="Lou's office")
    )
    client.force_login(lou)
    assert client.get(URL).status_code == 404
    assert not acme.emergency_addresses.within(lou.memberships.get()).filter(number=number).exists()
    seat.location = number.location
    seat.save()
    assert client.get(URL).status_code == 200
    assert acme.emergency_addresses.within(lou.memberships.get()).filter(number=number).count() == 1


def test_the_way_back_stays_in_the_console(client, number):
    assert client.post(f"{URL}?next=/acme/orders/", TYPED).url == "/acme/orders/"
    assert client.post(f"{URL}?next=https://evil.example/", TYPED).url == "/acme/numbers/14085550142/"
