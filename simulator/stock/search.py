"""Finding what is free: places, numbers and consecutive blocks. Nothing here is held by being found.

A search reads a few rows that can serve it, in an order that looks like none. Where it begins in that order
depends on the worker that asks, so that many buyers do not reach for the same numbers at the same moment;
the same worker gets the same answer for as long as nothing is taken.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone

from carrier.base import AvailableBlock, AvailableNumber, NumberKind, NumberSearch, Places
from simulator import plans, thousands
from simulator.models import StockBlock
from simulator.models.stock import start_of
from simulator.stock import holding
from simulator.stock.candidates import Candidate, Candidates, candidates_for
from simulator.stock.ledger import as_available, blocks_of

#: A few numbers of one answer come from so many blocks in turn, for choice. Many come from as few blocks as
#: there can be: fewer rows that two buyers of many could meet in.
SPREAD, FEW = 4, 24
#: A pattern is looked for in at most so many blocks that can have it.
LOOKED_AT = 2_048
#: Rows of one query while a search goes on, at most; it begins with few.
BATCH = 512
#: Neighbors on each side that are looked at for numbers like another.
NEIGHBORS = 8


def places(country: str, state: str) -> Places:
    """Area codes and cities of a state whose blocks are not sold out; of local numbers, which have a
    place.
    """
    rows = StockBlock.objects.with_room().filter(country=country, kind=NumberKind.LOCAL)
    if country in plans.NORTH_AMERICA:
        rows = rows.filter(state=state.strip().upper())
    found = list(rows.values_list("area_code", "city").distinct())
    return Places(tuple(sorted({row[0] for row in found})), tuple(sorted({row[1] for row in found})))


def find(search: NumberSearch) -> tuple[AvailableNumber, ...]:
    """At most `quantity` free numbers, ascending; those nearest to `like` or named by `exactly` instead."""
    found = look(search)
    wanted = len(set(search.exactly)) or search.quantity
    if len(found) < wanted and holding.fold_lapsed(timezone.now()):
        return look(search)
    return found


def look(search: NumberSearch, *, sound_only: bool = False) -> tuple[AvailableNumber, ...]:
    """The same as things stand, without freeing first what is held no longer. `sound_only` leaves out
    blocks whose provisioning fails.
    """
    if left_out := set(search.without):
        wider = replace(search, quantity=search.quantity + len(left_out), without=())
        found = [number for number in look(wider, sound_only=sound_only) if number.e164 not in left_out]
        return tuple(found[: search.quantity])
    if search.exactly:
        blocks = blocks_of(search.exactly)
        found = [
            as_available(block, number)
            for number, block in blocks.items()
            if block.bits >> int(number[-3:]) & 1 and not (sound_only and block.is_broken)
        ]
        return _ascending(found)
    if search.quantity < 1:
        return ()
    if search.like:
        rows = StockBlock.objects.with_room()
        return _like(search, rows.filter(is_broken=False) if sound_only else rows)
    return _ascending(
        islice(_scattered(candidates_for(search, sound_only=sound_only), search), search.quantity)
    )


def find_blocks(search: NumberSearch, size: int, quantity: int = 10) -> tuple[AvailableBlock, ...]:
    """At most `quantity` blocks of `size` consecutive free numbers, or of the next smaller size there
    is.
    """
    found = _nearest(search, size, quantity)
    if not (found and found[0].size == size) and holding.fold_lapsed(timezone.now()):
        return _nearest(search, size, quantity)
    return found


def _wanted(block: StockBlock | Candidate, search: NumberSearch) -> int:
    """The free numbers of a block that fit the pattern."""
    if not (search.contains or search.ends_with):
        return block.bits
    return block.bits & thousands.matching(block.digits, search.contains, search.ends_with)


def _scattered(blocks: Candidates, search: NumberSearch) -> Iterator[AvailableNumber]:
    """Free numbers, block after block in groups: one of each in turn until all of the group are used up."""
    start = _start()
    spread = SPREAD if search.quantity <= FEW else 1
    parts = [blocks.only(spot__gte=start), blocks.only(spot__lt=start)]
    for batch in _batches(parts, SPREAD, fill=spread > 1):
        for group in (batch[n : n + spread] for n in range(0, len(batch), spread)):
            yield from _in_turn(group, search, start)


def _in_turn(blocks: Sequence[Candidate], search: NumberSearch, start: int) -> Iterator[AvailableNumber]:
    sources = [(block, thousands.scattered(_wanted(block, search), start)) for block in blocks]
    while sources:
        for source in tuple(sources):
            block, free = source
            place = next(free, None)
            if place is None:
                sources.remove(source)
            else:
                yield as_available(block, block.number(place))


def _batches(parts: list[Candidates], at_first: int, *, fill: bool = True) -> Iterator[list[Candidate]]:
    """All blocks of the parts, one part after the other, each in the scattered order; LOOKED_AT at most.

    Each batch is a query, with `fill` two where a part comes to its end.
    """
    seen, size = 0, at_first
    while parts and seen < LOOKED_AT:
        batch: list[Candidate] = []
        size = min(size, LOOKED_AT - seen)
        while parts and len(batch) < size and (fill or not batch):
            more = parts[0].first(size - len(batch))
            batch += more
            if len(batch) < size:
                parts.pop(0)
            else:
                parts[0] = parts[0].only(spot__gt=more[-1].spot)
        if batch:
            yield batch
        seen, size = seen + len(batch), min(size * 2, max(at_first, BATCH))


def _blocks(search: NumberSearch, size: int, quantity: int) -> list[AvailableBlock]:
    """From different rows in turn, as far as the rows of the first query have as many as are wanted.

    There may be few such rows, so the query looks at twice as many as can be wanted, and not from where the
    worker begins: to come round from there would be a second one. It begins among the rows found.
    """
    start, there = _start(), 0
    rows: list[tuple[Candidate, int]] = []
    for batch in _batches([candidates_for(search, size)], max(1, 2 * quantity)):
        for block in batch:
            bits = _wanted(block, search)
            if slots := thousands.slots(bits, size).bit_count():
                rows.append((block, bits))
                there += slots
        if there >= quantity:
            break
    turn = start % len(rows) if rows else 0
    rows = (rows[turn:] + rows[:turn])[:quantity]
    of_each = -(-quantity // len(rows)) if len(rows) >= quantity else quantity
    slots_of = [thousands.picked_slots(bits, size, of_each, start) for _block, bits in rows]
    in_turn = [
        _block_at(rows[order][0], places[turn], size)
        for turn in range(of_each)
        for order, places in enumerate(slots_of)
        if turn < len(places)
    ]
    return in_turn[:quantity]


def _nearest(search: NumberSearch, size: int, quantity: int) -> tuple[AvailableBlock, ...]:
    for smaller in (other for other in thousands.SLOTS if other <= size):
        if found := _blocks(search, smaller, quantity):
            return tuple(sorted(found, key=lambda block: block.first))
    return ()


def _block_at(block: Candidate, place: int, size: int) -> AvailableBlock:
    return AvailableBlock(block.number(place), size, block.city, block.state, block.rate_center)


def _like(search: NumberSearch, rows: QuerySet[StockBlock]) -> tuple[AvailableNumber, ...]:
    """Free numbers near another one: of its thousand, outward, then of thousands of its area code, those
    of its rate center before others, and near ones before far ones.
    """
    wanted = search.like
    if not (wanted[1:].isascii() and wanted[1:].isdigit() and len(wanted) > 4):
        return ()
    home, last = wanted[:-3], int(wanted[-3:])
    own = blocks_of([wanted]).get(wanted)
    rows = rows.filter(
        country__in=plans.NORTH_AMERICA if search.country in plans.NORTH_AMERICA else [search.country]
    )
    around = [
        *rows.filter(thousand__lte=home).order_by("-thousand")[: NEIGHBORS + 1],
        *rows.filter(thousand__gt=home).order_by("thousand")[:NEIGHBORS],
    ]
    digits = plans.national_digits(wanted, search.country)
    near = [
        block for block in around if digits.startswith(block.area_code) and len(home) == len(block.thousand)
    ]

    def distance(block: StockBlock) -> tuple[bool, int]:
        elsewhere = own is not None and block.rate_center != own.rate_center
        return elsewhere, abs(int(block.thousand[1:]) - int(home[1:]))

    found: list[AvailableNumber] = []
    for block in sorted(near, key=distance):
        # Below the number's own thousand the nearest are at its end, above it at its beginning.
        center = last if block.thousand == home else 999 if block.thousand < home else 0
        places = thousands.positions(_wanted(block, search))
        found += [as_available(block, block.number(place)) for place in sorted(places, key=_nearness(center))]
        if len(found) >= search.quantity:
            break
    return tuple(found[: search.quantity])


def _nearness(center: int) -> Callable[[int], tuple[int, int]]:
    return lambda place: (abs(place - center), place)


def _ascending(found: Iterator[AvailableNumber] | Sequence[AvailableNumber]) -> tuple[AvailableNumber, ...]:
    return tuple(sorted(found, key=lambda number: number.e164))


def _start() -> int:
    """Where this worker begins. Threads count as workers of their own."""
    return start_of(f"{os.getpid()}/{threading.get_ident()}")
