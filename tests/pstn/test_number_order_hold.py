"""What is held, for how long, and what can be done with it: the same in every tab."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from lib.transitions import Refused
from pstn import stock
from pstn.models import NumberOrder
from pstn.workflow import number_drafts as drafts
from pstn.workflow import number_orders as workflow
from tests.pstn.fakes import STOCK

PART = {"HX-Request": "true", "HX-Target": "hold"}


@pytest.fixture
def web(client, eli):
    client.force_login(eli)
    return client


@pytest.fixture
def draft(acme, location, eli, carrier, web):
    order = acme.number_orders.create(location=location, region="CA", created_by=eli)
    web.post(url(order, "search"), {"region": "CA", "place": "", "quantity": "5"})
    order.refresh_from_db()
    return order


def url(order, what):
    return f"/acme/orders/N-{order.pk}/{what}/"


def held(order):
    return list(order.lines.values_list("e164", flat=True))


def expire(order):
    NumberOrder.unscoped.update(hold_until=timezone.now() - timedelta(seconds=1))
    order.refresh_from_db()


def test_every_page_asks_the_server_how_long(web, draft):
    web.post(url(draft, "edit/numbers"), {"numbers": held(draft)})
    for step in ("numbers", "review"):
        body = web.get(url(draft, f"edit/{step}")).content.decode()
        assert 'hx-trigger="every 15s, expired"' in body
        assert 'data-countdown="2' in body
    part = web.get(f"{url(draft, 'hold')}?seen={draft.hold_id}", headers=PART).content.decode()
    assert "5 numbers are held for you." in part
    assert "<h1" not in part
    assert web.get(url(draft, "hold")).status_code == 302


def test_another_tab_learns_of_the_change(web, draft, committed):
    seen = draft.hold_id
    with committed():
        web.post(url(draft, "search"), {"region": "CA", "place": "", "quantity": "3"})
    part = web.get(f"{url(draft, 'hold')}?seen={seen}", headers=PART).content.decode()
    assert "changed in another tab" in part


def test_two_who_look_at_once_leave_one_hold(acme, draft, carrier, committed):
    """Each read the draft before the other had looked: what it holds in the end is what one of them found."""
    mine, theirs = acme.number_orders.get(), acme.number_orders.get()
    with committed():
        drafts.look(mine, stock.Search(country="US", state="CA", quantity=3))
        drafts.look(theirs, stock.Search(country="US", state="CA", quantity=2))
    assert theirs.hold_id == acme.number_orders.get().hold_id
    assert [hold for hold, e164s in carrier.holds.items() if e164s] == [theirs.hold_id]
    assert (len(held(draft)), theirs.quantity) == (2, 2)


def test_who_looks_after_it_was_placed_changes_nothing(acme, draft, eli):
    late = acme.number_orders.get()
    workflow.place(draft, by=eli)
    with pytest.raises(Refused, match="placed already"):
        drafts.look(late, stock.Search(country="US", state="CA", quantity=3))
    assert len(held(draft)) == 5


def test_a_tab_follows_when_the_order_is_placed_in_another(web, draft, eli):
    workflow.place(draft, by=eli)
    response = web.get(f"{url(draft, 'hold')}?seen={draft.hold_id}", headers=PART)
    assert response["HX-Redirect"] == draft.get_absolute_url()


def test_a_tab_learns_that_the_draft_was_discarded_in_another(web, draft):
    hold, page = url(draft, "hold"), url(draft, "discard")
    web.post(page)
    response = web.get(hold, headers=PART)
    assert response["HX-Redirect"] == "/acme/orders/"
    assert "This draft is not there any more." in web.get("/acme/orders/").content.decode()
    assert web.get(hold).status_code == 404


def test_an_expired_hold_offers_the_same_numbers_in_one_click(web, draft, carrier):
    were = held(draft)
    carrier.holds.clear()
    expire(draft)
    part = web.get(f"{url(draft, 'hold')}?seen={draft.hold_id}", headers=PART).content.decode()
    assert "Look for these numbers again" in part
    assert "every 15s" not in part
    page = web.post(url(draft, "again"), follow=True).content.decode()
    assert "5 of 5 numbers are still free" in page
    draft.refresh_from_db()
    assert draft.hold_is_alive
    assert held(draft) == were


def test_those_that_somebody_took_meanwhile_are_counted(web, draft, carrier):
    carrier.holds.clear()
    carrier.holds["somebody"] = held(draft)[:2]
    expire(draft)
    assert "3 of 5 numbers are still free" in web.post(url(draft, "again"), follow=True).content.decode()
    assert draft.lines.count() == 3


def test_none_is_left(web, draft, carrier):
    carrier.stock = []
    expire(draft)
    page = web.post(url(draft, "again"), follow=True).content.decode()
    assert "None of these numbers is free any more." in page
    assert draft.lines.count() == 5


def test_others_instead_of_those_not_ticked(web, draft, committed):
    keep, until = held(draft)[:2], draft.hold_until
    with committed():
        web.post(url(draft, "swap"), {"numbers": keep})
    draft.refresh_from_db()
    assert set(keep) <= set(held(draft))
    assert len(held(draft)) == 5
    assert not set(held(draft)) & set(STOCK[2:5])
    assert draft.hold_until <= until + timedelta(seconds=1)  # the time goes on


def test_swapping_says_when_there_is_nothing_to_swap(web, draft, carrier):
    page = web.post(url(draft, "swap"), {"numbers": held(draft)}, follow=True).content.decode()
    assert "Clear the numbers that you want to change" in page
    carrier.stock = held(draft)
    page = web.post(url(draft, "swap"), {"numbers": []}, follow=True).content.decode()
    assert "There are no other numbers with these criteria." in page


def test_a_carrier_that_falls_silent_while_swapping_loses_nothing(web, draft, carrier, monkeypatch):
    from carrier import CarrierUnavailable
    from tests.pstn.fakes import FakeCarrier

    def silent(*_args):
        raise CarrierUnavailable

    monkeypatch.setattr(FakeCarrier, "hold", silent)
    were = held(draft)
    page = web.post(url(draft, "swap"), {"numbers": were[:2]}, follow=True).content.decode()
    assert "The carrier does not answer right now" in page
    assert "Look for these numbers again" in page
    assert held(draft) == were


@pytest.mark.parametrize("count", [1, 90])
def test_the_page_costs_the_same_however_many(web, location, count, django_assert_max_num_queries):
    from tests.factories import make_number_order

    order = make_number_order(location, [f"+1408777{n:04}" for n in range(count)], wanted="(408) 777-0001")
    with django_assert_max_num_queries(15):
        web.get(url(order, "edit/numbers"))


def test_who_saves_and_leaves_leaves_also_when_the_hold_has_run_out(web, draft):
    typed = {"numbers": held(draft)}
    type(draft).unscoped.update(hold_until=timezone.now())
    assert web.post(url(draft, "edit/numbers"), typed).url == url(draft, "edit/numbers")
    assert web.post(url(draft, "edit/numbers"), typed | {"then": "leave"}).url == draft.get_absolute_url()


def test_what_was_ticked_stays_so_when_something_is_wrong(web, draft):
    """Nothing is chosen, or a choice makes no sense."""
    numbers = held(draft)
    for typed, ticked in (({}, 0), ({"numbers": numbers[:1], "rest": "nonsense"}, 1)):
        body = web.post(url(draft, "edit/numbers"), typed).content.decode()
        assert len(re.findall(r'name="numbers"[^>]* checked>', body)) == ticked


def test_requests_have_no_stock(web, acme, location, carrier):
    order = acme.number_orders.create(location=location, kind="assisted")
    for what in ("search", "swap", "again", "extend", "block", "wait", "similar"):
        assert web.post(url(order, what)).status_code == 404, what


def test_similar_keeps_the_number_that_it_starts_from(web, draft, committed):
    liked = held(draft)[2]
    with committed():
        web.post(url(draft, "similar"), {"like": liked})
    draft.refresh_from_db()
    assert liked in held(draft)
    assert (len(held(draft)), draft.like, draft.quantity) == (5, liked, 5)


def test_similar_to_the_only_number_there_is(web, draft, committed, carrier):
    liked = held(draft)[0]
    web.post(url(draft, "edit/numbers"), {"numbers": [liked]})
    with committed():
        web.post(url(draft, "similar"), {"like": liked})
    assert held(draft) == [liked]


def test_looking_again_after_a_change_that_the_carrier_did_not_answer(web, draft, monkeypatch):
    before = held(draft)

    def away(*_args, **_more):
        raise Refused("The carrier does not answer right now.")

    with monkeypatch.context() as outage:
        outage.setattr(stock, "release", lambda *_args: None)  # it did not hear of that
        outage.setattr(stock, "hold_these", away)
        web.post(url(draft, "swap"), {"numbers": before[:3]})
    page = web.post(url(draft, "again"), follow=True).content.decode()
    assert "5 of 5 numbers are still free" in page
    assert held(draft) == before
