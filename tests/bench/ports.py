"""P2: ten thousand port orders in flight, an event of the carrier; an order of 1,000 numbers, each of its pages."""

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import date

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from accounts.models import Organization
from carrier.base import Event, EventKind
from lib import calendar
from porting.models import PortedNumber, PortEvent, PortOrder
from porting.tasks import feed
from pstn.models import PhoneNumber
from simulator.carrier import SimulatedCarrier
from tests.bench import inside, sql
from tests.bench.stage import Stage, tenant
from tests.bench.table import Row
from tests.factories import make_connected_location
from tests.porting.factories import ACCOUNT, a_date, make_port_order

AT_ONCE = 100
THOUSAND = [f"+1408555{n:04}" for n in range(1_000)]
FIRSTS = itertools.count()  # every call has numbers of its own
NEVER_TWICE = itertools.count(1)  # an event that was applied already would cost next to nothing


def measure(stage: Stage) -> Iterator[Row]:
    with stage.copy_of(min(stage.sizes), "bench_ports"):
        few, many = in_flight(tenant(1), 100), in_flight(tenant(2), 10_000)
        yield Row(
            "P2",
            "an event of the carrier, 10,000 ports in flight",
            against="100 in flight",
            ratio=inside.compare(stage, inside.repeated(applied(many)), inside.repeated(applied(few))),
            notes=(
                f"{inside.statements(applied(many))} statements with 10,000 in flight, "
                f"{inside.statements(applied(few))} with 100",
            ),
        )
        yield Row(
            "P2",
            "an event of the carrier, 10,000 ports in flight",
            against="a bare task: a locked row, its change, an event row",
            ratio=inside.compare(stage, inside.repeated(applied(many)), inside.repeated(bare_task(many))),
        )
        carrier = SimulatedCarrier()
        carrier.check_portability("US", THOUSAND)
        asked = {
            n: inside.statements(lambda n=n: carrier.check_portability("US", THOUSAND[:n]))
            for n in (1, 1_000)
        }
        yield Row(
            "P2",
            "statements of a portability check of 1 and of 1,000 numbers",
            f"{asked[1]} and {asked[1_000]}",
            holds={"as many": asked[1] == asked[1_000]},
        )
        took = steps(tenant())
        yield Row(
            "P2",
            "pages of a port order of 1,000 numbers, and submitting it",
            ", ".join(f"{name} {seconds:.2f} s" for name, seconds in took.items()),
            "one second each",
            holds={"each within a second": max(took.values()) <= 1},
        )


def in_flight(org: Organization, count: int, numbers: int = 1) -> list[PortOrder]:
    """So many orders at the carrier, of so many numbers each."""
    location = make_connected_location(org, name=f"{count} ports")
    day = calendar.add_business_days(timezone.localdate(), 8, "US")
    first = next(FIRSTS) * 100_000
    e164s = [f"+1980{200_0000 + first + n:07}" for n in range(count * numbers)]
    orders = PortOrder.unscoped.bulk_create(
        [
            PortOrder(
                org=org,
                location=location,
                state="submitted",
                attempt=1,
                carrier_ref=f"ref-{n}",
                number_count=numbers,
                requested_date=day,
                **ACCOUNT,
            )
            for n in range(count)
        ],
        batch_size=500,
    )
    PortedNumber.unscoped.bulk_create(
        [
            PortedNumber(
                order=orders[n // numbers], e164=e164, state="submitted", portable="yes", is_listed=True
            )
            for n, e164 in enumerate(e164s)
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


def steps(org: Organization) -> dict[str, float]:
    """Wall seconds of each page of the wizard of one order with 1,000 numbers, and of submitting it."""
    numbers = tuple(f"+1408556{n:04}" for n in range(1_000))
    order = make_port_order(org, numbers=numbers, btn=numbers[0], requested_date=a_date(12))
    client = sql.visitor()
    root = f"/{org.slug}/orders/P-{order.pk}/"
    took = {}
    for slug in ("numbers", "date", "carrier", "bill", "loa", "review"):
        took[slug] = _seconds(lambda slug=slug: client.get(f"{root}edit/{slug}/"), 200)
    took["panel"] = _seconds(lambda: client.get(root), 200)
    took["submit"] = _seconds(lambda: client.post(f"{root}submit/", {"anyway": "on"}), 302)
    order.refresh_from_db()
    assert not order.is_draft, "the order was not submitted"
    return took


def _seconds(work: Callable[[], HttpResponse], status: int) -> float:
    start = time.perf_counter()
    answer = work()
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    return time.perf_counter() - start
