"""Links for outsiders, their side: what opens a link, how its task is done, and that it is done once.

A link's address holds a random token of 256 bits. Only its SHA-256 is stored: the task that writes the mail
makes the token, so nobody who reads the database, the outbox or the log can open a link. The address alone
opens nothing but a page that offers to send a one-time code to the recipient; of the code, too, only a keyed
digest is stored. In the audit log the actor is the outsider's e-mail with the link's number.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import acting
from lib.queue import later
from lib.transitions import Refused
from notifications.outbox import post
from porting import drafting, links
from porting.links import Kind, Purpose
from porting.models import PortOrder, TaskLink

if TYPE_CHECKING:
    from porting.forms.base import StepForm

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_AGAIN_AFTER = timedelta(seconds=60)
CODES_AN_HOUR = 5
WRONG_CODES = 20  # over an address's whole life; then it is locked, and guessing has come to nothing
SESSION = timedelta(minutes=60)
SALT = "porting.links"
PAPERS = {Purpose.BILL: "bill", Purpose.SIGNATURE: "loa"}
WRONG_CODE = gettext_lazy("This is not the code. Look for the latest e-mail.")


class Closed(Exception):
    """The link opens nothing (any more); which of the reasons it is, its page does not tell."""


def digest(token: str) -> str:
    """What is stored of a token. A lookup by it tells nothing of the token by the time that it takes."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_digest(link: TaskLink, code: str) -> str:
    """Keyed, so that six digits cannot be found by trying without the console's secret key."""
    return salted_hmac(
        f"{SALT}.code", f"{link.pk}:{link.token_sha256}:{code}", algorithm="sha256"
    ).hexdigest()


def find(token: str) -> TaskLink | None:
    """The link of an address, whatever became of it; None for a token that nobody has (any more)."""
    return TaskLink.of_token(digest(token))


@contextmanager
def as_outsider(link: TaskLink) -> Iterator[None]:
    """What happens inside is on record as done by the outsider, from where the request came."""
    known = acting.current()
    who = f"outsider {link.email} by link #{link.pk}"
    with acting.acting(acting.Actor(None, who, known.ip, known.user_agent)):
        yield


def ask_code(link: TaskLink) -> None:
    """Send a one-time code to the recipient after the commit. Refused when the last one is too fresh."""
    with transaction.atomic():
        links.lock(link)
        if not links.is_open(link):
            raise Closed
        codes = link.events.filter(kind=Kind.CODE)
        if codes.filter(at__gt=now() - CODE_AGAIN_AFTER).exists():
            raise Refused(_("A code is on its way. You can ask for another one after a minute."))
        if codes.filter(at__gt=now() - timedelta(hours=1)).count() >= CODES_AN_HOUR:
            raise Refused(_("We sent several codes already. Try again in an hour."))
        link.code_asked_at, link.code_digest = now(), ""
        link.save(update_fields=["code_asked_at", "code_digest"])
        links.record(link, Kind.CODE)
        from porting.tasks import links as tasks  # the tasks call back into this module

        later(tasks.send_code, link.pk)


def has_code(link: TaskLink) -> bool:
    """Whether a code is on its way, or waits to be entered."""
    if link.code_asked_at:
        return now() - link.code_asked_at < CODE_LIFE
    fresh = link.code_made_at is not None and now() - link.code_made_at < CODE_LIFE
    return bool(link.code_digest) and fresh and link.code_tries < CODE_TRIES


def enter_code(link: TaskLink, typed: str) -> str:
    """The pass of a session if the code is right, once; Refused with what to do if it is not."""
    with transaction.atomic():
        links.lock(link)
        if not links.is_open(link):
            raise Closed
        objection = _try_code(link, "".join(typed.split()))
    # Outside the transaction: what was noted of a wrong code stays.
    if objection:
        raise Refused(objection)
    return signing.dumps({"link": link.pk, "token": link.token_sha256}, salt=SALT)


def is_let_in(link: TaskLink, session: str) -> bool:
    """Whether a session's pass is for this very address of the link, and not older than an hour."""
    try:
        opened = signing.loads(session, salt=SALT, max_age=SESSION)
    except signing.BadSignature:
        return False
    same = constant_time_compare(str(opened.get("token")), str(link.token_sha256))
    return same and opened.get("link") == link.pk


def seen(link: TaskLink, order: PortOrder) -> str:
    """A keyed mark of what the task would replace: it tells nothing, and another mark means a newer value."""
    if link.purpose == Purpose.PIN:
        said = f"{order.pin}\n{order.account_number}"
    else:
        paper = order.paper(PAPERS[Purpose(link.purpose)])
        said = str(paper.pk if paper else 0)
    return salted_hmac(f"{SALT}.seen", f"{link.pk}:{link.purpose}:{said}", algorithm="sha256").hexdigest()


def hand_in(link: TaskLink, form: "StepForm", *, shown: str, finishes: bool = True) -> None:
    """Save what the outsider gave, and use the link up: of two at the same time one does.

    `shown` is the mark of `seen` that came with the page. Closed if the link or the order no longer takes it;
    Refused if somebody else has given the same meanwhile.
    """
    order = form.order
    with transaction.atomic():
        orders = order.org.port_orders.select_for_update(of=("self",))
        stored = orders.get(pk=order.pk)  # not the form's own order: that one holds what was typed
        links.lock(link)
        link.order = stored
        if not links.is_open(link):
            raise Closed
        if not constant_time_compare(shown, seen(link, stored)):
            raise Refused(
                _("Somebody else has given this meanwhile. Send yours again if it shall replace that.")
            )
        drafting.save_step(order, form, version=None, by=None)
        if finishes:
            link.done_at = now()
            link.save(update_fields=["done_at"])
            links.record(link, Kind.DONE)
            _tell_sender(link)


def note_reading(link: TaskLink) -> None:
    """The letter was opened before it was signed."""
    links.record(link, Kind.READ)


def _try_code(link: TaskLink, typed: str) -> str:
    """Compare a code under the lock; answers the objection, or "" and the link is opened."""
    fresh = link.code_made_at is not None and now() - link.code_made_at < CODE_LIFE
    if not link.code_digest or not fresh or link.code_tries >= CODE_TRIES:
        return _("This code is used up. Ask for a new one.")
    link.code_tries += 1
    right = constant_time_compare(link.code_digest, code_digest(link, typed))
    if right:
        link.code_digest = ""  # a code opens once
        link.opened_at = link.opened_at or now()
    else:
        link.wrong_codes += 1
        if link.wrong_codes >= WRONG_CODES:
            link.locked_at = now()
    link.save(update_fields=["code_tries", "code_digest", "opened_at", "wrong_codes", "locked_at"])
    links.record(link, Kind.OPEN if right else Kind.WRONG_CODE)
    if link.locked_at:
        links.record(link, Kind.LOCK)
    left = CODE_TRIES - link.code_tries
    if right:
        return ""
    return str(WRONG_CODE) if left else _("This is not the code, and it is used up now. Ask for a new one.")


def _tell_sender(link: TaskLink) -> None:
    """The person who asked, if they still belong to the organization."""
    org = link.order.org
    still = org.memberships.filter(user=link.by, user__is_active=True).exists()
    post(
        "link_done",
        event=f"task-link:{link.pk}",
        org=org,
        to=[link.by] if still else [],
        context={"order": link.order, "link": link},
    )
