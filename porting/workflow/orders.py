"""The life of a port order. Nothing else in the codebase assigns PortOrder.state."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from lib.queue import later
from lib.transitions import Refused, Table, move
from porting.models import PortEvent, PortOrder
from porting.models.orders import LIMIT
from pstn.workflow import numbers as inventory

S = PortOrder.State
CARRIER = PortEvent.Source.CARRIER

ALLOWED: Table = {
    S.DRAFT: frozenset({S.CHECKING}),  # a draft that is given up is deleted
    S.CHECKING: frozenset({S.SUBMITTED, S.REJECTED, S.CANCELED, S.CANCELING}),
    # A carrier may complete without a FOC, move a date that it has confirmed, and cancel by itself.
    S.SUBMITTED: frozenset({S.FOC_RECEIVED, S.REJECTED, S.CANCELING, S.COMPLETED, S.CANCELED}),
    S.FOC_RECEIVED: frozenset({S.FOC_RECEIVED, S.COMPLETED, S.REJECTED, S.CANCELING, S.CANCELED}),
    S.REJECTED: frozenset({S.CHECKING, S.CANCELED}),
    S.CANCELING: frozenset({S.CANCELING, S.CANCELED, S.SUBMITTED, S.FOC_RECEIVED, S.REJECTED, S.COMPLETED}),
    S.COMPLETED: frozenset(),
    S.CANCELED: frozenset(),
}


def submit(order: PortOrder, *, by: User) -> None:
    """Send a finished draft on its way; its numbers stand in the inventory as porting in from here on."""
    with _move(order, "submit", S.CHECKING, by=by, only_from=S.DRAFT):
        _start_attempt(order, by)


def resubmit(order: PortOrder, *, by: User) -> None:
    """Send a rejected order again: the same order, the next attempt."""
    with _move(order, "resubmit", S.CHECKING, by=by, only_from=S.REJECTED):
        _start_attempt(order, by)
        order.reject_code = order.reject_detail = order.reject_source = ""
        order.foc_date = None
        order.numbers.update(is_named_in_reject=False)


def accept_by_carrier(order: PortOrder, *, attempt: int, carrier_ref: str) -> None:
    """The carrier has the present attempt. Refused when the order has moved on meanwhile."""
    with _move(order, "accept", S.SUBMITTED, source=CARRIER, only_from=S.CHECKING):
        if order.attempt != attempt:
            raise Refused(_("%(order)s has been changed meanwhile.") % {"order": order})
        order.carrier_ref = carrier_ref


def reject(
    order: PortOrder,
    *,
    code: str,
    detail: str = "",
    numbers: tuple[str, ...] = (),
    source: str = CARRIER,
    carrier_event: str | None = None,
) -> None:
    """Our own check or the carrier says no, for one reason. While a cancel is open it is only noted."""
    told: dict[str, Any] = {"source": source, "code": code, "note": detail, "numbers": list(numbers)}
    with _move_unless_canceling(order, "reject", S.REJECTED, carrier_event=carrier_event, **told):
        order.reject_code, order.reject_detail, order.reject_source = code, detail[:300], source
        order.numbers.update(is_named_in_reject=False)
        order.numbers.filter(e164__in=numbers).update(is_named_in_reject=True)


def confirm(order: PortOrder, *, foc_date: date, detail: str = "", carrier_event: str | None = None) -> None:
    """The FOC: the carrier names the day. A second one moves the day."""
    told: dict[str, Any] = {"source": CARRIER, "note": detail, "date": foc_date}
    with _move_unless_canceling(order, "confirm", S.FOC_RECEIVED, carrier_event=carrier_event, **told):
        order.foc_date = foc_date
        inventory.set_port_date(order.org, order.listed(), foc_date)


def complete(order: PortOrder, *, carrier_event: str | None = None) -> None:
    """The numbers are ours: active in the inventory in the same transaction."""
    with _move(order, "complete", S.COMPLETED, source=CARRIER, carrier_event=carrier_event):
        order.completed_at = now()
        inventory.finish_port(order.org, order.listed())


def cancel(order: PortOrder, *, by: User) -> None:
    """Give a sent order up: at once while nothing can have left, otherwise once the carrier agrees."""
    with transaction.atomic():
        order.lock()
        if order.is_draft:
            raise Refused(_("%(order)s was never sent. Discard the draft instead.") % {"order": order})
        left = order.state != S.REJECTED and order.checked_attempt == order.attempt
        before = order.state
        with _move(order, "cancel", S.CANCELING if left else S.CANCELED, by=by):
            if before == S.CANCELING:
                raise Refused(_("The cancellation of %(order)s is under way.") % {"order": order})
            order.cancel_attempt += 1
            order.cancel_sent_at = None
            if left:
                order.cancel_from = S.SUBMITTED if before == S.CHECKING else before
            else:
                inventory.forget_port(order.org, order.listed())


def confirm_cancel(order: PortOrder, *, carrier_event: str | None = None) -> None:
    """The carrier has canceled: the numbers stay where they are."""
    with _move(order, "confirm_cancel", S.CANCELED, source=CARRIER, carrier_event=carrier_event):
        inventory.forget_port(order.org, order.listed())


def refuse_cancel(order: PortOrder, *, detail: str = "", carrier_event: str | None = None) -> None:
    """The carrier goes on with the port: back to where it was, with what has happened meanwhile."""
    with transaction.atomic():
        order.lock()
        told: dict[str, Any] = {"source": CARRIER, "note": detail, "carrier_event": carrier_event}
        back = order.cancel_from or S.SUBMITTED
        with _move(order, "refuse_cancel", back, only_from=S.CANCELING, **told):
            order.cancel_from = ""
            order.cancel_sent_at = None


def discard(order: PortOrder, *, by: User) -> None:
    """Delete a draft with its papers. Nothing of it has left the building."""
    with transaction.atomic():
        order.lock()
        if not order.is_draft:
            raise Refused(_("%(order)s was sent. Cancel it instead.") % {"order": order})
        audit.record("port_order.discard", order, before={"state": order.state})
        papers = list(order.documents.all())
        order.delete()
        for paper in papers:
            transaction.on_commit(paper.delete_files, robust=True)


def _start_attempt(order: PortOrder, by: User) -> None:
    """What must hold before anything is sent, and the inventory's rows, under the lock of the move."""
    if order.org.is_trial:
        raise Refused(_("Trial organizations cannot port numbers. Porting comes with a paid subscription."))
    if missing := order.why_missing():
        raise Refused(" ".join(missing.values()))
    if order.number_count > LIMIT:
        raise Refused(_("An order carries at most %(limit)s numbers.") % {"limit": LIMIT})
    assert order.location, "an order with nothing missing has a location"
    unlisted = list(order.numbers.filter(is_listed=False).values_list("e164", flat=True))
    inventory.list_as_porting(order.location, unlisted, by=by)
    order.numbers.update(is_listed=True)
    order.attempt += 1
    order.tries, order.next_try_at = 0, None


@contextmanager
def _move_unless_canceling(order: PortOrder, verb: str, to: str, **told: Any) -> Iterator[None]:
    """Move; or, while a cancel waits for its answer, note what happened and where a refusal leads back to."""
    with transaction.atomic():
        order.lock()
        canceling = order.state == S.CANCELING
        with _move(order, verb, S.CANCELING if canceling else to, **told):
            yield
            if canceling:
                order.cancel_from = to


@contextmanager
def _move(
    order: PortOrder, verb: str, to: str, *, by: User | None = None, only_from: str = "", **told: Any
) -> Iterator[None]:
    """One move: lock, check, body, event row, audit entry in one transaction; delivery is queued after it."""
    from porting import tasks  # tasks call back into this module

    with move(order, to, ALLOWED) as before:
        if only_from and before != only_from:
            raise Refused(
                _("%(order)s is %(state)s; that is not possible now.")
                % {"order": order, "state": order.shown}
            )
        yield
        if before != to:
            order.moved_at = now()
        event = order.events.create(before=before, after=to, by=by, **told)
        audit.record(
            f"port_order.{verb}",
            order,
            before={"state": before},
            after={"state": to, "code": event.code, "attempt": order.attempt},
            acting_as="" if by else "carrier" if event.source == CARRIER else "system",
        )
        later(tasks.handle_event, event.pk)
