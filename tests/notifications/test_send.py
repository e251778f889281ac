"""Claims, retries and the sweep: a message goes out once, and not never."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection
from django.utils import timezone

from notifications import tasks
from notifications.models import MailboxEntry, Message
from tests.pstn.test_races import at_once


@pytest.fixture
def message(acme):
    return make_message(acme)


def make_message(org, n=1, **fields):
    message = Message.objects.create(
        **{
            "org": org,
            "event": f"e:{n}",
            "kind": "order_placed",
            "to": f"ada{n}@acme.example",
            "subject": "Hello",
            "text": "Text\n",
            "html": "<p>Text</p>",
            "message_id": f"<{n}@hub.example>",
            **fields,
        }
    )
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    return message


@pytest.fixture
def broken_server(monkeypatch):
    """A mail server that answers with the problem in the list, and notes who tried."""
    problems, tried = [], []

    def refuse(self, mails):
        tried.extend(mail.to[0] for mail in mails)
        raise problems[0]

    problems.append(ConnectionRefusedError("no server"))
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    return problems, tried


def test_it_is_sent_once_however_often_the_task_runs(message):
    for _ in range(3):
        tasks.send([message.pk])
    assert len(mail.outbox) == 1
    message.refresh_from_db()
    assert message.sent_at
    assert message.tries == 1


def test_the_mail_carries_its_message_id_text_and_html(message):
    tasks.send([message.pk])
    sent = mail.outbox[0]
    assert sent.extra_headers["Message-ID"] == "<1@hub.example>"
    assert sent.message()["Message-ID"] == "<1@hub.example>"
    assert sent.alternatives[0][1] == "text/html"


def test_a_claimed_message_is_left_to_who_claimed_it(message):
    Message.objects.update(claimed_at=timezone.now())
    tasks.send([message.pk])
    tasks.sweep()
    assert mail.outbox == []


def test_a_claim_that_came_to_nothing_runs_out(message):
    Message.objects.update(claimed_at=timezone.now() - tasks.LEASE - timedelta(seconds=1), tries=1)
    tasks.sweep()
    assert len(mail.outbox) == 1


def test_a_failure_is_written_down_and_tried_again_later(message, broken_server):
    tasks.send([message.pk])
    message.refresh_from_db()
    assert (message.sent_at, message.tries) == (None, 1)
    assert "no server" in message.error
    tasks.sweep()
    assert len(broken_server[1]) == 1, "it waits before it tries again"
    Message.objects.update(claimed_at=message.claimed_at - tasks.FIRST_PAUSE - timedelta(seconds=1))
    tasks.sweep()
    assert len(broken_server[1]) == 2


def test_the_pauses_grow_to_a_limit(acme, broken_server):
    pauses = []
    for tries in (0, 1, 2, 15):
        message = make_message(acme, n=tries, tries=tries)
        tasks.send([message.pk])
        message.refresh_from_db()
        pauses.append(round((message.claimed_at + tasks.LEASE - timezone.now()).total_seconds()))
    assert pauses == [30, 60, 120, 4 * 3600]


def test_it_gives_up_after_twenty_tries_and_stays_visible(message, broken_server):
    Message.objects.update(tries=19)
    tasks.send([message.pk])
    Message.objects.update(claimed_at=None)
    tasks.sweep()
    tasks.send([message.pk])
    message.refresh_from_db()
    assert message.tries == 20
    assert message.error
    assert len(broken_server[1]) == 1


def test_after_a_failed_sending_the_next_one_clears_the_error(message):
    Message.objects.update(tries=1, error="ConnectionRefusedError: no server")
    tasks.send([message.pk])
    message.refresh_from_db()
    assert message.error == ""


def test_a_sweep_stops_when_the_server_does_not_answer(acme, broken_server):
    for n in range(3):
        make_message(acme, n=n)
    tasks.sweep()
    assert len(broken_server[1]) == 1


@pytest.mark.parametrize(
    "problem",
    [
        ValueError("bad address"),
        UnicodeError("no"),
        smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no")}),
    ],
)
def test_one_impossible_message_does_not_hold_up_the_others(acme, broken_server, problem):
    broken_server[0][0] = problem
    for n in range(3):
        make_message(acme, n=n)
    tasks.sweep()
    assert len(broken_server[1]) == 3


def test_what_the_server_says_is_not_logged(message, broken_server, caplog):
    broken_server[0][0] = smtplib.SMTPRecipientsRefused({"ada1@acme.example": (550, b"no such user")})
    tasks.send([message.pk])
    assert "SMTPRecipientsRefused" in caplog.text
    assert "ada1@" not in caplog.text


def test_two_sweeps_never_run_side_by_side(message):
    from django.core.cache import cache

    cache.add("mail-sweep", True)
    tasks.sweep()
    assert mail.outbox == []
    cache.delete("mail-sweep")
    tasks.sweep()
    assert len(mail.outbox) == 1
    assert cache.get("mail-sweep") is None, "the sweep lets go when it ends"


def test_a_fresh_message_is_left_to_its_own_task(acme, message):
    Message.objects.update(created_at=timezone.now())
    tasks.sweep()
    assert mail.outbox == []


def test_a_sweep_takes_a_bounded_batch(acme, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    for n in range(5):
        make_message(acme, n=n)
    tasks.sweep()
    assert len(mail.outbox) == 2


def test_when_the_server_is_away_the_others_were_not_tried(acme, broken_server):
    first, *others = [make_message(acme, n=n) for n in range(3)]
    tasks.send([message.pk for message in (first, *others)])
    assert broken_server[1] == [first.to]
    rows = Message.objects.order_by("pk").values_list("tries", "claimed_at", "error")
    assert [(tries, bool(claimed), bool(error)) for tries, claimed, error in rows] == [
        (1, True, True),
        (0, False, False),
        (0, False, False),
    ]


def test_each_is_noted_as_soon_as_it_is_out(acme, monkeypatch):
    """Who dies in the middle of many repeats at most the one that was under way."""
    first, second = (make_message(acme, n=n) for n in range(2))
    send = locmem.EmailBackend.send_messages

    def dies(self, mails):
        if mails[0].to == [second.to]:
            raise SystemExit
        return send(self, mails)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", dies)
    with pytest.raises(SystemExit):
        tasks.send([first.pk, second.pk])
    sent = Message.objects.exclude(sent_at=None)
    assert [message.pk for message in sent] == [first.pk]
    assert Message.objects.get(pk=second.pk).claimed_at


def test_claims_that_grow_old_are_given_back(acme, monkeypatch):
    """Another worker may take a message when its lease ends: whoever is slow lets go of the rest before that."""
    messages = [make_message(acme, n=n) for n in range(3)]
    send = locmem.EmailBackend.send_messages
    with time_machine.travel("2026-11-22 12:00:00+00:00", tick=False) as clock:

        def slow(self, mails):
            clock.shift(tasks.LEASE * 0.3)
            return send(self, mails)

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", slow)
        tasks.send([message.pk for message in messages])
    assert len(mail.outbox) == 2
    left = Message.objects.get(sent_at=None)
    assert (left.pk, left.tries, left.claimed_at) == (messages[2].pk, 0, None)


def test_many_go_over_one_line(acme, monkeypatch):
    opened, closed = [], []
    monkeypatch.setattr("notifications.tasks.get_connection", lambda: Line(opened, closed))
    tasks.send([make_message(acme, n=n).pk for n in range(3)])
    assert (len(opened), len(closed), len(mail.outbox)) == (1, 1, 3)


class Line(locmem.EmailBackend):
    """A line that says when it is really opened, as the one to a mail server does."""

    def __init__(self, opened, closed):
        super().__init__()
        self.opened, self.closed, self.is_open = opened, closed, False

    def open(self):
        if not self.is_open:
            self.opened.append(self)
        self.is_open = True

    def close(self):
        self.closed.append(self)


def test_a_mailbox_keeps_each_once(acme, settings):
    settings.EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"
    pks = [make_message(acme, n=n).pk for n in range(5)]
    tasks.send(pks[:1])
    Message.objects.filter(pk=pks[0]).update(sent_at=None, claimed_at=None)  # as after a crash in between
    tasks.send(pks)
    assert MailboxEntry.objects.count() == 5
    assert not Message.objects.filter(sent_at=None).exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_workers_with_the_same_messages_send_each_once():
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    pks = [make_message(None, n=n).pk for n in range(20)]
    at_once(4, lambda n: tasks.send(pks if n % 2 else pks[::-1]))
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(f"ada{n}@acme.example" for n in range(20))
