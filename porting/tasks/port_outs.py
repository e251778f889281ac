"""Port-outs at the carrier: what it says, what we answer, and the reminders before silence accepts."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.timezone import now

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import Event, EventKind, Topic
from lib.queue import later, next_try
from lib.transitions import Refused
from porting.models import PortOut, PortOutEvent
from porting.port_outs import mail
from porting.workflow import port_outs as workflow
from pstn import feed
from pstn.models import StuckEvent

log = logging.getLogger(__name__)
S = PortOut.State
K = EventKind
BATCH = 200  # how much one run takes up
# What the carrier says when it refused a request by itself: its code, then what came in the PIN's place.
BLOCKS = {
    ("lock", ""): PortOut.Block.LOCK,
    ("pin", "missing"): PortOut.Block.PIN_MISSING,
    ("pin", "wrong"): PortOut.Block.PIN_WRONG,
}


# --- In: what the carrier says


@shared_task
def take_carrier_events() -> None:
    """Read what happened at the carrier since the last time, and apply it in its order."""
    feed.read(Topic.PORT_OUTS, apply)


def apply(event: Event) -> None:
    """Move what an event is about: the port-outs of one request. Called twice, it changes nothing."""
    known = list(PortOut.of_request(event.key))
    if event.kind == K.PORT_OUT_REQUESTED or (event.kind == K.PORT_OUT_REJECTED and _block(event)):
        # Read again, it must not find whoever has the numbers by now.
        if not known and not workflow.receive(_request(event), carrier_event=event.id):
            log.info("Port-out request %s is about no number of anybody here", event.key)
        return
    if not known:
        known = _begun_late(event)
    for port_out in known:
        _apply_to(port_out, event)


def _begun_late(event: Event) -> list[PortOut]:
    """The request of this event was never seen: it is stuck, or the carrier did not tell.

    Raises LookupError when it may still come; numbers that left without a word are taken out all the same.
    """
    if (
        StuckEvent.objects.filter(topic=Topic.PORT_OUTS, key=event.key)
        .exclude(carrier_event=event.id)
        .exists()
    ):
        raise LookupError("the request of this event is stuck")
    if event.kind != K.PORT_OUT_COMPLETED:
        log.info("Port-out event %s is about no request of anybody here", event.id)
        return []
    return workflow.receive(_request(event), carrier_event=f"{event.id}/request")


def _apply_to(port_out: PortOut, event: Event) -> None:
    mark = f"{event.id}/{port_out.pk}"
    if PortOutEvent.unscoped.filter(carrier_event=mark).exists():
        return
    try:
        VERBS[event.kind](port_out, event)
    except Refused as refusal:
        log.info("Carrier event %s changes nothing: %s", event.id, refusal)
    except IntegrityError:
        if not PortOutEvent.unscoped.filter(carrier_event=mark).exists():
            raise  # otherwise another worker was faster with this very event


VERBS: dict[EventKind, Callable[[PortOut, Event], None]] = {
    K.PORT_OUT_CHANGED: lambda row, event: workflow.change_date(
        row, day=_date_of(event), carrier_event=event.id
    ),
    K.PORT_OUT_ACCEPTED: lambda row, event: workflow.accept_by_carrier(
        row, by_silence=event.code == "silence", carrier_event=event.id
    ),
    K.PORT_OUT_REJECTED: lambda row, event: workflow.reject_by_carrier(
        row, code=event.code, detail=event.detail, carrier_event=event.id
    ),
    K.PORT_OUT_COMPLETED: lambda row, event: workflow.complete(
        row, numbers=event.numbers, carrier_event=event.id
    ),
    K.PORT_OUT_CANCELED: lambda row, event: workflow.withdraw(
        row, detail=event.detail, carrier_event=event.id
    ),
    K.PORT_OUT_RETURNED: lambda row, event: workflow.give_back(
        row, detail=event.detail, carrier_event=event.id
    ),
    K.PORT_OUT_DISPUTE_REFUSED: lambda row, event: workflow.refuse_dispute(
        row, detail=event.detail, carrier_event=event.id
    ),
}


def _request(event: Event) -> workflow.Request:
    answer_by = event.facts.get("answer_by", "")
    return workflow.Request(
        reference=event.key,
        numbers=event.numbers,
        gaining_carrier=event.facts.get("gaining_carrier", "")[:80],
        requested_date=event.date,
        requested_at=event.at,
        answer_by=datetime.fromisoformat(answer_by) if answer_by else None,
        pin_given=event.facts.get("pin", "")[:10],
        blocked_by=_block(event) if event.kind == K.PORT_OUT_REJECTED else "",
    )


def _block(event: Event) -> str:
    """Why the carrier refused by itself; "" for the answer to a refusal of ours."""
    given = "" if event.code == "lock" else event.facts.get("pin", "")
    return BLOCKS.get((event.code, given), "")


def _date_of(event: Event) -> date:
    if event.date is None:
        raise ValueError("a change of date without a date")
    return event.date


# --- Out: what a move asks for


@shared_task
def handle_event(event_pk: int) -> None:
    """Deliver what a move asks for: the carrier's part is queued, the e-mails are written."""
    event = PortOutEvent.unscoped.select_related("order__org", "order__location", "by").get(pk=event_pk)
    if event.handled_at:
        return
    if event.order.untold:
        later(tell, event.order_id)
    mail.write(event)
    PortOutEvent.unscoped.filter(pk=event_pk).update(handled_at=now())


@shared_task
def tell(port_out_pk: int) -> None:
    """Give the carrier our answer or our dispute: one effect each, by its key."""
    port_out = PortOut.unscoped.select_related("org").filter(pk=port_out_pk, untold=True).first()
    if port_out is None:
        return
    try:
        _tell(port_out)
    except CarrierUnavailable:
        _wait(port_out)
        return
    except CarrierRefused as refusal:
        _refused(port_out, refusal)
    same = PortOut.unscoped.filter(pk=port_out.pk, state=port_out.state)
    same.filter(answer_attempt=port_out.answer_attempt).update(untold=False)


def _tell(port_out: PortOut) -> None:
    carrier = get_carrier()
    if port_out.state == S.DISPUTED:
        carrier.dispute_port_out(port_out.carrier_ref, port_out.dispute_key, port_out.dispute_reason)
    elif port_out.state == S.REJECT_PENDING:
        carrier.answer_port_out(port_out.carrier_ref, port_out.answer_key, False, port_out.reason)
    elif port_out.state == S.ACCEPTED:
        if PortOut.others_undecided(port_out):
            raise CarrierUnavailable("another customer of the same request has not answered yet")
        carrier.answer_port_out(port_out.carrier_ref, port_out.answer_key, True)


def _refused(port_out: PortOut, refusal: CarrierRefused) -> None:
    if refusal.code == "too_late":
        return  # it is decided; the event that says how is on its way
    try:
        if port_out.state == S.DISPUTED:
            workflow.refuse_dispute(port_out, detail=str(refusal))
        else:
            workflow.reopen(port_out, attempt=port_out.answer_attempt, detail=str(refusal))
    except Refused as moved_on:
        log.info("%s has moved on: %s", port_out, moved_on)


def _wait(port_out: PortOut) -> None:
    """The sweep tries again, later each time, not all requests at once."""
    again = next_try(port_out.tries)
    PortOut.unscoped.filter(pk=port_out.pk).update(tries=F("tries") + 1, next_try_at=again)
    log.info("%s is not told yet; trying again at %s", port_out, again)


# --- The net


@shared_task
def sweep() -> None:
    """Finish what was left undone, remind those who have not answered, retry what broke."""
    old = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    rested = Q(swept_at=None) | Q(swept_at__lt=old)
    unhandled = PortOutEvent.unscoped.filter(rested, handled_at=None, at__lt=old).order_by("at")
    pks = list(unhandled.values_list("pk", flat=True)[:BATCH])
    PortOutEvent.unscoped.filter(pk__in=pks).update(swept_at=now())
    for pk in pks:
        later(handle_event, pk)
    due = Q(next_try_at=None, moved_at__lt=old) | Q(next_try_at__lt=now())
    untold = PortOut.unscoped.filter(due, untold=True).order_by("moved_at")
    for pk in list(untold.values_list("pk", flat=True)[:BATCH]):
        later(tell, pk)
    remind()
    feed.retry(Topic.PORT_OUTS, apply)


def remind() -> None:
    """Half of the time is gone, or two business hours are left: each is said once."""
    moment = now()
    waiting = PortOut.unscoped.whole().pending().filter(answer_by__gt=moment, reminded__lt=2)
    for port_out in waiting.order_by("answer_by")[:BATCH]:
        due = port_out.reminder_due(moment)
        if not due:
            continue
        with transaction.atomic():
            if PortOut.unscoped.filter(pk=port_out.pk, state=S.PENDING, reminded__lt=due).update(
                reminded=due
            ):
                mail.remind(port_out, due)
