"""What was said and done about an order, in one feed: messages, moves, papers. And writing a message."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership, User
from lib.queue import later
from lib.transitions import Refused
from porting import next_steps
from porting.forms.thread import MessageForm
from porting.models import PortDocument, PortEvent, PortMessage, PortOrder
from porting.models.rollup import State

Side = PortMessage.Side


@dataclass(frozen=True)
class Entry:
    """One line of the feed. `kind` is "message", "move" or "paper"; `note` is the carrier's own words, `text`
    a message's; `before` and `after` are the words of the states when they differ."""

    kind: str
    at: datetime
    sentence: str
    who: str = ""
    note: str = ""
    text: str = ""
    before: str = ""
    after: str = ""
    asks: bool = False  # support wants an answer to it
    key: tuple[int, int] = field(default=(0, 0))  # tells apart what happened in one moment


def feed(
    order: PortOrder,
    *,
    events: Iterable[PortEvent],
    messages: Iterable[PortMessage],
    papers: Iterable[PortDocument],
) -> list[Entry]:
    """Everything of an order, newest first. The rows come from whoever asks: this reads nothing."""
    begun = Entry("move", order.created_at, _("Draft begun"), str(order.created_by or ""))
    entries = [begun, *map(_move, events), *map(_message, messages)]
    for paper in papers:
        entries += _paper(paper)
    return sorted(entries, key=lambda entry: (entry.at, entry.key), reverse=True)


def facts(order: PortOrder, membership: Membership) -> dict[str, Any]:
    """The order's card: the feed and the form to write in. Two queries, one if the events were fetched."""
    messages = list(order.messages.filter(is_internal=False).select_related("by"))
    mine = sum(message.by_id == membership.user_id for message in messages)
    return {
        "entries": feed(order, events=order.events.all(), messages=messages, papers=order.documents.all()),
        "needs_answer": order.needs_answer,
        "form": MessageForm(serial=mine) if membership.may_edit else None,
    }


def say(order: PortOrder, *, text: str, by: Membership) -> PortMessage:
    """The customer or its partner writes. It answers what support asked."""
    side = Side.PARTNER if by.is_partner else Side.CUSTOMER
    return _write(order, side=side, text=text, by=by.user)


def reply(
    order: PortOrder, *, text: str, by: User, is_internal: bool = False, needs_answer: bool = False
) -> PortMessage:
    """Support writes: to the customer, or a note that only support reads."""
    if is_internal and needs_answer:
        raise Refused(_("Nobody can answer a note that only support reads."))
    if needs_answer and order.state in PortOrder.DONE:
        raise Refused(_("%(order)s has ended; nobody has to answer any more.") % {"order": order})
    return _write(
        order, side=Side.SUPPORT, text=text, by=by, is_internal=is_internal, needs_answer=needs_answer
    )


def alert(order: PortOrder, *, text: str) -> PortMessage:
    """The console asks support to look: a note that only support reads, and an e-mail."""
    return _write(order, side=Side.CONSOLE, text=text, by=None, is_internal=True)


def _write(order: PortOrder, *, side: str, text: str, by: User | None, **flags: bool) -> PortMessage:
    """The message, the order's flag and the audit entry in one transaction; e-mails after it."""
    from porting.tasks import thread as tasks  # tasks read what this module writes

    with transaction.atomic():
        order.lock()
        message: PortMessage = order.messages.create(side=side, text=text, by=by, **flags)
        asks = flags.get("needs_answer", False)
        if asks or (order.needs_answer and side in (Side.CUSTOMER, Side.PARTNER)):
            order.needs_answer = asks
            order.save(update_fields=["needs_answer", "updated_at"])
        audit.record(
            "port_order.message",
            order,
            after={"message": message.pk, "side": side, **flags},
            acting_as="system" if by is None else "staff" if side == Side.SUPPORT else "",
        )
        later(tasks.tell, message.pk)
    return message


def _move(event: PortEvent) -> Entry:
    before, after = _word(event.before), _word(event.after)
    moved = before != after
    return Entry(
        "move",
        event.at,
        next_steps.sentence(event),
        next_steps.who(event),
        note=event.note,
        before=before if moved else "",
        after=after if moved else "",
        key=(1, event.pk),
    )


def _word(state: str) -> str:
    return str(State(state).label) if state in State.values else ""


def _message(message: PortMessage) -> Entry:
    sentence = _("Question") if message.needs_answer else _("Message")
    return Entry(
        "message",
        message.at,
        sentence,
        message.who,
        text=message.text,
        asks=message.needs_answer,
        key=(2, message.pk),
    )


def _paper(paper: PortDocument) -> list[Entry]:
    words = {"paper": paper.label}
    key = (0, paper.pk)
    if paper.kind == PortDocument.Kind.LOA and hasattr(paper, "signature"):
        signed = paper.signature
        said = _("Signed on paper and uploaded: %(paper)s") if signed.is_on_paper else _("Signed: %(paper)s")
        told = [Entry("paper", paper.uploaded_at, said % words, str(signed), key=key)]
    else:
        told = [Entry("paper", paper.uploaded_at, _("Added: %(paper)s") % words, paper.added_by, key=key)]
    if paper.superseded_at:
        said = _("Replaced or withdrawn, kept as history: %(paper)s")
        told.append(Entry("paper", paper.superseded_at, said % words, key=(-1, paper.pk)))
    return told
