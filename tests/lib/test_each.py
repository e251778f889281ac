"""Rows that are alike, inserted by one statement."""

import pytest
from django.db import IntegrityError, transaction

from lib.each import insert_for_each
from pstn.models import NumberEvent, NumberOrderLine, PhoneNumber
from tests.factories import make_connected_location, make_number, make_number_order


@pytest.fixture
def location(acme):
    return make_connected_location(acme)


def row(location, **fields):
    return PhoneNumber(org=location.org, location=location, state="active", **fields)


def test_the_same_rows_as_one_by_one(location, django_assert_num_queries):
    keys = [f"+1408777{n:04}" for n in range(300)]
    with django_assert_num_queries(1):
        insert_for_each(
            row(location, note='it\'s 100 % "ours"'), keys, e164="one", tail="reverse(ltrim(one, '+'))"
        )
    slow = make_number(location, "+14085550142", note='it\'s 100 % "ours"')
    fast = PhoneNumber.unscoped.get(e164=keys[7])
    left_out = {"id", "e164", "tail", "created_at", "updated_at"}
    names = [field.attname for field in PhoneNumber._meta.concrete_fields if field.name not in left_out]
    assert {name: getattr(fast, name) for name in names} == {name: getattr(slow, name) for name in names}
    assert (fast.tail, slow.tail) == (keys[7][:0:-1], "24105558041")
    assert fast.created_at
    assert list(PhoneNumber.unscoped.order_by("pk").values_list("e164", flat=True))[:300] == keys


def test_a_conflict_takes_all_back(location):
    make_number(location, "+14087770002")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_for_each(row(location), ["+14087770001", "+14087770002"], e164="one", tail="one")
    assert PhoneNumber.unscoped.count() == 1


def test_no_keys_no_statement(location, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_for_each(NumberEvent(org=location.org), [], e164="one")


def test_texts_beside_the_keys(location):
    order = make_number_order(location, ())
    places = {"city": ["San Jose", 'Coeur d\'Alene, "ID"'], "rate_center": ["Ünïon \\ 1", ""]}
    insert_for_each(NumberOrderLine(order=order), ["+14087770001", "+12087770002"], places, e164="one")
    rows = order.lines.order_by("pk").values_list("e164", "city", "rate_center", "state")
    assert list(rows) == [
        ("+14087770001", "San Jose", "Ünïon \\ 1", "draft"),
        ("+12087770002", 'Coeur d\'Alene, "ID"', "", "draft"),
    ]


def test_only_what_is_new(location):
    make_number(location, "+14087770002", note="mine")
    keys = ["+14087770001", "+14087770002", "+14087770003"]
    new = insert_for_each(row(location), keys, only_new="e164", e164="one", tail="one")
    assert sorted(new) == ["+14087770001", "+14087770003"]
    assert PhoneNumber.unscoped.count() == 3
    assert PhoneNumber.unscoped.get(e164="+14087770002").note == "mine"
    assert insert_for_each(row(location), keys, only_new="e164", e164="one", tail="one") == []
