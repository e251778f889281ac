"""Only an administrator of the customer takes note of the emergency limits; a partner can never do it for them."""

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from pstn.workflow import connections as workflow
from tests.factories import make_location

ACCEPTANCE = {
    "disclaimer_contact": "Ada Park",
    "disclaimer_title": "Head of IT",
    "is_read": "on",
    "version": "2026-11",
}


@pytest.fixture
def url(acme):
    location = make_location(acme)
    acme.connections.create(location=location, kind="calling_plan")
    return f"/acme/locations/{location.pk}/pstn/connection/disclaimer/"


def test_the_text_can_be_read_with_the_keyboard(client, ada, url):
    client.force_login(ada)
    assert 'role="region" tabindex="0"' in client.get(url).content.decode()


def test_who_when_which_and_from_where_are_recorded(client, acme, ada, url):
    client.force_login(ada)
    assert client.post(url, ACCEPTANCE).status_code == 302
    connection = acme.connections.get()
    assert (connection.disclaimer_by, connection.disclaimer_version) == (ada, "2026-11")
    assert (connection.disclaimer_contact, connection.disclaimer_title) == ("Ada Park", "Head of IT")
    assert connection.disclaimer_ip == "127.0.0.1"
    assert connection.disclaimer_at
    assert AuditEntry.objects.get(what="connection.accept_disclaimer").actor == ada


@pytest.mark.parametrize("missing", ["is_read", "disclaimer_contact", "disclaimer_title"])
def test_everything_is_needed(client, acme, ada, url, missing):
    client.force_login(ada)
    sent = {name: value for name, value in ACCEPTANCE.items() if name != missing}
    assert client.post(url, sent).context["form"].errors[missing]
    assert acme.connections.get().disclaimer_at is None


def test_a_text_that_changed_meanwhile_must_be_read_again(client, acme, ada, url):
    client.force_login(ada)
    body = client.post(url, {**ACCEPTANCE, "version": "2020-01"}).content.decode()
    assert "The text has changed since you opened the page." in body
    assert acme.connections.get().disclaimer_at is None


@pytest.mark.parametrize("who", ["eli", "paula"])
def test_others_see_a_notice_and_no_control(client, acme, ada, url, who, request):
    client.force_login(request.getfixturevalue(who))
    body = client.get(url).content.decode()
    assert "must be accepted by an administrator of the customer" in body
    assert "Ada Park" in body  # who can
    for control in ["is_read", "disclaimer_contact", "Agree and continue", 'id="step-form"']:
        assert control not in body
    assert "/connection/contact/" in body  # the wizard goes on around it


@pytest.mark.parametrize("who", ["eli", "paula", "vic"])
def test_the_server_refuses_the_acceptance_of_others(client, acme, url, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.post(url, ACCEPTANCE).status_code == 403
    assert acme.connections.get().disclaimer_at is None


def test_the_verb_refuses_too(acme, paula):
    location = make_location(acme)
    with pytest.raises(Refused):
        workflow.accept_disclaimer(
            location, contact="Ada Park", title="IT", membership=paula.memberships.get(org=acme)
        )


def test_once_accepted_there_is_nothing_to_send(client, acme, ada, url):
    client.force_login(ada)
    client.post(url, ACCEPTANCE)
    first = acme.connections.get().disclaimer_at
    body = client.get(url).content.decode()
    assert "Accepted for Ada Park, Head of IT" in body
    assert "is_read" not in body
    client.post(url, {**ACCEPTANCE, "disclaimer_contact": "Somebody Else"})
    connection = acme.connections.get()
    assert (connection.disclaimer_at, connection.disclaimer_contact) == (first, "Ada Park")
