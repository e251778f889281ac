"""The e-mails of a port order's moves: which move is worth one, who receives it, what it carries."""

from collections.abc import Iterable

from notifications.outbox import Letter, post_all
from notifications.recipients import Followers
from porting import calendar_files
from porting.errors import error
from porting.models import PortEvent, PortOrder

S = PortOrder.State


def write(events: Iterable[PortEvent]) -> None:
    """Write the e-mails of these events, each recipient's once however often this runs."""
    people = Followers()
    post_all([_letter(event, kind, people) for event in events if (kind := kind_of(event))])


def _letter(event: PortEvent, kind: str, people: Followers) -> Letter:
    order = event.order
    extra = [address for address in order.notify.replace(",", " ").split() if address]
    return Letter(
        kind,
        event=f"port-event:{event.pk}",
        org=order.org,
        to=[*people.of(order.org, order.created_by, event.by), *extra],
        context={
            "order": order,
            "event": event,
            "error": error(event.code) if event.code else None,
            "detail": event.note,
        },
        attachment=calendar_files.for_event(event),
    )


# The verbs that are worth an e-mail, and its template.
KINDS = {
    "accept_by_carrier": "port_submitted",
    "reject": "port_rejected",
    "confirm": "port_foc_received",
    "change_date": "port_foc_received",
    "lose_date": "port_foc_lost",
    "complete": "port_completed",
    "fail": "port_activation_failed",
    "cancel": "port_canceled",
    "confirm_cancel": "port_canceled",
    "abandon": "port_canceled",
}


def kind_of(event: PortEvent) -> str:
    """The template of an event's e-mail, or "" when nobody needs one."""
    kind = KINDS.get(event.verb, "")
    if kind == "port_rejected" and event.source == PortEvent.Source.CHECK:
        kind = "port_check_failed"
    if event.after == S.CANCEL_REQUESTED:
        return ""  # noted while a cancel waits: the order's page says it
    if kind == "port_canceled" and event.after not in (S.CANCELED, S.ABANDONED):
        return ""
    if kind == "port_completed" and event.after not in PortOrder.HERE:
        return ""  # a part of it: the page shows the progress, the last part sends the mail
    return kind
