"""Text messages of ported numbers: they move after the calls, and sometimes stay where they were."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from accounts.models import Membership
from lib import calendar
from notifications.outbox import post
from notifications.recipients import followers
from porting.models import CutoverDay, PortedNumber, PortOrder
from porting.models.numbers import Messaging, NumberState
from porting.models.rollup import OPEN_MESSAGING

STUCK_DAYS = 2  # business days after which people are told that messages are stuck
TONES = {
    Messaging.PENDING: "info",
    Messaging.ACTIVATING: "info",
    Messaging.STUCK: "bad",
    Messaging.PORTED: "ok",
}


def facts(order: PortOrder, membership: Membership) -> dict[str, Any] | None:
    """The order's card once a number with messages has come: how many are where. No queries."""
    here = [row for row in order.numbers.all() if row.state == NumberState.PORTED and row.messaging]
    if not here:
        return None
    found = Counter(row.messaging for row in here)
    return {
        "counts": [(TONES[state], str(state.label), found[state]) for state in TONES if found[state]],
        "stuck": [row for row in here if row.messaging == Messaging.STUCK],
        "is_open": any(row.messaging in OPEN_MESSAGING for row in here),
        "support_url": settings.SUPPORT_URL,
        "days": STUCK_DAYS,
    }


def tell(orders: Mapping[int, PortOrder]) -> None:
    """Write down since when messages are stuck, and once an order the e-mail that all of them have moved.

    Called after each event that may change it; doing so twice changes nothing. `orders` come by their keys.
    """
    found = PortedNumber.messaging_of(orders)
    days = CutoverDay.of_orders(found)
    for pk, states in found.items():
        known = days.get(pk) or CutoverDay()
        if states - {Messaging.NONE} and (
            _is_news_of_stuck(states, known) or _has_moved(states, orders[pk], known)
        ):
            _note(orders[pk], states)


def _is_news_of_stuck(states: set[str], day: CutoverDay) -> bool:
    return (Messaging.STUCK in states) != bool(day.stuck_since)


def _has_moved(states: set[str], order: PortOrder, day: CutoverDay) -> bool:
    """Whether all messages have moved and nobody was told."""
    moved = order.is_here and Messaging.PORTED in states and not states & OPEN_MESSAGING
    return moved and not day.moved_told_at


def _note(order: PortOrder, states: set[str]) -> None:
    with transaction.atomic():
        day = CutoverDay.locked_of(order)
        if _is_news_of_stuck(states, day):
            day.stuck_since = now() if Messaging.STUCK in states else None
        if _has_moved(states, order, day):
            _post("port_messaging_moved", order)
            day.moved_told_at = now()
        day.save(update_fields=["stuck_since", "moved_told_at"])


def tell_stuck(order: PortOrder) -> None:
    """The e-mail that messages have been stuck for too long, once an order."""
    with transaction.atomic():
        day = CutoverDay.locked_of(order)
        if day.stuck_told_at or not day.stuck_since or not is_overdue(day.stuck_since, order):
            return
        _post("port_messaging_stuck", order)
        day.stuck_told_at = now()
        day.save(update_fields=["stuck_told_at"])


def is_overdue(since: datetime, order: PortOrder) -> bool:
    """Whether that many business days have passed where the numbers are."""
    zone = ZoneInfo(order.zone)
    began, moment = since.astimezone(zone), now().astimezone(zone)
    due = calendar.add_business_days(began.date(), STUCK_DAYS, order.pack.holidays)
    return (moment.date(), moment.time()) >= (due, began.time())


def _post(kind: str, order: PortOrder) -> None:
    extra = order.notify.replace(",", " ").split()
    post(
        kind,
        event=f"port-messaging:{order.pk}",
        org=order.org,
        to=[*followers(order.org, order.created_by), *extra],
        context={"order": order},
    )
