"""The plan's page: moving numbers about, making the orders, and two who do it at once."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from carrier.base import LineKind, Portability, Portable
from porting.models import PortedNumber, PortOrder
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db
LOCAL, OTHER, FREE = "+14085550110", "+14085550120", "+18005550140"


@pytest.fixture
def order(acme, ada, office, carrier):
    """Two numbers of one carrier, one of another, one toll-free."""
    carrier.answers = {
        OTHER: Portability(OTHER, Portable.YES, losing_carrier="Northern", interval_days=9),
        FREE: Portability(
            FREE, Portable.YES, losing_carrier="Frontline", kind=LineKind.TOLL_FREE, resp_org="ABC01"
        ),
    }
    return acme.port_orders.create(created_by=ada, location=office)


@pytest.fixture
def post(ada, order, signed_in, url):
    def post(slug="plan", person=ada, **data):
        order.refresh_from_db()
        return signed_in(person).post(
            url("order_step", order, slug), {"version": str(order.version), "plan_aligned": "on", **data}
        )

    return post


@pytest.fixture
def planned(order, post):
    post("numbers", numbers=f"{LOCAL}\n+14085550111\n{OTHER}\n{FREE}")
    return order


@pytest.fixture
def divide(ada, order, signed_in, url):
    def divide(person=ada, **data):
        order.refresh_from_db()
        data = {"version": str(order.version), "plan_aligned": "on", **data}
        return signed_in(person).post(url("order_divide", order), data)

    return divide


def parts(order):
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    from porting.splitting import plan_of

    return [[row.e164 for row in part.rows] for part in plan_of(order)]


def test_a_list_that_falls_apart_leads_to_the_plan(order, post, url, ada, signed_in):
    assert post("numbers", numbers=f"{LOCAL}\n{OTHER}\n{FREE}").url == url("order_step", order, "plan")
    page = signed_in(ada).get(url("order_step", order, "plan"))
    text = " ".join(page.content.decode().split())
    assert "This becomes 3 orders." in text
    assert "Make 3 orders" in text
    assert "Toll-free numbers move through their registry." in text
    assert [str(mark.title) for mark in page.context["steps"]][:3] == ["Location", "Numbers", "Plan"]


def test_a_list_of_one_kind_has_no_plan(order, post, url, ada, signed_in):
    assert post("numbers", numbers=LOCAL).url == url("order_step", order, "date")
    page = signed_in(ada).get(url("order_step", order, "date"))
    assert "Plan" not in [str(mark.title) for mark in page.context["steps"]]
    assert page.context["back_url"] == url("order_step", order, "numbers")


def test_each_part_has_its_own_earliest_date(planned, url, ada, signed_in):
    cards = signed_in(ada).get(url("order_step", planned, "plan")).context["suggestion"]
    days = {card.part.rows[0].e164: card.earliest for card in cards}
    assert days[LOCAL] < days[OTHER]


def test_numbers_go_into_a_new_order_and_back(planned, post, url):
    assert post(then="move", number="+14085550111", to="0").url == url("order_step", planned, "plan")
    assert parts(planned) == [[LOCAL], [OTHER], [FREE], ["+14085550111"]]
    post(then="move", whole="4", to="1")
    assert parts(planned) == [[LOCAL, "+14085550111"], [OTHER], [FREE]]


def test_the_suggestion_comes_back(planned, post):
    post(then="move", number="+14085550111", to="0")
    post(then="reset")
    assert parts(planned) == [[LOCAL, "+14085550111"], [OTHER], [FREE]]
    assert not planned.numbers.exclude(part=0).exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"number": FREE, "to": "1"}, "Toll-free numbers cannot share an order"),
        ({"number": OTHER, "to": "1"}, "Numbers of two carriers"),
        ({"number": LOCAL}, "Choose the order into which they go."),
        ({"to": "1"}, "Tick the numbers first"),
        ({"number": "+14085559999", "to": "1"}, "not in the list any more"),
        ({"number": LOCAL, "to": "9"}, "not in the plan any more"),
    ],
)
def test_what_is_not_legal_gets_its_sentence(planned, post, data, sentence):
    before = parts(planned)
    page = post(then="move", **data)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert parts(planned) == before
    if data.get("number") in (LOCAL, OTHER, FREE):
        assert f'value="{data["number"]}" checked' in page.content.decode()


def test_a_stale_tab_moves_nothing(planned, post, eli):
    post(then="move", number="+14085550111", to="0", person=eli)
    page = post(then="move", whole="2", to="0", version="0")
    assert page.status_code == 409
    assert "Eli Stone changed this order" in page.content.decode()


def test_the_orders_of_the_plan_are_made(planned, divide, acme, ada):
    response = divide()
    planned.refresh_from_db()
    group = acme.port_groups.get()
    assert response.url == group.get_absolute_url()
    assert group.is_aligned
    orders = list(acme.port_orders.order_by("pk"))
    assert [[row.e164 for row in one.numbers.all()] for one in orders] == [
        [LOCAL, "+14085550111"],
        [OTHER],
        [FREE],
    ]
    assert [one.number_count for one in orders] == [2, 1, 1]
    assert [one.losing_carrier for one in orders] == ["Valley Telephone", "Northern", "Frontline"]
    assert [one.resp_org for one in orders] == ["", "", "ABC01"]
    assert {one.group_id for one in orders} == {group.pk}
    assert {one.location_id for one in orders} == {planned.location_id}
    assert {one.created_by_id for one in orders} == {ada.pk}
    assert all("plan" not in PortOrder.unscoped.whole().get(pk=one.pk).missing() for one in orders)
    assert AuditEntry.objects.filter(what="port_order.split").count() == 1


def test_same_day_can_be_turned_off_in_the_plan(planned, post, divide, acme):
    order = planned
    post(then="move", number="+14085550111", to="0", plan_aligned="")
    order.refresh_from_db()
    assert not order.plan_aligned
    divide(plan_aligned="on")
    assert acme.port_groups.get().is_aligned


def test_unticked_same_day_makes_a_group_without_it(planned, ada, signed_in, url, acme):
    planned.refresh_from_db()
    signed_in(ada).post(url("order_divide", planned), {"version": str(planned.version)})
    assert not acme.port_groups.get().is_aligned


def test_pressed_twice_they_are_made_once(planned, divide, acme):
    planned.refresh_from_db()
    version = str(planned.version)
    first, second = divide(version=version), divide(version=version)
    assert first.url == second.url == acme.port_groups.get().get_absolute_url()
    assert acme.port_orders.count() == 3


def test_a_stale_plan_is_not_made(planned, post, divide, acme, eli, url):
    planned.refresh_from_db()
    version = str(planned.version)
    post(then="move", number="+14085550111", to="0", person=eli)
    assert divide(version=version).url == url("order_step", planned, "plan")
    assert acme.port_orders.count() == 1
    assert not acme.port_groups.exists()


def test_a_billing_number_sets_numbers_apart(planned, post, divide, acme):
    page = post(then="btn", number="+14085550111", billed_to="408 55")
    assert page.status_code == 422
    assert page.context["form"].errors["billed_to"]
    post(then="btn", number="+14085550111", billed_to="(408) 555-0199")
    assert parts(planned) == [[LOCAL], ["+14085550111"], [OTHER], [FREE]]
    divide()
    other = acme.port_orders.get(numbers__e164="+14085550111")
    assert other.btn == "+14085550199"
    assert planned.org.port_orders.get(numbers__e164=LOCAL).btn == ""


def test_a_billing_number_can_be_taken_back(planned, post):
    post(then="btn", number="+14085550111", billed_to="(408) 555-0199")
    post(then="btn", number="+14085550111", billed_to="")
    assert parts(planned) == [[LOCAL, "+14085550111"], [OTHER], [FREE]]
    assert post(then="btn", billed_to="(408) 555-0199").status_code == 422


def test_what_was_put_together_stays_together_in_its_order(planned, post, divide):
    post(then="btn", number="+14085550111", billed_to="(408) 555-0199")
    post(then="move", whole="2", to="1")
    divide()
    order = PortOrder.unscoped.whole().get(pk=planned.pk)
    assert order.number_count == 2
    assert "plan" not in order.missing()


def test_leaving_keeps_the_plan(planned, post):
    assert post(then="leave", number="+14085550111", to="0").url == "/acme/orders/"
    assert parts(planned) == [[LOCAL], [OTHER], [FREE], ["+14085550111"]]


def test_one_order_is_not_divided(order, post, divide, acme):
    post("numbers", numbers=LOCAL)
    divide()
    assert acme.port_orders.count() == 1


def test_who_only_looks_makes_nothing(planned, divide, vic, acme):
    assert divide(person=vic).status_code == 403
    assert acme.port_orders.count() == 1


def test_a_mixed_draft_is_never_submitted(acme, ada, office, carrier, signed_in, url):
    order = make_port_order(acme, numbers=(LOCAL, FREE))
    order.numbers.filter(e164=FREE).update(kind="toll_free")
    signed_in(ada).post(url("order_submit", order))
    order.refresh_from_db()
    assert order.state == "draft"


def test_numbers_that_cannot_be_ported_stay_in_a_draft_of_their_own(
    acme, ada, office, carrier, signed_in, url
):
    order = make_port_order(acme)
    order.numbers.filter(e164="+14085550112").update(portable="no")
    signed_in(ada).post(url("order_divide", order), {"version": "0"})
    other = acme.port_orders.exclude(pk=order.pk).get()
    assert [row.e164 for row in other.numbers.all()] == ["+14085550112"]
    assert "numbers" in PortOrder.unscoped.whole().get(pk=other.pk).missing()
    assert "numbers" not in PortOrder.unscoped.whole().get(pk=order.pk).missing()


def test_the_carriers_record_suggests_billing_numbers(acme, ada, carrier, office, signed_in, url):
    order = make_port_order(acme)
    btns = {LOCAL: LOCAL, "+14085550111": LOCAL, "+14085550112": "+14085550199"}
    order.record_requests.create(
        asked="a", losing_carrier="Valley Telephone", state="ready", record={"btn": LOCAL, "btns": btns}
    )
    client = signed_in(ada)
    page = client.get(url("order_step", order, "plan"))
    assert "They are billed to +1 408-555-0199." in page.content.decode()
    assert "plan" not in order.missing()  # a suggestion: the carrier may still take them together
    client.post(url("order_divide", order), {"version": "0"})
    other = acme.port_orders.exclude(pk=order.pk).get()
    assert (other.btn, other.number_count) == ("+14085550199", 1)
    assert "plan" not in PortOrder.unscoped.whole().get(pk=other.pk).missing()


@pytest.mark.parametrize("code", ["multiple_btns", "pending_main_btn"])
def test_a_rejection_that_names_numbers_leads_into_the_plan(acme, ada, carrier, office, signed_in, url, code):
    order = make_port_order(acme, state="rejected", reject_code=code)
    order.numbers.filter(e164="+14085550112").update(is_named_in_reject=True)
    client = signed_in(ada)
    assert url("order_step", order, "plan") in client.get(order.get_absolute_url()).content.decode()
    page = client.get(url("order_step", order, "plan"))
    assert "named them" in page.content.decode()
    assert [[row.e164 for row in card.part.rows] for card in page.context["suggestion"]] == [
        [LOCAL, "+14085550111"],
        ["+14085550112"],
    ]
    assert "plan" not in order.missing()  # a suggestion: it may also be mended another way
    response = client.post(url("order_divide", order), {"version": "0"})
    order.refresh_from_db()
    other = acme.port_orders.exclude(pk=order.pk).get()
    assert response.url == order.get_absolute_url()
    assert (order.state, other.state, other.group_id) == ("rejected", "draft", order.group_id)
    assert [row.state for row in other.numbers.all()] == ["draft"]
    assert set(acme.phone_numbers.values_list("e164", flat=True)) == {LOCAL, "+14085550111"}


@pytest.fixture
def thousand(acme, ada, office, carrier):
    order = make_port_order(acme, numbers=())
    order.numbers.bulk_create(
        PortedNumber(
            order=order,
            e164=f"+1408555{n:04}",
            portable="yes",
            losing_carrier=f"Carrier {n % 10}",
            btn=f"+1408556{n % 20:04}",
            is_wireless=n % 3 == 0,
        )
        for n in range(1000)
    )
    acme.port_orders.filter(pk=order.pk).update(number_count=1000)
    return order


def test_a_thousand_numbers_are_planned_and_made_in_a_second(thousand, ada, signed_in, url, acme):
    client = signed_in(ada)
    began = time.monotonic()
    page = client.get(url("order_step", thousand, "plan"))
    shown = time.monotonic() - began
    assert len(page.context["suggestion"]) == 40
    began = time.monotonic()
    client.post(
        url("order_step", thousand, "plan"), {"version": "0", "then": "move", "whole": "2", "to": "0"}
    )
    moved = time.monotonic() - began
    began = time.monotonic()
    client.post(url("order_divide", thousand), {"version": "1"})
    made = time.monotonic() - began
    print(f"page {shown:.2f} s, move {moved:.2f} s, make {made:.2f} s")
    assert acme.port_orders.count() == 40
    assert sum(order.number_count for order in acme.port_orders.all()) == 1000
    assert max(shown, moved, made) < 5  # alone it is under one second; the machine may be busy


def test_the_plan_costs_as_many_queries_for_one_number_as_for_a_thousand(thousand, acme, ada, signed_in, url):
    small = make_port_order(acme, numbers=(LOCAL,))
    client = signed_in(ada)
    counts = []
    for order in (small, thousand):
        client.get(url("order_step", order, "plan"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url("order_step", order, "plan"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
