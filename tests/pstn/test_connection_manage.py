"""A connected location: what it is, what may still be corrected, and what it cannot become."""

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused, move
from pstn.workflow import connections as workflow
from tests.factories import make_connected_location

CONTACT = {"company": "Acme", "first_name": "Eli", "last_name": "Stone", "email": "eli@acme.example"}


def base(location):
    return f"/acme/locations/{location.pk}/pstn/connection/"


def test_a_calling_plan_stays_one(client, acme, ada):
    location = make_connected_location(acme)
    client.force_login(ada)
    body = client.get(base(location)).content.decode()
    assert "Ready" in body
    assert body.count("Not supported") == 2
    assert "Numbers of a calling plan cannot change to this" in body


def test_premises_change_by_hand(client, acme, ada):
    location = make_connected_location(acme, kind="premises")
    client.force_login(ada)
    body = client.get(base(location)).content.decode()
    assert "Manual" in body
    assert "By hand: add a new location" in body


@pytest.mark.parametrize("slug", ["type", "disclaimer", "address", "review"])
def test_the_steps_are_closed(client, acme, ada, slug):
    location = make_connected_location(acme)
    client.force_login(ada)
    assert client.get(f"{base(location)}{slug}/").url == base(location)
    assert client.post(f"{base(location)}{slug}/", {"kind": "premises"}).url == base(location)
    assert acme.connections.get().kind == "calling_plan"


def test_the_contact_may_be_corrected(client, acme, eli):
    location = make_connected_location(acme)
    client.force_login(eli)
    assert client.post(f"{base(location)}contact/", CONTACT).url == base(location)
    assert acme.connections.get().email == "eli@acme.example"
    entry = AuditEntry.objects.get(what="connection.fill")
    assert (entry.before["email"], entry.after["email"]) == ("ada@acme.example", "eli@acme.example")


def test_nothing_changed_is_not_audited(client, acme, eli):
    location = make_connected_location(acme)
    client.force_login(eli)
    same = {**CONTACT, "first_name": "Ada", "last_name": "Park", "email": "ada@acme.example"}
    client.post(f"{base(location)}contact/", same)
    assert not AuditEntry.objects.filter(what="connection.fill").exists()


def test_the_verbs_refuse_what_the_pages_do_not_offer(acme, ada):
    location = make_connected_location(acme)
    with pytest.raises(Refused):
        workflow.fill(location, {"kind": "premises"})
    with pytest.raises(Refused):
        workflow.connect(location.connection, by=ada)
    with pytest.raises(Refused):
        workflow.accept_disclaimer(location, contact="A", title="B", membership=ada.memberships.get())


def test_a_calling_plan_is_not_connected_where_it_is_not_offered(acme, ada):
    location = make_connected_location(acme, country="JP")
    type(location.connection).unscoped.update(state="draft")
    with pytest.raises(Refused, match="Not offered in this country yet"):
        workflow.connect(location.connection, by=ada)


@pytest.mark.parametrize("before", workflow.S.values)
@pytest.mark.parametrize("after", workflow.S.values)
def test_every_pair_of_states(acme, before, after):
    connection = make_connected_location(acme).connection
    type(connection).unscoped.update(state=before)
    try:
        with move(connection, after, workflow.ALLOWED):
            pass
        moved = True
    except Refused:
        moved = False
    assert moved == ((before, after) == ("draft", "ready"))
