"""What leaves the building after a port order moves, and the requests for it. Every task may run twice."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db.models import Q
from django.utils.timezone import now

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import Address, Document, PortRequest, Signature
from lib.queue import later, next_try
from lib.transitions import Refused
from porting import ageing, checks, mail
from porting.models import PortEvent, PortOrder
from porting.models.numbers import OPEN
from porting.models.rollup import Wish
from porting.tasks import cutover, groups
from porting.workflow import orders as workflow

log = logging.getLogger(__name__)
S = PortOrder.State
BATCH = 200  # how much one run takes up
AT_ONCE = 100  # events that one task delivers


# --- What a move asks for ---------------------------------------------------------------------------------


@shared_task
def handle_events(event_pks: list[int]) -> None:
    """Deliver what moves ask for: the carrier's part is queued, the e-mails are written.

    If something breaks, each is delivered by a task of its own, so that one holds no other up.
    """
    rows = PortEvent.unscoped.filter(pk__in=event_pks, handled_at=None).order_by("pk")
    # Many events are about few organizations, locations and people: each is made once.
    people = ("order__org", "order__location", "order__created_by", "by")
    events = list(rows.select_related("order").prefetch_related(*people))
    try:
        _deliver(events)
    except Exception:
        if len(events) == 1:
            raise
        log.exception("%s port events could not be delivered at once; now one by one", len(events))
        for event in events:
            later(handle_events, [event.pk])


def _deliver(events: Sequence[PortEvent]) -> None:
    """All of it may be done again: nothing happens twice."""
    for task, order_pk in dict.fromkeys(asked for event in events if (asked := _asks_for(event))):
        later(task, order_pk)
    for group_pk in sorted({event.order.group_id for event in events if event.order.group_id}):
        groups.align(group_pk)
    mail.write(events)
    cutover.follow(events)
    for event in events:
        if event.verb == "reject":
            ageing.escalate(event.order)
    PortEvent.unscoped.filter(pk__in=[event.pk for event in events]).update(handled_at=now())


def _asks_for(event: PortEvent) -> tuple[Any, int] | None:
    """The task that gives the carrier what a move has for it, and its order."""
    if event.after in (S.VALIDATING, S.READY):
        return check_and_send, event.order_id
    if event.order.wish and event.order.wish_sent_at is None:
        return tell_wish, event.order_id
    return None


@shared_task
def check_and_send(order_pk: int) -> None:
    """Check a submitted order once more, then give it to the carrier: one effect an attempt, by its key."""
    order = PortOrder.unscoped.whole().filter(_unsent(), pk=order_pk).first()
    if order is None:
        return  # sent already, canceled or rejected
    try:
        if order.state == S.READY:
            send(order)
        else:
            _check(order)  # when it passes, the event of that is delivered by sending it
    except CarrierUnavailable:
        wait(order)


def _check(order: PortOrder) -> None:
    """The preliminary check, once an attempt: it is not asked again once the carrier may have the order."""
    problem = checks.find_problem(order)
    if problem is None:
        attempt_move(workflow.pass_check, order, attempt=order.attempt)
        return
    attempt_move(
        workflow.reject,
        order,
        code=problem.code,
        detail=problem.sentence,
        numbers=problem.numbers,
        source=PortEvent.Source.CHECK,
    )


def send(order: PortOrder) -> None:
    """Give an order that passed the check to the carrier. Done again after a crash, it changes nothing."""
    carrier, attempt, reference = get_carrier(), order.attempt, order.carrier_ref
    try:
        if reference:
            carrier.supplement_port(reference, request(order))
        else:
            reference = carrier.submit_port(request(order))
    except CarrierRefused as refusal:
        attempt_move(workflow.reject, order, code=refusal.code, detail=str(refusal))
        return
    if not attempt_move(workflow.accept_by_carrier, order, attempt=attempt, carrier_ref=reference):
        # Canceled while we were on the phone: the cancellation needs the reference.
        PortOrder.unscoped.filter(pk=order.pk, carrier_ref="").update(carrier_ref=reference)
        later(tell_wish, order.pk)


@shared_task
def tell_wish(order_pk: int) -> None:
    """Tell the carrier what people ask of it: to cancel, another date, a delay, to take numbers back."""
    order = PortOrder.unscoped.whole().filter(_untold(), pk=order_pk).first()
    if order is None:
        return
    try:
        _say(order)
    except CarrierUnavailable:
        wait(order)
        return
    same = PortOrder.unscoped.filter(pk=order.pk, wish=order.wish, wish_count=order.wish_count)
    same.update(wish_sent_at=now())


def _say(order: PortOrder) -> None:
    carrier, key = get_carrier(), order.wish_key
    try:
        match order.wish:
            case Wish.CANCEL:
                # Nobody knows whether a crashed attempt was sent: sending it again tells the reference.
                reference = order.carrier_ref or carrier.submit_port(request(order))
                PortOrder.unscoped.filter(pk=order.pk, carrier_ref="").update(carrier_ref=reference)
                carrier.cancel_port(reference, key)
            case Wish.DATE:
                assert order.wished_date, "who wishes for a date names it"
                carrier.change_port_date(order.carrier_ref, key, order.wished_date)
            case Wish.DELAY:
                carrier.delay_port(order.carrier_ref, key)
            case Wish.SNAP_BACK:
                carrier.snap_back(order.carrier_ref, key, order.wish_numbers)
    except CarrierRefused as refusal:
        _take_refusal(order, str(refusal))


def _take_refusal(order: PortOrder, detail: str) -> None:
    if order.wish == Wish.CANCEL and not order.carrier_ref:
        attempt_move(workflow.confirm_cancel, order)  # the carrier never took it
        return
    refuse: dict[str, Callable[..., None]] = {
        Wish.CANCEL: workflow.refuse_cancel,
        Wish.DATE: workflow.refuse_date,
        Wish.DELAY: workflow.refuse_date,
        Wish.SNAP_BACK: workflow.refuse_snap_back,
    }
    attempt_move(refuse[order.wish], order, detail=detail)


def request(order: PortOrder) -> PortRequest:
    """The order as the carrier's vocabulary has it, with its papers."""
    current = [paper for paper in order.documents.all() if paper.superseded_at is None]
    papers = sorted(current, key=lambda paper: paper.kind)
    assert order.requested_date, "an order that passed the check has a date"
    return PortRequest(
        key=order.key,
        reference=order.reference,
        country=order.country,
        numbers=tuple(row.e164 for row in order.numbers.all() if row.state in OPEN),
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
        requested_time=order.requested_time,
        on_demand=order.on_demand,
        resp_org=order.resp_org,
        line_kinds={row.e164: row.line_kind for row in order.numbers.all() if row.line_kind},
        identifiers=order.identifiers,
    )


def _signature(order: PortOrder) -> Signature | None:
    letter = order.paper("loa")
    if letter is None:
        return None
    signed = letter.signature
    return Signature(signed.first_name, signed.last_name, signed.title, signed.signed_at)


# --- The net ----------------------------------------------------------------------------------------------


def take_up() -> None:
    """Queue again what a lost message, a crash or an outage left undone: the whole broker may be lost."""
    old = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    # A slow worker must not find a pile of the same: what was queued now is left alone for a while.
    rested = Q(swept_at=None) | Q(swept_at__lt=old)
    unhandled = PortEvent.unscoped.filter(rested, handled_at=None, at__lt=old).order_by("at")
    pks = list(unhandled.values_list("pk", flat=True)[:BATCH])
    PortEvent.unscoped.filter(pk__in=pks).update(swept_at=now())
    for start in range(0, len(pks), AT_ONCE):
        later(handle_events, pks[start : start + AT_ONCE])
    due = Q(next_try_at=None, moved_at__lt=old) | Q(next_try_at__lt=now())
    for task, waiting in ((check_and_send, _unsent()), (tell_wish, _untold())):
        orders = PortOrder.unscoped.filter(due, waiting).order_by("moved_at")
        pks = list(orders.values_list("pk", flat=True)[:BATCH])
        again = now() + timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
        PortOrder.unscoped.filter(pk__in=pks).update(next_try_at=again)
        for pk in pks:
            later(task, pk)


def _unsent() -> Q:
    return Q(state__in=[S.VALIDATING, S.READY])


def _untold() -> Q:
    """Orders of which something was asked that the carrier has not been told."""
    return ~Q(wish=Wish.NONE) & Q(wish_sent_at=None)


def wait(order: PortOrder) -> None:
    """The carrier does not answer: the sweep tries again, later each time, not all orders at once."""
    again = next_try(order.tries)
    PortOrder.unscoped.filter(pk=order.pk).update(tries=order.tries + 1, next_try_at=again)
    log.info("The carrier does not answer for %s; trying again at %s", order, again)


def attempt_move(verb: Callable[..., None], order: PortOrder, **told: Any) -> bool:
    """A verb whose moment may have passed: False when the order has moved on."""
    try:
        verb(order, **told)
    except Refused as refusal:
        log.info("%s has moved on: %s", order, refusal)
        return False
    return True
