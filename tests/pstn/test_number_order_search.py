"""Looking for numbers by a pattern, like another, by name, toll-free, or in another country."""

import re

import pytest
from django.utils import timezone

from carrier.base import NumberKind
from tests.factories import make_connected_location, make_number
from tests.pstn.fakes import STOCK


@pytest.fixture
def draft(acme, location, eli, carrier):
    return acme.number_orders.create(location=location, region="CA", created_by=eli)


@pytest.fixture
def web(client, eli):
    client.force_login(eli)
    return client


def url(order, what):
    return f"/acme/orders/N-{order.pk}/{what}/"


def search(client, order, **fields):
    data = {"region": "CA", "place": "", "exchange": "", "quantity": "2", **fields}
    return client.post(url(order, "search"), data)


def held(order):
    return list(order.lines.values_list("e164", flat=True))


def page(client, order, query=""):
    return client.get(url(order, "edit/numbers") + query).content.decode()


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"pattern": "55", "pattern_at": "ends"}, {"ends_with": "55", "contains": ""}),
        ({"pattern": "*55"}, {"ends_with": "55"}),
        ({"pattern": "777-00"}, {"contains": "77700"}),
        ({"pattern": "taxi"}, {"contains": "8294"}),
    ],
)
def test_a_pattern_is_asked_in_digits(web, draft, carrier, typed, asked):
    search(web, draft, **typed)
    found = carrier.searches[-1]
    assert {name: getattr(found, name) for name in asked} == asked
    draft.refresh_from_db()
    assert draft.pattern == typed["pattern"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"pattern": "!!"}, "Write digits, or letters from A to Z."),
        ({"pattern": "täxi"}, "Write digits, or letters from A to Z."),
        ({"pattern": "55*55"}, "A star stands only at the beginning"),
        ({"pattern": "12345678901"}, "At most 10 digits."),
        ({"like": "12"}, "Similar to"),
        ({"like": "(800) 555-0142"}, "is toll-free: order it with toll-free numbers."),
        ({"wanted": "hello"}, "There is no telephone number in this"),
        ({"wanted": "(408) 777-0000 - 0200"}, "At most 100 numbers per order."),
        ({"wanted": "(800) 555-0142"}, "is toll-free"),
    ],
)
def test_what_makes_no_sense_is_said_and_kept(web, draft, carrier, typed, sentence):
    body = search(web, draft, **typed).content.decode()
    assert sentence in body
    assert next(iter(typed.values())) in body
    assert not carrier.searches


def test_certain_numbers_each_get_a_verdict(web, draft, location, globex):
    make_number(location, "+14087779001")
    make_number(make_connected_location(globex), "+14087779002")
    typed = "(408) 777-0001\n408.777.0002, 408-777-9001\n4087779002\n4087779003\nabc"
    search(web, draft, wanted=typed)
    assert held(draft) == list(STOCK[1:3])
    body = page(web, draft)
    for word in ("Free", "Yours", "Taken", "Not to be had", "Not a number"):
        assert f">{word}<" in body or f"{word}</" in body, word
    assert "What shall we do?" not in body  # nothing to wait for: these or none


def test_a_certain_number_that_was_left_out_is_not_called_somebodys(web, draft, committed):
    search(web, draft, wanted="(408) 777-0001 (408) 777-0002")
    with committed():
        web.post(url(draft, "edit/numbers"), {"numbers": STOCK[1:2]})
    body = page(web, draft)
    assert "You gave it back. Search again to have it held." in body
    assert "Not to be had" not in body
    draft.refresh_from_db()
    assert (draft.quantity, draft.missing()) == (1, [])
    search(web, draft, wanted="(408) 777-0001 (408) 777-0002")
    assert held(draft) == list(STOCK[1:3])
    assert "Left out" not in page(web, draft)


def test_a_certain_number_whose_hold_ran_out_is_not_called_held(web, draft):
    search(web, draft, wanted="(408) 777-0001")
    assert "It is held for you." in page(web, draft)
    type(draft).unscoped.update(hold_until=timezone.now())
    body = page(web, draft)
    assert "It is held for you." not in body
    assert "Not held any more" in body


def test_numbers_like_another(web, draft):
    search(web, draft, like="(408) 777-0050")
    assert held(draft) == ["+14087770049", "+14087770050"] or held(draft) == ["+14087770050", "+14087770051"]


def test_similar_to_one_that_is_shown(web, draft, carrier, committed):
    search(web, draft, place="area:408")
    with committed():
        web.post(url(draft, "similar"), {"like": "+14087770080"})
    draft.refresh_from_db()
    assert carrier.searches[-1].like == draft.like == "+14087770080"
    assert draft.area_code == "408"
    assert "+14087770080" in held(draft)
    page = web.post(url(draft, "similar"), {"like": "x"}, follow=True).content.decode()
    assert "There are no other numbers near this one." in page


def test_a_draft_can_begin_with_a_number_to_be_like(web, acme, location, carrier):
    web.post("/acme/orders/new/numbers/", {"location": location.pk, "like": "+14085550142"})
    assert acme.number_orders.get().like == "+14085550142"
    assert "(408) 555-0142" in page(web, acme.number_orders.get())


def test_the_most_memorable_first(web, draft, carrier):
    carrier.stock = ["+14087771739", "+14087772468", "+14087777777"]
    search(web, draft, quantity="3")
    assert page(web, draft).index("777-1739") < page(web, draft).index("777-7777")
    body = page(web, draft, "?sort=memorable")
    assert body.index("777-7777") < body.index("777-1739")
    assert 'aria-sort="descending"' in body


def test_another_order_keeps_what_is_ticked(web, draft, carrier):
    carrier.stock = ["+14087771739", "+14087772468", "+14087777777"]
    search(web, draft, quantity="5")
    url = f"/acme/orders/N-{draft.pk}/edit/numbers/"
    ticked = {"numbers": ["+14087772468"], "rest": "rest", "sort": "memorable"}
    body = web.post(f"{url}?sort=memorable", ticked).content.decode()
    assert body.index("777-7777") < body.index("777-1739")
    assert re.findall(r'value="(\+\d+)"[^>]* checked', body) == ["+14087772468"]
    assert re.search(r'value="rest" checked', body)
    assert draft.lines.filter(is_chosen=True).count() == 3  # nothing is decided yet


def test_toll_free_numbers(web, acme, location, carrier):
    acme.may_toll_free = True
    acme.save()
    carrier.stock = ["+18337770001", "+18337770002"]
    web.post("/acme/orders/new/numbers/", {"location": location.pk, "kind": "toll_free"})
    order = acme.number_orders.get()
    body = page(web, order)
    assert "never for a user or a workspace" in body
    assert 'name="region"' not in body
    search(web, order, place="area:833", quantity="2")
    asked = carrier.searches[-1]
    assert (asked.kind, asked.area_code, asked.state) == (NumberKind.TOLL_FREE, "833", "")
    web.post(url(order, "edit/numbers"), {"numbers": held(order)})
    assert "no emergency address belongs to it" in web.get(url(order, "edit/review")).content.decode()
    web.post(url(order, "place"))
    assert set(order.phone_numbers.values_list("kind", flat=True)) == {"toll_free"}


@pytest.mark.parametrize("change", [{"may_toll_free": False}, {"may_toll_free": True, "is_trial": True}])
def test_without_license_or_on_trial_no_toll_free(web, acme, location, carrier, change):
    for name, value in change.items():
        setattr(acme, name, value)
    acme.save()
    carrier.stock = ["+18337770001"]
    for kind in ("toll_free", "block") if acme.is_trial else ("toll_free",):
        answer = web.post("/acme/orders/new/numbers/", {"location": location.pk, "kind": kind}, follow=True)
        assert answer.redirect_chain == [("/acme/numbers/start/", 302)]
        assert not acme.number_orders.exists()
    order = acme.number_orders.create(location=location, kind="toll_free")
    search(web, order, quantity="1")
    web.post(url(order, "edit/numbers"), {"numbers": held(order)})
    assert "Place order" not in web.get(url(order, "edit/review")).content.decode()
    web.post(url(order, "place"))
    order.refresh_from_db()
    assert order.state == "draft"


def test_the_united_kingdom_has_no_states_and_two_kinds(web, acme, carrier):
    london = make_connected_location(acme, name="London", country="GB", state="", city="London")
    carrier.stock = [f"+44306999000{n}" for n in range(4)]
    for kind, number_kind in (("standard", "local"), ("non_geographic", "non_geographic")):
        web.post("/acme/orders/new/numbers/", {"location": london.pk, "kind": kind})
        order = acme.number_orders.latest("pk")
        body = page(web, order)
        assert 'name="region"' not in body
        assert 'name="exchange"' not in body
        web.post(url(order, "search"), {"quantity": "2", "place": ""})
        assert (carrier.searches[-1].country, carrier.searches[-1].kind) == ("GB", number_kind)
    web.post(url(order, "edit/numbers"), {"numbers": held(order)})
    web.post(url(order, "place"))
    assert set(order.phone_numbers.values_list("kind", flat=True)) == {"non_geographic"}


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("standard", "+443069990001", "is non-geographic: order it with non-geographic numbers."),
        ("non_geographic", "+442079460958", "is not non-geographic: order it with new numbers."),
        ("non_geographic", "+448001111111", "is toll-free"),
        ("standard", "+14087770001", "number of another country"),
    ],
)
def test_a_number_of_another_kind_is_not_ordered(web, acme, carrier, eli, kind, number, said):
    """Neither as a certain number, nor like one, nor by a press that no page offers."""
    london = make_connected_location(acme, name="London", country="GB", state="", city="London")
    order = acme.number_orders.create(location=london, kind=kind, created_by=eli)
    carrier.stock = [number]
    for field in ("like", "wanted"):
        typed = {"quantity": "1", "place": "", field: number}
        assert said in web.post(url(order, "search"), typed).content.decode() or field == "wanted"
        assert not held(order)
    assert said in web.post(url(order, "similar"), {"like": number}, follow=True).content.decode()
    assert not held(order)


@pytest.mark.parametrize("kind", ["toll_free", "assisted", "nonsense"])
def test_no_draft_of_a_kind_that_the_country_has_not(web, acme, carrier, kind):
    london = make_connected_location(acme, name="London", country="GB", state="")
    data = {"location": london.pk, "kind": kind}
    assert web.post("/acme/orders/new/numbers/", data).status_code == 404
    assert not acme.number_orders.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "No numbers left with these criteria. Try outside California."),
        ({"place": "area:669"}, "Try another area code, a city nearby, or anywhere."),
        ({"place": "area:408", "exchange": "555"}, "Try it without the prefix, or another area code."),
        ({"pattern": "TAXI"}, "Try fewer digits, or the same ones elsewhere."),
        ({"like": "(408) 777-0001"}, "Look for numbers similar to another one, or by place."),
        (
            {"wanted": "(408) 777-0001"},
            "None of these numbers is free. Look for numbers similar to them instead.",
        ),
    ],
)
def test_what_to_try_instead_follows_from_what_was_asked(web, draft, carrier, typed, sentence):
    carrier.stock = []
    assert sentence in search(web, draft, **typed).content.decode()


@pytest.mark.parametrize(
    ("place", "sentence"), [("area:833", "Try another prefix."), ("", "Try again later.")]
)
def test_toll_free_numbers_have_no_place_to_try(web, acme, location, carrier, place, sentence):
    carrier.stock = []
    acme.may_toll_free = True
    acme.save()
    order = acme.number_orders.create(location=location, region="CA", kind="toll_free")
    assert f"with these criteria. {sentence}" in search(web, order, place=place).content.decode()


def test_a_column_that_would_be_empty_is_left_out(web, draft):
    search(web, draft)
    assert ">Rate center<" in page(web, draft)
    draft.lines.update(city="", rate_center="")  # as of toll-free numbers
    assert "Memorable" in page(web, draft)
    assert ">Rate center<" not in page(web, draft)
