"""The one way to write the audit log, and what it never contains."""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from django.db import models

from accounts import acting
from accounts.models import AuditEntry, Organization
from lib import writing

# Values that are replaced by a mark: that they changed is recorded, what they are is not (ASVS 16.2.5).
SECRET_FIELDS = frozenset({"pin", "account_number", "password"})


class Values(TypedDict, total=False):
    """What a thing was and what it is now, by the names of its fields."""

    before: dict[str, Any]
    after: dict[str, Any]


class Facts(Values, total=False):
    """What an entry may say besides; without `org` it is the subject's, without `acting_as` the actor's."""

    org: Organization | None
    acting_as: str


def record(what: str, subject: models.Model, **facts: Unpack[Facts]) -> AuditEntry:
    """Append one entry in the caller's transaction. `what` is noun.verb."""
    return writing.insert(entry(what, subject, **facts))


def record_all(entries: Sequence[AuditEntry]) -> None:
    """Append what `entry` has made, by one statement, in the caller's transaction."""
    AuditEntry.objects.bulk_create(entries)


def entry(what: str, subject: models.Model, **facts: Unpack[Facts]) -> AuditEntry:
    """What `record` appends, not written yet."""
    actor = acting.current()
    return AuditEntry(
        org=facts.get("org") or getattr(subject, "org", None),
        actor=actor.user,
        acting_as=facts.get("acting_as") or actor.acting_as,
        what=what,
        subject=str(subject)[:200],
        subject_key=f"{subject._meta.label_lower}:{subject.pk}",
        before=_plain(facts.get("before", {})),
        after=_plain(facts.get("after", {})),
        ip=actor.ip,
        user_agent=actor.user_agent[:300],
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _mark(name, value) for name, value in values.items()}


def _mark(name: str, value: Any) -> Any:
    if name in SECRET_FIELDS:
        return "•••" if value else ""
    return value if isinstance(value, bool | int | float | list | dict | None) else str(value)
