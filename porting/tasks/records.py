"""Asking carriers for customer service records, and taking in what they answer. Every task may run twice."""

import logging
import random
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db.models import F
from django.utils.timezone import now

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import CustomerRecord, Event, EventKind, RecordRequest, RecordStatus, Topic
from lib.queue import later, next_try
from porting.models import CsrRequest
from pstn import feed

log = logging.getLogger(__name__)
S = CsrRequest.State
BATCH = 100
LOOK_AGAIN = timedelta(hours=6)  # at a question that somebody at the carrier works on
NUMBERS = 1_000  # of one question; the billing number says the rest


@shared_task
def ask_for_record(request_pk: int) -> None:
    """Ask, or look whether an answer has come: the same question again changes nothing at the carrier."""
    row = CsrRequest.unscoped.select_related("order").filter(pk=request_pk, state__in=[S.UNTOLD, S.WAITING])
    found = row.first()
    if found is not None:
        _ask(found)


def _ask(row: CsrRequest) -> None:
    carrier = get_carrier()
    try:
        reference = row.carrier_ref or carrier.request_csr(row.key, _wish(row))
        answer = carrier.csr(reference)
    except CarrierUnavailable:
        _wait(row)
        return
    except CarrierRefused as refusal:
        log.info("No record for question %s: %s", row.pk, refusal.code)
        _note(row, state=S.NONE, answered_at=now())
        return
    if answer.status == RecordStatus.WAITING:
        again = now() + LOOK_AGAIN * random.uniform(0.8, 1.2)  # noqa: S311
        _note(row, state=S.WAITING, carrier_ref=reference, next_try_at=again)
    elif answer.status == RecordStatus.READY and answer.record is not None:
        said = _as_object(answer.record)
        _note(row, state=S.READY, carrier_ref=reference, record=said, answered_at=now())
    else:
        _note(row, state=S.NONE, carrier_ref=reference, answered_at=now())


def _wish(row: CsrRequest) -> RecordRequest:
    order = row.order
    numbers = tuple(order.numbers.values_list("e164", flat=True)[:NUMBERS])
    return RecordRequest(order.country, row.losing_carrier, order.btn, numbers)


def _as_object(record: CustomerRecord) -> dict[str, Any]:
    return {
        "account_number": record.account_number,
        "btn": record.btn,
        "company_name": record.company_name,
        "authorized_names": list(record.authorized_names),
        "address": asdict(record.address),
        "numbers": list(record.numbers),
        "needs_pin": record.needs_pin,
        "features": dict(record.features),
        "btns": dict(record.btns),
    }


def _note(row: CsrRequest, **fields: Any) -> None:
    """Save an answer if the question is still open: another worker may have had it before."""
    CsrRequest.unscoped.filter(pk=row.pk, state__in=[S.UNTOLD, S.WAITING]).update(**fields)


def _wait(row: CsrRequest) -> None:
    again = next_try(row.tries)
    CsrRequest.unscoped.filter(pk=row.pk).update(tries=F("tries") + 1, next_try_at=again)


@shared_task
def take_carrier_events() -> None:
    """Read which records have come since the last time."""
    feed.read(Topic.RECORDS, apply)


def apply(event: Event) -> None:
    """Fetch the record that an event announces. Called twice, or for a question that is gone: no effect."""
    number = event.key.removeprefix("csr-")
    if event.kind != EventKind.RECORD_ANSWERED or not number.isdecimal():
        return
    row = CsrRequest.unscoped.select_related("order").filter(pk=number, state__in=[S.UNTOLD, S.WAITING])
    found = row.first()
    if found is not None:
        _ask(found)


@shared_task
def sweep() -> None:
    """Ask what a lost message, a crash or an outage left unasked, and look again for old questions."""
    due = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    rows = CsrRequest.unscoped.filter(state__in=[S.UNTOLD, S.WAITING], next_try_at__lt=due)
    pks = list(rows.order_by("next_try_at").values_list("pk", flat=True)[:BATCH])
    again = now() + timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    CsrRequest.unscoped.filter(pk__in=pks).update(next_try_at=again)
    for pk in pks:
        later(ask_for_record, pk)
    feed.retry(Topic.RECORDS, apply)
