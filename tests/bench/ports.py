"""Ten thousand port orders in flight: what one event of the carrier costs, and each wizard step with 1,000 numbers."""

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization, User
from carrier.base import Event, EventKind
from lib import calendar
from porting.models import PortedNumber, PortEvent, PortOrder
from porting.tasks import feed
from pstn.models import PhoneNumber
from tests.factories import make_connected_location
from tests.porting.factories import ACCOUNT, a_date, make_port_order

AT_ONCE = 100
NEVER_TWICE = itertools.count(1)  # an event that was applied already would cost next to nothing


def in_flight(org: Organization, count: int) -> list[PortOrder]:
    """So many orders of one number each at the carrier."""
    location = make_connected_location(org, name=f"{count} ports")
    day = calendar.add_business_days(timezone.localdate(), 8, "US")
    base = f"+1{count % 700 + 200}"
    e164s = [f"{base}{200 + n // 10_000:03}{n % 10_000:04}" for n in range(count)]
    orders = PortOrder.unscoped.bulk_create(
        [
            PortOrder(
                org=org,
                location=location,
                state="submitted",
                attempt=1,
                carrier_ref=f"ref-{n}",
                number_count=1,
                requested_date=day,
                **ACCOUNT,
            )
            for n in range(count)
        ],
        batch_size=500,
    )
    PortedNumber.unscoped.bulk_create(
        [
            PortedNumber(order=order, e164=e164, state="submitted", portable="yes", is_listed=True)
            for order, e164 in zip(orders, e164s, strict=True)
        ],
        batch_size=500,
    )
    PhoneNumber.unscoped.bulk_create(
        [
            PhoneNumber(org=org, location=location, state="porting", e164=e164, tail=e164[:0:-1])
            for e164 in e164s
        ],
        batch_size=500,
    )
    return orders


def confirmations(orders: list[PortOrder]) -> Iterator[Event]:
    """An endless row of dates for orders in turn, spread over all of them; each has its own id."""
    day = calendar.add_business_days(timezone.localdate(), 8, "US")
    step = max(1, len(orders) // AT_ONCE)
    for n in NEVER_TWICE:
        order = orders[(n * step) % len(orders)]
        yield Event(
            f"bench-{len(orders)}-{n}",
            str(n),
            EventKind.PORT_CONFIRMED,
            order.key,
            timezone.now(),
            date=date.fromordinal(day.toordinal() + n % 3),
        )


def applied(orders: list[PortOrder]) -> Callable[[], None]:
    """One event, as the worker applies it, its delivery left to the queue."""
    events = confirmations(orders)
    return lambda: feed.apply(next(events))


def bare_task(orders: list[PortOrder]) -> Callable[[], None]:
    """The least that any task of the house does: a transaction, a locked row, its change, an event row."""
    turn = itertools.cycle(orders)

    def work() -> None:
        with transaction.atomic():
            order = PortOrder.unscoped.select_for_update(of=("self",)).get(pk=next(turn).pk)
            order.save(update_fields=["moved_at"])
            PortEvent.unscoped.create(order=order, before=order.state, after=order.state, verb="bench")

    return work


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def steps(org: Organization, person: User) -> dict[str, float]:
    """Wall seconds of each page of the wizard of one order with 1,000 numbers, and of submitting it."""
    numbers = tuple(f"+1408556{n:04}" for n in range(1_000))
    order = make_port_order(org, numbers=numbers, btn=numbers[0], requested_date=a_date(12))
    client = Client()
    client.force_login(person)
    root = f"/{org.slug}/orders/P-{order.pk}/"
    took = {}
    for slug in ("numbers", "date", "carrier", "bill", "loa", "review"):
        took[slug] = _seconds(lambda slug=slug: client.get(f"{root}edit/{slug}/"), 200)
    took["panel"] = _seconds(lambda: client.get(root), 200)
    took["submit"] = _seconds(lambda: client.post(f"{root}submit/", {"anyway": "on"}), 302)
    order.refresh_from_db()
    assert not order.is_draft, "the order was not submitted"
    return took


def _seconds(work: Callable[[], object], status: int) -> float:
    start = time.perf_counter()
    answer = work()
    assert answer.status_code == status, (answer.status_code, answer.content[:500])  # type: ignore[attr-defined]
    return time.perf_counter() - start
