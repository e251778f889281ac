"""Numbers that are bought: provided, or given back."""

from carrier.base import EventKind, Topic
from simulator import stock
from simulator.events import emit
from simulator.models import StockBlock, StockOrder


def provision(order: StockOrder) -> None:
    """Bring ordered numbers into service, all of them; or give all of them back when one can not be."""
    numbers = list(order.numbers.select_for_update().order_by("e164"))
    broken = set(StockBlock.objects.filter(is_broken=True, numbers__in=numbers).values_list("pk", flat=True))
    if broken:
        failed = [number.e164 for number in numbers if number.block_id in broken]
        stock.give_back(numbers)
        order.state = StockOrder.State.FAILED
        detail = "Provisioning failed in the switch; the whole order was given back."
        emit(
            Topic.NUMBERS, EventKind.NUMBERS_FAILED, order.key, code="unknown", detail=detail, numbers=failed
        )
    else:
        order.state = StockOrder.State.PROVISIONED
        sold = [number.e164 for number in numbers]
        emit(Topic.NUMBERS, EventKind.NUMBERS_PROVISIONED, order.key, numbers=sold)
    order.save(update_fields=["state"])
