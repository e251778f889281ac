"""What leaves the building after an order moves, and what the carrier says back. Every task may run twice."""

import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import Event, EventKind, Topic
from lib.queue import next_try, publish
from lib.transitions import Refused, lock
from pstn import feed, order_mails, stock
from pstn.models import (
    BackOrder,
    NumberOffer,
    NumberOrder,
    NumberOrderEvent,
    NumberOrderMessage,
    ReturnedNumber,
    TermsRequest,
)
from pstn.workflow import number_orders as workflow
from pstn.workflow import number_requests as requests
from pstn.workflow import terms

log = logging.getLogger(__name__)

S = NumberOrder.State
KEY = "number-order-"
BACK = "-back"
# The key of an order, of its back-order, or of the wish to cancel one of them.
KEYS = re.compile(rf"{KEY}(?P<pk>[0-9]+)(?P<cancel>-cancel-[0-9]+)?(?P<back>{BACK})?")
# Most rows that one run takes up.
BATCH = 200
# Seconds after which a try that never ended is taken for lost, and the longest pause between tries.
LEASE = 30


# --- From us


@shared_task
def handle_event(event_pk: int) -> None:
    """Send what was ordered or given up on its way, and write the e-mails of a move."""
    event = NumberOrderEvent.unscoped.select_related(
        "order__org", "order__location", "order__created_by"
    ).get(pk=event_pk)
    if event.handled_at:
        return
    if event.code in {"place", "accept"}:
        _send_all(event.order)
    elif event.after == S.CANCEL_REQUESTED:
        publish(send_cancel, event.order_id)
    with transaction.atomic():
        order_mails.write(event)
        event.handled_at = timezone.now()
        event.save(update_fields=["handled_at"])


@shared_task
def handle_terms_request(request_pk: int) -> None:
    """Ask the customer's full administrators by e-mail to accept the terms."""
    asked = TermsRequest.unscoped.select_related("org", "by").get(pk=request_pk)
    if asked.handled_at:
        return
    with transaction.atomic():
        order_mails.ask_for_acceptance(f"terms-request:{asked.pk}", asked.org, by=asked.by)
        asked.handled_at = timezone.now()
        asked.save(update_fields=["handled_at"])


@shared_task
def return_number(returned_pk: int) -> None:
    """Tell the carrier that a number was given up. When it does not answer, the sweep tells it again."""
    returned = ReturnedNumber.unscoped.get(pk=returned_pk)
    if returned.told_at:
        return
    try:
        get_carrier().return_numbers(returned.key, [returned.e164])
    except CarrierUnavailable:
        log.warning("number return %s: the carrier does not answer; it will be told again", returned.pk)
        return
    ReturnedNumber.unscoped.filter(pk=returned.pk).update(told_at=timezone.now())


@shared_task
def tell_message(message_pk: int) -> None:
    """Write the e-mails of a message about a request."""
    with transaction.atomic():
        related = ("order__org", "order__location", "order__created_by")
        rows = NumberOrderMessage.unscoped.select_related(*related)
        message = rows.select_for_update(of=("self",)).get(pk=message_pk)
        if message.told_at is None:
            order_mails.tell(message)
            NumberOrderMessage.unscoped.filter(pk=message_pk).update(told_at=timezone.now())


@shared_task
def send_order(order_pk: int) -> None:
    """Give a placed order to the carrier, once: the key makes a second time the same order.

    Whoever takes it up claims it for a while first. When the carrier does not answer, the claim becomes the
    pause before the next try (longer each time, and scattered), which the sweep makes.
    """
    unsent = _unsent_orders().filter(pk=order_pk)
    if not _claim(unsent):
        return
    order = NumberOrder.unscoped.get(pk=order_pk)
    numbers = list(order.lines.pending().values_list("e164", flat=True))
    try:
        ref = get_carrier().order_numbers(f"{KEY}{order.pk}", numbers, order.hold_id)
    except CarrierRefused as refusal:
        workflow.fail(order, reason=str(refusal))
    except CarrierUnavailable:
        _try_later(unsent, order.tries, str(order))
    else:
        # Whatever became of the order meanwhile, the carrier has it under this reference.
        NumberOrder.unscoped.filter(pk=order_pk, carrier_ref="").update(carrier_ref=ref)
        if order.cancel_key:
            send_cancel(order_pk)


@shared_task
def send_back_order(back_pk: int) -> None:
    """Put the numbers that were not there into the carrier's queue, once."""
    unsent = BackOrder.unscoped.filter(pk=back_pk, ended_at=None, carrier_ref="")
    if not _claim(unsent):
        return
    back = BackOrder.unscoped.select_related("order__location").get(pk=back_pk)
    left_out = back.order.lines.left_out().values_list("e164", flat=True)
    search = replace(stock.search_of(back.order, back.quantity), without=tuple(left_out))
    try:
        ref = get_carrier().back_order(f"{KEY}{back.order_id}{BACK}", search)
    except CarrierRefused as refusal:
        workflow.refuse_back_order(back.order, reason=str(refusal))
    except CarrierUnavailable:
        _try_later(unsent, back.tries, str(back.order))
    else:
        BackOrder.unscoped.filter(pk=back_pk, carrier_ref="").update(carrier_ref=ref)
        if back.cancel_key:
            send_cancel(back.order_id)


@shared_task
def send_cancel(order_pk: int) -> None:
    """Ask the carrier to cancel what it has not provided yet. One that it has not got yet is sent first."""
    order = NumberOrder.unscoped.get(pk=order_pk)
    back = BackOrder.unscoped.filter(order=order_pk).first()
    for thing in [order, back]:
        if thing is None or not thing.cancel_key or thing.cancel_sent_at or not thing.carrier_ref:
            continue
        try:
            get_carrier().cancel_numbers(thing.carrier_ref, thing.cancel_key)
        except CarrierUnavailable:
            log.warning("%s: the carrier does not answer; the sweep asks again to cancel it", order)
        except CarrierRefused as refusal:
            workflow.refuse_cancel(order, back=thing is back, reason=str(refusal))
        else:
            rows: Any = type(thing).unscoped
            rows.filter(pk=thing.pk, cancel_key=thing.cancel_key).update(cancel_sent_at=timezone.now())


def _send_all(order: NumberOrder) -> None:
    if order.state in (S.PENDING, S.CANCEL_REQUESTED):
        publish(send_order, order.pk)
    back = BackOrder.unscoped.filter(order=order, ended_at=None).first()
    if back:
        publish(send_back_order, back.pk)


def _unsent_orders() -> Any:
    waiting = Q(state=S.PENDING) | Q(state=S.CANCEL_REQUESTED, cancel_key__gt="")
    return NumberOrder.unscoped.filter(waiting, carrier_ref="")


def _claim(rows: Any) -> bool:
    """Take a row up for a while, so that nobody else sends it at the same time."""
    now = timezone.now()
    due = rows.filter(Q(next_try_at=None) | Q(next_try_at__lte=now))
    return bool(due.update(tries=F("tries") + 1, next_try_at=now + timedelta(seconds=LEASE)))


def _try_later(rows: Any, tries: int, name: str) -> None:
    again = next_try(tries)
    rows.update(next_try_at=again)
    log.warning("%s: the carrier does not answer; try %d, again at %s", name, tries, again)


# --- From the carrier


@shared_task
def take_carrier_events() -> None:
    """Read what happened since the last time, apply it, move the cursor on."""
    feed.read(Topic.NUMBERS, apply)


def apply(event: Event) -> None:
    """What an event of the carrier does to an order. The same event twice is one effect."""
    if NumberOrderEvent.unscoped.filter(carrier_event=event.id).exists():
        return
    found = KEYS.fullmatch(event.key)
    if found is None:
        raise ValueError("an event of numbers answers a key of a number order")
    order = NumberOrder.unscoped.select_related("org").get(pk=int(found["pk"]))
    with transaction.atomic():
        # The locks of the verbs, in their order; then nobody else has applied it since we looked.
        terms.lock(order.org)
        lock(order)
        if not NumberOrderEvent.unscoped.filter(carrier_event=event.id).exists():
            _act(order, event, is_back=bool(found["back"]))


def _act(order: NumberOrder, event: Event, *, is_back: bool) -> None:
    about: dict[str, Any] = {"carrier_event": event.id}
    words = event.detail or event.code
    match event.kind:
        case EventKind.NUMBERS_PROVISIONED if is_back:
            workflow.deliver(order, event.numbers, **about)
        case EventKind.NUMBERS_PROVISIONED:
            workflow.provision(order, e164s=event.numbers, **about)
        case EventKind.NUMBERS_FAILED:
            workflow.fail(order, reason=words, e164s=event.numbers, **about)
        case EventKind.NUMBERS_CANCELED:
            workflow.confirm_cancel(order, back=is_back, **about)
        case EventKind.NUMBERS_CANCEL_REFUSED:
            workflow.refuse_cancel(order, back=is_back, reason=words, **about)
        case _other:
            raise ValueError(f"{event.kind} does not belong to the topic of numbers")


# --- What was left undone


@shared_task
def sweep() -> None:
    """Take up what a lost message, a crash or an outage left undone: the rows say what that is."""
    now = timezone.now()
    late = now - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    unsent = _unsent_orders()
    orders = unsent.filter(next_try_at=None, moved_at__lt=late) | unsent.filter(next_try_at__lte=now)
    for pk in orders.order_by("moved_at").values_list("pk", flat=True)[:BATCH]:
        publish(send_order, pk)
    queued = BackOrder.unscoped.filter(ended_at=None, carrier_ref="")
    backs = queued.filter(next_try_at=None, created_at__lt=late) | queued.filter(next_try_at__lte=now)
    for pk in backs.order_by("created_at").values_list("pk", flat=True)[:BATCH]:
        publish(send_back_order, pk)
    _sweep_wishes(late)
    _sweep_offers(now)
    events = NumberOrderEvent.unscoped.filter(handled_at=None, at__lt=late)
    for pk in events.order_by("at").values_list("pk", flat=True)[:BATCH]:
        publish(handle_event, pk)
    messages = NumberOrderMessage.unscoped.filter(told_at=None, at__lt=late)
    for pk in messages.order_by("at").values_list("pk", flat=True)[:BATCH]:
        publish(tell_message, pk)
    untold = ReturnedNumber.unscoped.filter(told_at=None, at__lt=late)
    for pk in untold.order_by("at").values_list("pk", flat=True)[:BATCH]:
        publish(return_number, pk)
    requests = TermsRequest.unscoped.filter(handled_at=None, at__lt=late)
    for pk in requests.values_list("pk", flat=True)[:BATCH]:
        publish(handle_terms_request, pk)
    feed.retry(Topic.NUMBERS, apply)


def _sweep_wishes(late: datetime) -> None:
    """Cancelations that the carrier does not know of yet."""
    wish = Q(cancel_key__gt="", cancel_sent_at=None) & ~Q(carrier_ref="")
    waiting = NumberOrder.unscoped.filter(state=S.CANCEL_REQUESTED, moved_at__lt=late)
    of_backs = BackOrder.unscoped.filter(wish, ended_at=None).values("order")
    for pk in waiting.filter(wish | Q(pk__in=of_backs)).values_list("pk", flat=True)[:BATCH]:
        publish(send_cancel, pk)


def _sweep_offers(now: datetime) -> None:
    """Offers that nobody took in time."""
    over = NumberOffer.unscoped.filter(outcome=NumberOffer.Outcome.OPEN, valid_until__lte=now)
    for found in over.select_related("order__org")[:BATCH]:
        try:
            requests.expire_offer(found.order)
        except Refused:
            log.info("%s: its offer was answered meanwhile", found.order)
