"""The mails of outsiders' links. The token and the code are made here, and kept nowhere but in the mail.

Sent again after a crash or a failure, a mail carries a new token or code and the former one is dead: at worst
a recipient has two mails, of which the later works.
"""

import logging
import secrets
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now

from lib.queue import later
from notifications import unkept
from notifications.unkept import Addressee
from porting import links, outsiders
from porting.models import TaskLink
from porting.models.links import TaskLinkQuerySet

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # how long one attempt may take before another may begin
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 20
BATCH = 50


@shared_task
def send_link(link_pk: int) -> None:
    """Make the address of a link and mail it, unless that is done or somebody is doing it now."""
    mine = now()
    # The claim is one conditional UPDATE: of two workers one gets it, on every database.
    if not _unsent().filter(pk=link_pk).update(claimed_at=mine, tries=F("tries") + 1):
        return
    link = _whole(link_pk)
    if not links.is_open(link):
        return
    token = secrets.token_urlsafe(32)
    claimed = TaskLink.unscoped.filter(pk=link_pk, claimed_at=mine)
    if not claimed.update(token_sha256=outsiders.digest(token)):
        return
    context = {"link": link, "task_order": link.order, "url": reverse("links:task", args=[token])}
    try:
        unkept.send("link_task", org=link.order.org, to=_addressee(link), context=context)
    except unkept.UNSENT as problem:
        pause = min(FIRST_PAUSE * 2 ** (link.tries - 1), LONGEST_PAUSE)
        # The claim is laid so that it runs out when the pause is over. A half-sent address opens nothing.
        claimed.update(claimed_at=now() + pause - LEASE, token_sha256=None)
        log.warning("link %s not sent, try %s: %s", link_pk, link.tries, type(problem).__name__)
        return
    if claimed.update(sent_at=now()):
        links.note_sending(link)


@shared_task
def send_code(link_pk: int) -> None:
    """Make a one-time code and mail it, if somebody waits for one."""
    link = TaskLink.unscoped.filter(pk=link_pk).exclude(code_asked_at=None).first()
    if link is None:
        return
    asked = link.code_asked_at
    link = _whole(link_pk)
    if not links.is_open(link):
        return
    code = f"{secrets.randbelow(1_000_000):06}"
    wish = TaskLink.unscoped.filter(pk=link_pk, code_asked_at=asked, token_sha256=link.token_sha256)
    made = {"code_digest": outsiders.code_digest(link, code), "code_made_at": now(), "code_tries": 0}
    if not wish.update(code_asked_at=None, **made):
        return  # another worker took it up, or the address has changed
    context = {"link": link, "code": code, "minutes": outsiders.CODE_LIFE.seconds // 60}
    try:
        unkept.send("link_code", org=link.order.org, to=_addressee(link), context=context)
    except unkept.UNSENT as problem:
        log.warning("code of link %s not sent: %s", link_pk, type(problem).__name__)
        same = TaskLink.unscoped.filter(pk=link_pk, code_asked_at=None, code_digest=made["code_digest"])
        same.update(code_asked_at=asked, code_digest="")  # the sweep tries again, while somebody may wait


@shared_task
def sweep() -> None:
    """Mail what a lost message or an unreachable mail server left unsent; put what ran out on record."""
    late = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    for pk in _unsent().filter(asked_at__lt=late).order_by("asked_at").values_list("pk", flat=True)[:BATCH]:
        later(send_link, pk)
    waiting = TaskLink.unscoped.filter(code_asked_at__lt=late, code_asked_at__gt=now() - outsiders.CODE_LIFE)
    for pk in waiting.order_by("code_asked_at").values_list("pk", flat=True)[:BATCH]:
        later(send_code, pk)
    open_ones = TaskLink.unscoped.filter(
        done_at=None, revoked_at=None, locked_at=None, expiry_noted_at=None, expires_at__lte=now()
    )
    for link in open_ones.select_related("order__org").order_by("expires_at")[:BATCH]:
        links.note_expiry(link)


def _unsent() -> TaskLinkQuerySet:
    free = Q(claimed_at=None) | Q(claimed_at__lt=now() - LEASE)
    return TaskLink.unscoped.alive().filter(free, sent_at=None, tries__lt=MOST_TRIES)


def _whole(link_pk: int) -> TaskLink:
    return TaskLink.unscoped.select_related("order__org", "order__location", "by").get(pk=link_pk)


def _addressee(link: TaskLink) -> Addressee:
    return Addressee(link.email, link.name, link.order.zone)
