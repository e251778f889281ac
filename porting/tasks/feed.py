"""What the carrier says of port orders: each event becomes one verb, once, and many of a kind one step."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
KEY = re.compile(r"port-(?P<order>\d{1,18})-(?P<attempt>\d{1,9})(?:-(?P<letter>[a-z])(?P<count>\d+))?")
WISHES = ("c", "d", "y", "s")
AT_ONCE = 200  # orders of one step: as many events as one question brings
K = EventKind
Verb = Callable[[PortOrder, Event], None]


@shared_task
def take_carrier_events() -> None:
    """Read what happened at the carrier since the last time, and apply it in its order."""
    feed.read(Topic.PORTS, apply, steps)


def steps(events: Sequence[Event]) -> Iterator[list[Event]]:
    """What may be applied at once: events of one kind, one an order; what is said of it keeps its order."""
    turns: Counter[str] = Counter()
    found: dict[tuple[int, EventKind], list[Event]] = {}
    for event in events:
        key = KEY.fullmatch(event.key)
        about = key["order"] if key else ""
        turns[about] += 1
        found.setdefault((turns[about], event.kind), []).append(event)
    for (_turn, kind), alike in sorted(found.items(), key=lambda item: item[0][0]):
        size = AT_ONCE if kind in TOGETHER else 1
        yield from (alike[start : start + size] for start in range(0, len(alike), size))


def apply(*events: Event) -> None:
    """Move the orders that events are about: one, or a step of them. Called twice, it changes nothing."""
    answered = _answered(events)
    for order, _event in answered:
        if order.state == PortOrder.State.READY:
            # The carrier has it; we crashed before noting so.
            send(PortOrder.unscoped.whole().get(pk=order.pk))
            order.refresh_from_db()
    kind = events[0].kind
    if verb := TOGETHER.get(kind):
        for said, refusal in verb([_said(order, event) for order, event in answered]):
            log.info("Carrier event %s changes nothing: %s", said.carrier_event, refusal)
        return
    for order, event in answered:
        _apply_alone(order, event)


def _apply_alone(order: PortOrder, event: Event) -> None:
    if PortEvent.unscoped.filter(carrier_event=event.id).exists():
        return
    try:
        VERBS[event.kind](order, event)
    except Refused as refusal:
        log.info("Carrier event %s changes nothing: %s", event.id, refusal)
    except IntegrityError:
        if not PortEvent.unscoped.filter(carrier_event=event.id).exists():
            raise  # otherwise another worker was faster with this very event


def _answered(events: Sequence[Event]) -> list[tuple[PortOrder, Event]]:
    """The events that answer an order's present attempt, or its open wish, each with the order."""
    keys = [(event, key) for event in events if (key := KEY.fullmatch(event.key))]
    rows = PortOrder.unscoped.prefetch_related("org", "location")  # few of them for many orders
    orders: dict[int, PortOrder] = rows.in_bulk([int(key["order"]) for _event, key in keys])
    found = []
    for event, key in keys:
        order = orders.get(int(key["order"]))
        wished = key["letter"] in WISHES
        if order and order.attempt == int(key["attempt"]) and (not wished or event.key == order.wish_key):
            found.append((order, event))
    if len(found) < len(events):
        log.info("%s carrier events answer nothing that is open", len(events) - len(found))
    return found


def _rejected(order: PortOrder, event: Event) -> None:
    workflow.reject(
        order, code=event.code, detail=event.detail, numbers=event.numbers, carrier_event=event.id
    )


def _said(order: PortOrder, event: Event) -> workflow.Said:
    """An event in the words of the verbs that take many."""
    dated = event.kind in (K.PORT_CONFIRMED, K.PORT_DATE_CHANGED)
    return workflow.Said(
        order,
        () if event.kind == K.PORT_DATE_CHANGED else event.numbers,
        "" if event.kind == K.PORT_ACTIVATING else event.detail,
        event.id,
        _date_of(event) if dated else None,
        event.code if event.kind == K.PORT_FAILED else "",
    )


def _messaging(order: PortOrder, event: Event) -> None:
    workflow.move_messaging(
        order, to=event.code, numbers=event.numbers, detail=event.detail, carrier_event=event.id
    )


def _document_wanted(order: PortOrder, event: Event) -> None:
    documents_wanted.ask(order, kind=event.code, detail=event.detail, carrier_event=event.id)


# What is often said of many orders at once; see workflow/together.py.
TOGETHER: dict[EventKind, Callable[[Sequence[workflow.Said]], workflow.Refusals]] = {
    K.PORT_CONFIRMED: workflow.confirm_all,
    K.PORT_DATE_CHANGED: workflow.change_date_all,
    K.PORT_ACTIVATING: workflow.begin_activation_all,
    K.PORT_COMPLETED: workflow.complete_all,
    K.PORT_FAILED: workflow.fail_all,
}
VERBS: dict[EventKind, Verb] = {
    K.PORT_REJECTED: _rejected,
    K.PORT_FOC_LOST: lambda order, event: workflow.lose_date(
        order, code=event.code or "foc_lost", detail=event.detail, carrier_event=event.id
    ),
    K.PORT_DATE_REFUSED: lambda order, event: workflow.refuse_date(
        order, detail=event.detail, carrier_event=event.id
    ),
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
