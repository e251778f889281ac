"""Preparing an order's numbers: the card, the table of fifty rows a page, and what is marked when they come."""

import pytest

from emergency.models import EmergencyAddress
from porting.day import preparing
from porting.workflow import orders as workflow
from pstn.models import LocationAdmin, Preparation
from pstn.workflow import preparations
from pstn.workflow.preparations import Wanted
from tests.factories import make_connected_location, make_number, make_own_address
from tests.porting.factories import NUMBERS, a_date, make_port_order


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, state="foc_received", foc_date=a_date())


@pytest.fixture
def page(order, url):
    return url("order_prepare", order)


def rows_of(acme, **typed):
    """What the browser posts: every row of the page, with what was typed into some."""
    data = {}
    for row in acme.phone_numbers.filter(state="porting"):
        version = getattr(getattr(row, "preparation", None), "version", 0)
        data |= {f"n{row.pk}-version": str(version), f"n{row.pk}-afterwards": "keep"}
    for e164, fields in typed.items():
        pk = acme.phone_numbers.get(e164=f"+{e164[1:]}").pk
        data |= {f"n{pk}-{name}": value for name, value in fields.items()}
    return data


def key(e164):
    return f"n{e164[1:]}"


def test_the_card_says_how_far_it_is(acme, ada, vic, order, signed_in):
    text = signed_in(ada).get(order.get_absolute_url()).content.decode()
    assert "Assign the numbers now so that phones ring at once." in text
    assert "0 of 3 are assigned." in text
    assert "Assign now" in text
    assert "Assign now" not in signed_in(vic).get(order.get_absolute_url()).content.decode()
    wanted = [Wanted(row, {"assigned_to": "Anita"}) for row in acme.phone_numbers.filter(state="porting")]
    preparations.prepare(acme, wanted, by=ada)
    text = signed_in(ada).get(order.get_absolute_url()).content.decode()
    assert "3 of 3 are assigned." in text
    assert "Assign the numbers now" not in text


@pytest.mark.parametrize("state", ["draft", "completed", "canceled", "verified"])
def test_no_card_when_nothing_is_on_its_way(acme, ada, office, state):
    order = make_port_order(acme, state=state)
    assert preparing.facts(order, ada.memberships.get()) is None


@pytest.mark.parametrize("state", ["validating", "submitted", "rejected", "foc_received", "activating"])
def test_from_submit_on_it_is_there(acme, ada, office, signed_in, url, state):
    order = make_port_order(acme, state=state)
    assert preparing.facts(order, ada.memberships.get())["summary"].coming == 3
    assert signed_in(ada).get(url("order_prepare", order)).status_code == 200


def test_the_summary_counts_what_will_be(acme, ada, order):
    stand_in = make_number(order.location, "+14085550170", assigned_to="Cleo")
    first, second, _third = acme.phone_numbers.filter(state="porting").order_by("e164")
    wanted = [
        Wanted(first, {"assigned_to": "Anita"}),
        Wanted(second, {"temporary_e164": stand_in.e164}),
    ]
    preparations.prepare(acme, wanted, by=ada)
    EmergencyAddress.unscoped.update(state="rejected")
    make_own_address(first)
    order = acme.port_orders.get(pk=order.pk)
    found = preparing.summary(order)
    assert (found.total, found.assigned, found.unassigned, found.without_address) == (3, 2, 1, 2)
    assert not found.is_ready


def test_a_page_is_saved_as_a_whole(acme, ada, order, signed_in, page):
    typed = {
        key(NUMBERS[0]): {"assigned_to": "Anita", "caller_name": "Acme"},
        key(NUMBERS[1]): {"becomes_main": "on"},
    }
    assert signed_in(ada).post(page, rows_of(acme, **typed)).status_code == 302
    saved = {row.number.e164: row for row in Preparation.unscoped.select_related("number")}
    assert set(saved) == set(NUMBERS[:2])  # a row that nobody touched is not written
    assert saved[NUMBERS[0]].assigned_to == "Anita"
    assert saved[NUMBERS[1]].becomes_main


def test_one_bad_row_saves_nothing_and_keeps_all_that_was_typed(acme, ada, order, signed_in, page):
    typed = {key(NUMBERS[0]): {"assigned_to": "Anita"}, key(NUMBERS[1]): {"caller_name": "Zoë"}}
    response = signed_in(ada).post(page, rows_of(acme, **typed))
    text = response.content.decode()
    assert response.status_code == 422
    assert "Nothing is saved yet" in text
    assert "Only letters A to Z" in text
    assert 'value="Anita"' in text
    assert not Preparation.unscoped.exists()


def test_two_main_numbers_on_a_page_are_refused(acme, ada, order, signed_in, page):
    typed = {key(e164): {"becomes_main": "on"} for e164 in NUMBERS[:2]}
    response = signed_in(ada).post(page, rows_of(acme, **typed))
    assert "is already to become the main number" in response.content.decode()
    assert not Preparation.unscoped.exists()


def test_a_row_that_somebody_else_changed_is_told_and_then_overwritten(
    acme, ada, eli, order, signed_in, page
):
    stale = rows_of(acme, **{key(NUMBERS[0]): {"assigned_to": "Anita"}})
    number = acme.phone_numbers.get(e164=NUMBERS[0])
    preparations.prepare(acme, [Wanted(number, {"assigned_to": "Front desk"})], by=eli)
    response = signed_in(ada).post(page, stale)
    text = response.content.decode()
    assert "Eli Stone changed this on" in text
    assert f'name="n{number.pk}-version" value="1"' in text
    assert Preparation.unscoped.get().assigned_to == "Front desk"
    again = stale | {f"n{number.pk}-version": "1"}
    assert signed_in(ada).post(page, again).status_code == 302
    assert Preparation.unscoped.get().assigned_to == "Anita"


def test_fifty_a_page_and_the_next_after_saving(
    acme, ada, office, signed_in, url, django_assert_max_num_queries
):
    numbers = tuple(f"+1408555{n:04}" for n in range(120))
    page = url("order_prepare", make_port_order(acme, state="submitted", numbers=numbers))
    client = signed_in(ada)
    with django_assert_max_num_queries(20):
        response = client.get(page)
    assert len(response.context["table"].rows) == 50
    data = {f"n{row.pk}-version": "0" for row, _form in response.context["table"].rows}
    first = response.context["table"].rows[0][0]
    on = client.post(page, data | {f"n{first.pk}-assigned_to": "Anita", "then": "next"})
    assert "?after=" in on.url
    following = client.get(on.url).context["table"].rows
    assert following[0][0].e164 == numbers[50]
    assert Preparation.unscoped.get().number == first


def test_nothing_to_prepare_leads_back(acme, ada, office, signed_in, url):
    order = make_port_order(acme, state="completed")
    assert signed_in(ada).get(url("order_prepare", order)).url == order.get_absolute_url()


def test_a_number_that_has_come_meanwhile_is_only_shown(acme, ada, order, signed_in, page):
    data = rows_of(acme, **{key(NUMBERS[0]): {"assigned_to": "Anita"}})
    workflow.complete(order, numbers=(NUMBERS[0],))
    response = signed_in(ada).post(page, data, follow=True)
    assert response.status_code == 200
    assert acme.phone_numbers.get(e164=NUMBERS[0]).assigned_to == ""


def test_only_within_ones_locations(acme, lou, order, signed_in, page):
    elsewhere = make_connected_location(acme, name="Lou's office")
    seat = LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=elsewhere)
    assert signed_in(lou).get(page).status_code == 404
    seat.location = order.location
    seat.save()
    assert signed_in(lou).get(page).status_code == 200


def test_when_they_come_each_says_where_help_is_sent(acme, ada, order):
    EmergencyAddress.unscoped.update(state="rejected")
    own = acme.phone_numbers.get(e164=NUMBERS[0])
    make_own_address(own)
    preparations.prepare(acme, [Wanted(own, {"assigned_to": "Anita"})], by=ada)
    order = acme.port_orders.get(pk=order.pk)
    workflow.complete(order)
    said = dict(order.numbers.values_list("e164", "emergency"))
    assert said == {NUMBERS[0]: "active", NUMBERS[1]: "missing", NUMBERS[2]: "missing"}
    assert acme.phone_numbers.get(e164=NUMBERS[0]).assigned_to == "Anita"


def test_part_of_an_order_takes_only_its_own(acme, ada, order):
    wanted = [Wanted(row, {"assigned_to": row.e164}) for row in acme.phone_numbers.filter(state="porting")]
    preparations.prepare(acme, wanted, by=ada)
    workflow.complete(order, numbers=NUMBERS[:1])
    given = acme.phone_numbers.exclude(assigned_to="")
    assert list(given.values_list("e164", "state")) == [(NUMBERS[0], "active")]
    workflow.complete(order)
    assert acme.phone_numbers.filter(state="active").exclude(assigned_to="").count() == 3


def test_what_is_left_to_do_stands_on_the_card(acme, ada, order, signed_in):
    stand_in = make_number(order.location, "+14085550170")
    number = acme.phone_numbers.get(e164=NUMBERS[0])
    preparations.prepare(acme, [Wanted(number, {"temporary_e164": stand_in.e164})], by=ada)
    stand_in.delete()
    workflow.complete(order)
    text = signed_in(ada).get(order.get_absolute_url()).content.decode()
    assert "came without something that was prepared" in text


def test_the_port_pack_names_who_gets_a_number(acme, ada, order):
    from porting.port_pack import _owners

    number = acme.phone_numbers.get(e164=NUMBERS[0])
    preparations.prepare(acme, [Wanted(number, {"assigned_to": "Anita"})], by=ada)
    assert _owners(order, list(order.numbers.all())) == {NUMBERS[0]: "Anita"}
