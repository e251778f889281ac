"""The audit log: who, as what, from where, before and after; never a secret, never changed, never deleted."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import acting, audit, seal
from accounts.acting import Actor
from accounts.models import AuditEntry
from tests.factories import make_location


@pytest.fixture
def entry(acme):
    return audit.record("organization.rename", acme, org=acme, before={"name": "A"}, after={"name": "Acme"})


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(what="nothing.happened"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: AuditEntry.objects.all().delete(),
        lambda entry: entry.delete(),
        lambda entry: entry.save(),
        lambda entry: connection.cursor().execute("DELETE FROM accounts_auditentry"),
        lambda entry: connection.cursor().execute("UPDATE accounts_auditentry SET what = 'x'"),
    ],
    ids=["update", "delete", "delete all", "delete row", "save", "raw delete", "raw update"],
)
def test_the_database_refuses_to_change_or_delete_an_entry(entry, change):
    entry.what = "nothing.happened"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(entry)
    entry.refresh_from_db()
    assert entry.what == "organization.rename"


@pytest.mark.django_db(transaction=True)
def test_without_the_seal_the_same_change_would_work(entry):
    """The red control: it is the trigger that refuses, not something else."""
    with connection.schema_editor() as schema:
        seal.unseal(schema, "accounts_auditentry")
    AuditEntry.objects.filter(pk=entry.pk).update(what="nothing.happened")
    entry.refresh_from_db()
    assert entry.what == "nothing.happened"


def test_an_organization_with_a_history_cannot_be_deleted(entry, acme):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        acme.delete()


def test_a_person_with_a_history_cannot_be_deleted(acme, ada):
    from django.db.models import ProtectedError

    with acting.acting(Actor(ada, "full_admin")):
        audit.record("organization.rename", acme)
    with pytest.raises(ProtectedError):
        ada.delete()


def test_an_entry_says_who_as_what_and_from_where(acme, paula):
    location = make_location(acme)
    with acting.acting(Actor(paula, "partner_admin", "198.51.100.7", "Firefox " * 100)):
        entry = audit.record(
            "location.edit", location, before={"city": "San José"}, after={"city": "San Jose"}
        )
    entry.refresh_from_db()
    assert (entry.actor, entry.acting_as, entry.ip) == (paula, "partner_admin", "198.51.100.7")
    assert (entry.org, entry.subject) == (acme, "San Jose HQ")
    assert entry.subject_key == f"pstn.location:{location.pk}"
    assert (entry.before, entry.after) == ({"city": "San José"}, {"city": "San Jose"})
    assert len(entry.user_agent) == 300


def test_what_nobody_asked_for_is_the_systems_doing(acme):
    entry = audit.record("organization.rename", acme, org=acme)
    assert (entry.actor, entry.acting_as) == (None, "system")


@pytest.mark.parametrize("name", ["pin", "account_number", "password"])
def test_a_secret_is_recorded_only_as_having_changed(acme, name):
    entry = audit.record("order.edit", acme, before={name: ""}, after={name: "74839201"})
    entry.refresh_from_db()
    assert (entry.before, entry.after) == ({name: ""}, {name: "•••"})


def test_values_that_json_does_not_know_become_text(acme):
    import datetime

    entry = audit.record(
        "order.edit", acme, after={"day": datetime.date(2026, 6, 3), "n": 5, "yes": True, "no": None}
    )
    entry.refresh_from_db()
    assert entry.after == {"day": "2026-06-03", "n": 5, "yes": True, "no": None}


def test_an_entry_vanishes_with_the_change_that_failed(acme):
    @transaction.atomic
    def rename_and_fail():
        audit.record("organization.rename", acme)
        raise ValueError

    pytest.raises(ValueError, rename_and_fail)
    assert not AuditEntry.objects.exists()


def test_one_request_never_acts_as_another(acme, ada, eli):
    with acting.acting(Actor(ada, "full_admin")):
        with acting.acting(Actor(eli, "pstn_admin")):
            assert acting.current().user == eli
        assert acting.current().user == ada
    assert acting.current() == Actor()
