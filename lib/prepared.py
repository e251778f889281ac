"""Querysets whose SQL is made once and kept, and which PostgreSQL plans once for each connection: on a hot
page making and planning it costs more than running it."""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

# Stand-ins for values while the SQL is made; no key of a row is negative, no text begins like this.
FIRST_SIGN = -7_000_001
TEXT_SIGN = "\x01sign-"


@dataclass(frozen=True)
class _Made:
    """The SQL of a queryset, and what becomes of its columns: values, or with `build` an instance."""

    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]
    names: list[str]
    build: Callable[[Sequence[Any]], Any] | None


_made: dict[Hashable, _Made] = {}
# Of connections in a block of `statements`, by their identity: one cursor for all that is asked there.
_cursors: dict[int, Any] = {}


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
    made, found = _asked(key, make, values, using)
    if names is not None:
        names[:] = made.names
    return found


def instances(
    key: Hashable, make: Callable[..., QuerySet[Any]], values: Sequence[int | str], using: str = "default"
) -> list[Any]:
    """The same for a queryset of model instances, those of `select_related` with them."""
    made, found = _asked(key, make, values, using)
    assert made.build, "a queryset of instances, not of values"
    return [made.build(row) for row in found]


@contextmanager
def statements(using: str = "default", *, after: int = 1) -> Iterator[None]:
    """What is asked inside, PostgreSQL plans once for each connection, once it was asked there `after` times:
    for a verb of many small statements, which cost more to plan than to run. Of such blocks inside each other
    the outermost counts.

    Not where a pooler hands connections around (Django's DISABLE_SERVER_SIDE_CURSORS says so), and not while
    statements are logged: the log shows them with their values.
    """
    connection: Any = connections[using]
    is_pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)
    if connection.vendor != "postgresql" or is_pooled or connection.queries_logged:
        yield
        return
    connection.ensure_connection()
    line = connection.connection
    if id(line) in _cursors:
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    usual = line.cursor_factory, line.prepare_threshold
    line.cursor_factory, line.prepare_threshold = ServerBindingCursor, after
    try:
        with connection.cursor() as _cursors[id(line)]:
            yield
    finally:
        line.cursor_factory, line.prepare_threshold = usual
        _cursors.pop(id(line), None)


@contextmanager
def cursor(connection: Any) -> Iterator[Any]:
    """A cursor for a statement that is asked again and again and whose answer is read at once: the one that
    belongs to the block of `statements` that we are in, or where there is none such a block for it alone."""
    with statements(connection.alias, after=0):
        if found := _cursors.get(id(connection.connection)):
            yield found
            return
        with connection.cursor() as alone:  # of a database that keeps no plans, or must not
            yield alone


def _asked(
    key: Hashable, make: Callable[..., QuerySet[Any, Any]], values: Sequence[int | str], using: str
) -> tuple[_Made, list[Sequence[Any]]]:
    connection: Any = connections[using]
    signs = {_sign(n, value): value for n, value in enumerate(values)}
    whole = (key, connection.vendor, tuple(map(type, values)))
    if whole not in _made:
        query = make(*signs).using(using).query
        compiler: Any = query.get_compiler(using)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([one for one, _sql, _alias in compiler.select or ()])
        build = _builder(compiler, using) if query.selected is None else None
        sql, params = _with_constants(sql, params, signs)
        _made[whole] = _Made(sql, params, converters, list(query.selected or ()), build)
    made = _made[whole]
    given = [signs.get(one, one) if isinstance(one, int | str) else one for one in made.params]
    with cursor(connection) as line:
        line.execute(made.sql, given)
        found: list[Sequence[Any]] = list(line.fetchall())
    if made.converters:
        found = [_converted(row, made.converters, connection) for row in found]
    return made, found


def _with_constants(sql: str, params: Sequence[Any], signs: Collection[Any]) -> tuple[str, tuple[Any, ...]]:
    """Numbers that are always the same stand in the SQL, and the empty text: a plan that is made for all
    values may rely on them, such as on those that choose a partial index."""

    def written(one: Any) -> str:
        if one == "":
            return "''"
        is_fixed = isinstance(one, int) and not isinstance(one, bool) and one not in signs
        return str(int(one)) if is_fixed else "%s"

    places = [written(one) for one in params]
    left = tuple(one for one, place in zip(params, places, strict=True) if place == "%s")
    return sql.replace("%%", "%%%%") % tuple(places), left


def _builder(compiler: Any, using: str) -> Callable[[Sequence[Any]], Any]:
    """How an instance is made of a row, as Django's own iterable does it."""
    info = compiler.klass_info
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [one.target.attname for one, _sql, _alias in compiler.select[start:end]]
    related = get_related_populators(info, compiler.select, using)  # type: ignore[call-arg]

    def build(row: Sequence[Any]) -> Any:
        made = info["model"].from_db(using, names, row[start:end])
        for one in related:
            one.populate(row, made)
        return made

    return build


def _sign(n: int, value: int | str) -> int | str:
    return f"{TEXT_SIGN}{n}" if isinstance(value, str) else FIRST_SIGN - n


def _converted(row: Sequence[Any], converters: dict[int, Any], connection: Any) -> Sequence[Any]:
    whole = list(row)
    for at, (steps, expression) in converters.items():
        for step in steps:
            whole[at] = step(whole[at], expression, connection)
    return whole
