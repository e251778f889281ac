"""Selling numbers: finding free ones, holding them for a while, ordering them. Nobody else's number, ever.

How it holds under load: a held or sold number is a row of StockNumber, whose `e164` is unique. Everybody
locks existing rows first, in the order of their numbers, then inserts new rows in that order and leaves out
those that somebody else has inserted, then touches blocks. So of many buyers of one number one gets it, and
two buyers of overlapping lists take turns instead of waiting for each other.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from carrier.base import AvailableNumber, CarrierRefused, Hold, NumberSearch, Places
from simulator import clock, guards
from simulator.models import (
    ServiceLine,
    StockBlock,
    StockHold,
    StockNumber,
    StockOrder,
    StockReturn,
)

#: Numbers of one answer come from so many blocks in turn.
SPREAD = 4
#: For so long the key of a hold is remembered after it ran out.
KEPT = timedelta(days=1)


def places(country: str, state: str) -> Places:
    """Area codes and cities of a state whose blocks are not sold out."""
    rows = (
        StockBlock.objects.with_room()
        .filter(country=country, state__iexact=state)
        .values_list("area_code", "city")
        .distinct()
    )
    found = list(rows)
    return Places(tuple(sorted({row[0] for row in found})), tuple(sorted({row[1] for row in found})))


def find(search: NumberSearch) -> tuple[AvailableNumber, ...]:
    """At most `quantity` free numbers; the same ones to everybody who asks, as long as nothing is taken."""
    wanted, blocks = max(0, search.quantity), _matching(search)
    found: list[AvailableNumber] = []
    seen, batch_size = 0, SPREAD
    while len(found) < wanted:
        batch = list(blocks.filter(pk__gt=seen).order_by("pk")[:batch_size])
        if not batch:
            break
        taken = set(
            StockNumber.objects.taken(timezone.now()).filter(block__in=batch).values_list("e164", flat=True)
        )
        for start in range(0, len(batch), SPREAD):
            free = _in_turn(batch[start : start + SPREAD], taken)
            found += islice(free, wanted - len(found))
        # Blocks that are held throughout are rare; when they come, they come in numbers.
        seen, batch_size = batch[-1].pk, min(batch_size * 2, 64)
    return tuple(sorted(found, key=lambda number: number.e164))


def hold(key: str, numbers: Sequence[str], seconds: int) -> Hold:
    """Hold those of `numbers` that are free. The same key again: the same hold, whatever is asked."""
    now = timezone.now()
    with transaction.atomic():
        row, made = StockHold.objects.get_or_create(
            key=key, defaults={"expires_at": now + timedelta(seconds=seconds)}
        )
        if made:
            _take(numbers, row, row.expires_at, now)
    return _as_hold(row)


def extend(hold_id: str, seconds: int) -> Hold:
    """Add `seconds` to a hold that has not expired, once."""
    now = timezone.now()
    with transaction.atomic():
        row = StockHold.objects.select_for_update().filter(pk=_hold_pk(hold_id)).first()
        if row is None or row.expires_at <= now:
            raise CarrierRefused("The hold has expired.", code="expired")
        if row.is_extended:
            raise CarrierRefused("The hold has been extended once already.", code="extended")
        row.is_extended, row.expires_at = True, row.expires_at + timedelta(seconds=seconds)
        row.save(update_fields=["is_extended", "expires_at"])
        StockNumber.objects.filter(pk__in=_locked(row.numbers.filter(order=None))).update(
            held_until=row.expires_at
        )
    return _as_hold(row)


@transaction.atomic
def release(hold_id: str, numbers: Sequence[str]) -> None:
    """Give back some numbers of a hold, or all. What was ordered meanwhile stays."""
    held = StockNumber.objects.filter(hold=_hold_pk(hold_id), order=None)
    if numbers:
        held = held.filter(e164__in=numbers)
    else:
        now = timezone.now()
        StockHold.objects.filter(pk=_hold_pk(hold_id), expires_at__gt=now).update(expires_at=now)
    StockNumber.objects.filter(pk__in=_locked(held)).delete()


def order(key: str, numbers: Sequence[str], hold_id: str) -> str:
    """Order numbers of a hold, all or none.

    Numbers whose hold ran out on the way here are still sold, unless somebody else holds or has them now.
    """
    known = StockOrder.objects.filter(key=key).first()
    if known is not None:
        return known.reference
    try:
        with transaction.atomic():
            row = StockOrder.objects.create(key=key, asked_for=sorted(set(numbers)))
            _sell(row, _hold_pk(hold_id))
            clock.appoint_provisioning(row)
    except IntegrityError:
        # The same key at the same moment: the other one has just been committed.
        row = StockOrder.objects.get(key=key)
    return row.reference


@transaction.atomic
def take_back(key: str, numbers: Sequence[str]) -> None:
    """A customer gives numbers up: those that were sold are free again. The same key again does nothing."""
    _, is_new = StockReturn.objects.get_or_create(key=key, defaults={"numbers": sorted(set(numbers))})
    if is_new:
        gone = ServiceLine.objects.on_account().filter(e164__in=numbers)  # ported out: not the customer's
        sold = StockNumber.objects.filter(e164__in=numbers, held_until=None)
        sold = sold.exclude(e164__in=gone.values("e164"))
        guards.drop(numbers)
        give_back(StockNumber.objects.filter(pk__in=_locked(sold)))


def give_back(numbers: Iterable[StockNumber]) -> None:
    """Sold numbers return to the stock."""
    back = list(numbers)
    _count_sold(back, -1)
    StockNumber.objects.filter(pk__in=[number.pk for number in back]).delete()


def forget_lapsed_holds(at_most: int = 500) -> int:
    """Remove rows of holds that ran out; how many. They are free already: it keeps the tables small."""
    now = timezone.now()
    old = StockHold.objects.filter(expires_at__lte=now - KEPT, numbers=None)
    if holds := list(old.values_list("pk", flat=True)[:at_most]):
        StockHold.objects.filter(pk__in=holds).delete()
    lapsed = StockNumber.objects.lapsed(now)
    if not lapsed.exists():
        return 0  # most of the time; without a transaction, which would stop all writers on SQLite
    with transaction.atomic():
        # What a buyer is taking at this moment is left alone, so nobody waits for the broom.
        pks = [row.pk for row in lapsed.select_for_update(skip_locked=True)[:at_most]]
        return StockNumber.objects.filter(pk__in=pks).delete()[0]


def blocks_of(numbers: Iterable[str]) -> dict[str, StockBlock]:
    """The block of each number that is part of our stock, sold or not. One query."""
    wanted = list(numbers)
    blocks = {
        block.thousand: block
        for block in StockBlock.objects.filter(thousand__in={number[:-3] for number in wanted})
    }
    return {number: block for number in wanted if (block := blocks.get(number[:-3])) and block.holds(number)}


# --- Inside -------------------------------------------------------------------------------------------------


def _matching(search: NumberSearch) -> QuerySet[StockBlock]:
    blocks = StockBlock.objects.with_room().filter(country=search.country, state__iexact=search.state)
    if search.area_code:
        blocks = blocks.filter(area_code=search.area_code)
    if search.prefix:
        blocks = blocks.filter(prefix=search.prefix)
    if search.city:
        blocks = blocks.filter(city__iexact=search.city.strip())
    return blocks


def _in_turn(blocks: Sequence[StockBlock], taken: set[str]) -> Iterator[AvailableNumber]:
    """Free numbers, one of each block in turn until all are used up."""
    sources = [(block, block.shuffled()) for block in blocks]
    while sources:
        for source in tuple(sources):
            block, numbers = source
            number = next((e164 for e164 in numbers if e164 not in taken), None)
            if number is None:
                sources.remove(source)
            else:
                yield _available(number, block)


def _take(numbers: Iterable[str], row: StockHold, until: datetime, now: datetime) -> None:
    blocks = blocks_of(sorted(set(numbers)))
    lapsed = _locked(StockNumber.objects.lapsed(now).filter(e164__in=blocks))
    StockNumber.objects.filter(pk__in=lapsed).update(hold=row, held_until=until)
    there = StockNumber.objects.filter(e164__in=blocks).values_list("e164", flat=True)
    _insert(blocks, set(there), hold=row, held_until=until)


def _insert(blocks: dict[str, StockBlock], there: Container[str], **fields: Any) -> None:
    """New rows, in the order of their numbers. Those that somebody else inserts meanwhile stay theirs.

    Numbers that have a row already are left out beforehand: the database would wait for whoever is changing
    that row, while they may be waiting for one of ours.
    """
    new = [
        StockNumber(e164=e164, block=block, **fields) for e164, block in blocks.items() if e164 not in there
    ]
    StockNumber.objects.bulk_create(new, ignore_conflicts=True)


def _locked(rows: QuerySet[StockNumber]) -> list[int]:
    """The keys of rows, locked in the order of their numbers: two who lock some of the same take turns."""
    return [row.pk for row in rows.order_by("e164").select_for_update()]


def _sell(row: StockOrder, hold_pk: int) -> None:
    now, blocks = timezone.now(), blocks_of(row.asked_for)
    rows = list(StockNumber.objects.filter(e164__in=blocks).order_by("e164").select_for_update())
    ours = [n.pk for n in rows if n.held_until and (n.hold_id == hold_pk or n.held_until <= now)]
    StockNumber.objects.filter(pk__in=ours).update(order=row, held_until=None)
    _insert(blocks, {n.e164 for n in rows}, order=row)
    sold = list(row.numbers.all())
    if not sold or len(sold) < len(row.asked_for):
        raise CarrierRefused("Some of these numbers are not available any more.", code="gone")
    _count_sold(sold, 1)


def _count_sold(numbers: Iterable[StockNumber], sign: int) -> None:
    for pk, count in sorted(Counter(number.block_id for number in numbers).items()):
        StockBlock.objects.filter(pk=pk).update(sold=F("sold") + sign * count)


def _hold_pk(hold_id: str) -> int:
    """The row's key in an id that we gave out; 0, which no row has, for anything else."""
    number = hold_id.removeprefix("HOLD-")
    return int(number) if number != hold_id and number.isascii() and number.isdigit() else 0


def _as_hold(row: StockHold) -> Hold:
    numbers = row.numbers.filter(Q(held_until__gt=timezone.now()) | Q(held_until=None))
    return Hold(
        id=row.reference,
        numbers=tuple(_available(n.e164, n.block) for n in numbers.select_related("block").order_by("e164")),
        expires_at=row.expires_at,
        extended=row.is_extended,
    )


def _available(e164: str, block: StockBlock) -> AvailableNumber:
    return AvailableNumber(e164=e164, city=block.city, state=block.state, rate_center=block.rate_center)
