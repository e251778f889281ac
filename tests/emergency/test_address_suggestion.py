"""What people do with a suggestion: use it (one press applies and saves), keep theirs where they may, or dismiss it."""

import pytest

from accounts.models import AuditEntry
from emergency import workflow
from lib.transitions import Refused, move
from tests.factories import make_connected_location, make_location


def url(location):
    return f"/acme/emergency/locations/{location.pk}/"


def suggest(location, by, line1="7 elm street"):
    """The location's address after the service suggested another spelling."""
    typed = {"line1": line1, "line2": "", "city": "San Jose", "state_code": "CA", "postal_code": "95112"}
    assert workflow.check(location, typed, by=by).outcome == "suggested"
    return location.org.emergency_addresses.get(location=location)


def answer(client, location, do, mark):
    return client.post(url(location), {"do": do, "suggestion": mark}, follow=True)


def test_one_press_applies_and_saves(client, acme, eli):
    location = make_location(acme)
    shown = suggest(location, eli)
    client.force_login(eli)
    response = answer(client, location, "use", shown.suggestion_mark)
    address = acme.emergency_addresses.get()
    assert (address.state, address.line1, address.suggestion) == ("validated", "7 Elm Street", {})
    assert "is validated and saved" in response.content.decode()
    entry = AuditEntry.objects.get(what="emergency_address.use_suggestion")
    assert "7 elm street" in entry.before["address"]
    assert "7 Elm Street" in entry.after["address"]


def test_the_client_cannot_invent_a_suggestion(client, acme, eli):
    location = make_location(acme)
    suggest(location, eli)
    client.force_login(eli)
    sent = {"do": "use", "suggestion": "0123456789abcdef", "line1": "1 Forged Street"}
    body = client.post(url(location), sent, follow=True).content.decode()
    assert "no longer the latest" in body
    address = acme.emergency_addresses.get()
    assert (address.state, address.line1) == ("suggested", "7 elm street")


def test_an_older_suggestion_is_not_applied(client, acme, eli):
    location = make_location(acme)
    old = suggest(location, eli)
    suggest(location, eli, line1="9 oak street")
    client.force_login(eli)
    assert "no longer the latest" in answer(client, location, "use", old.suggestion_mark).content.decode()
    assert acme.emergency_addresses.get().state == "suggested"


def test_pressing_twice_changes_nothing_more(client, acme, eli):
    location = make_location(acme)
    mark = suggest(location, eli).suggestion_mark
    client.force_login(eli)
    answer(client, location, "use", mark)
    answer(client, location, "use", mark)
    address = acme.emergency_addresses.get()
    assert address.state == "validated"
    assert AuditEntry.objects.filter(what="emergency_address.use_suggestion").count() == 1


def test_a_calling_plan_cannot_keep_what_the_service_would_write_otherwise(client, acme, eli):
    location = make_connected_location(acme)
    mark = suggest(location, eli).suggestion_mark
    client.force_login(eli)
    page = client.get(url(location)).content.decode()
    assert 'value="keep" disabled' in page
    assert "A calling plan delivers emergency calls" in page
    assert "A calling plan delivers" in answer(client, location, "keep", mark).content.decode()
    assert acme.emergency_addresses.get().line1 == "100 Main Street"


def test_a_gateway_of_ones_own_may_keep_it(client, acme, eli):
    location = make_location(acme)
    location.org.connections.create(location=location, kind="premises", routing="none")
    mark = suggest(location, eli).suggestion_mark
    client.force_login(eli)
    body = answer(client, location, "keep", mark).content.decode()
    assert "It is not validated" in body
    address = acme.emergency_addresses.get()
    assert (address.state, address.line1) == ("unchecked", "7 elm street")
    assert acme.connections.get().missing() == []


def test_a_suggestion_can_be_dismissed_while_another_address_is_in_force(client, acme, eli):
    location = make_connected_location(acme)
    mark = suggest(location, eli).suggestion_mark
    client.force_login(eli)
    body = answer(client, location, "dismiss", mark).content.decode()
    assert "We found this address" not in body
    address = acme.emergency_addresses.get()
    assert (address.state, address.line1, address.suggestion) == ("validated", "100 Main Street", {})


def test_without_an_address_in_force_there_is_nothing_to_go_back_to(acme, eli):
    location = make_location(acme)
    mark = suggest(location, eli).suggestion_mark
    with pytest.raises(Refused):
        workflow.dismiss(location, mark)


@pytest.mark.parametrize("before", workflow.S.values)
@pytest.mark.parametrize("after", workflow.S.values)
def test_every_pair_of_states(acme, before, after):
    address = make_connected_location(acme).emergency_address
    type(address).unscoped.filter(pk=address.pk).update(state=before)
    try:
        with move(address, after, workflow.ALLOWED):
            pass
        moved = True
    except Refused:
        moved = False
    assert moved == (before != "validated" or after in {"validated", "unchecked"})
