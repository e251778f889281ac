"""What the calendar does to orders: warnings, closing what nobody acts on, asking after silent carriers.

Nothing here needs an exact time. A run after a long pause sends only the latest warning that is due, and
closes nothing whose last warning is younger than the time that it promised.
"""

from collections.abc import Callable
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.timezone import now

from notifications.outbox import post
from notifications.recipients import followers
from porting import ageing
from porting.models import PortEvent, PortOrder, PortWarning
from porting.models.ageing import ANSWERS, CLOSINGS, THE_DAY, Closing, began, limits
from porting.tasks.orders import attempt_move
from porting.workflow import orders as workflow

S = PortOrder.State
BATCH = 500
ENDS: dict[str, Callable[[PortOrder], None]] = {
    S.DRAFT: workflow.expire,
    S.REJECTED: workflow.abandon,
    S.AWAITING_DOCUMENTS: workflow.recall,
    S.AWAITING_SIGNATURE: workflow.recall,
}


@shared_task
def look_around() -> None:
    """One run over everything that waits; safe to run twice, and as often as one likes."""
    _refresh()
    for state, rule in CLOSINGS.items():
        first = min((*rule.warnings, rule.after))
        old = PortOrder.unscoped.filter(state=state, moved_at__lte=now() - timedelta(days=first))
        if state in (S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE):
            old = old.filter(carrier_ref="")  # what the carrier has never becomes a draft again
        for pk in list(old.order_by("moved_at").values_list("pk", flat=True)):
            _take_up(pk, state, rule)
    chased = PortEvent.unscoped.filter(order=OuterRef("pk"), verb="chase", at__gt=OuterRef("moved_at"))
    silent = PortOrder.unscoped.filter(
        ~Exists(chased),
        state__in=[*ANSWERS, *THE_DAY, S.ACTIVATION_FAILED, S.DISPUTED],
        red_on__lt=timezone.localdate(),
    )
    for order in silent.select_related("org", "location").order_by("red_on")[:BATCH]:
        ageing.chase(order)


def _refresh() -> None:
    """Store the days anew of what waits for people: a draft that was edited is young again."""
    rows = PortOrder.unscoped.filter(state__in=list(CLOSINGS)).select_related("location")
    for order in rows.iterator(chunk_size=500):
        days = limits(order, order.state)
        if days != (order.amber_on, order.red_on):
            PortOrder.unscoped.filter(pk=order.pk, state=order.state).update(amber_on=days[0], red_on=days[1])


def _take_up(pk: int, state: str, rule: Closing) -> None:
    """Warn about one order, or close it."""
    with transaction.atomic():
        rows = PortOrder.unscoped.select_related("org", "location", "created_by")
        order = rows.select_for_update(of=("self",)).filter(pk=pk, state=state).first()
        if order is None:
            return  # it has moved on
        since = began(order)
        days = (now() - since).days
        if days >= rule.after and _was_warned(order, rule):
            attempt_move(ENDS[state], order)
            return
        due = [day for day in rule.warnings if day <= days]
        if due and not order.warnings.filter(since=since, day__gte=due[-1]).exists():
            order.warnings.create(since=since, day=due[-1], sent_at=now())
            _warn(order, due[-1], rule)


def _was_warned(order: PortOrder, rule: Closing) -> bool:
    """Whether the last warning is as old as it promised: nothing is closed unannounced."""
    if not rule.warnings:
        return True
    grace = timedelta(days=rule.after - rule.warnings[-1])
    last: PortWarning | None = order.warnings.filter(since=began(order), day=rule.warnings[-1]).first()
    return last is not None and last.sent_at <= now() - grace


def _warn(order: PortOrder, day: int, rule: Closing) -> None:
    left = max(rule.after - (now() - began(order)).days, rule.after - rule.warnings[-1])
    post(
        "port_closing",
        event=f"port-warning:{order.pk}:{began(order):%Y%m%d%H%M%S}:{day}",
        org=order.org,
        to=followers(order.org, order.created_by),
        context={"order": order, "left": left, "is_draft": order.state == S.DRAFT},
    )
