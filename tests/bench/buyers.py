"""B7: orders of a hundred single numbers by 8 and 16 buyers at once, against the same rows in plain SQL."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
                match = matched(stage, EACH, ours, raw, range(stage.rounds))
            yield told(f"orders of {EACH} single numbers, {count} buyers", [match])


@dataclass(frozen=True)
class Match:
    """What two crowds got done in the same rounds, and whether all is right when it is counted afterwards."""

    ours: list[Done]
    raw: list[Done]
    is_right: bool


def matched(
    stage: Stage, each: int, ours: Crowd, raw: Crowd, rounds: range, *, most: int = 0, first: int = 0
) -> Match:
    """Two crowds work in turn for these rounds. Where there is little to buy, a buyer of either takes `most`
    pieces in each, and `first` ones before any that count."""
    ours.work(1, first), raw.work(1, first)
    done: dict[str, list[Done]] = {"ours": [], "raw": []}

    def turn(name: str, people: Crowd) -> float:
        done[name].append(people.work(stage.seconds, most))
        return done[name][-1].cpu

    in_turn({"ours": lambda: turn("ours", ours), "raw": lambda: turn("raw", raw)}, len(rounds), rounds.start)
    return Match(done["ours"], done["raw"], is_right(each))


def told(what: str, matches: list[Match]) -> Row:
    """The row of one match, or of several of the same kind."""
    ours, raw = [one for it in matches for one in it.ours], [one for it in matches for one in it.raw]
    slowest = max((one.percentile(0.95) / one.percentile(0.5) for one in ours if one.took), default=0.0)
    errors = sorted({error for one in (*ours, *raw) for error in one.errors})
    return Row(
        "B7" if "single" in what else "B8",
        what,
        shown(ours),
        f"plain SQL: {shown(raw)}",
        Spread.between([one.cpu for one in raw], [one.cpu for one in ours]),
        least=0.3,
        holds={
            "no errors": not errors,
            "none twice, none short": all(it.is_right for it in matches),
            "p95 ≤ 3 × p50": slowest <= 3,
        },
        wall=Spread.between([one.pace for one in raw], [one.pace for one in ours]),
        notes=(f"p95 is {brief(slowest)} × p50 at most", *errors[:3]),
    )


def shown(turns: list[Done]) -> str:
    pace, cost = (Spread.of(getattr(one, name) for one in turns).median for name in ("pace", "cpu"))
    return f"{brief(1 / pace)} orders/s, {brief(cost * 1000)} ms CPU"


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
