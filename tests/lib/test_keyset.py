"""Paging by key: every row exactly once in both directions, and no cursor can break a page."""

import base64
import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Membership, Organization, User
from lib.keyset import bounded_count, page

ORDERS = [
    ("email",),
    ("-pk",),
    ("name", "id"),
    ("-date_joined", "-id"),
    ("-date_joined", "id"),
    ("name", "-theme", "id"),
]


@pytest.fixture
def people(db):
    """Forty people who share few names, moments and themes, so that every order has ties."""
    chance = random.Random(3)
    began = datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)
    rows = [
        User(
            email=f"p{n:02d}@acme.example",
            name=chance.choice(["Ada", "Eli", "Łukasz 東京 & co?"]),
            theme=chance.choice(["light", "dark"]),
        )
        for n in range(40)
    ]
    User.objects.bulk_create(rows)
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(
            date_joined=began + timedelta(microseconds=chance.randrange(4))
        )
    return User.objects.all()


def walk(queryset, order, size):
    """All pages forwards, then all of them backwards again."""
    forwards, after = [], None
    while True:
        at = page(queryset, order, after, None, size)
        forwards.append([row.pk for row in at.rows])
        if at.next is None:
            break
        after = at.next
    backwards = [forwards[-1]]
    while at.previous is not None:
        at = page(queryset, order, None, at.previous, size)
        backwards.append([row.pk for row in at.rows])
    return forwards, backwards[::-1]


@pytest.mark.parametrize("order", ORDERS, ids=",".join)
@pytest.mark.parametrize("size", [1, 7, 40, 50])
def test_every_row_once_and_the_same_way_back(people, order, size):
    forwards, backwards = walk(people, order, size)
    assert sum(forwards, []) == [row.pk for row in people.order_by(*order)]
    assert backwards == forwards


def test_an_order_may_follow_a_relation(people):
    org = Organization.objects.create(name="Acme", slug="acme")
    Membership.objects.bulk_create(Membership(org=org, user=user) for user in people)
    rows = org.memberships.select_related("user")
    forwards, backwards = walk(rows, ("user__name", "id"), 6)
    assert sum(forwards, []) == [row.pk for row in rows.order_by("user__name", "id")]
    assert backwards == forwards


def test_the_ends_of_the_list(people):
    first = page(people, ("email",), None, None, 30)
    assert (first.previous, first.is_alone, len(first.rows)) == (None, False, 30)
    last = page(people, ("email",), first.next, None, 30)
    assert (last.next, len(last.rows)) == (None, 10)
    assert page(people, ("email",), None, None, 40).is_alone


def test_an_empty_list(db):
    nothing = page(User.objects.none(), ("email",), "rubbish", None, 10)
    assert (nothing.rows, nothing.is_alone) == ([], True)


def test_a_page_costs_one_query_and_counts_nothing(people):
    deep = page(people, ("-date_joined", "-id"), None, None, 30).next
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page(people, ("-date_joined", "-id"), deep, None, 5)
    (query,) = asked.captured_queries
    assert "COUNT(" not in query["sql"].upper()
    assert "OFFSET" not in query["sql"].upper()
    assert " OR " not in query["sql"].upper()


def test_rows_that_went_away_lead_to_the_first_page(people):
    after = page(people, ("email",), None, None, 30).next
    User.objects.filter(email__gt="p25").delete()
    assert page(people, ("email",), after, None, 30).rows[0].email == "p00@acme.example"


def test_rows_that_came_meanwhile_shift_nothing(people):
    after = page(people, ("email",), None, None, 10).next
    User.objects.create(email="a@acme.example")
    assert page(people, ("email",), after, None, 10).rows[0].email == "p10@acme.example"


def forged(*values, order_of=None):
    """A cursor that looks like ours but carries other values."""
    total = json.loads(base64.urlsafe_b64decode(order_of + "=" * (-len(order_of) % 4)))[0]
    return base64.urlsafe_b64encode(json.dumps([total, *values]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "values",
    [
        ("2026-11-01",),
        ("soon", "1"),
        ("2026-11-01T12:00:00", "1"),  # no zone
        ("2026-11-01T12:00:00+00:00", "one"),
        ("2026-11-01T12:00:00+00:00", "1\x00"),
        ("2026-11-01T12:00:00+00:00", None),
        ("2026-11-01T12:00:00+00:00", ["1"]),
        ("2026-11-01T12:00:00+00:00", 7),
        ("99999-99-99T12:00:00+00:00", "1"),
        ("2026-11-01T12:00:00+00:00", "\ud800"),
    ],
)
def test_a_forged_cursor_gives_the_first_page(people, values):
    order = ("-date_joined", "-id")
    first = page(people, order, None, None, 5)
    assert page(people, order, forged(*values, order_of=first.next), None, 5) == first


@pytest.mark.parametrize("number", ["99999999999999999999999999", "-99999999999999999999999999"])
def test_a_number_that_no_column_holds_is_no_error(people, number):
    order = ("-date_joined", "-id")
    cursor = forged("2026-11-01T12:00:00+00:00", number, order_of=page(people, order, None, None, 5).next)
    assert page(people, order, cursor, None, 5).rows
    assert page(
        people, ("-pk",), forged(number, order_of=page(people, ("-pk",), None, None, 5).next), None, 5
    ).rows


def test_a_cursor_of_another_order_gives_the_first_page(people):
    other = page(people, ("email",), None, None, 5).next
    assert page(people, ("name", "id"), other, None, 5) == page(people, ("name", "id"), None, None, 5)
    assert page(people, ("-email",), other, None, 5) == page(people, ("-email",), None, None, 5)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    cursor=st.one_of(
        st.text(max_size=80), st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode())
    )
)
def test_rubbish_is_never_an_error(people, cursor):
    first = page(people, ("email",), None, None, 3)
    assert page(people, ("email",), cursor, None, 3) == first
    assert page(people, ("email",), None, cursor, 3) == first


def test_a_cursor_is_safe_in_a_url(people):
    cursor = page(people, ("name", "id"), None, None, 30).next
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(("limit", "answer"), [(39, (39, True)), (40, (40, False)), (10_000, (40, False))])
def test_a_bounded_count(people, limit, answer):
    with CaptureQueriesContext(connection) as asked:
        assert bounded_count(people.order_by("name"), limit) == answer
    assert f"LIMIT {limit + 1}" in asked.captured_queries[0]["sql"]
    assert "ORDER BY" not in asked.captured_queries[0]["sql"]
