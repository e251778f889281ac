"""Numbers that are bought: provided, canceled in time, or given back where the switch does not take them."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from carrier.base import CarrierRefused, EventKind, Topic
from simulator import clock, stock
from simulator.events import emit
from simulator.models import Appointment, BackOrder, StockCancel, StockOrder

State = StockOrder.State
BROKEN = "Provisioning failed in the switch; these numbers were given back."
RETURNED = "These numbers were given up before they were provisioned."
TOO_LATE = "The numbers are in service already."
ENDED = "The order has ended."


def provision(order: StockOrder) -> None:
    """Bring an order's numbers into service, those of broken blocks excepted: they return to the stock.

    What a back-order was to be given and cannot have is still to come, so it stays in the queue.
    """
    takes = list(order.takes.select_related("block"))
    broken = sorted(number for take in takes if take.block.is_broken for number in take.numbers)
    good = sorted(number for take in takes if not take.block.is_broken for number in take.numbers)
    if broken:
        stock.give_back(order, broken)
    _become(order, State.PROVISIONED if good else State.FAILED)
    if order.back_order_id and broken:
        BackOrder.objects.exclude(state=BackOrder.State.CANCELED).filter(pk=order.back_order_id).update(
            missing=F("missing") + len(broken), state=BackOrder.State.WAITING
        )
        broken = []
    elif not takes:
        _fail(order, order.asked_for, RETURNED)
    if good:
        emit(Topic.NUMBERS, EventKind.NUMBERS_PROVISIONED, order.answers, numbers=good)
    if broken:
        _fail(order, broken, BROKEN)


@transaction.atomic
def request_order_cancel(carrier_ref: str, key: str) -> None:
    """Take in the wish to cancel. In time, the order or the waiting stops at once; the answer follows anyway.

    The same key again: nothing.
    """
    waiting = BackOrder.objects.select_for_update().filter(pk=BackOrder.pk_of(carrier_ref)).first()
    order = StockOrder.objects.select_for_update().filter(pk=StockOrder.pk_of(carrier_ref)).first()
    if waiting is None and order is None:
        raise CarrierRefused("There is no number order with this reference.")
    wish, is_new = StockCancel.objects.get_or_create(
        key=key, defaults={"back_order": waiting, "order": order}
    )
    if not is_new:
        return
    if waiting is not None and waiting.state == BackOrder.State.WAITING:
        waiting.state = BackOrder.State.CANCELED
        waiting.save(update_fields=["state"])
    for order in _orders_of(wish).filter(state=State.PENDING):
        _become(order, State.CANCELING)
        order.appointments.filter(ended_at=None).update(
            ended_at=timezone.now(), outcome=Appointment.Outcome.WITHDRAWN
        )
    clock.part_of_a_day(Appointment(kind=Appointment.Kind.CANCEL, cancel=wish))


def answer_order_cancel(wish: StockCancel) -> None:
    """Tell what became of a wish to cancel. What it stopped returns to the stock now."""
    orders, numbers = list(_orders_of(wish)), list[str]()
    for order in orders:
        if order.state == State.CANCELING:
            numbers += stock.give_back(order)
            _become(order, State.CANCELED)
    states = {order.state for order in orders}
    waited = wish.back_order is not None and wish.back_order.state == BackOrder.State.CANCELED
    if waited or State.CANCELED in states:
        emit(Topic.NUMBERS, EventKind.NUMBERS_CANCELED, wish.key, numbers=sorted(numbers))
    else:
        detail = TOO_LATE if State.PROVISIONED in states else ENDED
        emit(Topic.NUMBERS, EventKind.NUMBERS_CANCEL_REFUSED, wish.key, detail=detail)


def _orders_of(wish: StockCancel) -> QuerySet[StockOrder]:
    """The order that is meant, or the deliveries of the back-order; locked."""
    chosen = {"back_order": wish.back_order_id} if wish.back_order_id else {"pk": wish.order_id}
    return StockOrder.objects.filter(**chosen).order_by("pk").select_for_update()


def _become(order: StockOrder, state: StockOrder.State) -> None:
    order.state = state
    order.save(update_fields=["state"])


def _fail(order: StockOrder, numbers: list[str], detail: str) -> None:
    emit(
        Topic.NUMBERS, EventKind.NUMBERS_FAILED, order.answers, code="unknown", detail=detail, numbers=numbers
    )
