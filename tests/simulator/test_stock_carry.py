"""A stock that was kept number by number becomes one of maps, and nobody loses a number."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from simulator import stock, stock_carry
from simulator.models import StockBlock, StockHold, StockOrder, StockTake


def test_holds_and_orders_keep_their_numbers(carrier, block):
    until = timezone.now() + timedelta(seconds=600)
    hold = StockHold.objects.create(key="H-1", expires_at=until)
    order = StockOrder.objects.create(key="N-1", state="provisioned", asked_for=["+14085552007"])
    rows = [
        ("+14085552003", None, hold.pk, until),
        ("+14085552004", None, hold.pk, until),
        ("+14085552007", order.pk, hold.pk, None),
    ]
    StockBlock.objects.update(free_map=b"", free=0, longest=0, largest=0, digits="", town="", spot=0)
    found = SimpleNamespace(values_list=lambda *names: rows)
    numbers = SimpleNamespace(_base_manager=SimpleNamespace(filter=lambda block: found))
    models = {"StockBlock": StockBlock, "StockTake": StockTake, "StockNumber": numbers}
    stock_carry.carry(SimpleNamespace(get_model=lambda _app, name: models[name]))
    assert list(stock.differences()) == []
    block.refresh_from_db()
    assert (block.free, block.town, block.digits) == (97, "san jose", "4085552")
    assert [n.e164 for n in carrier.hold("H-1", [], 600).numbers] == ["+14085552003", "+14085552004"]
    assert list(stock.in_service(row[0] for row in rows)) == ["+14085552007"]
