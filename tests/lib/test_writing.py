"""Single rows by SQL that is made once: what is stored is what `save`, `create` and `update` would store."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from lib import writing
from pstn.models import NumberOrder, NumberOrderEvent
from simulator.models import StockHold
from tests.factories import make_connected_location, make_number_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(acme):
    return make_number_order(make_connected_location(acme), ())


def stored(row, *left_out):
    """What the database has of a row, by field."""
    fresh = type(row)._base_manager.get(pk=row.pk)
    names = [field.attname for field in row._meta.concrete_fields if field.name not in ("id", *left_out)]
    return {name: getattr(fresh, name) for name in names}


def entry(acme, ada):
    texts = {"what": "thing.change", "subject": "100 % 'ours'", "acting_as": "full"}
    return AuditEntry(org=acme, actor=ada, before={"a": None}, after={"ü": [1, "%s"]}, ip="::1", **texts)


def test_it_inserts_what_save_would(acme, ada, django_assert_num_queries):
    with django_assert_num_queries(1):
        ours = writing.insert(entry(acme, ada))
    slow = entry(acme, ada)
    slow.save()
    assert stored(ours, "at") == stored(slow, "at")
    assert stored(ours)["at"] == ours.at is not None
    assert (ours._state.adding, ours._state.db) == (False, "default")


def test_nobody_inserts_a_row_twice(order):
    with pytest.raises(AssertionError):
        writing.insert(order)


def test_a_row_like_one_that_is_there(acme):
    first = writing.insert(StockHold(key="same", expires_at=acme.created_at))
    with pytest.raises(IntegrityError), transaction.atomic():
        writing.insert(StockHold(key="same", expires_at=acme.created_at))
    assert list(StockHold.objects.values_list("pk", flat=True)) == [first.pk]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_several(order, count, django_assert_num_queries):
    rows = [NumberOrderEvent(order=order, after="draft", code=f"n{n}") for n in range(count)]
    with django_assert_num_queries(min(count, 1)):
        assert writing.insert_all(rows) == rows
    assert list(order.events.order_by("pk").values_list("pk", "code")) == [(row.pk, row.code) for row in rows]


def test_it_saves_every_field(order, django_assert_num_queries):
    before = stored(order)
    order.area_code, order.quantity, order.hold_until, order.location = "408", 7, None, None
    with django_assert_num_queries(1):
        writing.save(order)
    changed = {"area_code": "408", "quantity": 7, "hold_until": None, "location_id": None}
    assert stored(order) == {**before, **changed, "updated_at": order.updated_at}
    assert order.updated_at > before["updated_at"]


def test_it_saves_what_changed_only(order):
    known = writing.known(order)
    NumberOrder.unscoped.filter(pk=order.pk).update(area_code="212", city="Reno")
    order.city, order.quantity = "San Jose", 9
    order.papers.append("passport")
    writing.save(order, known)
    found = stored(order)
    assert (found["area_code"], found["city"], found["quantity"]) == ("212", "San Jose", 9)
    assert (found["papers"], found["updated_at"]) == (["passport"], order.updated_at)


def test_nothing_changed(django_assert_num_queries):
    hold = writing.insert(StockHold(key="same", expires_at=timezone.now()))
    with django_assert_num_queries(0):
        writing.save(hold, writing.known(hold))


def test_a_row_that_is_gone_is_not_saved(order):
    NumberOrder.unscoped.filter(pk=order.pk).delete()
    with pytest.raises(NumberOrder.DoesNotExist):
        writing.save(order)


def test_compare_and_set(order):
    as_it_was = {"pk": order.pk, "state": order.state, "hold_id": order.hold_id}
    assert writing.change(NumberOrder, as_it_was, hold_id="HOLD-1") == 1
    assert writing.change(NumberOrder, as_it_was, hold_id="HOLD-2") == 0
    assert stored(order)["hold_id"] == "HOLD-1"


def test_it_changes_all_that_are_equal_and_no_other(order, acme):
    other = make_number_order(order.location, ())
    for each in (order, order, other):
        writing.insert(NumberOrderEvent(order=each, after="draft", code="same"))
    assert writing.change(NumberOrderEvent, {"order_id": order.pk, "code": "same"}, note="seen") == 2
    assert set(order.events.filter(code="same").values_list("note", flat=True)) == {"seen"}
    assert other.events.get(code="same").note == ""
