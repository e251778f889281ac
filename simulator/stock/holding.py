"""Holding numbers for a buyer, for some minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from carrier.base import CarrierRefused, Hold
from lib import writing
from simulator.models import StockHold, StockTake
from simulator.stock import ledger

#: For so long the key of a hold is remembered after it ran out.
KEPT = timedelta(days=1)


def hold(key: str, numbers: Sequence[str], seconds: int) -> Hold:
    """Hold those of `numbers` that are free. The same key again: the same hold, whatever is asked."""
    now = timezone.now()
    wanted = ledger.by_thousand(numbers)
    try:
        with transaction.atomic():
            found = _new_hold(key, wanted, now + timedelta(seconds=seconds))
            if len(found.numbers) == len(set(numbers)) or not lapsed(now).exists():
                return found
            transaction.set_rollback(True)  # some may be free again: once more, when they are
        fold_lapsed(now)
        with transaction.atomic():
            return _new_hold(key, wanted, now + timedelta(seconds=seconds))
    except IntegrityError:
        # The same key was here before, or at the same moment and has just been committed.
        return _as_hold(StockHold.objects.get(key=key), now)


@transaction.atomic
def extend(hold_id: str, seconds: int) -> Hold:
    """Add `seconds` to a hold that has not expired, once."""
    now = timezone.now()
    row = locked(hold_id)
    if row is None or row.expires_at <= now:
        raise CarrierRefused("The hold has expired.", code="expired")
    if row.is_extended:
        raise CarrierRefused("The hold has been extended once already.", code="extended")
    row.is_extended, row.expires_at = True, row.expires_at + timedelta(seconds=seconds)
    row.save(update_fields=["is_extended", "expires_at"])
    unsold(row).update(held_until=row.expires_at)
    return _as_hold(row, now)


@transaction.atomic
def release(hold_id: str, numbers: Sequence[str]) -> None:
    """Give back some numbers of a hold, or all. What was ordered meanwhile stays."""
    row = locked(hold_id)
    if row is None:
        return
    held = unsold(row).select_related("block")
    ledger.put_back(held, ledger.by_thousand(numbers) if numbers else None)
    if not numbers:
        row.expires_at = min(row.expires_at, timezone.now())
        row.save(update_fields=["expires_at"])


def locked(hold_id: str) -> StockHold | None:
    """The hold with an id that we gave out, locked; None when it is gone or was never one."""
    return StockHold.objects.select_for_update().filter(pk=StockHold.pk_of(hold_id)).first()


def unsold(row: StockHold) -> QuerySet[StockTake]:
    """What a hold has that nobody has ordered."""
    return row.takes.filter(order=None)


def lapsed(now: datetime) -> QuerySet[StockTake]:
    """What is held no longer and not free yet."""
    return StockTake.objects.filter(order=None, held_until__lte=now)


def fold_lapsed(now: datetime, at_most: int = 500) -> int:
    """Numbers whose hold ran out are free again; how many holds there were.

    Whoever finds too little does this and looks again, so nothing depends on a tick. What a buyer is ordering
    at this moment is left alone.
    """
    if not lapsed(now).exists():
        return 0  # most of the time; without a transaction, which would stop all writers on SQLite
    with transaction.atomic():
        holds = StockHold.objects.filter(pk__in=lapsed(now).values("hold")).order_by("pk")
        rows = holds.select_for_update(skip_locked=True)[:at_most]
        # A hold may have been extended in the moment before it was locked.
        over = [row.pk for row in rows if row.expires_at <= now]
        ledger.put_back(StockTake.objects.filter(hold__in=over, order=None).select_related("block"))
    return len(over)


def forget_lapsed_holds(at_most: int = 500) -> int:
    """Free what is held no longer and remove holds that ended long ago; how many holds ran out."""
    now = timezone.now()
    count = fold_lapsed(now, at_most)
    old = StockHold.objects.filter(expires_at__lte=now - KEPT).order_by("expires_at")
    if pks := list(old.values_list("pk", flat=True)[:at_most]):
        with transaction.atomic():
            StockTake.objects.filter(hold__in=pks).exclude(order=None).update(hold=None)
            StockHold.objects.filter(pk__in=pks, takes=None).delete()
    return count


def _new_hold(key: str, wanted: ledger.Bits, until: datetime) -> Hold:
    row = writing.insert(StockHold(key=key, expires_at=until))
    takes = ledger.take(wanted, hold=row, held_until=until)
    return Hold(id=row.reference, numbers=ledger.available(takes), expires_at=until)


def _as_hold(row: StockHold, now: datetime) -> Hold:
    """With the numbers that it keeps from others: until it runs out, and for good when they were
    ordered.
    """
    kept = row.takes.select_related("block")
    if row.expires_at <= now:
        kept = kept.filter(~Q(order=None))
    return Hold(
        id=row.reference,
        numbers=ledger.available(kept),
        expires_at=row.expires_at,
        extended=row.is_extended,
    )
