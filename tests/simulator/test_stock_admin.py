"""The panel's pages of the stock: what is free in a block, a block that is added, and the queue."""

import re

import pytest
from django.urls import reverse

from carrier.base import NumberSearch
from simulator.models import StockBlock, StockTake

SEARCH = NumberSearch("US", "CA", area_code="408", quantity=3)
FIELDS = {"first": 0, "last": 99, "kind": "local", "country": "US", "state": "CA", "rate_center": "SNJS"}


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def page(desk, name, *args):
    answer = desk.get(reverse(f"admin:simulator_{name}", args=args))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_block_shows_what_is_free_in_it(desk, carrier, block):
    carrier.hold("H-1", ["+14085552003", "+14085552050"], 600)
    assert "000–002, 004–049, 051–099" in page(desk, "stockblock_change", block.pk)
    assert '<td class="field-free">98</td>' in page(desk, "stockblock_changelist")
    assert '<td class="field-longest">49</td>' in page(desk, "stockblock_changelist")
    assert "+14085552003, +14085552050" in page(desk, "stocktake_change", StockTake.objects.get().pk)


def test_a_block_that_is_changed_keeps_what_is_taken(desk, carrier, block):
    carrier.hold("H-1", ["+14085552003"], 600)
    url = reverse("admin:simulator_stockblock_change", args=[block.pk])
    answer = desk.post(url, {**FIELDS, "thousand": block.thousand, "city": "Campbell", "last": 199})
    assert answer.status_code == 302
    block.refresh_from_db()
    assert (block.free, block.town, block.bits >> 3 & 1) == (199, "campbell", 0)


def test_a_block_abroad_is_added_and_serves_who_waits(desk, carrier, days):
    wanted = NumberSearch("GB", "", area_code="01632", quantity=2)
    ref = carrier.back_order("B-1", wanted)
    assert "01632" in page(desk, "backorder_changelist")
    fields = {**FIELDS, "thousand": "+441632960", "country": "GB", "state": "", "city": "Ambridge"}
    assert (
        desk.post(reverse("admin:simulator_stockblock_add"), {**fields, "area_code": "1632"}).status_code
        == 302
    )
    assert StockBlock.objects.get().area_code == "01632"
    days(0.1)
    assert carrier.queue_place(ref).place == 0
    assert "Served" in page(desk, "backorder_changelist")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"thousand": "+14085557", "city": ""}, "belong to a city"),
        ({"thousand": "+14085557", "city": "Alviso", "first": 200}, "before the first"),
        ({"thousand": "+1408555", "city": "Alviso"}, "valid value"),
    ],
)
def test_a_block_that_makes_no_sense(desk, carrier, fields, words):
    answer = desk.post(reverse("admin:simulator_stockblock_add"), {**FIELDS, **fields})
    assert words in answer.content.decode()
    assert not StockBlock.objects.exists()


def test_a_place_in_the_queue(desk, carrier):
    refs = [carrier.back_order(f"B-{n}", SEARCH) for n in range(2)]
    shown = page(desk, "backorder_change", int(refs[1].removeprefix("SIM-B-")))
    assert re.search(r"Place in the queue:.*?>2<", shown)
