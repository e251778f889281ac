"""Single rows, written by SQL that is made once, and that PostgreSQL plans once for each connection.

Django makes the SQL of every `save`, `create` and `update` anew; in a verb that writes many small rows that
costs more than writing them. What is written here is what `save` would write; no signal is sent.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from django.db import connections, models, router

from lib import prepared

M = TypeVar("M", bound=models.Model)
_NOTHING = object()


def insert(row: M) -> M:
    """Insert an unsaved row that has an automatic key, and give it the key. Raises IntegrityError."""
    assert row._state.adding, "a row that is not there yet"
    alias = router.db_for_write(type(row), instance=row)
    connection: Any = connections[alias]
    sql, fields = _inserting(type(row), alias)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with prepared.cursor(connection) as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, alias
    return row


def insert_all(rows: list[M]) -> list[M]:
    """Insert unsaved rows of one model by one statement, and give them their keys. Raises IntegrityError."""
    if len(rows) == 1:
        return [insert(rows[0])]
    return type(rows[0])._base_manager.bulk_create(rows) if rows else []


def known(row: models.Model) -> dict[str, Any]:
    """What the fields of a row are, for `save`; without lists and dicts, which may change in their place."""
    values = row.__dict__
    return {name: values[name] for name in _stored(type(row)) if not isinstance(values[name], list | dict)}


def save(row: models.Model, since: Mapping[str, Any] | None = None) -> None:
    """Write the fields of a row that is there; of one that is locked only those that differ from what was
    `known` of it. Raises the model's DoesNotExist when it is not there.
    """
    values = {name: field.pre_save(row, add=False) for name, field in _stored(type(row)).items()}
    if since is not None:
        values = {name: value for name, value in values.items() if since.get(name, _NOTHING) != value}
    if values and not change(type(row), {"pk": row.pk}, **values):
        raise type(row).DoesNotExist  # type: ignore[attr-defined]


def change(model: type[models.Model], where: Mapping[str, Any], **values: Any) -> int:
    """Give these values to the rows whose fields are equal to those of `where`; how many rows that were.

    It compares and sets in one statement, like `update`. Fields are named as their attributes are
    (`order_id`). NULL is equal to nothing, and there are no expressions.
    """
    alias = router.db_for_write(model)
    connection: Any = connections[alias]
    sql, sets, tests = _changing(model, alias, tuple(values), tuple(where))
    given = [
        one.get_db_prep_save(value, connection) for one, value in zip(sets, values.values(), strict=True)
    ]
    asked = [
        one.get_db_prep_value(value, connection) for one, value in zip(tests, where.values(), strict=True)
    ]
    with prepared.cursor(connection) as cursor:
        cursor.execute(sql, [*given, *asked])
        return int(cursor.rowcount)


@cache
def _stored(model: type[models.Model]) -> dict[str, Any]:
    """The fields that a row has besides its key, by their attributes."""
    return {one.attname: one for one in model._meta.concrete_fields if not one.primary_key}


@cache
def _inserting(model: type[models.Model], alias: str) -> tuple[str, list[Any]]:
    """The statement, and the fields whose values it takes."""
    quote, meta = connections[alias].ops.quote_name, model._meta
    fields = list(_stored(model).values())
    names, signs = ", ".join(quote(one.column) for one in fields), ", ".join(["%s"] * len(fields))
    key = quote(str(meta.pk.column))
    sql = f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({signs}) RETURNING {key}"  # noqa: S608
    return sql, fields


@cache
def _changing(
    model: type[models.Model], alias: str, names: tuple[str, ...], where: tuple[str, ...]
) -> tuple[str, list[Any], list[Any]]:
    """The statement, the fields that it sets, and those that it compares."""
    quote, meta = connections[alias].ops.quote_name, model._meta
    known = {**_stored(model), "pk": meta.pk}
    sets, tests = [known[name] for name in names], [known[name] for name in where]
    values = ", ".join(f"{quote(one.column)} = %s" for one in sets)
    equal = " AND ".join(f"{quote(one.column)} = %s" for one in tests)
    return f"UPDATE {quote(meta.db_table)} SET {values} WHERE {equal}", sets, tests  # noqa: S608
