"""Filling the stock with very many numbers, for measurements: `fill(10_000_000, sold=0.7)` takes seconds.

Numbers have the exchanges 720 to 729 of the demonstration's area codes in the United States,
so they never meet the demonstration's own. What is already sold lies in runs of many lengths, as in a stock
that has been used for years, and belongs to one order; the same arguments make the same stock.
"""

from collections.abc import Iterator
from itertools import cycle, islice, product
from random import Random

from django.db import transaction

from simulator import demo_stock, thousands
from simulator.models import StockBlock, StockOrder, StockTake

EXCHANGES = range(720, 730)
#: How many free numbers lie together, on average, where some are sold.
FREE_RUN = 40
#: Rows of one statement.
BATCH = 500
#: How many there can be.
LIMIT = 10_000_000


def fill(count: int, *, sold: float = 0.0, seed: int = 1) -> int:
    """Add stock until these `count` numbers are there (rounded up to thousands, at most LIMIT); how many
    were added. `sold` is the share that is sold already, from 0 to below 1; `seed` chooses which.
    """
    if not 0 < count <= LIMIT or not 0 <= sold < 1:
        raise ValueError(f"From 1 to {LIMIT:,} numbers, of which a share from 0 to below 1 is sold.")
    random, added = Random(seed), 0  # noqa: S311  (which numbers are sold is no secret)
    wanted = islice(_thousands(), -(-count // thousands.SIZE))
    with transaction.atomic():
        history = StockOrder.objects.get_or_create(
            key="sold-before", defaults={"state": StockOrder.State.PROVISIONED}
        )[0]
        while batch := list(islice(wanted, BATCH)):
            rows = StockBlock.objects.filter(thousand__in=[thousand for thousand, _place in batch])
            there = set(rows.values_list("thousand", flat=True))
            added += _add([row for row in batch if row[0] not in there], sold, random, history)
    return added * thousands.SIZE


def _add(batch: list[tuple[str, tuple[str, str]]], sold: float, random: Random, history: StockOrder) -> int:
    blocks, takes = [], []
    for thousand, (state, city) in batch:
        block = StockBlock.of(thousand, state=state, city=city, rate_center=city)
        if taken := _used(sold, random):
            block.bits = block.whole & ~taken
            takes.append(StockTake(block=block, order=history, bits=thousands.packed(taken)))
        blocks.append(block)
    StockBlock.objects.bulk_create(blocks, batch_size=BATCH)
    StockTake.objects.bulk_create(takes, batch_size=BATCH)
    return len(blocks)


def _thousands() -> Iterator[tuple[str, tuple[str, str]]]:
    """Thousands with their state and city: one of each area code in turn, and then the next of each."""
    cities: dict[str, list[tuple[str, str]]] = {}
    for country, state, area_code, city in demo_stock.places():
        if country == "US":
            cities.setdefault(area_code, []).append((state, city))
    turns = {area_code: cycle(places) for area_code, places in cities.items()}
    for exchange, last in product(EXCHANGES, range(10)):
        for area_code, places in turns.items():
            if area_code != str(exchange):  # those the demonstration has
                yield f"+1{area_code}{exchange}{last}", next(places)


def _used(sold: float, random: Random) -> int:
    """Bits of sold numbers in runs whose lengths vary, in the wanted share on average."""
    if not sold:
        return 0
    bits, place = 0, 0
    is_sold = random.random() < sold
    mean = FREE_RUN * sold / (1 - sold)
    while place < thousands.SIZE:
        length = 1 + int(random.expovariate(1 / max(0.001, (mean if is_sold else FREE_RUN) - 0.5)))
        end = min(place + length, thousands.SIZE)
        if is_sold:
            bits |= thousands.span(place, end - 1)
        place, is_sold = end, not is_sold
    return bits
