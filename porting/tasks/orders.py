"""What leaves the building after a port order moves, and what comes back. Every task here may run twice."""

import logging
import random
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import IntegrityError, OperationalError
from django.db.models import Q
from django.utils.timezone import now

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import Address, Document, Event, EventKind, PortRequest, Signature, Topic
from lib.queue import later
from lib.transitions import Refused
from porting import checks, mail, workflow
from porting.models import PortDocument, PortEvent, PortOrder, StuckEvent
from pstn.models import CarrierFeed

log = logging.getLogger(__name__)
S = PortOrder.State
BATCH = 200  # how much one run takes up
TRIES = 10  # of an event that breaks our code
LONGEST_WAIT = 300.0  # seconds between two calls to a carrier that does not answer
KEY = re.compile(r"port-(\d+)-\d+(-c\d+)?")


# --- Out: what a move asks for ----------------------------------------------------------------------------


@shared_task
def handle_event(event_pk: int) -> None:
    """Deliver what a move asks for: the carrier's part is queued, the e-mails are written."""
    event = PortEvent.unscoped.select_related("order__org", "order__location", "by").get(pk=event_pk)
    if event.handled_at:
        return
    if event.after == S.CHECKING:
        later(check_and_send, event.order_id)
    elif event.after in (S.CANCELING, S.CANCELED):
        later(tell_cancel, event.order_id)
    mail.write(event)
    PortEvent.unscoped.filter(pk=event_pk).update(handled_at=now())


@shared_task
def check_and_send(order_pk: int) -> None:
    """Check a submitted order once more, then give it to the carrier: one effect an attempt, by its key."""
    order = PortOrder.unscoped.whole().filter(pk=order_pk, state=S.CHECKING).first()
    if order is None:
        return  # sent already, canceled or rejected
    try:
        if order.checked_attempt == order.attempt or _passes(order):
            send(order)
    except CarrierUnavailable:
        _wait(order)


def _passes(order: PortOrder) -> bool:
    """The preliminary check, once an attempt: it is not asked again once the carrier may have the order."""
    problem = checks.find_problem(order)
    if problem is None:
        same = PortOrder.unscoped.filter(pk=order.pk, state=S.CHECKING, attempt=order.attempt)
        return bool(same.update(checked_attempt=order.attempt))
    _try(
        workflow.reject,
        order,
        code=problem.code,
        detail=problem.sentence,
        numbers=problem.numbers,
        source=PortEvent.Source.CHECK,
    )
    return False


def send(order: PortOrder) -> None:
    """Give an order that passed the check to the carrier. Done again after a crash, it changes nothing."""
    carrier, attempt, reference = get_carrier(), order.attempt, order.carrier_ref
    try:
        if reference:
            carrier.supplement_port(reference, request(order))
        else:
            reference = carrier.submit_port(request(order))
    except CarrierRefused as refusal:
        _try(workflow.reject, order, code=refusal.code, detail=str(refusal))
        return
    if not _try(workflow.accept_by_carrier, order, attempt=attempt, carrier_ref=reference):
        # Canceled while we were on the phone: the cancellation needs the reference.
        PortOrder.unscoped.filter(pk=order.pk, carrier_ref="").update(carrier_ref=reference)
        later(tell_cancel, order.pk)


@shared_task
def tell_cancel(order_pk: int) -> None:
    """Ask the carrier to cancel what it has, or may have, of an order that its people gave up."""
    order = PortOrder.unscoped.whole().filter(_untold(), pk=order_pk).first()
    if order is None:
        return
    carrier = get_carrier()
    try:
        # Nobody knows whether a crashed attempt was sent: sending it again with its key tells the reference.
        reference = order.carrier_ref or carrier.submit_port(request(order))
        PortOrder.unscoped.filter(pk=order.pk, carrier_ref="").update(carrier_ref=reference)
        carrier.cancel_port(reference, order.cancel_key)
    except CarrierUnavailable:
        _wait(order)
        return
    except CarrierRefused as refusal:
        if order.carrier_ref:
            _try(workflow.refuse_cancel, order, detail=str(refusal))
        else:
            _try(workflow.confirm_cancel, order)  # the carrier never took it
    same = PortOrder.unscoped.filter(pk=order.pk, cancel_attempt=order.cancel_attempt)
    same.update(cancel_sent_at=now())


def request(order: PortOrder) -> PortRequest:
    """The order as the carrier's vocabulary has it, with its papers."""
    papers = [paper for kind in PortDocument.Kind.values if (paper := order.paper(kind))]
    assert order.requested_date, "an order that passed the check has a date"
    return PortRequest(
        key=order.key,
        reference=order.reference,
        country=order.country,
        numbers=tuple(row.e164 for row in order.numbers.all()),
        btn=order.btn,
        company_name=order.company_name,
        authorized_name=order.authorized_name,
        address=Address(
            order.address_line1,
            order.city,
            order.region,
            order.postal_code,
            order.country,
            order.address_line2,
        ),
        requested_date=order.requested_date,
        full_port=order.full_port,
        account_number=order.account_number,
        pin=order.pin,
        keep_remaining=order.remaining == PortOrder.Remaining.KEEP,
        new_btn=order.new_btn,
        documents=tuple(
            Document(paper.kind, paper.sha256, paper.media_type, paper.read(), paper.dated)
            for paper in papers
        ),
        signature=_signature(order),
    )


def _signature(order: PortOrder) -> Signature | None:
    letter = order.paper(PortDocument.Kind.LOA)
    if letter is None:
        return None
    signed = letter.signature
    return Signature(signed.first_name, signed.last_name, signed.title, signed.signed_at)


# --- In: what happened at the carrier ---------------------------------------------------------------------


@shared_task
def take_carrier_events() -> None:
    """Read what happened at the carrier since the last time, and apply it in its order."""
    cursor = CarrierFeed.objects.get_or_create(topic=Topic.PORTS)[0].cursor
    try:
        while events := get_carrier().events(Topic.PORTS, cursor, BATCH):
            for event in events:
                _apply_or_keep(event)
            feed = CarrierFeed.objects.filter(topic=Topic.PORTS, cursor=cursor)
            cursor = events[-1].cursor
            if not feed.update(cursor=cursor, read_at=now()):
                return  # another worker is reading as well
    except CarrierUnavailable:
        log.info("The carrier does not answer; its events are read later.")


def _apply_or_keep(event: Event) -> None:
    """Apply one event. What breaks our code is kept for review: one bad event never stops the feed."""
    try:
        apply(event)
    except (CarrierUnavailable, OperationalError):
        raise  # nothing is wrong with the event: the whole batch is read again
    except Exception as error:
        log.exception("Carrier event %s (%s) could not be applied", event.id, event.kind)
        StuckEvent.objects.update_or_create(
            carrier_event=event.id,
            defaults={"error": type(error).__name__},
            create_defaults={
                "error": type(error).__name__,
                "kind": event.kind,
                "key": event.key,
                "at": event.at,
                "code": event.code,
                "detail": event.detail[:300],
                "date": event.date,
                "numbers": list(event.numbers),
            },
        )


def apply(event: Event) -> None:
    """Move the order that an event is about. Called twice, or for an old attempt, it changes nothing."""
    found = KEY.fullmatch(event.key)
    order = PortOrder.unscoped.whole().filter(pk=found[1]).first() if found else None
    if order is None or event.key not in (order.key, order.cancel_key):
        log.info("Carrier event %s answers nothing that is open", event.id)
        return
    if PortEvent.unscoped.filter(carrier_event=event.id).exists():
        return
    if order.state == S.CHECKING:
        send(order)  # the carrier has it, and we crashed before noting so
    moves: dict[EventKind, Callable[[], None]] = {
        EventKind.PORT_REJECTED: lambda: workflow.reject(
            order,
            code=event.code,
            detail=event.detail,
            numbers=event.numbers,
            carrier_event=event.id,
        ),
        EventKind.PORT_CONFIRMED: lambda: workflow.confirm(
            order, foc_date=_date_of(event), detail=event.detail, carrier_event=event.id
        ),
        EventKind.PORT_COMPLETED: lambda: workflow.complete(order, carrier_event=event.id),
        EventKind.PORT_CANCELED: lambda: workflow.confirm_cancel(order, carrier_event=event.id),
        EventKind.PORT_CANCEL_REFUSED: lambda: workflow.refuse_cancel(
            order, detail=event.detail, carrier_event=event.id
        ),
    }
    try:
        moves[event.kind]()
    except Refused as refusal:
        log.info("Carrier event %s changes nothing: %s", event.id, refusal)
    except IntegrityError:
        if not PortEvent.unscoped.filter(carrier_event=event.id).exists():
            raise  # otherwise another worker was faster with this very event


def _date_of(event: Event) -> Any:
    if event.date is None:
        raise ValueError("a confirmation without a date")
    return event.date


# --- The net ----------------------------------------------------------------------------------------------


@shared_task
def sweep() -> None:
    """Finish what a lost message, a crash or an outage left undone: the whole broker may be lost."""
    old = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    # A slow worker must not find a pile of the same: what was queued now is left alone for a while.
    rested = Q(swept_at=None) | Q(swept_at__lt=old)
    unhandled = PortEvent.unscoped.filter(rested, handled_at=None, at__lt=old).order_by("at")
    pks = list(unhandled.values_list("pk", flat=True)[:BATCH])
    PortEvent.unscoped.filter(pk__in=pks).update(swept_at=now())
    for pk in pks:
        later(handle_event, pk)
    due = Q(next_try_at=None, moved_at__lt=old) | Q(next_try_at__lt=now())
    for task, waiting in ((check_and_send, Q(state=S.CHECKING)), (tell_cancel, _untold())):
        orders = PortOrder.unscoped.filter(due, waiting).order_by("moved_at")
        pks = list(orders.values_list("pk", flat=True)[:BATCH])
        again = now() + timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
        PortOrder.unscoped.filter(pk__in=pks).update(next_try_at=again)
        for pk in pks:
            later(task, pk)
    for stuck in StuckEvent.objects.filter(tried_at__lt=old, tries__lt=TRIES)[:BATCH]:
        _try_again(stuck)


def _try_again(stuck: StuckEvent) -> None:
    event = Event(
        stuck.carrier_event,
        "",
        EventKind(stuck.kind),
        stuck.key,
        stuck.at,
        stuck.code,
        stuck.detail,
        stuck.date,
        tuple(stuck.numbers),
    )
    stuck.tries += 1
    stuck.save(update_fields=["tries", "tried_at"])
    try:
        apply(event)
    except Exception:
        log.exception("Carrier event %s still cannot be applied", event.id)
    else:
        stuck.delete()


def _untold() -> Q:
    """Orders that were given up while the carrier has, or may have, a port of them, and was not told."""
    given_up = Q(state=S.CANCELING) | (Q(state=S.CANCELED) & ~Q(carrier_ref=""))
    return given_up & Q(cancel_sent_at=None)


def _wait(order: PortOrder) -> None:
    """The carrier does not answer: the sweep tries again, later each time, not all orders at once."""
    pause = min(2.0 ** min(order.tries, 10), LONGEST_WAIT) * random.uniform(0.7, 1.3)  # noqa: S311
    PortOrder.unscoped.filter(pk=order.pk).update(
        tries=order.tries + 1, next_try_at=now() + timedelta(seconds=pause)
    )
    log.info("The carrier does not answer for %s; trying again in %.0f s", order, pause)


def _try(verb: Callable[..., None], order: PortOrder, **told: Any) -> bool:
    """A verb whose moment may have passed: False when the order has moved on."""
    try:
        verb(order, **told)
    except Refused as refusal:
        log.info("%s has moved on: %s", order, refusal)
        return False
    return True
