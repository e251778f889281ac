"""A stock of very many numbers: made at once, with a share already sold, and in step with its own books."""

import pytest
from django.core.management import CommandError, call_command

from carrier.base import NumberSearch
from simulator import demo_stock, filling, stock, thousands
from simulator.models import StockBlock, StockOrder


def free_share():
    blocks = list(StockBlock.objects.all())
    return sum(block.free for block in blocks) / (1000 * len(blocks))


@pytest.mark.parametrize("sold", [0.0, 0.7, 0.98])
def test_the_share_that_is_sold(db, sold):
    assert filling.fill(300_000, sold=sold) == 300_000
    assert StockBlock.objects.count() == 300
    assert free_share() == pytest.approx(1 - sold, abs=0.06 if sold else 0)
    assert list(stock.differences()) == []
    longest = [block.longest for block in StockBlock.objects.all()]
    assert len(set(longest)) > 30 or not sold


def test_the_same_seed_makes_the_same_stock_and_twice_adds_nothing(db):
    filling.fill(20_000, sold=0.7, seed=5)
    before = {block.thousand: block.bits for block in StockBlock.objects.all()}
    assert filling.fill(20_000, sold=0.7, seed=5) == 0
    assert filling.fill(21_500, sold=0.7, seed=5) == 2_000
    assert {b.thousand: b.bits for b in StockBlock.objects.filter(thousand__in=before)} == before


def test_bought_from_like_any_other(carrier):
    filling.fill(50_000, sold=0.98)
    found = carrier.find_numbers(NumberSearch("US", "CA", quantity=20))
    hold = carrier.hold("H-1", [number.e164 for number in found], 600)
    assert len(hold.numbers) == 20
    carrier.order_numbers("N-1", [number.e164 for number in found], hold.id)
    assert list(stock.differences()) == []


def test_ten_million_are_apart_from_the_demonstration():
    names = [thousand for thousand, _place in filling._thousands()]
    assert len(names) >= filling.LIMIT / thousands.SIZE
    assert len(names) == len(set(names))
    assert not set(names) & {block.thousand for block in demo_stock.blocks()}


@pytest.mark.parametrize("arguments", [{"count": 0}, {"count": 10, "sold": 1.0}, {"count": 10**9}])
def test_what_cannot_be_filled(db, arguments):
    with pytest.raises(ValueError, match="numbers"):
        filling.fill(**arguments)
    assert not StockOrder.objects.exists()


def test_the_command(db, capsys):
    call_command("simulator_stock", "--numbers", "12000", "--sold", "0.5")
    assert "12,000 numbers were added" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("simulator_stock", "--sold", "2")
