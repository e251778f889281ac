from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Message
from pstn import terms_text
from pstn.models import TermsAcceptance, TermsRequest
from tests.factories import make_connected_location, make_number, make_number_order

URL = "/acme/terms/"


@pytest.fixture
def waiting(location):
    order = make_number_order(location, state="provisioned", waits_for_terms=True, number_count=1)
    return make_number(location, state="inactive", number_order=order, waits_for_terms=True)


def accept(client, **fields):
    data = {"authorized": "yes", "sha256": terms_text.current().sha256, **fields}
    return client.post(f"{URL}accept/", data, follow=True)


def test_a_full_admin_accepts_and_the_numbers_work(client, ada, waiting):
    other = make_number(waiting.location, "+14085550199", state="inactive")
    client.force_login(ada)
    assert "1 number becomes active as soon as" in client.get(URL).content.decode()
    page = accept(client).content.decode()
    assert "Terms accepted. 1 number is active now." in page
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (waiting.state, waiting.waits_for_terms, other.state) == ("active", False, "inactive")
    assert waiting.number_order.shown == "Provisioned"
    acceptance = TermsAcceptance.unscoped.get()
    assert (acceptance.by, acceptance.role, acceptance.ip) == (ada, "full_admin", "127.0.0.1")
    assert acceptance.sha256 == terms_text.current().sha256
    assert AuditEntry.objects.filter(what="terms.accept", actor=ada).count() == 1


def test_billing_begins_with_the_acceptance_on_the_day_at_the_location(client, ada, acme, waiting):
    far = make_connected_location(acme, name="Auckland", country="NZ", time_zone="Pacific/Auckland")
    there = make_number(far, "+6498865550", state="inactive", waits_for_terms=True)
    client.force_login(ada)
    page = client.get(f"/acme/numbers/{waiting.e164}/").content.decode()
    assert "Begins when the terms are accepted" in page
    assert "Billed since" not in page
    with time_machine.travel("2026-05-04T15:00:00Z"):
        client.force_login(ada)
        accept(client)
    client.force_login(ada)
    days = dict(acme.phone_numbers.values_list("e164", "billing_from"))
    assert days == {waiting.e164: date(2026, 5, 4), there.e164: date(2026, 5, 5)}
    assert "Billed since" in client.get(f"/acme/numbers/{waiting.e164}/").content.decode()


def test_accepting_twice_is_once(client, ada, waiting):
    client.force_login(ada)
    accept(client)
    accept(client)
    assert TermsAcceptance.unscoped.count() == 1


def test_the_box_must_be_ticked(client, ada, waiting):
    client.force_login(ada)
    response = accept(client, authorized="")
    assert response.status_code == 422
    assert "Tick this box to accept." in response.content.decode()
    assert not TermsAcceptance.unscoped.exists()


def test_another_text_than_the_one_shown_is_not_accepted(client, ada, waiting):
    client.force_login(ada)
    assert "The terms changed since you opened this page" in accept(client, sha256="0" * 64).content.decode()
    assert not TermsAcceptance.unscoped.exists()


@pytest.mark.parametrize("who", ["eli", "vic", "paula", "lou"])
def test_nobody_else_finds_a_control_or_is_obeyed(client, request, ada, waiting, who):
    client.force_login(request.getfixturevalue(who))
    page = client.get(URL).content.decode()
    assert "terms/accept/" not in page
    assert 'name="authorized"' not in page
    assert "Ada Park" in page
    assert accept(client).status_code == 403
    assert not TermsAcceptance.unscoped.exists()
    waiting.refresh_from_db()
    assert waiting.state == "inactive"


def test_a_partner_asks_once_a_day(client, ada, paula, waiting, committed):
    client.force_login(paula)
    page = client.get(URL).content.decode()
    assert "a partner cannot do it" in page
    assert "Send request" in page
    with committed():
        client.post(f"{URL}request/")
    assert Message.objects.get(kind="terms_waiting").user == ada
    assert "once a day" in client.get(URL).content.decode()
    assert "within the last day" in client.post(f"{URL}request/", follow=True).content.decode()
    assert TermsRequest.unscoped.count() == 1
    TermsRequest.unscoped.update(at=timezone.now() - timedelta(days=1, seconds=1))
    client.post(f"{URL}request/")
    assert TermsRequest.unscoped.count() == 2


def test_a_looker_cannot_ask(client, vic, ada, waiting):
    client.force_login(vic)
    assert "terms/request/" not in client.get(URL).content.decode()
    assert client.post(f"{URL}request/").status_code == 403


def test_the_sweep_sends_a_request_that_was_lost(ada, eli, acme, settings):
    from pstn import tasks
    from pstn.workflow import terms

    settings.SWEEP_AFTER_SECONDS = 0
    terms.request(acme, by=eli)
    tasks.sweep()
    tasks.sweep()
    assert Message.objects.filter(kind="terms_waiting").count() == 1
    assert not TermsRequest.unscoped.filter(handled_at=None).exists()


def test_an_operator_brings_their_own_text(client, vic, acme, settings, tmp_path):
    path = tmp_path / "terms.txt"
    path.write_text("2031-07\n1. Ours\nPay in time.\n\n2. Yours\nCall politely.\n")
    settings.TERMS_FILE = str(path)
    client.force_login(vic)
    page = client.get(URL).content.decode()
    assert "Version 2031-07" in page
    assert "Call politely." in page


def test_a_new_version_asks_again(client, ada, acme, settings, tmp_path):
    client.force_login(ada)
    accept(client)
    path = tmp_path / "terms.txt"
    path.write_text("2031-07\n1. Ours\nPay in time.\n")
    settings.TERMS_FILE = str(path)
    assert "authorized to accept them for Acme" in client.get(URL).content.decode()
