"""From a row for each number held or sold to a map of each thousand: once, where there are such rows."""

from collections import defaultdict
from typing import Any

from simulator import thousands
from simulator.models import StockBlock

FOLLOWS = (
    "country",
    "state",
    "area_code",
    "prefix",
    "town",
    "digits",
    "spot",
    "free_map",
    "free",
    "longest",
    "largest",
)


def carry(apps: Any, schema_editor: Any = None) -> None:
    """A migration calls it with its historical models, between the making of takes and the end of numbers."""
    blocks = apps.get_model("simulator", "StockBlock")._base_manager
    take = apps.get_model("simulator", "StockTake")
    for old in blocks.order_by("pk").iterator():
        taken = _taken(apps, old.pk)
        kept = {field.name: getattr(old, field.name) for field in StockBlock._meta.concrete_fields}
        block = StockBlock(**kept)
        block.settle(sum(taken.values()))
        blocks.filter(pk=old.pk).update(**{name: getattr(block, name) for name in FOLLOWS})
        take._base_manager.bulk_create(
            take(block_id=old.pk, order_id=order, hold_id=hold, held_until=until, bits=thousands.packed(bits))
            for (order, hold, until), bits in taken.items()
        )


def _taken(apps: Any, block_pk: int) -> dict[tuple[Any, ...], int]:
    """The bits that each hold or order has of a block. A number is in one of them only."""
    numbers = apps.get_model("simulator", "StockNumber")._base_manager.filter(block=block_pk)
    taken: dict[tuple[Any, ...], int] = defaultdict(int)
    for e164, order, hold, until in numbers.values_list("e164", "order", "hold", "held_until"):
        if order or hold:
            taken[order, None if order else hold, until] |= 1 << int(e164[-3:])
    return taken
