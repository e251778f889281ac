"""What leaves the building by e-mail: claimed before it is sent, tried again if that came to nothing."""

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.errors import MessageError
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from notifications.models import Message

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # how long one batch may take before another may begin
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=4)
MOST_TRIES = 20  # about two days; then the message stays in the admin's list as failed
BATCH = 50
# What is wrong with one message; the next may be as good as any. Whatever else goes wrong, the line is down.
REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    ValueError,
    MessageError,
)


@shared_task
def send(message_pks: list[int]) -> None:
    """Send these messages, but for those that are sent or that somebody is sending now."""
    deliver(message_pks)


@shared_task
def sweep() -> None:
    """Send what a lost task or an unreachable mail server left unsent. One at a time, a batch at a time."""
    old = timezone.now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    waiting = Message.objects.filter(_may_be_claimed(timezone.now()), created_at__lt=old)
    batch = list(waiting.order_by("created_at").values_list("pk", flat=True)[:BATCH])
    # While the mail server does not answer, an attempt takes long: only one worker may wait for it.
    if not batch or not cache.add("mail-sweep", True, timeout=int(LEASE.total_seconds())):
        return
    try:
        deliver(batch)
    finally:
        cache.delete("mail-sweep")


def deliver(message_pks: Sequence[int]) -> None:
    """Claim these messages and send them over one line, each noted as soon as it is out.

    What is left when the server cannot be spoken to, or when the claims grow old, is given back: the next
    attempt would wait as long for nothing, or find that somebody else has begun.
    """
    began = timezone.now()
    claimed = _claimed(message_pks, began)
    line = get_connection()
    # One mail at a time, so that after a crash one is repeated at most; unless a line takes all or nothing.
    size = getattr(line, "takes_at_once", 1)
    try:
        for start in range(0, len(claimed), size):
            if timezone.now() - began > LEASE / 2 or not _send(claimed[start : start + size], line):
                _give_back(claimed[start:], began)
                break
    finally:
        line.close()


def _claimed(message_pks: Sequence[int], now: datetime) -> list[Message]:
    """Those of the messages that nobody else has; of two workers one gets each, on every database."""
    with transaction.atomic():
        free = Message.objects.filter(_may_be_claimed(now), pk__in=message_pks).order_by("pk")
        claimed = list(free.select_for_update(skip_locked=True))
        pks = [message.pk for message in claimed]
        Message.objects.filter(pk__in=pks).update(claimed_at=now, tries=F("tries") + 1)
    for message in claimed:
        message.tries += 1
    return claimed


def _send(messages: Sequence[Message], line: Any) -> bool:
    """Send messages and note how that ended. False when the mail server could not be spoken to."""
    try:
        line.open()
        line.send_messages([_mail(message) for message in messages])
    except (OSError, ValueError, MessageError) as problem:  # SMTPException is an OSError
        line.close()
        for message in messages:
            _postpone(message, problem)
        return isinstance(problem, REFUSALS)
    sent = Message.objects.filter(pk__in=[message.pk for message in messages])
    sent.update(sent_at=timezone.now(), error="")
    return True


def _give_back(messages: Sequence[Message], claimed_at: datetime) -> None:
    """Let go of messages that were claimed and not tried; that was no try."""
    mine = Message.objects.filter(pk__in=[message.pk for message in messages], sent_at=None)
    mine.filter(claimed_at=claimed_at).update(claimed_at=None, tries=F("tries") - 1)


def _may_be_claimed(now: datetime) -> Q:
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    return free & Q(sent_at=None, tries__lt=MOST_TRIES)


def _postpone(message: Message, problem: Exception) -> None:
    """Write down why, and lay the claim so that it runs out when the pause is over."""
    pause = min(FIRST_PAUSE * 2 ** (message.tries - 1), LONGEST_PAUSE)
    Message.objects.filter(pk=message.pk).update(
        claimed_at=timezone.now() + pause - LEASE, error=f"{type(problem).__name__}: {problem}"[:200]
    )
    # Not what the server said: it repeats the address.
    log.warning("message %s not sent, try %s: %s", message.pk, message.tries, type(problem).__name__)


def _mail(message: Message) -> EmailMultiAlternatives:
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(message.subject, message.text, to=[message.to], headers=headers)
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    if message.attachment is not None:
        mail.attach(message.attachment_name, bytes(message.attachment), message.attachment_type)
    return mail
