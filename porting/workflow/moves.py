"""The one way in which a port order moves: its table, and the pieces of which every verb is made.

A verb changes the numbers, and what the order itself knows; the order's state then follows by the rule of
models/rollup.py, and ALLOWED must know the way. Every verb is one transaction: lock, check, change, event
row, audit entry; what leaves the building is queued after it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEntry, User
from lib.queue import later
from lib.transitions import Refused, Table, settle
from porting.models import PortEvent, PortOrder, ageing
from porting.models.numbers import NumberState as N
from porting.models.rollup import Standing, State, Wish, state_of
from pstn.workflow import number_ports as inventory

S = State
CARRIER = PortEvent.Source.CARRIER

_ENDED_HERE = {S.COMPLETED, S.MESSAGING_PENDING, S.VERIFIED, S.DISPUTED}
# Where the carrier may take an order that it has: told in any order, perhaps not all numbers at once.
_AT_CARRIER = {
    S.SUBMITTED,
    S.AWAITING_DOCUMENTS,
    S.REJECTED,
    S.FOC_RECEIVED,
    S.FOC_LOST,
    S.ACTIVATING,
    S.PARTIALLY_COMPLETED,
    S.ACTIVATION_FAILED,
    S.CANCEL_REQUESTED,
    S.COMPLETED,
    S.MESSAGING_PENDING,
    S.CANCELED,
}
_DATED = _AT_CARRIER | {S.SUP_REQUESTED}
_PENDING = {S.VALIDATING, S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE}
ALLOWED: Table = {
    before: frozenset(after - {before})
    for before, after in {
        S.DRAFT: {*_PENDING, S.EXPIRED},  # a draft that is given up is deleted
        S.VALIDATING: {S.READY, S.REJECTED, S.CANCELED, S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE},
        S.AWAITING_SIGNATURE: {*_PENDING, S.DRAFT, S.CANCELED},
        # Before it is sent, or at the carrier that asks for one more paper.
        S.AWAITING_DOCUMENTS: {*_PENDING, *_AT_CARRIER, S.DRAFT},
        S.READY: {S.SUBMITTED, S.REJECTED, S.CANCELED, S.CANCEL_REQUESTED},
        S.SUBMITTED: _AT_CARRIER,
        S.REJECTED: {*_PENDING, *_AT_CARRIER, S.ABANDONED},
        S.FOC_RECEIVED: _DATED,
        S.FOC_LOST: _AT_CARRIER,
        S.SUP_REQUESTED: _DATED,
        S.CANCEL_REQUESTED: _AT_CARRIER,
        S.ACTIVATING: _DATED,
        S.PARTIALLY_COMPLETED: _DATED,
        S.ACTIVATION_FAILED: _DATED,
        S.COMPLETED: _ENDED_HERE,
        S.MESSAGING_PENDING: _ENDED_HERE,
        S.VERIFIED: _ENDED_HERE,
        S.DISPUTED: _ENDED_HERE,
        S.CANCELED: set(),
        S.ABANDONED: set(),
        S.EXPIRED: set(),
    }.items()
}


def check_attempt(order: PortOrder, attempt: int) -> None:
    if order.attempt != attempt:
        raise Refused(_("%(order)s has been changed meanwhile.") % {"order": order})


def turn(order: PortOrder, to: str, e164s: Sequence[str] = (), **fields: Any) -> list[int]:
    """Move numbers, all or those named, as far as their table lets them. Refused if none moves."""
    rows = order.numbers.that_may(to)
    if e164s:
        rows = rows.filter(e164__in=e164s)
    found = list(rows.values_list("pk", flat=True))
    if not found:
        raise Refused(_("Nothing of %(order)s changes by that.") % {"order": order})
    order.numbers.filter(pk__in=found).update(state=to, **fields)
    return found


def drop(order: PortOrder, ending: str) -> None:
    """The numbers that have not come will not come."""
    lost = turn(order, N.CANCELED, foc_date=None)
    rows = order.numbers.filter(pk__in=lost, is_listed=True)
    inventory.forget_port(order.org, [*rows.values_list("e164", flat=True)])
    rows.update(is_listed=False)
    order.stage = ending


def wish_for(order: PortOrder, wish: Wish) -> None:
    if order.wish:
        raise Refused(_("The carrier has not answered your last request yet."))
    order.wish, order.wish_sent_at = wish, None
    order.wish_count += 1
    order.next_try_at = None


def forget_wish(order: PortOrder) -> None:
    order.wish, order.wish_sent_at, order.wished_date, order.wish_numbers = Wish.NONE, None, None, []


def take_answer(order: PortOrder, *wishes: Wish) -> None:
    """An answer to something that nobody waits for any more changes nothing."""
    if order.wish not in wishes:
        raise Refused(_("%(order)s waits for no such answer.") % {"order": order})
    forget_wish(order)


def told_by_carrier(detail: str, numbers: Sequence[str], carrier_event: str | None) -> dict[str, Any]:
    return {"source": CARRIER, "note": detail, "numbers": list(numbers), "carrier_event": carrier_event}


@contextmanager
def moving(
    order: PortOrder, verb: str, *, by: User | None = None, only_from: set[State] | None = None, **told: Any
) -> Iterator[None]:
    """One verb: lock, check, body, rule, event row, audit entry in one transaction; delivery after it."""
    with transaction.atomic():
        with settle(order, lambda: follow_rule(order, order.standing(), now()), ALLOWED) as before:
            if only_from is not None and before not in only_from:
                raise Refused(
                    _("%(order)s is %(state)s; that is not possible now.")
                    % {"order": order, "state": order.shown}
                )
            yield
        tell([PortEvent(order=order, before=before, after=order.state, verb=verb, by=by, **told)])


def follow_rule(order: PortOrder, standing: Standing, at: datetime, slowest: int | None = None) -> State:
    """The state that an order's facts lead to; since when, and until when that is usual, is set."""
    to = state_of(standing)
    if to != order.state:
        order.moved_at = at
    order.amber_on, order.red_on = ageing.limits(order, to, slowest)
    return to


def tell(events: Sequence[PortEvent]) -> None:
    """Write what has happened to orders, an audit entry each, and leave its delivery to the queue."""
    from porting.tasks import orders as tasks  # tasks call back into this module

    PortEvent._base_manager.bulk_create(events)
    audit.record_all([_audited(event) for event in events])
    later(tasks.handle_events, [event.pk for event in events])


def _audited(event: PortEvent) -> AuditEntry:
    return audit.entry(
        f"port_order.{event.verb}",
        event.order,
        before={"state": event.before},
        after={"state": event.after, "code": event.code, "attempt": event.order.attempt}
        | ({"fee": str(event.fee)} if event.fee is not None else {}),
        acting_as="" if event.by_id else "carrier" if event.source == CARRIER else "system",
    )
