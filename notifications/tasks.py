"""What leaves the building by e-mail: claimed before it is sent, tried again if that came to nothing."""

import logging
from datetime import datetime, timedelta
from email.errors import MessageError

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q
from django.utils import timezone

from notifications.models import Message

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # how long one attempt may take before another may begin
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=4)
MOST_TRIES = 20  # about two days; then the message stays in the admin's list as failed
BATCH = 50


@shared_task
def send(message_pk: int) -> None:
    """Send one message, unless it is sent or somebody is sending it now."""
    deliver(message_pk)


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
        for pk in batch:
            if not deliver(pk):
                break  # the server is away; the others would wait as long for nothing
    finally:
        cache.delete("mail-sweep")


def deliver(message_pk: int) -> bool:
    """Claim and send one message. False when the mail server could not be spoken to."""
    now = timezone.now()
    # The claim is one conditional UPDATE: of two workers one gets it, on every database.
    claimed = Message.objects.filter(_may_be_claimed(now), pk=message_pk)
    if not claimed.update(claimed_at=now, tries=F("tries") + 1):
        return True
    message = Message.objects.get(pk=message_pk)
    try:
        _mail(message).send()
    except (OSError, ValueError, MessageError) as problem:  # SMTPException is an OSError
        _postpone(message, problem)
        return not isinstance(problem, OSError)
    Message.objects.filter(pk=message_pk).update(sent_at=timezone.now(), error="")
    return True


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
