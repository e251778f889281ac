"""The e-mails of messages: each once. They never quote: people write PINs where they should not."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now

from lib.queue import later
from notifications.outbox import post
from notifications.recipients import followers, support
from porting.models import PortMessage

Side = PortMessage.Side
BATCH = 200


@shared_task
def tell(message_pk: int) -> None:
    """Write the e-mails of one message: to the customer's people, or to support; none of support's notes."""
    with transaction.atomic():
        rows = PortMessage.unscoped.select_related("order__org", "order__location", "order__created_by")
        message = rows.select_for_update(of=("self",)).get(pk=message_pk)
        if message.told_at:
            return
        _post(message)
        PortMessage.unscoped.filter(pk=message_pk).update(told_at=now())


def _post(message: PortMessage) -> None:
    order, event = message.order, f"port-message:{message.pk}"
    context = {"order": order, "message": message}
    if message.side == Side.SUPPORT:
        if not message.is_internal:
            people = followers(order.org, order.created_by)
            post("support_answered", event=event, org=order.org, to=people, context=context)
        return
    kind = "port_alert" if message.side == Side.CONSOLE else "message_received"
    desk = reverse("admin:porting_portorder_change", args=[order.pk])
    post(kind, event=event, org=order.org, to=support(), context={**context, "url": desk})


def take_up() -> None:
    """Queue again what a lost message left undone."""
    old = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    untold = PortMessage.unscoped.filter(told_at=None, at__lt=old)
    for pk in untold.values_list("pk", flat=True)[:BATCH]:
        later(tell, pk)
