"""Papers that were asked for: people are told and reminded, and what they add goes to the carrier."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db import models, transaction
from django.utils.timezone import now

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import Document
from lib.queue import later
from notifications.outbox import post
from notifications.recipients import followers
from porting.models import DocumentRequest, PortOrder

log = logging.getLogger(__name__)
BATCH = 200
# Days after it was asked for at which people are reminded of a paper that did not come.
REMIND_AFTER = (2, 5, 10)


@shared_task
def tell_request(request_pk: int) -> None:
    """Write the e-mail that a paper is wanted, once."""
    with transaction.atomic():
        request = _requests().select_for_update(of=("self",)).get(pk=request_pk)
        if request.told_at is None:
            _post(request, "asked")
            request.told_at, request.remind_at = now(), _next_reminder(request)
            request.save(update_fields=["told_at", "remind_at"])


@shared_task
def remind(request_pk: int) -> None:
    """Remind people of a paper that still has not come; not once its order has ended."""
    with transaction.atomic():
        request = _requests().select_for_update(of=("self",)).get(pk=request_pk)
        if request.remind_at is None or request.remind_at > now():
            return
        request.reminders += 1
        request.remind_at = _next_reminder(request)
        if request.order.state in PortOrder.DONE:
            request.remind_at = None
        else:
            _post(request, f"reminder-{request.reminders}")
        request.save(update_fields=["reminders", "remind_at"])


@shared_task
def send_paper(request_pk: int) -> None:
    """Give an added paper to the carrier that has the order; its own key makes it arrive once.

    An order that was not sent yet takes all its papers along when it is.
    """
    unsent = DocumentRequest.unscoped.unsent().select_related("order", "document")
    request = unsent.filter(pk=request_pk).first()
    if request is None or request.document is None:
        return
    paper = request.document
    sent = Document(paper.kind, paper.sha256, paper.media_type, paper.read(), paper.dated)
    try:
        get_carrier().send_documents(request.order.carrier_ref, request.key, (sent,))
    except CarrierUnavailable:
        log.info("The carrier does not answer; the paper of %s is sent later", request.order)
        return
    except CarrierRefused as refusal:
        log.info("The carrier takes no paper for %s any more: %s", request.order, refusal.code)
    DocumentRequest.unscoped.filter(pk=request_pk).update(sent_at=now())


def take_up() -> None:
    """Queue again what a lost message or an outage left undone, and the reminders that are due."""
    old = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    rows = DocumentRequest.unscoped.order_by("pk")
    for task, due in (
        (tell_request, rows.filter(told_at=None, asked_at__lt=old)),
        (send_paper, rows.unsent().filter(fulfilled_at__lt=old)),
        (remind, rows.filter(remind_at__lte=now())),
    ):
        for pk in due.values_list("pk", flat=True)[:BATCH]:
            later(task, pk)


def _requests() -> "models.QuerySet[DocumentRequest]":
    return DocumentRequest.unscoped.select_related("order__org", "order__location", "order__created_by")


def _next_reminder(request: DocumentRequest) -> datetime | None:
    if request.reminders >= len(REMIND_AFTER) or request.fulfilled_at:
        return None
    return request.asked_at + timedelta(days=REMIND_AFTER[request.reminders])


def _post(request: DocumentRequest, occasion: str) -> None:
    order = request.order
    extra = order.notify.replace(",", " ").split()
    post(
        "port_document_wanted",
        event=f"document-request:{request.pk}:{occasion}",
        org=order.org,
        to=[*followers(order.org, order.created_by), *extra],
        context={"order": order, "wanted": request, "is_reminder": occasion != "asked"},
    )
