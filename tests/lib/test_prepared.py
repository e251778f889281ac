"""SQL that is made once: the same rows with other values; planned once by PostgreSQL, and by nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organization
from lib import prepared

pytestmark = pytest.mark.django_db


def named(slug):
    return prepared.rows(
        "test", lambda slug: Organization.objects.filter(slug=slug).values_list("name"), [slug]
    )


def plans(table="accounts_organization"):
    """The statements of a table that the server keeps a plan of, for this connection."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement FROM pg_prepared_statements WHERE statement ~ (%s || '.*[$]1')", [table]
        )
        return cursor.fetchall()


@pytest.fixture
def line():
    """A connection that has planned nothing yet."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
        connection.connection._prepared.clear()
    return connection.connection


def test_each_value_finds_its_own(acme, globex):
    assert [[tuple(row) for row in named(slug)] for slug in ("acme", "globex", "none", "acme")] == [
        [(acme.name,)],
        [(globex.name,)],
        [],
        [(acme.name,)],
    ]


def test_postgresql_plans_it_once(acme, globex, line):
    assert (named("acme"), named("globex")) == ([(acme.name,)], [(globex.name,)])
    assert len(plans()) == (connection.vendor == "postgresql")


def test_what_is_always_the_same_stands_in_the_statement(acme, line):
    """A plan for all values could not rely on it otherwise, and would leave out a partial index."""

    def make(slug):
        there = Organization.objects.exclude(name="").filter(slug=slug, pk__gt=0)
        return there.values_list("name")

    for slug, found in (("acme", [(acme.name,)]), ("none", [])):
        assert [tuple(row) for row in prepared.rows("constants", make, [slug])] == found
    for (statement,) in plans():
        assert "= ''" in statement
        assert '"id" > 0' in statement


def test_other_statements_are_not_planned(acme, line):
    before = getattr(line, "cursor_factory", None), getattr(line, "prepare_threshold", None)
    named("acme")
    assert (getattr(line, "cursor_factory", None), getattr(line, "prepare_threshold", None)) == before
    there = len(plans())
    for _ in range(8):
        Organization.objects.get(slug="acme")
    assert len(plans()) == there


def test_behind_a_pooler_nothing_is_planned(acme, line, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert named("acme") == [(acme.name,)]
    assert plans() == []


def test_a_log_of_statements_shows_their_values(acme, line):
    with CaptureQueriesContext(connection) as asked:
        named("acme")
    assert "acme" in asked[0]["sql"]


def test_who_is_signed_in_is_planned_once(client, ada, line):
    client.force_login(ada)
    for _ in range(3):
        client.get("/acme/")
    ours = connection.vendor == "postgresql"
    assert (len(plans('FROM "django_session"')), len(plans('FROM "accounts_user"'))) == (ours, ours)


def members(slug):
    return prepared.instances(
        "test members",
        lambda slug: Membership.objects.filter(org__slug=slug).select_related("org", "user").order_by("pk"),
        [slug],
    )


def test_instances_come_with_what_was_selected_with_them(acme, globex, ada, django_assert_num_queries):
    usual = list(Membership.objects.filter(org=acme).select_related("org", "user").order_by("pk"))
    with django_assert_num_queries(1):
        found = members("acme")
        assert [(one.org.name, one.user.email) for one in found] == [
            (one.org.name, one.user.email) for one in usual
        ]
    assert [one.__dict__.keys() for one in found] == [one.__dict__.keys() for one in usual]
    assert found == usual != []
    assert members("nobody") == []


def test_what_is_asked_twice_in_a_verb_is_planned(acme, globex, line):
    with prepared.statements():
        for slug in ("acme", "globex", "acme"):
            assert Organization.objects.get(slug=slug).slug == slug
    assert len(plans()) == (connection.vendor == "postgresql")
    Organization.objects.filter(name="elsewhere").exists()
    assert len(plans()) == (connection.vendor == "postgresql")
