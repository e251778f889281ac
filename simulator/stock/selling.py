"""Ordering numbers, and giving sold ones up again."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from carrier.base import CarrierRefused
from simulator import clock, guards, thousands
from simulator.models import ServiceLine, StockOrder, StockReturn, StockTake
from simulator.stock import holding, ledger, waiting


def order(key: str, numbers: Sequence[str], hold_id: str) -> str:
    """Order numbers of a hold, all or none.

    Numbers whose hold ran out on the way here are still sold, unless somebody else holds or has them now.
    """
    try:
        return _order(key, numbers, hold_id)
    except CarrierRefused:
        # Perhaps somebody else's hold on them ran out and nobody has noticed yet.
        if not holding.fold_lapsed(timezone.now()):
            raise
    return _order(key, numbers, hold_id)


def take_back(key: str, numbers: Sequence[str]) -> None:
    """A customer gives numbers up: those that were sold are free again, for who waits for them first.
    The same key again does nothing.
    """
    _take_back(key, numbers)
    waiting.serve()


def give_back(row: StockOrder, only: Iterable[str] | None = None) -> list[str]:
    """Numbers of an order return to the stock: `only` those, or all; which they were. Inside a
    transaction.
    """
    takes = row.takes.select_related("block")
    ledger.locked(takes.values_list("block__thousand", flat=True))
    return ledger.put_back(takes.all(), None if only is None else ledger.by_thousand(only))


@transaction.atomic
def _take_back(key: str, numbers: Sequence[str]) -> None:
    _row, is_new = StockReturn.objects.get_or_create(key=key, defaults={"numbers": sorted(set(numbers))})
    if not is_new:
        return
    gone = ServiceLine.objects.on_account().filter(e164__in=numbers)  # ported out: not the customer's
    wanted = ledger.by_thousand(set(numbers) - set(gone.values_list("e164", flat=True)))
    guards.drop(numbers)
    ledger.locked(wanted)  # before the rows of who has them are read: others may give back some of the same
    sold = StockTake.objects.filter(block__thousand__in=wanted).exclude(order=None).select_related("block")
    ledger.put_back(_touched(sold, wanted), wanted)


def _order(key: str, numbers: Sequence[str], hold_id: str) -> str:
    try:
        with transaction.atomic():
            row = _sell(key, sorted(set(numbers)), hold_id)
            clock.appoint_provisioning(row)
    except IntegrityError:
        # The same key was here before, or at the same moment and has just been committed.
        row = StockOrder.objects.get(key=key)
    return row.reference


def _sell(key: str, numbers: list[str], hold_id: str) -> StockOrder:
    row = StockOrder.objects.create(key=key, asked_for=numbers)
    hold = holding.locked(hold_id)
    held = list(holding.unsold(hold).select_related("block")) if hold is not None else []
    has = {take.block.thousand: thousands.unpacked(take.bits) for take in held}
    wanted = ledger.by_thousand(numbers)
    if hold is not None and has and wanted == has and ledger.count(wanted) == len(numbers):
        holding.unsold(hold).update(order=row, held_until=None)
        return row
    _sell_some(row, held, dict(wanted))
    sold = sum(thousands.unpacked(bits).bit_count() for bits in row.takes.values_list("bits", flat=True))
    if not sold or sold < len(numbers):
        raise CarrierRefused("Some of these numbers are not available any more.", code="gone")
    return row


def _sell_some(row: StockOrder, held: Sequence[StockTake], missing: ledger.Bits) -> None:
    """Some numbers of a hold, and such as nobody has; the rest stays held."""
    bought, left = [], []
    for take in held:
        thousand, bits = take.block.thousand, thousands.unpacked(take.bits)
        if ours := bits & missing.get(thousand, 0):
            missing[thousand] &= ~ours
            bought.append(
                StockTake(block=take.block, hold_id=take.hold_id, order=row, bits=thousands.packed(ours))
            )
            take.bits = thousands.packed(bits & ~ours)
            left.append(take)
    StockTake.objects.bulk_update([take for take in left if any(take.bits)], ["bits"])
    StockTake.objects.filter(pk__in=[take.pk for take in left if not any(take.bits)]).delete()
    StockTake.objects.bulk_create(bought)
    if missing := {thousand: bits for thousand, bits in missing.items() if bits}:
        ledger.take(missing, order=row)


def _touched(takes: Iterable[StockTake], wanted: ledger.Bits) -> list[StockTake]:
    return [take for take in takes if thousands.unpacked(take.bits) & wanted[take.block.thousand]]
