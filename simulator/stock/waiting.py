"""The queue of back-orders: who waits for numbers gets them as they come, first come first served."""

from dataclasses import asdict, replace
from typing import Any

from django.db import IntegrityError, transaction

from carrier.base import CarrierRefused, NumberKind, NumberSearch, QueuePlace
from simulator import clock, plans
from simulator.models import BackOrder, StockOrder
from simulator.stock import ledger, search

#: So many are looked at in one go, from the head of the queue.
AT_MOST = 200


def back_order(key: str, wanted: NumberSearch) -> str:
    """Take a place in the queue. The same key again: the same place, whatever is asked."""
    if wanted.quantity < 1:
        raise CarrierRefused("A back-order needs at least one number.", code="nothing")
    fields = {
        "country": wanted.country,
        "kind": wanted.kind.value,
        "region": wanted.state.strip().upper(),
        "area_code": plans.area_as_written(wanted.area_code, wanted.country),
        "prefix": wanted.prefix.strip(),
        "town": wanted.city.strip().casefold(),
        "search": asdict(wanted),
        "quantity": wanted.quantity,
        "missing": wanted.quantity,
    }
    try:
        with transaction.atomic():
            row, _is_new = BackOrder.objects.get_or_create(key=key, defaults=fields)
    except IntegrityError:
        row = BackOrder.objects.get(key=key)
    return row.reference


def queue_place(carrier_ref: str) -> QueuePlace:
    """Where a back-order stands now."""
    row = BackOrder.objects.filter(pk=BackOrder.pk_of(carrier_ref)).first()
    if row is None or row.state != BackOrder.State.WAITING:
        return QueuePlace(0, 0)
    return QueuePlace(row.place, row.missing)


def serve(at_most: int = AT_MOST) -> int:
    """Give what is free to those who wait, from the head of the queue; how many numbers were given."""
    given, barren = 0, set[str]()
    for row in BackOrder.objects.waiting()[:at_most]:
        place = repr({**row.search, "quantity": 0})
        # Who asked for the same before may have just found nothing; and most of the time nothing has come,
        # which is seen without a transaction.
        if place in barren or not search.look(replace(_search(row.search), quantity=1), sound_only=True):
            barren.add(place)
        else:
            given += _serve(row.pk)
    return given


@transaction.atomic
def _serve(pk: int) -> int:
    """One delivery to one back-order, of what is there now: an order of its own, provisioned like any
    other.
    """
    row = BackOrder.objects.waiting().select_for_update().filter(pk=pk).first()
    if row is None:
        return 0
    found = search.look(replace(_search(row.search), quantity=row.missing), sound_only=True)
    wanted = ledger.by_thousand(number.e164 for number in found[: row.missing])
    if not wanted:
        return 0
    delivery = StockOrder.objects.create(key=f"{row.reference}/{row.deliveries.count() + 1}", back_order=row)
    takes = ledger.take(wanted, sound_only=True, order=delivery)
    numbers = [number.e164 for number in ledger.available(takes)]
    if not numbers:
        transaction.set_rollback(True)  # somebody was faster: no delivery of nothing
        return 0
    delivery.asked_for = numbers
    delivery.save(update_fields=["asked_for"])
    row.missing -= len(numbers)
    row.state = BackOrder.State.WAITING if row.missing else BackOrder.State.SERVED
    row.save(update_fields=["missing", "state"])
    clock.appoint_provisioning(delivery)
    return len(numbers)


def _search(stored: dict[str, Any]) -> NumberSearch:
    named = {name: tuple(stored.get(name, ())) for name in ("exactly", "without")}
    return NumberSearch(**{**stored, **named, "kind": NumberKind(stored["kind"])})
