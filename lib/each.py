"""Many rows that are alike, inserted by one statement that costs one row's preparing.

Django prepares each value of each row of `bulk_create`; for a hundred numbers of one order, whose rows differ
in the number only, that takes longer than the statement itself.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connections, models, router

from lib import prepared


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
    alias = router.db_for_write(type(example), instance=example)
    connection: Any = connections[alias]
    sql, alike = _inserting(type(example), alias, tuple(beside or ()), tuple(columns.items()), only_new)
    values = [field.get_db_prep_save(field.pre_save(example, add=True), connection) for field in alike]
    lists = _lists(connection, [keys, *(beside or {}).values()])
    with prepared.cursor(connection) as cursor:
        cursor.execute(sql, [*values, *lists])
        return [key for (key,) in cursor.fetchall()] if only_new else list(keys)


@cache
def _inserting(
    model: type[models.Model],
    alias: str,
    beside: tuple[str, ...],
    columns: tuple[tuple[str, str], ...],
    only_new: str,
) -> tuple[str, list[Any]]:
    """The statement, and the fields of which all rows have the same value."""
    quote, meta = connections[alias].ops.quote_name, model._meta
    fields: dict[str, Any] = {one.name: one for one in meta.concrete_fields if not one.primary_key}
    differing = {**{name: quote(name) for name in beside}, **dict(columns)}
    names = ", ".join(quote(field.column) for field in fields.values())
    values = ", ".join(differing.get(name, "%s") for name in fields)
    source = _source(connections[alias].vendor, [quote(name) for name in ("one", *beside)])
    sql = f"INSERT INTO {quote(meta.db_table)} ({names}) SELECT {values} FROM {source}"  # noqa: S608
    if only_new:
        # SQLite wants a WHERE here, to tell this ON from that of a join.
        unique = quote(fields[only_new].column)
        sql += f" WHERE true ON CONFLICT ({unique}) DO NOTHING RETURNING {unique}"
    return sql, [field for name, field in fields.items() if name not in differing]


def _source(vendor: str, names: Sequence[str]) -> str:
    """Lists, which are parameters, as columns with these names, in the order given."""
    if vendor == "postgresql":
        # As JSON, which is made and read faster than an array.
        lists = ", ".join(["json_array_elements_text(%s::json)"] * len(names))
        return f"ROWS FROM ({lists}) AS keys ({', '.join(names)})"
    fields = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(names))
    return f"(SELECT {fields} FROM json_each(%s)) AS keys"  # noqa: S608


def _lists(connection: Any, lists: Sequence[Sequence[str]]) -> list[str]:
    """The parameters of `_source`."""
    if connection.vendor == "postgresql":
        return [json.dumps(list(one)) for one in lists]
    return [json.dumps(list(zip(*lists, strict=True)))]
