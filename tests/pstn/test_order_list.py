"""One list of both kinds of order: segments, filters, search, pages, and a fixed number of queries."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from pstn.models import LocationAdmin, NumberOrder
from pstn.order_list import merged
from tests.factories import make_location, make_number_order
from tests.porting.outs.factories import make_port_out

HTMX = {"HX-Request": "true", "HX-Target": "orders"}


@pytest.fixture
def location(acme):
    return make_location(acme)


@pytest.fixture
def see(client, ada):
    """Ada's list, as the references that it shows."""
    client.force_login(ada)

    def see(headers=None, **query):
        response = client.get(reverse("pstn:order_list", args=["acme"]), query, headers=headers)
        assert response.status_code == 200
        return [order.reference for order, *_ in response.context["rows"]]

    return see


def make_port(location, numbers=("+14085550199",), **fields):
    order = location.org.port_orders.create(location=location, number_count=len(numbers), **fields)
    for e164 in numbers:
        order.numbers.create(e164=e164)
    return order


def at(order, minutes):
    """Put the order's last change so many minutes back."""
    type(order).unscoped.filter(pk=order.pk).update(updated_at=timezone.now() - timedelta(minutes=minutes))
    return order


def test_both_kinds_are_in_one_list_with_the_latest_change_first(location, see):
    old, new = at(make_number_order(location), 30), at(make_number_order(location, ("+14085550151",)), 10)
    port = at(make_port(location), 20)
    assert see() == [new.reference, port.reference, old.reference]


def test_an_order_shows_what_people_look_for(client, ada, location):
    client.force_login(ada)
    make_port(location, state="foc_received", foc_date=date(2026, 6, 3), created_by=ada)
    moved = timezone.now() - timedelta(days=3, hours=5)
    type(location.org.port_orders.get()).unscoped.update(moved_at=moved)
    page = client.get(reverse("pstn:order_list", args=["acme"])).content.decode()
    for text in ("Port in", "San Jose HQ", "FOC received", "June 3, 2026", "3\xa0days", "Ada Park"):
        assert text in page, text
    assert ">requested<" not in page


def test_a_row_opens_the_panel_and_works_as_a_link(client, ada, location):
    client.force_login(ada)
    order = make_number_order(location)
    page = client.get(reverse("pstn:order_list", args=["acme"])).content.decode()
    address = reverse("pstn:number_order_detail", args=["acme", order.pk])
    assert f'href="{address}" hx-get="{address}" hx-target="#panel"' in page


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("action", {"error", "waits", "rejected"}),
        ("progress", {"pending", "validating", "foc_received"}),
        ("done", {"provisioned", "completed", "canceled"}),
        ("drafts", {"draft"}),
        (
            "nonsense",
            {"error", "waits", "rejected", "pending", "validating", "foc_received"}
            | {"provisioned", "completed", "canceled", "draft"},
        ),
    ],
)
def test_segments(location, see, show, expected):
    made = {}
    for n, state in enumerate(["draft", "pending", "provisioned", "error"]):
        made[state] = make_number_order(location, (f"+1408555020{n}",), state=state)
    made["waits"] = make_number_order(location, ("+14085550210",), state="provisioned", waits_for_terms=True)
    for state in ["validating", "rejected", "foc_received", "completed", "canceled"]:
        made[state] = make_port(location, state=state)
    assert set(see(show=show)) == {made[name].reference for name in expected}


def test_filters_combine(acme, location, see):
    austin = make_location(acme, name="Austin")
    wanted = make_port(austin, state="submitted")
    make_port(location, state="submitted")
    make_port(austin, state="rejected")
    make_number_order(austin)
    assert see(type="P", status="submitted", location=austin.pk) == [wanted.reference]
    assert see(type="N", status="submitted", location=austin.pk) == []


def test_each_kind_of_order_is_a_type(location, see):
    plain = make_number_order(location)
    block = make_number_order(location, (), kind="block")
    make_port(location, state="submitted")
    assert see(type="block") == [block.reference]
    assert see(type="standard") == [plain.reference]
    assert set(see(type="N")) == {plain.reference, block.reference}


def test_a_status_is_the_word_that_people_see_for_both_kinds(location, see):
    new = make_number_order(location, state="pending")
    port = make_port(location, state="validating")
    waiting = make_number_order(location, ("+14085550151",), state="provisioned", waits_for_terms=True)
    assert set(see(status="pending")) == {new.reference, port.reference}
    assert see(status="waiting_for_terms") == [waiting.reference]
    assert see(status="provisioned") == []


@pytest.mark.parametrize(
    "query", [{"location": "x"}, {"location": "9" * 15}, {"status": "gone"}, {"type": "Z"}]
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_filter_that_no_longer_means_anything_is_left_out(location, see, query, headers):
    order = make_number_order(location)
    assert see(headers, **query) == [order.reference]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_location_of_a_neighbor_is_none(globex, location, see, headers):
    order = make_number_order(location)
    theirs = make_location(globex)
    make_number_order(theirs, ("+14085550151",))
    assert see(headers, location=theirs.pk) == [order.reference]
    assert see(headers, location=location.pk, type="P") == []


def test_the_chosen_location_stays_chosen(client, ada, location):
    make_location(location.org, name="Austin")
    client.force_login(ada)
    page = client.get(reverse("pstn:order_list", args=["acme"]), {"location": location.pk}).content.decode()
    assert f'<option value="{location.pk}" selected>San Jose HQ</option>' in page
    assert ">Austin</option>" in page


@pytest.mark.parametrize("spell", ["{r}", "{r_lower}", "{pk}", "#{pk}", " {r} "])
def test_search_by_reference(location, see, spell):
    order = make_number_order(location)
    other = make_number_order(location, ("+14085550151",))
    q = spell.format(r=order.reference, r_lower=order.reference.lower().replace("-", ""), pk=order.pk)
    assert see(q=q) == [order.reference]
    assert other.reference not in see(q=q)


def test_half_a_reference_finds_all_that_it_may_become(location, see):
    order = make_number_order(location)
    make_port(location)
    assert see(q="N-") == [order.reference]


def test_a_reference_of_the_other_kind_is_not_found(location, see):
    order = make_number_order(location)
    assert see(q=f"P-{order.pk}") == []


@pytest.mark.parametrize("q", ["4085550199", "(408) 555-0199", "+1 408 555 0199", "5550199", "0199"])
def test_search_by_number_in_any_spelling(location, see, q):
    port = make_port(location, ("+14085550199", "+14085550198"))
    make_number_order(location)
    assert see(q=q) == [port.reference]


@pytest.mark.parametrize(
    "q", ["020 7946 0958", "+44 (0)20 7946 0958", "0044 20 7946 0958", "(020) 7946 0958", "0958"]
)
def test_search_by_a_number_as_its_country_writes_it(acme, location, see, q):
    order = make_number_order(location, ("+442079460958",))
    make_number_order(location, ("+442079465958",))
    assert see(q=q) == [order.reference]


def test_a_number_that_was_left_out_of_an_order_does_not_find_it(location, see):
    order = make_number_order(location, ("+14085550150", "+14085550151"))
    order.lines.filter(e164="+14085550150").update(is_chosen=False)
    assert see(q="4085550150") == []
    assert see(q="4085550151") == [order.reference]


def test_search_by_the_carriers_reference(location, see):
    order = make_number_order(location, carrier_ref="SIM-77")
    assert see(q="sim-77") == [order.reference]


@pytest.mark.parametrize("q", ["nothing", "999999999999999999999", "%", "-", "#", "_", "٤٥٦٧", "1 or 1=1"])
def test_a_search_for_nothing_finds_nothing(location, see, q):
    make_number_order(location)
    assert see(q=q) == []


def test_a_search_that_no_database_could_take_is_left_out(location, see):
    order = make_number_order(location)
    assert see(q="\x00") == [order.reference]


def test_every_order_is_on_exactly_one_page_forwards_and_back(acme, location, client, ada):
    moment = timezone.now()
    for n in range(60):
        make_number_order(location, (f"+1408555{n:04}",))
        make_port(location, (f"+1408556{n:04}",))
    # Many changes at one moment: the order must still be total.
    NumberOrder.unscoped.update(updated_at=moment)
    acme.port_orders.update(updated_at=moment)
    client.force_login(ada)
    address = reverse("pstn:order_list", args=["acme"])
    pages, query = [], {}
    while query is not None:
        context = client.get(address, query).context
        pages.append([order.reference for order, *_ in context["rows"]])
        query = {"after": context["page"].next} if context["page"].next else None
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({reference for page in pages for reference in page}) == 120
    back = client.get(address, {"before": context["page"].previous}).context
    assert [order.reference for order, *_ in back["rows"]] == pages[1]
    assert client.get(address, {"before": back["page"].previous}).context["page"].previous is None


def test_pages_keep_the_order_of_the_whole_list(acme, location):
    for n in range(7):
        at(make_number_order(location, (f"+1408555{n:04}",)), n // 2)
        at(make_port(location, (f"+1408556{n:04}",)), n // 3)
    lists = [acme.number_orders.all(), acme.port_orders.all()]
    (page, _), seen = merged(acme, lists, size=4), []
    while True:
        seen += page.rows
        if page.next is None:
            break
        page, _ = merged(acme, lists, after=page.next, size=4)
    assert len(seen) == 14
    keys = [(order.updated_at, order.pk, order.PREFIX) for order in seen]
    assert all(first > second for first, second in pairwise(keys))


@pytest.mark.parametrize("cursor", ["x", "99999999999999999999-N-1", "5-Q-1", "5-N-", "-1-N-1", "1-N-1"])
@pytest.mark.parametrize("which", ["after", "before"])
def test_a_damaged_cursor_gives_the_first_page(location, see, which, cursor):
    order = make_number_order(location)
    assert see(**{which: cursor}) == [order.reference]


@pytest.mark.parametrize("many", [1, 60])
def test_the_list_costs_a_fixed_number_of_queries(client, ada, location, many, django_assert_num_queries):
    for n in range(many):
        place = make_location(location.org, name=f"Place {n}")
        numbers = f"+1408555{n:04}", f"+1408556{n:04}"
        make_number_order(place, numbers, created_by=ada, back_quantity=1)
        group = location.org.port_groups.create()
        make_port(place, numbers, created_by=ada, group=group, needs_answer=True, amber_on=date(2026, 1, 5))
        out = make_port_out(place, numbers=numbers, created_by=ada)
        at_two = out.numbers.filter(e164=numbers[1])
        at_two.update(location=location)
        type(out).unscoped.filter(pk=out.pk).update(location=None)
    client.force_login(ada)
    address = reverse("pstn:order_list", args=["acme"])
    # session, person, membership, orders with the alerts, locations
    for query in ({}, {"location": location.pk}, {"show": "action", "q": "0000"}):
        with django_assert_num_queries(5):
            page = client.get(address, query)
    assert page.context["alerts"]
    with django_assert_num_queries(4):  # what polling costs
        client.get(address, headers=HTMX)
    with django_assert_num_queries(5):  # and with a location, which must be known
        client.get(address, {"location": location.pk}, headers=HTMX)


def test_htmx_gets_the_table_alone_and_it_asks_sooner_while_something_moves(client, ada, location):
    client.force_login(ada)
    address = reverse("pstn:order_list", args=["acme"])
    make_number_order(location)
    quiet = client.get(address, {"show": "all"}, headers=HTMX).content.decode()
    assert quiet.strip().startswith('<div id="orders">')
    assert 'hx-trigger="every 60s"' in quiet
    assert f'hx-get="{address}?show=all"' in quiet
    make_number_order(location, ("+14085550151",), state="pending")
    assert 'hx-trigger="every 5s"' in client.get(address, headers=HTMX).content.decode()


def test_a_screen_reader_hears_the_result_of_a_filter_but_not_of_every_poll(client, ada, location):
    client.force_login(ada)
    make_number_order(location)
    address = reverse("pstn:order_list", args=["acme"])
    asked = client.get(address, headers={**HTMX, "HX-Trigger": "order-filters"}).content.decode()
    assert '<p hx-swap-oob="innerHTML:#sr-status">1 order</p>' in asked
    assert (
        "sr-status" not in client.get(address, headers={**HTMX, "HX-Trigger": "orders-poll"}).content.decode()
    )


def test_a_neighbor_sees_none_of_it(client, mallory, location):
    make_number_order(location)
    client.force_login(mallory)
    assert client.get(reverse("pstn:order_list", args=["acme"])).status_code == 404
    assert client.get(reverse("pstn:order_list", args=["globex"])).context["rows"] == []


def test_a_location_administrator_sees_the_orders_of_their_locations(client, acme, lou, location):
    austin = make_location(acme, name="Austin")
    mine, _ = make_port(location), make_port(austin)
    draft = acme.number_orders.create(created_by=lou)
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=location)
    client.force_login(lou)
    context = client.get(reverse("pstn:order_list", args=["acme"])).context
    assert {order.reference for order, *_ in context["rows"]} == {mine.reference, draft.reference}
    assert [str(place) for _, place in context["filters"].fields["location"].choices] == [
        "All locations",
        "San Jose HQ",
    ]


def test_who_only_looks_has_no_button_to_order(client, ada, vic, acme):
    start = reverse("pstn:number_start", args=["acme"])
    address = reverse("pstn:order_list", args=["acme"])
    client.force_login(vic)
    assert start not in client.get(address).content.decode()
    client.force_login(ada)
    assert start in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "No orders yet"),
        ({"show": "action"}, "Nothing needs you"),
        ({"show": "progress"}, "Nothing is on its way"),
        ({"show": "done"}, "No order is finished yet"),
        ({"show": "drafts"}, "No drafts"),
        ({"q": "N-99"}, "No order matches"),
    ],
)
def test_an_empty_list_says_why(client, ada, query, words):
    client.force_login(ada)
    page = client.get(reverse("pstn:order_list", args=["acme"]), query).content.decode()
    assert words in page


def test_organizations_do_not_mix(globex, ada, see):
    make_number_order(make_location(Organization.objects.get(slug="globex")))
    assert see() == []
