"""What is free: the maps of the blocks, the rows of those who have numbers, and that both say the same."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from carrier.base import AvailableNumber
from lib import prepared, writing
from simulator import thousands
from simulator.models import StockBlock, StockOrder, StockTake
from simulator.stock.candidates import Candidate

#: What is known of a locked block: which numbers it has, which are free, and their place.
KEPT = ("thousand", "first", "last", "is_broken", "city", "state", "rate_center", "free_map")
#: Bits of numbers, by their thousand or by their block.
Bits = dict[str, int]


def by_thousand(numbers: Iterable[str]) -> Bits:
    """Numbers as bits of their thousands. What is no number in E.164 is left out."""
    found: Bits = {}
    for e164 in numbers:
        digits = e164[1:]
        if e164[:1] == "+" and len(digits) > 3 and digits.isascii() and digits.isdigit():
            found[e164[:-3]] = found.get(e164[:-3], 0) | 1 << int(e164[-3:])
    return found


def count(bits: Bits) -> int:
    """How many numbers they are."""
    return sum(some.bit_count() for some in bits.values())


def blocks_of(numbers: Iterable[str]) -> dict[str, StockBlock]:
    """The block of each number that is part of our stock, sold or not. One query."""
    wanted = list(numbers)
    rows = StockBlock.objects.filter(thousand__in={number[:-3] for number in wanted})
    blocks = {block.thousand: block for block in rows}
    return {number: block for number in wanted if (block := blocks.get(number[:-3])) and block.holds(number)}


def locked(wanted: Iterable[str]) -> dict[str, StockBlock]:
    """The blocks of these thousands, locked in the order of their digits, as they are under the lock."""
    values = list(wanted)
    rows = prepared.instances("blocks_locked", _locked, values) if values else ()
    return {block.thousand: block for block in rows}


def _locked(*wanted: str) -> QuerySet[StockBlock]:
    rows = StockBlock.objects.filter(thousand__in=wanted).order_by("thousand").only(*KEPT)
    return rows.select_for_update(no_key=True)


def take(wanted: Bits, *, sound_only: bool = False, **owner: Any) -> list[StockTake]:
    """Give those numbers that are free to a hold or an order; its new rows. Inside a transaction.

    `owner` are the fields of a row that say whose it is. `sound_only` leaves out blocks whose provisioning
    fails.
    """
    takes = []
    for thousand, block in locked(wanted).items():
        if (bits := block.bits & wanted[thousand]) and not (sound_only and block.is_broken):
            block.bits &= ~bits
            takes.append(StockTake(block=block, bits=thousands.packed(bits), **owner))
    write([take.block for take in takes])
    return writing.insert_all(takes)


def put_back(takes: Iterable[StockTake], wanted: Bits | None = None) -> list[str]:
    """Numbers return to the stock: those of `wanted`, or all; which they were. Inside a transaction.

    The rows of `takes` are locked by their owner or by their blocks, which must be locked here already when
    more than one may come for the same row (see selling.take_back).
    """
    rows = list(takes)
    blocks = locked({take.block.thousand for take in rows})
    emptied, shrunk, numbers = [], [], []
    for row in rows:
        block = row.block = blocks[row.block.thousand]
        has = thousands.unpacked(row.bits)
        gone = has if wanted is None else has & wanted.get(block.thousand, 0)
        if not gone:
            continue
        block.bits = (block.bits | gone) & block.whole
        numbers += block.numbers(gone)
        if gone == has:
            emptied.append(row)
        else:
            row.bits = thousands.packed(has & ~gone)
            shrunk.append(row)
    write({row.block.pk: row.block for row in (*emptied, *shrunk)}.values())
    if emptied:
        StockTake.objects.filter(pk__in=[row.pk for row in emptied]).delete()
    if shrunk:
        StockTake.objects.bulk_update(shrunk, ["bits"])
    return sorted(numbers)


def write(blocks: Iterable[StockBlock]) -> None:
    """Store the maps of locked blocks and what follows from them, in one statement."""
    rows = list(blocks)
    if not rows:
        return
    table = connection.ops.quote_name(StockBlock._meta.db_table)
    values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    parameters: list[Any] = []
    for block in rows:
        parameters += [block.pk, block.free_map, block.free, block.longest, block.largest]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET free_map = v.column2, free = v.column3, longest = v.column4, "  # noqa: S608
            f"largest = v.column5 FROM (VALUES {values}) AS v WHERE {table}.id = v.column1",
            parameters,
        )


def in_service(numbers: Iterable[str], *, lock: bool = False) -> dict[str, StockBlock]:
    """Those of `numbers` that were sold and provisioned, each with its block, ascending. With `lock`
    they stay so until the transaction ends.
    """
    wanted = by_thousand(numbers)
    if lock:
        locked(wanted)
    takes = StockTake.objects.filter(
        block__thousand__in=wanted, order__state=StockOrder.State.PROVISIONED
    ).select_related("block")
    found = {}
    for row in takes:
        for number in row.block.numbers(thousands.unpacked(row.bits) & wanted[row.block.thousand]):
            found[number] = row.block
    return dict(sorted(found.items()))


def available(takes: Iterable[StockTake]) -> tuple[AvailableNumber, ...]:
    """The numbers of takes, ascending, each with its place."""
    found = [as_available(row.block, number) for row in takes for number in row.numbers]
    return tuple(sorted(found, key=lambda number: number.e164))


def as_available(block: StockBlock | Candidate, e164: str) -> AvailableNumber:
    return AvailableNumber(e164=e164, city=block.city, state=block.state, rate_center=block.rate_center)


def differences() -> Iterator[str]:
    """Every block whose map is not what is left when all takes are taken off, or whose figures are not
    those of its map; in words. Nothing comes when all is well. It reads the whole stock: for checks.
    """
    for block in StockBlock.objects.prefetch_related("takes").order_by("pk").iterator(chunk_size=500):
        taken = 0
        for row in block.takes.all():
            bits = thousands.unpacked(row.bits)
            if taken & bits:
                yield f"{block.thousand}: {block.numbers(taken & bits)} taken twice"
            taken |= bits
        if block.bits != block.whole & ~taken:
            yield f"{block.thousand}: {block.numbers(block.bits ^ block.whole & ~taken)} differ"
        lengths = [length for _start, length in thousands.runs(block.bits)]
        slots = [size for size in (100, 50, 10, 1) if thousands.picked_slots(block.bits, size, 1)]
        recount = (sum(lengths), max(lengths, default=0), max(slots, default=0))
        if (block.free, block.longest, block.largest) != recount:
            yield f"{block.thousand}: figures {block.free, block.longest, block.largest}, not {recount}"
