"""Querysets whose SQL is made once and kept, and which PostgreSQL plans once for each connection: on a hot
page making and planning it costs more than running it."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.models import QuerySet

# Stand-ins for values while the SQL is made; no key of a row is negative, no text begins like this.
FIRST_SIGN = -7_000_001
TEXT_SIGN = "\x01sign-"
_made: dict[Hashable, tuple[str, tuple[Any, ...], dict[int, Any], list[str]]] = {}


def rows(
    key: Hashable,
    make: Callable[..., QuerySet[Any, Any]],
    values: Sequence[int | str],
    using: str = "default",
    names: list[str] | None = None,
) -> list[Sequence[Any]]:
    """The rows of `make(*values)`, which is a queryset of values, as tuples or lists.

    `make` is called once for each `key` (and database), with other values of the same types; it must use each
    of them as it is in a condition, a number as a number and a text as a text to be equal to or to compare
    with, and let nothing else depend on them. `names` is filled with the names of the values, if it is given.
    """
    connection = connections[using]
    signs = {_sign(n, value): value for n, value in enumerate(values)}
    whole = (key, connection.vendor, tuple(map(type, values)))
    if whole not in _made:
        query = make(*signs).using(using).query
        compiler = query.get_compiler(using)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([one for one, _sql, _alias in compiler.select or ()])
        _made[whole] = (sql, tuple(params), converters, list(query.selected or ()))
    sql, params, converters, selected = _made[whole]
    if names is not None:
        names[:] = selected
    with _cursor(connection) as cursor:
        cursor.execute(sql, [signs.get(one, one) if isinstance(one, int | str) else one for one in params])
        found: list[Sequence[Any]] = list(cursor.fetchall())
    return [_converted(row, converters, connection) for row in found] if converters else found


@contextmanager
def _cursor(connection: Any) -> Iterator[Any]:
    """A cursor; with PostgreSQL one that leaves the values to the server, which keeps the plan.

    Not where a pooler hands connections around (Django's DISABLE_SERVER_SIDE_CURSORS says so), and not while
    statements are logged: the log shows them with their values.
    """
    is_pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)
    if connection.vendor != "postgresql" or is_pooled or connection.queries_logged:
        with connection.cursor() as cursor:
            yield cursor
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    line = connection.connection
    usual = line.cursor_factory, line.prepare_threshold
    line.cursor_factory, line.prepare_threshold = ServerBindingCursor, 0
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        line.cursor_factory, line.prepare_threshold = usual


def _sign(n: int, value: int | str) -> int | str:
    return f"{TEXT_SIGN}{n}" if isinstance(value, str) else FIRST_SIGN - n


def _converted(row: Sequence[Any], converters: dict[int, Any], connection: Any) -> Sequence[Any]:
    whole = list(row)
    for at, (steps, expression) in converters.items():
        for step in steps:
            whole[at] = step(whole[at], expression, connection)
    return whole
