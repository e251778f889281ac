from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_connected_location, make_location, make_number_order
from tests.pstn.fakes import STOCK

pytestmark = pytest.mark.usefixtures("carrier")


@pytest.fixture
def draft(acme, location, eli):
    return acme.number_orders.create(location=location, region="CA", created_by=eli)


def url(order, what):
    return f"/acme/orders/N-{order.pk}/{what}/"


def search(client, order, **fields):
    data = {"region": "CA", "place": "area:408", "exchange": "", "quantity": "5", **fields}
    return client.post(url(order, "search"), data)


def test_from_a_location_to_the_review(client, acme, eli, location):
    client.force_login(eli)
    response = client.post("/acme/orders/new/numbers/", {"location": location.pk})
    order = acme.number_orders.get()
    assert response.url == url(order, "edit/numbers")
    assert search(client, order).url == url(order, "edit/numbers") + "#held"
    page = client.get(url(order, "edit/numbers")).content.decode()
    assert "+1 408-777-0004" in page
    assert "5 numbers are held for you" in page
    response = client.post(url(order, "edit/numbers"), {"numbers": STOCK[:3]})
    assert response.url == url(order, "edit/review")
    page = client.get(response.url).content.decode()
    assert "Place order" in page
    assert "+1 408-777-0003" not in page


def test_a_draft_without_a_location_asks_for_one(client, acme, eli, location):
    client.force_login(eli)
    response = client.post("/acme/orders/new/numbers/")
    order = acme.number_orders.get()
    assert response.url == url(order, "edit/location")
    assert client.get(url(order, "edit/numbers")).url == url(order, "edit/location")
    response = client.post(response.url, {"location": location.pk})
    order.refresh_from_db()
    assert (response.url, order.region) == (url(order, "edit/numbers"), "CA")


@pytest.fixture
def held(client, acme, eli, location, draft):
    client.force_login(eli)
    search(client, draft)
    return draft


def test_numbers_do_not_go_along_to_another_country(client, acme, held, carrier, committed):
    london = make_connected_location(acme, name="London", country="GB", state="", city="London")
    with committed():
        page = client.post(url(held, "edit/location"), {"location": london.pk}, follow=True).content.decode()
    assert "London is in another country: the numbers that were held are given back." in page
    assert not any(carrier.holds.values())
    held.refresh_from_db()
    assert (held.location, held.region, held.area_code, held.hold_id) == (london, "", "", "")
    assert held.missing() == ["numbers"]
    client.post(url(held, "place"))
    assert not acme.phone_numbers.exists()


def test_numbers_go_along_to_another_location_of_the_country(client, acme, held, carrier):
    austin = make_connected_location(acme, name="Austin", state="TX", city="Austin")
    client.post(url(held, "edit/location"), {"location": austin.pk})
    held.refresh_from_db()
    assert (held.location, held.region, held.missing()) == (austin, "CA", [])


def test_the_state_is_that_of_the_location_while_nothing_is_held(client, acme, draft, eli):
    austin = make_connected_location(acme, name="Austin", state="TX", city="Austin")
    client.force_login(eli)
    client.post(url(draft, "edit/location"), {"location": austin.pk})
    draft.refresh_from_db()
    assert (draft.location, draft.region) == (austin, "TX")


def test_only_locations_that_sell_numbers_are_offered(client, acme, globex, eli, location):
    make_connected_location(acme, "premises", name="Warehouse")
    make_location(acme, name="Not connected")
    make_connected_location(globex, name="Globex tower")
    client.force_login(eli)
    client.post("/acme/orders/new/numbers/")
    page = client.get(url(acme.number_orders.get(), "edit/location")).content.decode()
    assert "San Jose HQ" in page
    assert all(name not in page for name in ("Warehouse", "Not connected", "Globex tower"))


def test_no_draft_is_started_where_numbers_are_not_sold(client, acme, eli):
    client.force_login(eli)
    for place in (make_connected_location(acme, "premises"), make_location(acme, name="Not connected")):
        assert client.post("/acme/orders/new/numbers/", {"location": place.pk}).status_code == 404
    assert not acme.number_orders.exists()


def test_left_out_numbers_go_back_to_the_carrier(client, draft, eli, carrier, committed):
    client.force_login(eli)
    search(client, draft)
    with committed():
        client.post(url(draft, "edit/numbers"), {"numbers": STOCK[:2]})
    draft.refresh_from_db()
    assert carrier.holds[draft.hold_id] == list(STOCK[:2])
    assert draft.lines.count() == 2


def test_a_number_that_is_not_held_is_refused(client, draft, eli):
    client.force_login(eli)
    search(client, draft)
    response = client.post(url(draft, "edit/numbers"), {"numbers": [STOCK[0], "+14085550199"]})
    assert "not held for you any more" in response.content.decode()
    assert draft.lines.count() == 5


def test_choosing_none_asks_for_one(client, draft, eli):
    client.force_login(eli)
    search(client, draft)
    assert "Choose at least one number" in client.post(url(draft, "edit/numbers")).content.decode()


def test_searching_again_gives_the_former_numbers_back(client, draft, eli, carrier, committed):
    client.force_login(eli)
    with committed():
        search(client, draft)
        search(client, draft)
    assert sorted(len(held) for held in carrier.holds.values()) == [0, 5]
    assert list(draft.lines.values_list("e164", flat=True)) == list(STOCK[5:10])


def test_what_is_held_counts_when_the_stock_is_short(client, draft, eli, carrier):
    client.force_login(eli)
    search(client, draft, quantity="60")
    search(client, draft, quantity="90")
    assert draft.lines.count() == 90


def test_fewer_than_wanted_says_how_many_are_left(client, draft, eli, carrier):
    carrier.stock = list(STOCK[:3])
    client.force_login(eli)
    search(client, draft)
    assert (
        "Only 3 numbers left with these criteria" in client.get(url(draft, "edit/numbers")).content.decode()
    )


def test_none_found_keeps_what_was_typed(client, draft, eli):
    client.force_login(eli)
    page = search(client, draft, place="area:669", quantity="7").content.decode()
    assert "No numbers left with these criteria" in page
    assert 'value="7"' in page
    assert '<option value="area:669" selected>' in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"quantity": "101"}, "At most 100 numbers per order. Split this into 2 orders."),
        ({"quantity": "0"}, "Order at least one number."),
        ({"exchange": "77"}, "A prefix has three digits"),
        ({"exchange": "777", "place": "city:San Jose"}, "Choose an area code too"),
        ({"region": ""}, "This field is required."),
    ],
)
def test_wrong_criteria_get_one_clear_sentence(client, draft, eli, carrier, fields, sentence):
    client.force_login(eli)
    assert sentence in search(client, draft, **fields).content.decode()
    assert "find" not in carrier.calls


def test_a_carrier_that_does_not_answer_loses_nothing(client, draft, eli, carrier):
    client.force_login(eli)
    search(client, draft)
    carrier.is_down = True
    page = search(client, draft, quantity="9").content.decode()
    assert "The carrier does not answer right now" in page
    assert '<option value="area:408" selected>' in page
    assert draft.lines.count() == 5


def test_places_follow_the_state(client, draft, eli):
    client.force_login(eli)
    headers = {"HX-Request": "true", "HX-Target": "places"}
    body = client.get(url(draft, "places") + "?region=CA", headers=headers).content.decode()
    assert "area:669" in body
    assert "<h1" not in body
    body = client.get(url(draft, "places") + "?region=NY", headers=headers).content.decode()
    assert "area:669" not in body


def test_without_javascript_a_button_shows_the_places(client, draft, eli):
    client.force_login(eli)
    response = client.post(url(draft, "search"), {"region": "NY", "show": "1", "quantity": "3"})
    page = client.get(response.url).content.decode()
    assert '<option value="NY" selected>' in page
    assert "area:408" not in page


def test_a_hold_is_extended_once(client, draft, eli):
    client.force_login(eli)
    search(client, draft)
    draft.refresh_from_db()
    until = draft.hold_until
    client.post(url(draft, "extend"))
    draft.refresh_from_db()
    assert draft.hold_until > until
    assert "only once" in client.post(url(draft, "extend"), follow=True).content.decode()
    assert "Extend" not in client.get(url(draft, "edit/numbers")).content.decode()


def test_an_expired_hold_says_so(client, location, eli):
    order = make_number_order(location, hold_until=timezone.now() - timedelta(seconds=1))
    client.force_login(eli)
    assert client.get(url(order, "edit/review")).url == url(order, "edit/numbers")
    assert "has expired. Search again" in client.get(url(order, "edit/numbers")).content.decode()


def test_leaving_keeps_the_draft(client, draft, eli):
    client.force_login(eli)
    search(client, draft)
    data = {"numbers": STOCK[:5], "then": "leave"}
    assert client.post(url(draft, "edit/numbers"), data).url == draft.get_absolute_url()
    assert draft.lines.count() == 5


def test_discarding_gives_the_numbers_back(client, draft, eli, carrier, committed):
    client.force_login(eli)
    search(client, draft)
    with committed():
        assert client.post(url(draft, "discard")).url == "/acme/orders/"
    assert list(carrier.holds.values()) == [[]]
    assert not draft.org.number_orders.exists()


def test_a_location_admin_reaches_own_drafts_only(client, acme, lou, eli, location, draft):
    other = make_connected_location(acme, name="Austin")
    acme.memberships.get(user=lou).administered.create(location=other)
    client.force_login(lou)
    assert client.get(url(draft, "edit/numbers")).status_code == 404
    assert client.post("/acme/orders/new/numbers/", {"location": location.pk}).status_code == 404
    assert client.post("/acme/orders/new/numbers/", {"location": other.pk}).status_code == 302


def test_unknown_steps_and_foreign_orders(client, draft, mallory, eli):
    client.force_login(eli)
    assert client.get(url(draft, "edit/nope")).status_code == 404
    client.force_login(mallory)
    assert client.get(f"/globex/orders/N-{draft.pk}/edit/numbers/").status_code == 404
