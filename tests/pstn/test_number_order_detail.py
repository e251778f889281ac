import html
import re

import pytest

from lib.transitions import Refused
from pstn.models import NumberOrder
from pstn.next_steps import what_next
from pstn.workflow import number_orders as workflow
from tests.factories import make_connected_location, make_number_order
from tests.pstn.fakes import STOCK

pytestmark = pytest.mark.usefixtures("carrier")
LIVE = {"HX-Request": "true", "HX-Target": "live"}


def url(order):
    return f"/acme/orders/N-{order.pk}/"


@pytest.fixture
def pending(location, eli):
    order = make_number_order(location, STOCK[:2], created_by=eli)
    workflow.place(order, by=eli)
    return order


def test_page_and_panel(client, pending, vic):
    client.force_login(vic)
    page = client.get(url(pending)).content.decode()
    part = client.get(url(pending), headers={"HX-Request": "true", "HX-Target": "panel"}).content.decode()
    for body in (page, part):
        for text in (pending.reference, "What happens next", "Pending", "+1 408-777-0001", "Eli Stone"):
            assert text in body
    assert "<h1" not in part


def test_it_asks_again_only_while_it_moves(client, pending, vic):
    client.force_login(vic)
    page = client.get(url(pending)).content.decode()
    assert 'hx-trigger="every 2s"' in page
    again = html.unescape(re.search(r'hx-get="([^"]+seen=[^"]+)"', page)[1])
    assert client.get(again, headers=LIVE).status_code == 204
    workflow.provision(pending)
    body = client.get(again, headers=LIVE).content.decode()
    assert "hx-trigger" not in body
    assert "Waiting for terms" in body
    assert re.search(r'id="order-status"[^>]* hx-swap-oob="true"', body)
    assert "<h1" not in body


def test_a_draft_is_continued_or_discarded(client, location, eli, vic):
    order = make_number_order(location, created_by=eli)
    client.force_login(eli)
    page = client.get(url(order)).content.decode()
    assert f"{url(order)}edit/review/" in page
    assert "Discard draft" in page
    client.force_login(vic)
    assert "Discard draft" not in client.get(url(order)).content.decode()


def test_what_the_carrier_said_is_shown(client, pending, eli):
    workflow.fail(pending, reason="Switch full <b>")
    client.force_login(eli)
    page = client.get(url(pending)).content.decode()
    assert "Switch full &lt;b&gt;" in page
    assert "Order other numbers" in page


@pytest.mark.parametrize("count", [1, 90])
def test_costs_the_same_however_many(client, location, eli, vic, count, django_assert_max_num_queries):
    order = make_number_order(location, [f"+1408777{n:04}" for n in range(count)], created_by=eli)
    workflow.place(order, by=eli)
    client.force_login(vic)
    with django_assert_max_num_queries(11):
        client.get(url(order), headers={"HX-Request": "true", "HX-Target": "panel"})


@pytest.mark.parametrize("state", NumberOrder.State.values)
def test_every_state_says_what_happens_next(location, state):
    assert what_next(make_number_order(location, state=state)).sentence


def test_placed_orders_are_no_drafts(client, pending, eli):
    client.force_login(eli)
    assert client.get(f"{url(pending)}edit/numbers/").url == url(pending)
    for what in ("search", "swap", "again", "extend", "block", "wait", "similar"):  # in another tab
        answer = client.post(f"{url(pending)}{what}/", follow=True)
        assert answer.redirect_chain == [(url(pending), 302)], what
        assert f"{pending.reference} is placed already." in answer.content.decode()
    told = client.post(f"{url(pending)}discard/", follow=True).content.decode()
    assert f"{pending.reference} is placed already." in told
    with pytest.raises(Refused):
        workflow.discard(pending, by=eli)


def test_foreign_orders_do_not_exist(client, pending, mallory, lou):
    client.force_login(mallory)
    assert client.get(f"/globex/orders/N-{pending.pk}/").status_code == 404
    client.force_login(lou)
    assert client.get(url(pending)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        ({"region": "CA"}, ["State", "California", "Area code or city", "Anywhere"]),
        ({"region": "CA", "area_code": "408", "prefix": "777"}, ["408 777"]),
        ({"pattern": "TAXI"}, ["Contains", "TAXI"]),
        ({"pattern": "*55", "pattern_at": "ends"}, ["Ends with", "55"]),
        ({"like": "+14087770050"}, ["Similar to", "+1 408-777-0050"]),
        ({"kind": "block", "block_size": 50}, ["Size of the block", "50"]),
        ({"kind": "toll_free", "area_code": "833"}, ["Prefix", "833"]),
        ({"kind": "toll_free"}, ["Prefix", "Any prefix"]),
        ({"kind": "non_geographic"}, []),
        ({"wanted": "(408) 777-0001", "region": "CA"}, []),
    ],
)
def test_what_was_looked_for_stays_on_the_order(client, acme, location, eli, vic, fields, rows):
    order = acme.number_orders.create(location=location, created_by=eli, **fields)
    client.force_login(vic)
    body = client.get(url(order)).content.decode()
    for row in rows:
        assert f">{row}</d" in body
    if not rows:
        assert "Area code or city" not in body


def test_the_words_for_a_place_are_those_of_its_country(client, acme, eli, vic):
    toronto = make_connected_location(acme, name="Toronto", country="CA", state="ON")
    order = acme.number_orders.create(location=toronto, region="ON", created_by=eli)
    client.force_login(vic)
    assert "<dt>Province</dt><dd>Ontario</dd>" in client.get(url(order)).content.decode()


def test_a_request_shows_all_that_was_said(client, acme, eli, vic):
    berlin = make_connected_location(acme, name="Berlin", country="DE", state="")
    fields = {"area": "Berlin", "details": "In a row\nplease", "papers": ["register_extract"]}
    order = acme.number_orders.create(location=berlin, kind="assisted", created_by=eli, **fields)
    client.force_login(vic)
    body = client.get(url(order)).content.decode()
    for row in ("Local", "Berlin", "In a row<br>please", "Extract from the company register"):
        assert f"<dd>{row}</dd>" in body
