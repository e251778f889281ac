"""B7: orders of a hundred single numbers by 8 and 16 buyers at once, against the same rows in plain SQL."""

import random
from collections.abc import Callable, Iterator

from django.db.models import Count

from accounts.models import Organization, User
from pstn import stock
from pstn.models import Location, NumberEvent, NumberOrder, NumberOrderLine, PhoneNumber
from pstn.workflow import number_orders as workflow
from simulator import filling
from simulator import stock as carrier_stock
from simulator.models import StockBlock
from tests.bench import by_hand
from tests.bench.crowd import Crowd, Done, Work, crowd
from tests.bench.ratios import Spread, brief, in_turn
from tests.bench.stage import Stage, administrator, tenant
from tests.bench.table import Row

EACH = 100


def measure(stage: Stage) -> Iterator[Row]:
    with stage.built("bench_buyers") as database:
        filling.fill(by_hand.POOL)
        by_hand.make_pool(by_hand.free_runs())
        for count in (8, 16):
            with (
                crowd(count, hundreds, stage.postmaster) as ours,
                crowd(count, plain(database, "some", EACH), stage.postmaster) as raw,
            ):
                yield told(stage, f"orders of {EACH} single numbers, {count} buyers", EACH, ours, raw)


def told(stage: Stage, what: str, each: int, ours: Crowd, raw: Crowd, most: int = 0) -> Row:
    """The row of two crowds that work in turn; afterwards everything is counted. Where there is little to
    buy, a buyer of either crowd takes `most` pieces in a turn."""
    ours.work(1, most), raw.work(1, most)
    done: dict[str, list[Done]] = {"ours": [], "raw": []}

    def turn(name: str, people: Crowd) -> float:
        done[name].append(people.work(stage.seconds, most))
        return done[name][-1].cpu

    found = in_turn({"ours": lambda: turn("ours", ours), "raw": lambda: turn("raw", raw)}, stage.rounds)
    mine = done["ours"]
    slowest = max((one.percentile(0.95) / one.percentile(0.5) for one in mine if one.took), default=0.0)
    errors = [error for some in done.values() for one in some for error in one.errors]
    right = {"no errors": not errors, "none twice, none short": is_right(each), "p95 ≤ 3 × p50": slowest <= 3}
    paces = {name: [one.pace for one in some] for name, some in done.items()}
    return Row(
        "B7" if "single" in what else "B8",
        what,
        f"{brief(1 / Spread.of(paces['ours']).median)} orders/s, {brief(Spread.of(found['ours']).median * 1000)} ms CPU",
        f"plain SQL: {brief(1 / Spread.of(paces['raw']).median)} orders/s, "
        f"{brief(Spread.of(found['raw']).median * 1000)} ms CPU",
        Spread.between(found["raw"], found["ours"]),
        least=0.3,
        holds=right,
        wall=Spread.between(paces["raw"], paces["ours"]),
        notes=(f"p95 is {brief(slowest)} × p50 at most", *sorted(set(errors))[:3]),
    )


def hundreds(n: int) -> Work:
    """The n-th buyer through our verbs: a draft, a hundred numbers found and held, the order placed."""
    org, place, person, dice = customer(n)
    states = sorted(set(StockBlock.objects.filter(country="US").values_list("state", flat=True)))

    def work() -> None:
        order = workflow.start(org, by=person, location=place)
        search = stock.Search(country="US", state=dice.choice(states), quantity=EACH)
        found = workflow.look(order, search)
        if found != EACH:
            raise LookupError(f"{found} numbers instead of {EACH}")
        workflow.place(order, by=person)

    return work


def customer(n: int) -> tuple[Organization, Location, User, random.Random]:
    """The n-th buyer: an organization of their own, a location that can take numbers."""
    org = tenant(n + 1)
    return org, org.locations.order_by("pk")[1], administrator(n + 1), random.Random(n)


def plain(database: str, verb: str, each: int) -> Callable[[int], Work]:
    """Buyers without us."""

    def make(n: int) -> Work:
        org, place, person, _dice = customer(n + 20)
        buyer = by_hand.Buyer(database, org.pk, place.pk, person.pk)
        return lambda: getattr(buyer, verb)(each)

    return make


def is_right(each: int) -> bool:
    """Every order of ours has its numbers, no number is in two, each is listed with its story, and the
    carrier's books agree."""
    ours = NumberOrderLine.unscoped.filter(order__state=NumberOrder.State.PENDING, e164__startswith="+1")
    twice = ours.values("e164").annotate(n=Count("pk")).filter(n__gt=1)
    short = ours.values("order").annotate(n=Count("pk")).exclude(n__in=[10, 50, each, 100])
    listed = PhoneNumber.unscoped.filter(number_order__isnull=False, e164__startswith="+1").count()
    stories = NumberEvent.unscoped.filter(what="ordered", e164__startswith="+1").count()
    return (
        not twice.exists()
        and not short.exists()
        and ours.count() == listed == stories
        and not any(carrier_stock.differences())
    )
