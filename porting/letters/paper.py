"""A letter that is signed by hand: the scan that comes back, or the promise that it will follow."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership, User
from lib.documents import Accepted
from lib.transitions import Refused
from notifications.outbox import post
from porting import papers
from porting.letters.content import changes, is_on_paper, why_no_letter
from porting.models import LetterReminder, LetterSignature, PortDocument, PortOrder
from porting.models.gaps import letter_lack

REMIND_AFTER = (1, 3, 7, 14)  # days after it was skipped


def is_skipped(order: PortOrder) -> bool:
    """Whether the order goes on without its letter, which follows on paper."""
    return order.letter_skipped_at is not None


def keep_scan(
    order: PortOrder,
    accepted: Accepted,
    *,
    name: str,
    first_name: str,
    last_name: str,
    signed_on: date,
    by: Membership,
) -> PortDocument:
    """Keep the checked scan of a letter that was signed by hand; an order that waited for it goes on.

    `name` is the file's, kept as text only; the names and `signed_on` are what stands on the letter.
    """
    from porting.workflow import orders as workflow

    with transaction.atomic():
        order.lock()
        if reason := why_no_scan(order):
            raise Refused(reason)
        kind = PortDocument.Kind.LOA
        paper = papers.keep(order, kind, accepted, name=name, by=by.user, dated=signed_on)
        signature = LetterSignature(
            document=paper,
            way=LetterSignature.Way.PAPER,
            first_name=first_name,
            last_name=last_name,
            by=by.user,
            signed_at=datetime.combine(signed_on, time(12), ZoneInfo(order.zone)),
            covers=order.covers(),
            said=order.letter_says(),
        )
        signature.save()
        unskip(order)
        told = {"signer": str(signature), "signed_on": signed_on, "sha256": paper.sha256}
        audit.record("letter.upload", order, after=told)
        fresh = order.org.port_orders.whole().get(pk=order.pk)
        if fresh.state == PortOrder.State.AWAITING_SIGNATURE:
            workflow.resume(fresh, by=by.user)
        return paper


def why_no_scan(order: PortOrder) -> str:
    """The reason why no signed scan is taken now, or ""."""
    if not is_on_paper(order):
        return _("In %(country)s this letter is signed here and not on paper.") % {"country": order.pack.name}
    if not order.takes_letter:
        return _("%(order)s was sent; its letter cannot be replaced now.") % {"order": order}
    return why_no_letter(order)


def skip(order: PortOrder, *, by: Membership) -> None:
    """Let the order go on without the letter: it is not sent before the letter is there, and people are
    reminded of it.
    """
    with transaction.atomic():
        order.lock()
        if not is_on_paper(order) or not order.is_editable:
            raise Refused(_("The letter of %(order)s cannot follow later.") % {"order": order})
        if is_skipped(order):
            return
        began = now()
        order.org.port_orders.filter(pk=order.pk).update(letter_skipped_at=began)
        order.letter_skipped_at = began
        order.letter_reminders.bulk_create(
            LetterReminder(order=order, due_at=began + timedelta(days=days)) for days in REMIND_AFTER
        )
        audit.record("letter.skip", order, after={"contact": contact(order)})


def unskip(order: PortOrder) -> None:
    """The letter is there, or is asked for at once after all: nobody is reminded any more."""
    order.letter_reminders.filter(sent_at=None).delete()
    order.org.port_orders.filter(pk=order.pk).update(letter_skipped_at=None)
    order.letter_skipped_at = None


def contact(order: PortOrder) -> str:
    """The e-mail of the contact of the location's PSTN connection, who is reminded; "" without one."""
    connection = order.location.ready_connection if order.location else None
    return connection.email if connection else ""


def remind(reminder: LetterReminder) -> bool:
    """Write one reminder, in the transaction that marks it as done; False if nothing is lacking."""
    with transaction.atomic():
        reminders = reminder.order.letter_reminders.filter(pk=reminder.pk)
        due = reminders.select_for_update().filter(sent_at=None)
        if not due.exists():
            return False
        reminders.update(sent_at=now())
        order = reminder.order.org.port_orders.whole().get(pk=reminder.order_id)
        if not is_skipped(order) or not order.takes_letter or not letter_lack(order):
            return False
        post(
            "letter_reminder",
            event=f"letter-reminder:{reminder.pk}",
            org=order.org,
            to=_people(order),
            context={"order": order, "sent": order.state == PortOrder.State.AWAITING_SIGNATURE},
        )
        return True


def _people(order: PortOrder) -> list[User | str]:
    """The creator, while they belong to the organization, and the contact."""
    creator = order.created_by
    member = creator and creator.is_active and order.org.memberships.filter(user=creator).exists()
    found: list[User | str] = [creator] if creator and member else []
    address = contact(order)
    if address and (not found or address.casefold() != str(creator and creator.email).casefold()):
        found.append(address)
    return found


def card(order: PortOrder, membership: Membership) -> dict[str, Any] | None:
    """The panel's card of an order that waits for its paper letter; None for every other order."""
    if order.state != PortOrder.State.AWAITING_SIGNATURE:
        return None
    letter = order.paper("loa")
    return {
        "lack": letter_lack(order),
        "changed": changes(letter.signature, order) if letter else [],
        "contact": contact(order),
        "may_edit": membership.may_edit,
    }
