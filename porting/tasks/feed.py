"""What the carrier says of port orders: each event becomes one verb, once."""

import logging
import re
from collections.abc import Callable
from datetime import date

from celery import shared_task
from django.db import IntegrityError

from carrier.base import Event, EventKind, Topic
from lib.transitions import Refused
from porting import documents_wanted
from porting.models import PortEvent, PortOrder
from porting.tasks import cutover
from porting.tasks.orders import send
from porting.workflow import orders as workflow
from pstn import feed

log = logging.getLogger(__name__)
# An attempt, and perhaps the wish, the activation or the test of it that the event answers.
KEY = re.compile(r"port-(?P<order>\d+)-(?P<attempt>\d+)(?:-(?P<letter>[a-z])(?P<count>\d+))?")
K = EventKind
Verb = Callable[[PortOrder, Event], None]


@shared_task
def take_carrier_events() -> None:
    """Read what happened at the carrier since the last time, and apply it in its order."""
    feed.read(Topic.PORTS, apply)


def apply(event: Event) -> None:
    """Move the order that an event is about. Called twice, or for an old attempt, it changes nothing."""
    order = _order_of(event)
    if order is None:
        log.info("Carrier event %s answers nothing that is open", event.id)
        return
    if PortEvent.unscoped.filter(carrier_event=event.id).exists():
        return
    if order.state == PortOrder.State.READY:
        send(PortOrder.unscoped.whole().get(pk=order.pk))  # the carrier has it; we crashed before noting so
        order.refresh_from_db()
    try:
        VERBS[event.kind](order, event)
    except Refused as refusal:
        log.info("Carrier event %s changes nothing: %s", event.id, refusal)
    except IntegrityError:
        if not PortEvent.unscoped.filter(carrier_event=event.id).exists():
            raise  # otherwise another worker was faster with this very event


def _order_of(event: Event) -> PortOrder | None:
    """The order whose present attempt, or whose open wish, an event answers."""
    found = KEY.fullmatch(event.key)
    if found is None:
        return None
    orders = PortOrder.unscoped.select_related("org", "location__emergency_address")
    order: PortOrder | None = orders.filter(pk=found["order"], attempt=found["attempt"]).first()
    wished = found["letter"] in ("c", "d", "y", "s")
    if order is None or (wished and event.key != order.wish_key):
        return None
    return order


def _rejected(order: PortOrder, event: Event) -> None:
    workflow.reject(
        order, code=event.code, detail=event.detail, numbers=event.numbers, carrier_event=event.id
    )


def _confirmed(order: PortOrder, event: Event) -> None:
    workflow.confirm(
        order,
        foc_date=_date_of(event),
        detail=event.detail,
        numbers=event.numbers,
        carrier_event=event.id,
    )


def _date_changed(order: PortOrder, event: Event) -> None:
    workflow.change_date(order, foc_date=_date_of(event), detail=event.detail, carrier_event=event.id)


def _failed(order: PortOrder, event: Event) -> None:
    workflow.fail(order, code=event.code, detail=event.detail, numbers=event.numbers, carrier_event=event.id)


def _messaging(order: PortOrder, event: Event) -> None:
    workflow.move_messaging(
        order, to=event.code, numbers=event.numbers, detail=event.detail, carrier_event=event.id
    )


def _document_wanted(order: PortOrder, event: Event) -> None:
    documents_wanted.ask(order, kind=event.code, detail=event.detail, carrier_event=event.id)


VERBS: dict[EventKind, Verb] = {
    K.PORT_REJECTED: _rejected,
    K.PORT_CONFIRMED: _confirmed,
    K.PORT_FOC_LOST: lambda order, event: workflow.lose_date(
        order, code=event.code or "foc_lost", detail=event.detail, carrier_event=event.id
    ),
    K.PORT_DATE_CHANGED: _date_changed,
    K.PORT_DATE_REFUSED: lambda order, event: workflow.refuse_date(
        order, detail=event.detail, carrier_event=event.id
    ),
    K.PORT_ACTIVATING: lambda order, event: workflow.begin_activation(
        order, numbers=event.numbers, carrier_event=event.id
    ),
    K.PORT_COMPLETED: lambda order, event: workflow.complete(
        order, numbers=event.numbers, detail=event.detail, carrier_event=event.id
    ),
    K.PORT_FAILED: _failed,
    K.PORT_MESSAGING: _messaging,
    K.PORT_DOCUMENT_WANTED: _document_wanted,
    K.PORT_TESTED: cutover.take_result,
    K.PORT_NOTE: lambda order, event: workflow.note(order, text=event.detail, carrier_event=event.id),
    K.PORT_CANCELED: lambda order, event: workflow.confirm_cancel(order, carrier_event=event.id),
    K.PORT_CANCEL_REFUSED: lambda order, event: workflow.refuse_cancel(
        order, detail=event.detail, carrier_event=event.id
    ),
    K.PORT_SNAPPED_BACK: lambda order, event: workflow.snap_back(
        order, numbers=event.numbers, carrier_event=event.id
    ),
    K.PORT_SNAP_BACK_REFUSED: lambda order, event: workflow.refuse_snap_back(
        order, detail=event.detail, carrier_event=event.id
    ),
}


def _date_of(event: Event) -> date:
    if event.date is None:
        raise ValueError("a confirmation without a date")
    return event.date
