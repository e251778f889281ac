"""Rows of several models in one statement: each its own model's instance, with the values that it has there."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import FieldDoesNotExist

from lib.bundle import Wanted, read
from porting.models import PortOrder, PortOutNumber
from pstn.models import BackOrder, NumberOrder
from tests.factories import make_location, make_number_order
from tests.porting.outs.factories import make_port_out

MOMENT = datetime(2026, 11, 22, 15, 30, 1, 250_000, tzinfo=UTC)


@pytest.fixture
def location(acme):
    return make_location(acme)


def test_each_row_has_the_values_of_its_own_model(acme, globex, ada, location, django_assert_num_queries):
    order = make_number_order(location, moved_at=MOMENT, waits_for_terms=True, created_by=ada, quantity=7)
    port = acme.port_orders.create(
        foc_date=date(2026, 12, 4), wish_numbers=["+14085550142"], resp_org="ABC01"
    )
    with django_assert_num_queries(1):
        orders, ports, none = read(
            Wanted(acme.number_orders.all(), ["moved_at", "waits_for_terms", "quantity", "created_by__name"]),
            Wanted(acme.port_orders.all(), ["foc_date", "resp_org", "created_by", "wish_numbers"]),
            Wanted(globex.port_orders.all(), ["resp_org"]),
        )
        [one], [other] = orders, ports
        assert (type(one), type(other)) == (NumberOrder, PortOrder)
        assert (one.pk, one.moved_at, one.waits_for_terms, one.quantity) == (order.pk, MOMENT, True, 7)
        assert (one.created_by.pk, one.created_by.name) == (ada.pk, "Ada Park")
        assert (other.pk, other.foc_date, other.resp_org) == (port.pk, date(2026, 12, 4), "ABC01")
        assert (other.created_by_id, other.created_by, other.wish_numbers) == (None, None, ["+14085550142"])
        assert none == []


def test_what_only_sounds_alike_is_not_mixed_up(acme, ada, location):
    BackOrder.unscoped.create(order=make_number_order(location), quantity=3, failed=True)
    acme.jobs.create(kind="activate", key="one", created_by=ada, failed=2)
    for turned in (1, -1):
        lists = [Wanted(rows, ["failed"]) for rows in (BackOrder.unscoped.all(), acme.jobs.all())][::turned]
        [back], [job] = read(*lists)[::turned]
        assert (back.failed, job.failed) == (True, 2)


def test_a_slice_keeps_what_comes_first(acme, location):
    made = [make_number_order(location, (), quantity=n) for n in (5, 9, 7)]
    [rows] = read(Wanted(acme.number_orders.order_by("-quantity")[:2], ["quantity"]))
    assert {row.pk for row in rows} == {made[1].pk, made[2].pk}


def test_a_row_is_there_once_however_it_was_found(acme, location):
    order = make_number_order(location, ("+14085550142", "+14085550143"))
    twice = acme.number_orders.filter(lines__e164__startswith="+1408")
    assert twice.count() == 2
    assert [[row.pk for row in rows] for rows in read(Wanted(twice, ["state"]))] == [[order.pk]]


def test_the_way_may_lead_over_several_foreign_keys(location, django_assert_num_queries):
    out = make_port_out(location)
    with django_assert_num_queries(1):
        [[number]] = read(
            Wanted(PortOutNumber.unscoped.all(), ["port_out__location__name", "port_out__state"])
        )
        assert (number.port_out.location.name, number.port_out.state) == ("San Jose HQ", "pending")
    with django_assert_num_queries(1):  # was not asked for
        assert number.port_out.gaining_carrier == out.gaining_carrier


def test_nothing_to_be_found_asks_nothing(acme, location, django_assert_num_queries):
    make_number_order(location)
    nothing = Wanted(acme.port_orders.none(), ["foc_date"])
    with django_assert_num_queries(0):
        assert read(nothing, nothing) == [[], []]
    with django_assert_num_queries(1):
        assert [len(rows) for rows in read(nothing, Wanted(acme.number_orders.all(), ["kind"]))] == [0, 1]


def test_a_field_that_is_not_there_is_named(acme):
    with pytest.raises(FieldDoesNotExist, match="color"):
        read(Wanted(acme.number_orders.all(), ["color"]))
