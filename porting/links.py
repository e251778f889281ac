"""Links for outsiders, the organization's side: who may be asked for what, sending again, closing.

What an outsider does with a link is in porting/outsiders.py, the mails are in porting/tasks/links.py. Every
step is in the link's own history and in the audit log.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership, User
from lib.queue import later
from lib.transitions import Refused
from porting import letters
from porting.models import PortOrder, TaskLink, TaskLinkEvent

Kind = TaskLinkEvent.Kind
Purpose = TaskLink.Purpose

LONGEST_DAYS = 30
OPEN_LINKS = 10  # of one order at a time: this is no way to send mail to the world
SEND_AGAIN_AFTER = timedelta(minutes=1)


def why_not_ask(order: PortOrder, purpose: str) -> str:
    """The reason why nobody can be asked for this now, or ""."""
    if not order.is_editable:
        return _("%(order)s was sent; nothing of it can be changed now.") % {"order": order}
    if purpose == Purpose.SIGNATURE and letters.is_on_paper(order):
        return _("In %(country)s this letter is signed on paper.") % {"country": order.pack.name}
    if purpose == Purpose.SIGNATURE:
        return letters.why_no_letter(order)
    return ""


def why_not_recipient(order: PortOrder, purpose: str, email: str, by: Membership) -> str:
    """The reason why this person cannot do the task by link, or "".

    A link gives nobody a right that their account does not have: whoever may not sign in the console is not
    asked to sign by link, and nobody asks themselves.
    """
    if purpose != Purpose.SIGNATURE:
        return ""
    if email.casefold() == by.user.email.casefold():
        return letters.why_not_sign(by, order) or _("This is you. Sign in the console.")
    partner = order.org.partner
    if partner and partner.memberships.filter(user__email__iexact=email).exists():
        return _("A partner cannot sign a letter of agency for a customer.")
    member = order.org.memberships.select_related("user", "org").filter(user__email__iexact=email).first()
    return letters.why_not_sign(member, order) if member else ""


def make(
    order: PortOrder, *, purpose: str, email: str, name: str, note: str, days: int, by: Membership
) -> TaskLink:
    """Ask somebody by link; the mail goes out after the commit. Refused with the reason."""
    with transaction.atomic():
        order.lock()
        if reason := why_not_ask(order, purpose) or why_not_recipient(order, purpose, email, by):
            raise Refused(reason)
        if order.links.alive().count() >= OPEN_LINKS:
            raise Refused(_("This order has %(n)s open links. Revoke one first.") % {"n": OPEN_LINKS})
        link: TaskLink = order.links.create(
            purpose=purpose,
            email=email,
            name=name,
            note=note,
            days=days,
            by=by.user,
            asked_at=now(),
            expires_at=now() + timedelta(days=days),
        )
        record(link, Kind.MAKE, by=by.user)
        _mail(link)
        return link


def send_again(link: TaskLink, *, by: Membership) -> None:
    """Send a new address, which lives as long as the first did; the old one is dead from this moment."""
    with transaction.atomic():
        link.order.lock()
        lock(link)
        if link.done_at or link.revoked_at:
            raise Refused(_("This link is closed. Make a new one."))
        if reason := why_not_ask(link.order, link.purpose):
            raise Refused(reason)
        if reason := why_not_recipient(link.order, link.purpose, link.email, by):
            raise Refused(reason)
        if now() - link.asked_at < SEND_AGAIN_AFTER:
            raise Refused(_("It was sent a moment ago. Give the e-mail a minute."))
        link.expires_at = now() + timedelta(days=link.days)
        link.asked_at = now()
        link.token_sha256 = link.sent_at = link.claimed_at = link.opened_at = link.locked_at = None
        link.expiry_noted_at = link.code_asked_at = None
        link.tries = link.wrong_codes = 0
        link.code_digest = ""
        link.save()
        record(link, Kind.SEND_AGAIN, by=by.user)
        _mail(link)


def revoke(link: TaskLink, *, by: User) -> None:
    """Close a link at once, also for somebody who has it open."""
    with transaction.atomic():
        lock(link)
        if link.done_at or link.revoked_at:
            raise Refused(_("This link is closed already."))
        link.revoked_at, link.code_digest = now(), ""
        link.save(update_fields=["revoked_at", "code_digest"])
        record(link, Kind.REVOKE, by=by)


def card(order: PortOrder, membership: Membership) -> dict[str, Any] | None:
    """The links of an order with all that happened to them, in three queries; None if there is nothing."""
    links = list(order.links.select_related("by").prefetch_related("events__by"))
    for link in links:
        link.order = order
    may_ask = membership.may_edit and order.is_editable
    return {"links": links, "may_ask": may_ask} if links or may_ask else None


def is_open(link: TaskLink) -> bool:
    """Whether the link leads to its task now."""
    return link.is_alive and link.order.is_editable


def note_expiry(link: TaskLink) -> None:
    """Put on record, once, that a link ran out."""
    with transaction.atomic():
        lock(link)
        if link.is_alive or link.done_at or link.revoked_at or link.locked_at or link.expiry_noted_at:
            return
        link.expiry_noted_at = now()
        link.save(update_fields=["expiry_noted_at"])
        record(link, Kind.EXPIRE)


def note_sending(link: TaskLink) -> None:
    record(link, Kind.SEND)


def lock(link: TaskLink) -> None:
    """Read the row anew and keep it until the transaction ends. Who needs the order too takes that first."""
    order = link.order
    link.refresh_from_db(from_queryset=TaskLink._base_manager.select_for_update())
    link.order = order


def record(link: TaskLink, kind: str, *, by: User | None = None) -> None:
    """One row in the link's own history and one in the audit log."""
    TaskLinkEvent(link=link, kind=kind, by=by).save()
    order = link.order
    told = {"link": link.pk, "purpose": link.purpose, "email": link.email}
    audit.record(f"link.{kind}", order, org=order.org, after=told)


def _mail(link: TaskLink) -> None:
    from porting.tasks import links as tasks  # the tasks call back into this module

    later(tasks.send_link, link.pk)
