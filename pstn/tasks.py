"""What leaves the building after an order moves, and what the carrier says back. Every task may run twice."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import Event, EventKind, Topic
from lib.queue import next_try, publish
from notifications import outbox
from notifications.recipients import followers, full_admins
from pstn import feed
from pstn.models import NumberOrder, NumberOrderEvent, ReturnedNumber, TermsRequest
from pstn.workflow import number_orders as workflow

log = logging.getLogger(__name__)

S = NumberOrder.State
MAILS = {S.PENDING: "order_placed", S.PROVISIONED: "order_provisioned", S.ERROR: "order_failed"}
KEY = "number-order-"
# Most rows that one run takes up.
BATCH = 200
# Seconds after which a try that never ended is taken for lost, and the longest pause between tries.
LEASE = 30


# --- From us


@shared_task
def handle_event(event_pk: int) -> None:
    """Send a placed order on its way, and write the e-mails of a move."""
    event = NumberOrderEvent.unscoped.select_related(
        "order__org", "order__location", "order__created_by"
    ).get(pk=event_pk)
    if event.handled_at:
        return
    if event.after == S.PENDING:
        publish(send_order, event.order_id)
    with transaction.atomic():
        _write_mails(event)
        event.handled_at = timezone.now()
        event.save(update_fields=["handled_at"])


@shared_task
def handle_terms_request(request_pk: int) -> None:
    """Ask the customer's full administrators by e-mail to accept the terms."""
    asked = TermsRequest.unscoped.select_related("org", "by").get(pk=request_pk)
    if asked.handled_at:
        return
    with transaction.atomic():
        _ask_for_acceptance(f"terms-request:{asked.pk}", asked.org, by=asked.by)
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
def send_order(order_pk: int) -> None:
    """Give a placed order to the carrier, once: the key makes a second time the same order.

    Whoever takes it up claims it for a while first. When the carrier does not answer, the claim becomes the
    pause before the next try (longer each time, and scattered), which the sweep makes.
    """
    now = timezone.now()
    unsent = NumberOrder.unscoped.filter(pk=order_pk, state=S.PENDING, carrier_ref="")
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    if not unsent.filter(due).update(tries=F("tries") + 1, next_try_at=now + timedelta(seconds=LEASE)):
        return
    order = NumberOrder.unscoped.get(pk=order_pk)
    numbers = list(order.lines.chosen().values_list("e164", flat=True))
    try:
        ref = get_carrier().order_numbers(f"{KEY}{order.pk}", numbers, order.hold_id)
    except CarrierRefused as refusal:
        workflow.fail(order, reason=str(refusal))
    except CarrierUnavailable:
        again = next_try(order.tries)
        unsent.update(next_try_at=again)
        log.warning("%s: the carrier does not answer; try %d, again at %s", order, order.tries, again)
    else:
        # Whatever became of the order meanwhile, the carrier has it under this reference.
        NumberOrder.unscoped.filter(pk=order_pk, carrier_ref="").update(carrier_ref=ref)


def _write_mails(event: NumberOrderEvent) -> None:
    order, key = event.order, f"number-order-event:{event.pk}"
    if event.code or not (kind := MAILS.get(NumberOrder.State(event.after))):
        return
    people = followers(order.org, order.created_by)
    context = {"order": order, "event": event, "detail": order.error}
    outbox.post(kind, event=key, org=order.org, to=people, context=context)
    if event.after == S.PROVISIONED and order.waits_for_terms:
        _ask_for_acceptance(key, order.org)


def _ask_for_acceptance(event: str, org: Organization, by: User | None = None) -> None:
    context = {"url": reverse("pstn:terms_detail", args=[org.slug]), "by": by}
    outbox.post("terms_waiting", event=event, org=org, to=full_admins(org), context=context)


# --- From the carrier


@shared_task
def take_carrier_events() -> None:
    """Read what happened since the last time, apply it, move the cursor on."""
    feed.read(Topic.NUMBERS, apply)


def apply(event: Event) -> None:
    """What an event of the carrier does to an order. The same event twice is one effect."""
    if NumberOrderEvent.unscoped.filter(carrier_event=event.id).exists():
        return
    order = NumberOrder.unscoped.get(pk=int(event.key.removeprefix(KEY)))
    if event.kind == EventKind.NUMBERS_PROVISIONED:
        workflow.provision(order, carrier_event=event.id)
    elif event.kind == EventKind.NUMBERS_FAILED:
        workflow.fail(order, reason=event.detail or event.code, carrier_event=event.id)
    else:
        raise ValueError(f"{event.kind} does not belong to the topic of numbers")


# --- What was left undone


@shared_task
def sweep() -> None:
    """Take up what a lost message, a crash or an outage left undone: the rows say what that is."""
    now = timezone.now()
    late = now - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    unsent = NumberOrder.unscoped.filter(state=S.PENDING, carrier_ref="")
    forgotten = unsent.filter(next_try_at=None, moved_at__lt=late)
    due = unsent.filter(next_try_at__lte=now)
    for pk in (forgotten | due).order_by("moved_at").values_list("pk", flat=True)[:BATCH]:
        publish(send_order, pk)
    events = NumberOrderEvent.unscoped.filter(handled_at=None, at__lt=late)
    for pk in events.order_by("at").values_list("pk", flat=True)[:BATCH]:
        publish(handle_event, pk)
    untold = ReturnedNumber.unscoped.filter(told_at=None, at__lt=late)
    for pk in untold.order_by("at").values_list("pk", flat=True)[:BATCH]:
        publish(return_number, pk)
    requests = TermsRequest.unscoped.filter(handled_at=None, at__lt=late)
    for pk in requests.values_list("pk", flat=True)[:BATCH]:
        publish(handle_terms_request, pk)
    feed.retry(Topic.NUMBERS, apply)
