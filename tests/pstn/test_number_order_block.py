"""Consecutive blocks: found, held and ordered whole, never in part."""

import pytest

from pstn.models import NumberBlock
from pstn.workflow import number_orders as workflow
from tests.pstn.fakes import STOCK, failed


@pytest.fixture
def web(client, eli):
    client.force_login(eli)
    return client


@pytest.fixture
def draft(acme, location, carrier, web):
    web.post("/acme/orders/new/numbers/", {"location": location.pk, "kind": "block"})
    return acme.number_orders.get()


def url(order, what):
    return f"/acme/orders/N-{order.pk}/{what}/"


def search(client, order, size=10):
    data = {"region": "CA", "place": "area:408", "size": str(size)}
    return client.post(url(order, "search"), data, follow=True).content.decode()


def take(client, order, first=STOCK[20], size=10):
    return client.post(url(order, "block"), {"block": f"{first}/{size}"})


def test_from_the_search_to_the_block(web, draft):
    page = search(web, draft)
    assert "+1 408-777-0020 – +1 408-777-0029" in page
    assert take(web, draft).url == url(draft, "edit/review")
    page = web.get(url(draft, "edit/review")).content.decode()
    assert "+1 408-777-0020 – +1 408-777-0029" in page
    assert "you can only release the whole block" in page
    web.post(url(draft, "place"))
    block = NumberBlock.unscoped.get()
    assert (block.first, block.last, block.size) == (STOCK[20], STOCK[29], 10)
    assert block.phone_numbers.count() == 10
    assert block.number_order == draft


@pytest.mark.parametrize(
    ("stock", "said"),
    [
        ([f"+1408777{n:04}" for n in range(25, 35)], "Choose one of the blocks."),
        ([f"+1800555{n:04}" for n in range(120, 130)], "is toll-free"),
        ([f"+4420794609{n}" for n in range(50, 60)], "number of another country"),
    ],
)
def test_a_block_that_no_page_offers_is_not_held(web, draft, carrier, stock, said):
    carrier.stock = stock
    answer = web.post(url(draft, "block"), {"block": f"{stock[0]}/10"}, follow=True).content.decode()
    assert said in answer
    assert not draft.lines.exists()


def test_numbers_that_do_not_follow_each_other_are_no_block(web, draft):
    """A press that no page offers changes some of them for others."""
    search(web, draft)
    take(web, draft)
    web.post(url(draft, "swap"), {"numbers": STOCK[20:25]})
    assert draft.lines.count() == 10
    page = web.post(url(draft, "place"), follow=True).content.decode()
    assert "The block is not whole any more. Choose another one." in page
    assert not NumberBlock.unscoped.exists()


def test_the_whole_block_goes_on_whatever_is_ticked(web, draft):
    search(web, draft)
    take(web, draft)
    web.post(url(draft, "edit/numbers"), {"numbers": STOCK[20:22]})
    assert draft.lines.count() == 10


def test_the_nearest_smaller_size_is_offered(web, draft, carrier):
    carrier.stock = list(STOCK[:60])
    page = search(web, draft, 100)
    assert "No block of 100 is free here. These are the nearest smaller ones, of 50." in page
    assert take(web, draft, STOCK[0], 50).url == url(draft, "edit/review")
    draft.refresh_from_db()
    assert (draft.block_size, draft.lines.count()) == (50, 50)


def test_no_block_at_all(web, draft, carrier):
    carrier.stock = list(STOCK[1:9])
    assert "No block of any size is free here." in search(web, draft)


def test_a_block_that_somebody_took_meanwhile(web, draft, carrier):
    search(web, draft)
    carrier.holds["somebody"] = [STOCK[25]]
    page = web.post(url(draft, "block"), {"block": f"{STOCK[20]}/10"}, follow=True).content.decode()
    assert "Somebody else has just taken this block. Choose another one." in page
    assert not draft.lines.exists()
    assert carrier.holds.keys() - {"somebody"} <= {h for h, held in carrier.holds.items() if not held}


@pytest.mark.parametrize("block", ["", "x/10", "+14087770020/7", "+14087770020"])
def test_what_is_no_block(web, draft, block):
    page = web.post(url(draft, "block"), {"block": block}, follow=True).content.decode()
    assert "Choose one of the blocks." in page
    assert not draft.lines.exists()


def test_other_sizes_are_refused(web, draft):
    assert "Blocks have 10, 50 or 100 numbers." in search(web, draft, 20)


def test_trials_have_no_blocks(web, draft, acme):
    search(web, draft)
    take(web, draft)
    acme.is_trial = True
    acme.save()
    page = web.post(url(draft, "place"), follow=True).content.decode()
    assert "come with a paid subscription" in page
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_block_that_fails_leaves_nothing(web, draft, eli, committed):
    from pstn import tasks

    search(web, draft)
    take(web, draft)
    draft.refresh_from_db()
    with committed():
        workflow.place(draft, by=eli)
        failed(draft)
        tasks.take_carrier_events()
    draft.refresh_from_db()
    assert draft.state == "error"
    assert not NumberBlock.unscoped.exists()


def test_a_carrier_that_does_not_answer(web, draft, carrier):
    search(web, draft)
    carrier.is_down = True
    page = web.get(url(draft, "edit/numbers")).content.decode()
    assert "The carrier does not answer right now" in page
