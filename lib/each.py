"""Many rows that are alike, inserted by one statement that costs one row's preparing.

Django prepares each value of each row of `bulk_create`; for a hundred numbers of one order, whose rows differ
in the number only, that takes longer than the statement itself.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections, models, router


def insert_for_each(
    example: models.Model,
    keys: Sequence[str],
    beside: Mapping[str, Sequence[str]] | None = None,
    *,
    only_new: str = "",
    **columns: str,
) -> list[str]:
    """Insert a row like `example` (unsaved, with an automatic key) for each of `keys`, in their order.

    `columns` says which fields differ, each as an SQL expression of the key, which is called `one`: both
    databases know `ltrim` and `reverse`. They are code, never somebody's input. `beside` has the fields whose
    text does not follow from the key, by name: a text for each key. Like `bulk_create` it calls no `save`,
    and raises IntegrityError.

    With `only_new`, a field of which no two rows are alike, rows whose like is there already (or is being
    inserted by somebody else, for whom this waits) are left out; the answer is that field of those inserted.
    """
    if not keys:
        return []
    connection: Any = connections[router.db_for_write(type(example), instance=example)]
    quote, meta = connection.ops.quote_name, example._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    lists = {"one": keys, **(beside or {})}
    differing = {**{name: quote(name) for name in beside or ()}, **columns}
    chosen, values = [], []
    for field in fields:
        if field.name in differing:
            chosen.append(differing[field.name])
        else:
            chosen.append("%s")
            values.append(field.get_db_prep_save(field.pre_save(example, add=True), connection))
    names = ", ".join(quote(field.column) for field in fields)
    source, lists_of = _source(connection, lists)
    sql = (
        f"INSERT INTO {quote(meta.db_table)} ({names}) "  # noqa: S608  (names of ours only)
        f"SELECT {', '.join(chosen)} FROM {source}"
    )
    if only_new:
        # SQLite wants a WHERE here, to tell this ON from that of a join.
        unique = quote(next(field.column for field in fields if field.name == only_new))
        sql += f" WHERE true ON CONFLICT ({unique}) DO NOTHING RETURNING {unique}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *lists_of])
        return [key for (key,) in cursor.fetchall()] if only_new else list(keys)


def _source(connection: Any, lists: Mapping[str, Sequence[str]]) -> tuple[str, list[Any]]:
    """Lists as the columns of rows, in the order given: the SQL, and its parameters."""
    names = [connection.ops.quote_name(name) for name in lists]
    if connection.vendor == "postgresql":
        # As JSON, which is made and read faster than an array.
        columns = ", ".join(["json_array_elements_text(%s::json)"] * len(names))
        return f"ROWS FROM ({columns}) AS keys ({', '.join(names)})", [
            json.dumps(list(one)) for one in lists.values()
        ]
    fields = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(names))
    rows = json.dumps(list(zip(*lists.values(), strict=True)))
    return f"(SELECT {fields} FROM json_each(%s)) AS keys", [rows]  # noqa: S608
