"""Mails with links: sent once, again when the mail server was away, and never for what was revoked."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import TestCase
from django.utils import timezone

from accounts.models import AuditEntry
from porting import links, outsiders
from porting.models import TaskLink
from porting.tasks import links as tasks
from tests.porting.factories import make_link
from tests.porting.links.opening import SECRETS, again, code_of, kinds, page, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


@pytest.fixture
def silent(order, ada):
    """A link whose mail nobody has sent yet."""
    return make_link(order, by=ada, sent_at=None)


def test_sending_twice_is_one_mail(silent):
    tasks.send_link(silent.pk)
    tasks.send_link(silent.pk)
    assert len(mail.outbox) == 1
    assert kinds(silent) == ["send"]


def test_a_mail_server_that_does_not_answer_is_asked_again(silent, monkeypatch, time_machine):
    time_machine.move_to(timezone.now(), tick=False)

    def down(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("notifications.unkept.send", down)
        tasks.send_link(silent.pk)
        assert again(silent).sent_at is None
        assert again(silent).token_sha256 is None
    tasks.send_link(silent.pk)
    assert mail.outbox == []  # it rests
    time_machine.shift(31)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.sweep()
    assert token_of(mail.outbox[0])
    assert again(silent).sent_at


def test_a_crash_after_the_claim_is_made_good_with_a_new_token(silent, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    TaskLink.unscoped.filter(pk=silent.pk).update(claimed_at=timezone.now(), tries=1, token_sha256="0" * 64)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.sweep()
    assert mail.outbox == []
    time_machine.shift(121)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.sweep()
    assert again(silent).token_sha256 == outsiders.digest(token_of(mail.outbox[0]))


def test_a_code_that_could_not_be_sent_is_sent_by_the_sweep(ask, outsider, monkeypatch, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    link, token = ask()

    def down(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("notifications.unkept.send", down)
        outsider.post(page(token, "code"))
    assert again(link).code_digest == ""
    time_machine.shift(30)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.sweep()
    assert outsider.post(page(token, "enter"), {"code": code_of(mail.outbox[-1])}).status_code == 302


def test_what_ran_out_is_noted_once(order):
    link = make_link(order, expires_at=timezone.now() - timedelta(minutes=1))
    tasks.sweep()
    tasks.sweep()
    assert kinds(link) == ["expire"]
    assert again(link).standing == ("mute", "Expired")
    assert AuditEntry.objects.get(what="link.expire").acting_as == "system"


def test_a_revoked_link_is_not_mailed(silent, ada):
    links.revoke(silent, by=ada)
    tasks.send_link(silent.pk)
    assert mail.outbox == []


@pytest.mark.parametrize("purpose", ["bill", "pin", "signature"])
def test_the_mail_says_who_asks_for_what_and_how_long(ask, purpose, order):
    _link, token = ask(purpose, note='It is "urgent" & <b>big</b>')
    sent = mail.outbox[-1]
    html = sent.alternatives[0][0]
    for written in (sent.body, html):
        assert f"/t/{token}/" in written
        assert "Ada Park" in written
        assert order.reference in written
        assert "Hello Jane Doe," in written
        assert "None" not in written
    assert 'It is "urgent" & <b>big</b>' in sent.body
    assert "<b>big</b>" not in html
    assert not any(secret in sent.body + html for secret in SECRETS)
