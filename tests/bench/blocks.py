"""B8: consecutive numbers in a stock that is 70 % and 98 % sold: the search, the whole order, and the books."""

import random
from collections.abc import Iterator
from functools import partial

from carrier.base import CarrierRefused
from lib.transitions import Refused
from pstn import stock
from pstn.models import NumberOrder
from pstn.workflow import number_drafts as drafts
from pstn.workflow import number_orders as workflow
from simulator import filling, thousands
from simulator import stock as carrier_stock
from simulator.models import StockBlock
from tests.bench import buyers, by_hand, sql
from tests.bench.crowd import Work, crowd
from tests.bench.ratios import Spread
from tests.bench.run import said
from tests.bench.stage import Stage
from tests.bench.table import Row

SIZES = (10, 50, 100)
BUYERS = 8
ENOUGH = 10  # orders of a buyer in a turn: with fewer the first ones, which plan and import, weigh too much
FIRST = 2  # orders of a buyer that do not count, where there are fewer
ISLANDS = (
    "SELECT min(n), count(*) FROM (SELECT n, n - row_number() OVER (ORDER BY n) AS island FROM bench_pool "
    "WHERE NOT taken) AS free GROUP BY island HAVING count(*) >= {size} ORDER BY 1 LIMIT 1"
)


def measure(stage: Stage) -> Iterator[Row]:
    count = max(100_000, stage.largest)
    for sold in (0.7, 0.98):
        with stage.built("bench_stock") as database:
            filling.fill(count, sold=sold)
            by_hand.make_pool(by_hand.free_runs())
            what = f"{said(count)} numbers in stock, {sold:.0%} sold"
            for size in SIZES:
                yield from searched(stage, database, size, what)
            for size in SIZES:
                yield ordered(stage, database, size, what)
    yield booked(stage)


def ordered(stage: Stage, database: str, size: int, what: str) -> Row:
    """Whole orders, each size in a stock of its own: who buys tens faster would have fewer fifties afterwards.

    Neither side takes more than half of the blocks that are there: what is measured is ordering, not the
    search for the last ones. Where that is little, every round has a stock of its own, too.
    """
    work = f"orders of {size} consecutive, {BUYERS} buyers, {what}"
    share = pieces_left(size) // 2 // BUYERS
    in_all = share // (stage.rounds + 1)
    if in_all >= ENOUGH:
        return buyers.told(work, [match(stage, database, size, range(stage.rounds), in_all, in_all)])
    if share <= FIRST:
        return Row("B8", work, "too few are left")
    most = share - FIRST
    few = [match(stage, database, size, range(n, n + 1), most, FIRST) for n in range(stage.rounds)]
    return buyers.told(f"{work}, a stock and {most} orders of each buyer a round", few)


def match(stage: Stage, database: str, size: int, rounds: range, most: int, first: int) -> buyers.Match:
    with (
        stage.passing("bench_blocks", database) as copy,
        crowd(BUYERS, partial(pieces, size), stage.postmaster) as ours,
        crowd(BUYERS, buyers.plain(copy, "piece", size), stage.postmaster) as raw,
    ):
        return buyers.matched(stage, size, ours, raw, rounds, most=most, first=first)


def searched(stage: Stage, database: str, size: int, what: str) -> Iterator[Row]:
    """Finding a block: its statements against one by key, all of it against a window over the free numbers."""
    rows = StockBlock.objects.with_room(size).filter(country="US")
    state = rows.values_list("state", flat=True).first()
    search = stock.Search(country="US", state=state or "CA")
    found = carrier_stock.find_blocks(search, size)
    its_own = [one for one in sql.asked_by(lambda: stock.blocks(search, size)) if "stockblock" in str(one)]
    point = [f"SELECT * FROM {StockBlock._meta.db_table} WHERE id = {StockBlock.objects.latest('pk').pk}"]
    asked = sql.compare(stage, database, {"ours": (its_own, 100), "limit": (point, 100)})
    got = f"{len(found)} of {found[0].size}" if found else "none"
    yield Row(
        "B8",
        f"search for {size} consecutive, {what}: {got}",
        sql.shown(asked["ours"]),
        f"one row by its key: {sql.shown(asked['limit'])}",
        Spread.between(asked["ours"], asked["limit"]),
        most=3,
    )
    islands = [ISLANDS.format(size=size)]
    asked = sql.compare(stage, database, {"ours": (its_own, 50), "window": (islands, 1)})
    yield Row(
        "B8",
        f"search for {size} consecutive, {what}",
        sql.shown(asked["ours"]),
        f"a window over the free numbers: {sql.shown(asked['window'])}",
        Spread.between(asked["ours"], asked["window"]),
        most=0.002 if stage.largest >= 10_000_000 else None,
    )


def pieces(size: int, n: int) -> Work:
    """The n-th buyer through our verbs: a block is looked for, taken and ordered; when somebody else was
    faster, the next one."""
    org, place, person, dice = buyers.customer(n)
    there = StockBlock.objects.with_room(size).filter(country="US").values_list("state", flat=True)
    states = sorted(set(there)) or ["CA"]

    def work() -> None:
        order = workflow.start(org, by=person, location=place, kind=NumberOrder.Kind.BLOCK)
        for _turn in range(50):
            search = stock.Search(country="US", state=dice.choice(states))
            found = [one for one in stock.blocks(search, size) if one.size == size]
            if not found:
                continue
            try:
                drafts.take_block(order, dice.choice(found).first, size)
            except Refused:
                continue
            workflow.place(order, by=person)
            return
        raise LookupError(f"no block of {size} is left")

    return work


def booked(stage: Stage) -> Row:
    """Holds, releases, sales and returns in any order; then the maps against a recount."""
    times = 10_000 if stage.is_full else 1_000
    with stage.built("bench_books"):
        filling.fill(10_000, sold=0.5)
        dice = random.Random(8)
        holds: list[tuple[str, list[str]]] = []
        sold: list[list[str]] = []
        states = sorted(set(StockBlock.objects.values_list("state", flat=True)))
        for n in range(times):
            choice = dice.random()
            if choice < 0.45 or not (holds or sold):
                held = carrier_stock.hold(f"bench-{n}", wanted(dice, states), 600)
                holds.append((held.id, [one.e164 for one in held.numbers]))
            elif choice < 0.6 and holds:
                carrier_stock.release(holds.pop(dice.randrange(len(holds)))[0], ())
            elif choice < 0.85 and holds:
                sell(n, *holds.pop(dice.randrange(len(holds))), sold)
            elif sold:
                carrier_stock.take_back(f"bench-back-{n}", sold.pop(dice.randrange(len(sold))))
        different = list(carrier_stock.differences())
    return Row(
        "B8",
        f"the carrier's books after {times:,} random holds, releases, sales and returns",
        holds={"equal to a recount": not different},
        notes=tuple(different[:3]),
    )


def wanted(dice: random.Random, states: list[str]) -> list[str]:
    search = stock.Search(country="US", state=dice.choice(states), quantity=dice.choice((1, 7, 40)))
    if dice.random() < 0.5:
        return [one.e164 for one in carrier_stock.find(search)]
    blocks = carrier_stock.find_blocks(search, dice.choice(SIZES))
    return list(dice.choice(blocks).numbers) if blocks else []


def sell(n: int, hold: str, numbers: list[str], sold: list[list[str]]) -> None:
    if not numbers:
        return
    try:
        carrier_stock.order(f"bench-order-{n}", numbers, hold)
    except CarrierRefused:
        return  # somebody had one of them meanwhile: nothing is sold
    sold.append(numbers)


def pieces_left(size: int) -> int:
    """How many blocks of this size the stock has."""
    rows = StockBlock.objects.with_room(size).iterator()
    return sum(len(thousands.picked_slots(block.bits, size, 1_000)) for block in rows)
