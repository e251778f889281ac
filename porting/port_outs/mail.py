"""The e-mails of a port-out's moves: which move is worth one, who receives it, what it carries."""

from notifications.outbox import post
from notifications.recipients import followers
from porting.models import PortOut, PortOutEvent
from porting.models.port_outs import SHORT
from porting.port_outs.steps import reason_words

S = PortOut.State
KINDS = {
    "request": "port_out_requested",
    "block": "port_out_blocked",
    "accept": "port_out_accepted",
    "auto_accept": "port_out_accepted",
    "date": "port_out_date_changed",
    "withdraw": "port_out_canceled",
    "complete": "port_out_completed",
    "return": "port_out_dispute_ended",
    "refuse_dispute": "port_out_dispute_ended",
    "reopen": "port_out_requested",
}


def write(event: PortOutEvent) -> None:
    """Write the e-mails of one event, each recipient's once however often this runs."""
    kind = KINDS.get(event.verb, "")
    if event.verb == "reject" and event.after == S.REJECTED:
        kind = "port_out_rejected"
    if kind:
        _post(kind, event.order, f"port-out-event:{event.pk}", event)


def remind(port_out: PortOut, which: int) -> None:
    """The reminder at half of the time, or the last one."""
    key = f"port-out:{port_out.pk}:{port_out.answer_attempt}:{'short' if which == SHORT else 'half'}"
    _post("port_out_reminder", port_out, key)


def _post(kind: str, port_out: PortOut, key: str, event: PortOutEvent | None = None) -> None:
    rows = list(port_out.numbers.select_related("location__main_number", "replacement"))
    post(
        kind,
        event=key,
        org=port_out.org,
        # Whoever acted hears of it too, a partner for instance; the customer's people always do.
        to=followers(port_out.org, event.by if event else None),
        context={
            "order": port_out,
            "event": event,
            "numbers": [row.e164 for row in rows[:5]],
            "more": max(0, len(rows) - 5),
            "main": [row for row in rows if row.is_main],
            "bare": [row for row in rows if row.left_without_main],
            "left": port_out.left_in_words,
            "reason": reason_words(port_out),
            "blocked": str(PortOut.Block(port_out.blocked_by).label) if port_out.blocked_by else "",
            "detail": event.note if event else "",
            "by": event.by if event else None,
        },
    )
