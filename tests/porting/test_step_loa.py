"""The letter of agency: who may sign it, what a signature covers, what undoes it, who is asked to."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Message
from porting.models import SignatureRequest
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db
NAME = {"first_name": "Ada", "last_name": "Park", "title": "Owner", "consent": "on"}


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, signed=False)


@pytest.fixture
def sign(order, signed_in, url):
    def post(person, token=None, **changes):
        client = signed_in(person)
        if token is None:
            token = client.get(url("order_step", order, "loa")).context["form"].initial["shown"]
        data = {**NAME, "version": str(order.version), "shown": token, **changes}
        return client.post(url("order_step", order, "loa"), data, headers={"user-agent": "Browser/1 ✓"})

    return post


def test_a_full_admin_signs_and_the_evidence_is_kept(ada, order, sign, signed_in, url):
    shown = signed_in(ada).get(url("letter_preview", order)).content
    assert sign(ada).url == url("order_step", order, "review")
    letter = order.paper("loa")
    evidence = letter.signature
    assert evidence.shown_sha256 == hashlib.sha256(shown).hexdigest()
    assert letter.sha256 == hashlib.sha256(letter.read()).hexdigest()
    assert (evidence.by, evidence.ip, evidence.title) == (ada, "127.0.0.1", "Owner")
    assert evidence.covers == order.covers()
    assert "loa" not in order.missing()
    assert AuditEntry.objects.get(what="letter.sign").after["signer"] == "Ada Park, Owner"


def test_the_named_pstn_admin_signs(eli, order, sign):
    order.authorized_name = "eli  STONE"
    order.save()
    assert sign(eli).status_code == 302
    assert order.paper("loa").signature.by == eli


@pytest.mark.parametrize("person", ["eli", "paula", "lou"])
def test_others_see_why_not_and_are_refused(order, sign, signed_in, url, person, request):
    who = request.getfixturevalue(person)
    if person == "lou":
        order.location.administrators.create(membership=who.memberships.get())
    page = signed_in(who).get(url("order_step", order, "loa")).content.decode()
    assert 'name="consent"' not in page
    assert 'name="shown"' not in page
    assert url("order_request_signature", order) in page
    assert sign(who, token="x").status_code == 403
    assert order.paper("loa") is None


def test_the_partner_reads_that_the_customer_must(paula, order, signed_in, url):
    page = signed_in(paula).get(url("order_step", order, "loa")).content.decode()
    assert "Waiting for Acme. A partner cannot sign" in page


def test_a_viewer_neither_reads_nor_signs_nor_asks(vic, order, signed_in, url):
    client = signed_in(vic)
    assert client.get(url("letter_preview", order)).status_code == 403
    assert client.post(url("order_step", order, "loa"), NAME).status_code == 403
    assert client.post(url("order_request_signature", order)).status_code == 403


def test_without_consent_nothing_is_signed(ada, order, sign):
    response = sign(ada, consent="")
    assert "Tick the box" in " ".join(response.context["form"].errors["consent"])
    assert order.paper("loa") is None


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_letter_that_was_not_shown_is_not_signed(ada, order, sign, token):
    assert sign(ada, token=token).status_code in (409, 422)
    assert order.paper("loa") is None


def test_the_token_of_another_order_does_not_do(acme, ada, order, sign, signed_in, url):
    other = make_port_order(acme, numbers=("+14085550190",), signed=False)
    token = signed_in(ada).get(url("order_step", other, "loa")).context["form"].initial["shown"]
    assert sign(ada, token=token).status_code == 409


def test_a_letter_that_changed_since_it_was_shown_is_not_signed(ada, order, sign, signed_in, url):
    token = signed_in(ada).get(url("order_step", order, "loa")).context["form"].initial["shown"]
    order.company_name = "Acme Holding"
    order.save()
    response = sign(ada, token=token)
    assert response.status_code == 409
    assert "Read it again" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "holds"),
    [
        ("company_name", "Acme LLC", False),
        ("account_number", "X", False),
        ("btn", "+14085550111", False),
        ("postal_code", "95113", False),
        ("pin", "4711", True),
        ("notify", "a@b.example", True),
    ],
)
def test_what_the_letter_says_undoes_the_signature_when_it_changes(acme, office, field, value, holds):
    order = make_port_order(acme)
    setattr(order, field, value)
    order.save()
    assert ("loa" not in acme.port_orders.get(pk=order.pk).missing()) is holds


def test_the_rail_says_why_it_must_be_signed_again(ada, acme, office, signed_in, url):
    order = make_port_order(acme)
    order.numbers.first().delete()
    page = signed_in(ada).get(url("order_step", order, "review"))
    marks = {str(mark.title): mark for mark in page.context["steps"]}
    assert marks["Letter of agency"].state == "error"
    assert "has changed since it was signed" in marks["Letter of agency"].note


def test_there_is_no_letter_before_the_account_is_known(acme, ada, office, signed_in, url):
    order = acme.port_orders.create(created_by=ada, location=office)
    client = signed_in(ada)
    assert client.get(url("letter_preview", order)).status_code == 404
    assert "once the numbers and the account" in client.get(url("order_step", order, "loa")).content.decode()


def test_the_full_admins_are_asked_once_a_day(ada, paula, order, signed_in, url):
    client, ask = signed_in(paula), url("order_request_signature", order)
    client.post(ask)
    client.post(ask)
    assert SignatureRequest.unscoped.count() == 1
    assert [(message.kind, message.to) for message in Message.objects.all()] == [
        ("signature_wanted", ada.email)
    ]
    SignatureRequest.unscoped.update(at=timezone.now() - timedelta(days=1, seconds=1))
    client.post(ask)
    assert SignatureRequest.unscoped.count() == 2


def test_nobody_is_asked_for_a_letter_that_is_signed(acme, paula, ada, office, signed_in, url):
    signed_in(paula).post(url("order_request_signature", make_port_order(acme)))
    assert not Message.objects.exists()


def test_the_letter_of_yesterday_is_read_again(ada, order, sign, signed_in, url):
    with time_machine.travel("2026-11-18 20:00:00+00:00", tick=False):
        token = signed_in(ada).get(url("order_step", order, "loa")).context["form"].initial["shown"]
    with time_machine.travel("2026-11-19 19:00:00+00:00", tick=False):
        assert sign(ada, token=token).status_code == 409
