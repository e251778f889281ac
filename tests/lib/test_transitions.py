"""Reading a row again under its lock: nothing that was known of it before is left."""

import pytest
from django.db import transaction

from lib.transitions import lock
from pstn.models import Location, NumberOrder
from tests.factories import make_connected_location, make_number_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(acme):
    found = make_number_order(make_connected_location(acme), ())
    return NumberOrder.unscoped.select_related("location").get(pk=found.pk)


def test_the_row_is_as_it_is_stored(order):
    order.region, order.quantity = "TX", 99
    NumberOrder.unscoped.filter(pk=order.pk).update(region="NV")
    with transaction.atomic():
        lock(order)
    assert (order.region, order.quantity) == ("NV", NumberOrder.unscoped.get(pk=order.pk).quantity)


def test_what_hangs_on_it_is_asked_again(order):
    Location.unscoped.filter(pk=order.location_id).update(name="Elsewhere")
    assert order.location.name != "Elsewhere"
    with transaction.atomic():
        lock(order)
    assert order.location.name == "Elsewhere"


def test_what_is_beside_it_comes_along(order, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        lock(order, "location__connection")
        assert order.location.connection.sells_numbers


def test_what_was_fetched_ahead_is_forgotten(order):
    order.lines.create(e164="+14087770001")
    [before] = NumberOrder.unscoped.filter(pk=order.pk).prefetch_related("lines")
    order.lines.create(e164="+14087770002")
    with transaction.atomic():
        lock(before)
    assert before.lines.count() == len(before.lines.all()) == 2


def test_a_row_that_was_only_read_in_part_is_whole(order, django_assert_num_queries):
    part = NumberOrder.unscoped.only("state").get(pk=order.pk)
    with transaction.atomic(), django_assert_num_queries(1):
        lock(part)
        assert part.region == order.region


def test_a_row_that_is_gone(order):
    gone = NumberOrder.unscoped.get(pk=order.pk)
    order.delete()
    with pytest.raises(NumberOrder.DoesNotExist), transaction.atomic():
        lock(gone)
