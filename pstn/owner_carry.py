"""Names in `assigned_to` become owners: once, when owners come into being.

A migration calls `carry` with its historical models. A name on a number for features only becomes an auto
attendant, any other a user; people can make them something else afterwards.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from pstn.models.number_rules import FEATURE_KINDS
from pstn.models.owners import words_of

BATCH = 2_000


def carry(apps: Any, schema_editor: Any = None) -> None:
    """Owners for all organizations; run twice it adds nothing. Statements do not grow with the numbers."""
    for is_feature, kind in ((False, "user"), (True, "auto_attendant")):
        _carry_kind(apps, kind, is_feature)


def _carry_kind(apps: Any, kind: str, is_feature: bool) -> None:
    numbers, owners = (apps.get_model("pstn", name)._base_manager for name in ("PhoneNumber", "Owner"))
    bare = numbers.filter(owner=None, kind__in=FEATURE_KINDS) if is_feature else numbers.filter(owner=None)
    bare = (
        bare.exclude(assigned_to="")
        if is_feature
        else bare.exclude(kind__in=FEATURE_KINDS).exclude(assigned_to="")
    )
    same = owners.filter(org=OuterRef("org"), kind=kind, name=OuterRef("assigned_to"))
    names = bare.filter(~Exists(same)).order_by().values_list("org", "assigned_to").distinct()
    model = apps.get_model("pstn", "Owner")
    for batch in _batches(list(names)):
        owners.bulk_create([model(org_id=org, kind=kind, name=name) for org, name in batch])
    _index(apps, kind)
    bare.update(owner=Subquery(same.values("pk")[:1]))


def _index(apps: Any, kind: str) -> None:
    """The words of owners that have none yet."""
    word_model = apps.get_model("pstn", "OwnerWord")
    words = word_model._base_manager.filter(owner=OuterRef("pk"))
    silent = apps.get_model("pstn", "Owner")._base_manager.filter(~Exists(words), kind=kind)
    for batch in _batches(list(silent.values_list("pk", "org", "name"))):
        word_model._base_manager.bulk_create(
            word_model(owner_id=pk, org_id=org, word=word)
            for pk, org, name in batch
            for word in words_of(name)
        )


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
