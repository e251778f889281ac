"""B9: what the carrier says of a thousand ports becomes moves and mails, with two workers; one of them killed."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import redis
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from carrier.base import EventKind, Topic
from lib import calendar
from notifications import tasks as mails
from notifications.models import MailboxEntry, Message
from porting.models import PortedNumber, PortEvent, PortOrder
from porting.tasks import feed, net
from pstn.models import PhoneNumber
from simulator.events import emit
from tests.bench import inside, machine
from tests.bench.nothing import nothing
from tests.bench.ports import confirmations, in_flight
from tests.bench.ratios import Spread, brief
from tests.bench.servers import worker
from tests.bench.stage import Stage, tenant
from tests.bench.table import Row

STORY = (EventKind.PORT_CONFIRMED, EventKind.PORT_ACTIVATING, EventKind.PORT_COMPLETED)
VERBS = ["confirm", "begin_activation", "complete"]
LONGEST = 300  # seconds that anything here may take
SHORT_NET = {"SWEEP_AFTER_SECONDS": "1", "VISIBILITY_TIMEOUT": "5"}


def measure(stage: Stage) -> Iterator[Row]:
    each = 1_000 // stage.rounds if stage.is_full else 60
    with stage.copy_of(min(stage.sizes), "bench_pipeline") as database:
        orders = in_flight(tenant(1), each * (stage.rounds + 1))
        parts = [orders[start : start + each] for start in range(0, len(orders), each)]
        with worker(database, "--include", "tests.bench.nothing") as pid:
            found = rounds(stage, pid, parts[:-1])
        with worker(database, **SHORT_NET) as pid:
            survived = killed(pid, parts[-1])
        whole = in_flight(tenant(2), stage.rounds + 1, numbers=1_000)
        yield Row(
            "B9",
            f"{each * stage.rounds:,} ports of one number: date, activation, completion, mails; two workers",
            f"{brief(Spread.of(cost for cost, _ in found['ours']).median * 1000)} ms CPU a move",
            f"a task that does nothing: {brief(Spread.of(cost for cost, _ in found['nothing']).median * 1000)} ms CPU",
            Spread.between([cost for cost, _ in found["nothing"]], [cost for cost, _ in found["ours"]]),
            least=0.5,
            holds={
                "each move once, each mail once": is_once([order for part in parts[:-1] for order in part])
            },
            wall=Spread.between([took for _, took in found["nothing"]], [took for _, took in found["ours"]]),
            notes=("wanted in the end: 3",),
        )
        yield Row(
            "B9",
            f"{len(parts[-1])} ports while one child of the worker is killed",
            holds={"none lost, none repeated": survived and is_once(parts[-1])},
        )
        yield of_a_thousand(stage, whole)


def rounds(stage: Stage, pid: int, parts: Sequence[list[PortOrder]]) -> dict[str, list[tuple[float, float]]]:
    """(CPU seconds, wall seconds) of a move and of a task that does nothing, by round."""
    found: dict[str, list[tuple[float, float]]] = {"ours": [], "nothing": []}
    empty(pid, stage, lambda: [nothing.delay() for _ in range(20)], 20, lambda: True)
    for number, part in enumerate(parts):
        told(part)
        works = {
            "ours": (feed.take_carrier_events.delay, len(part) * len(STORY), lambda part=part: is_over(part)),
            "nothing": (lambda: [nothing.delay() for _ in range(400)], 400, lambda: True),
        }
        for name in works if number % 2 == 0 else reversed(works):
            begin, times, done = works[name]
            found[name].append(empty(pid, stage, begin, times, done))
    return found


def empty(
    pid: int, stage: Stage, begin: Callable[[], object], times: int, done: Callable[[], bool]
) -> tuple[float, float]:
    """Begin something and wait until the queue is empty and it is done: CPU and wall seconds of each time."""
    start, used = time.perf_counter(), machine.cpu(pid, stage.postmaster)
    begin()
    wait_for(lambda: is_idle() and done())
    return (machine.cpu(pid, stage.postmaster) - used) / times, (time.perf_counter() - start) / times


def told(orders: Sequence[PortOrder]) -> None:
    """The carrier's events of these orders, from the date to the completion, are there to be read."""
    day = calendar.add_business_days(timezone.localdate(), 8, "US")
    with transaction.atomic():
        for kind in STORY:
            for order in orders:
                dated: date | None = day if kind == EventKind.PORT_CONFIRMED else None
                emit(Topic.PORTS, kind, order.key, day=dated)


def is_over(orders: Sequence[PortOrder]) -> bool:
    """Every event has come and was delivered, every mail is sent."""
    events = PortEvent.unscoped.filter(order__in=orders, verb__in=VERBS)
    return (
        events.count() == len(orders) * len(VERBS)
        and not events.filter(handled_at=None).exists()
        and not Message.objects.filter(sent_at=None).exists()
    )


def is_once(orders: Sequence[PortOrder]) -> bool:
    """Each order made each move once, and what was mailed has arrived, each message once."""
    events = PortEvent.unscoped.filter(order__in=orders, verb__in=VERBS).order_by("pk")
    story: dict[int, list[str]] = {}
    for order, verb in events.values_list("order", "verb"):
        story.setdefault(order, []).append(verb)
    mailed = Message.objects.filter(event__startswith="port-event:")
    twice = mailed.values("event", "to").annotate(n=Count("pk")).filter(n__gt=1)
    sent = set(Message.objects.values_list("message_id", flat=True))
    return (
        [story.get(order.pk) for order in orders] == [VERBS] * len(orders)
        and not twice.exists()
        and set(MailboxEntry.objects.values_list("message_id", flat=True)) == sent
    )


def killed(pid: int, orders: Sequence[PortOrder]) -> bool:
    """Whether all get there although a child of the worker is killed on the way."""
    events = PortEvent.unscoped.filter(order__in=orders, verb__in=VERBS)
    told(orders)
    feed.take_carrier_events.delay()
    wait_for(lambda: events.exclude(handled_at=None).count() > len(orders) // 3)
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    os.kill(int(random.Random(9).choice(children)), signal.SIGKILL)
    until = time.monotonic() + LONGEST
    while not is_over(orders) and time.monotonic() < until:
        # What the scheduler does beside a worker; the claims of a child that died in a mail run out.
        Message.objects.filter(sent_at=None).update(claimed_at=None)
        feed.take_carrier_events.delay()
        net.sweep.delay()
        mails.sweep.delay()
        time.sleep(1)
    return is_over(orders)


def of_a_thousand(stage: Stage, orders: Sequence[PortOrder]) -> Row:
    """One order of 1,000 numbers: a move of it, against one UPDATE of as many rows."""
    events, turn = confirmations(orders), iter(range(10**9))

    def ours() -> None:
        feed.apply(next(events))

    def bare() -> None:
        order = orders[next(turn) % len(orders)]
        e164s = list(PortedNumber.unscoped.filter(order=order).values_list("e164", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {PhoneNumber._meta.db_table} SET port_date = current_date, updated_at = now() "
                "WHERE e164 = ANY(%s) RETURNING id",
                [e164s],
            )
            cursor.fetchall()

    return Row(
        "B9",
        "one port of 1,000 numbers: its date comes",
        against="one UPDATE … RETURNING of its 1,000 numbers",
        ratio=inside.compare(stage, ours, bare),
        most=3,
    )


def is_idle() -> bool:
    """Nothing waits in the queue, nothing is being done."""
    broker = redis.Redis.from_url(os.environ["REDIS_URL"])
    return not broker.llen("celery") and not broker.hlen("unacked")


def wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("the workers were not done in time")
        time.sleep(0.02)
