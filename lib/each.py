"""Many rows that are alike, inserted by one statement that costs one row's preparing.

Django prepares each value of each row of `bulk_create`; for a hundred numbers of one order, whose rows differ
in the number only, that takes longer than the statement itself.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router

# How each database makes rows of the keys, each called `one`, in the order given.
_KEYS = {
    "postgresql": "SELECT one FROM unnest(%s::text[]) AS one",
    "sqlite": "SELECT value AS one FROM json_each(%s)",
}


def insert_for_each(example: models.Model, keys: Sequence[str], **columns: str) -> None:
    """Insert a row like `example` (unsaved, with an automatic key) for each of `keys`, in their order.

    `columns` says which fields differ, each as an SQL expression of the key, which is called `one`: both
    databases know `ltrim` and `reverse`. They are code, never somebody's input. Like
    `bulk_create` it calls no `save`, and raises IntegrityError.
    """
    if not keys:
        return
    connection: Any = connections[router.db_for_write(type(example), instance=example)]
    quote, meta = connection.ops.quote_name, example._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    chosen, values = [], []
    for field in fields:
        if field.name in columns:
            chosen.append(columns[field.name])
        else:
            chosen.append("%s")
            values.append(field.get_db_prep_save(field.pre_save(example, add=True), connection))
    names = ", ".join(quote(field.column) for field in fields)
    keys_of = list(keys) if connection.vendor == "postgresql" else json.dumps(list(keys))
    sql = (
        f"INSERT INTO {quote(meta.db_table)} ({names}) "  # noqa: S608  (names of ours only)
        f"SELECT {', '.join(chosen)} FROM ({_KEYS[connection.vendor]}) AS keys"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, keys_of])
