"""Orders in plain SQL: the same rows as the verbs leave (the order, its numbers, its block, the stories of all of
them and the audit log), with nothing asked and nothing told."""

import random
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model

from accounts.models import AuditEntry
from pstn.models import (
    NumberBlock,
    NumberEvent,
    NumberOrder,
    NumberOrderEvent,
    NumberOrderLine,
    PhoneNumber,
)
from simulator import thousands
from simulator.models import StockBlock
from tests.bench import data
from tests.bench.stage import raw

POOL = 4_000_000  # more than all buyers together take
TAKE = """
    WITH picked AS (
        SELECT n FROM bench_pool WHERE n >= %s AND NOT taken ORDER BY n LIMIT %s FOR UPDATE SKIP LOCKED
    ) UPDATE bench_pool SET taken = true FROM picked WHERE bench_pool.n = picked.n RETURNING bench_pool.n
"""
RUN = "SELECT start, length FROM bench_run WHERE length >= %s AND start >= %s ORDER BY start LIMIT 1 FOR UPDATE SKIP LOCKED"
Insert = tuple[str, list[object]]


def make_pool(free: list[tuple[int, int]]) -> None:
    """A row for each number of the stock, taken or not, and one for each free run: (first, how many)."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_pool (n bigint, taken boolean NOT NULL)")
        cursor.execute("CREATE TABLE bench_run (start bigint PRIMARY KEY, length int NOT NULL)")
        with cursor.copy("COPY bench_run FROM STDIN") as copy:
            for run in free:
                copy.write_row(run)
        cursor.execute(
            "INSERT INTO bench_pool SELECT n, free.n IS NULL FROM (SELECT substr(thousand, 2)::bigint * 1000 + i AS n "
            f"FROM {StockBlock._meta.db_table}, generate_series(first::int, last::int) AS i) AS stock LEFT JOIN "
            "(SELECT start + i AS n FROM bench_run, generate_series(0, length - 1) AS i) AS free USING (n) ORDER BY n"
        )
        cursor.execute("ALTER TABLE bench_pool ADD PRIMARY KEY (n)")
        cursor.execute("CREATE INDEX ON bench_run (length, start)")
        cursor.execute("VACUUM ANALYZE bench_pool")
        cursor.execute("VACUUM ANALYZE bench_run")


def free_runs() -> list[tuple[int, int]]:
    """What is free in the stock, as (first number, how many)."""
    return [
        (int(block.thousand) * 1_000 + start, length)
        for block in StockBlock.objects.with_room().order_by("thousand").iterator()
        for start, length in thousands.runs(block.bits)
    ]


class Buyer:
    """One who orders without us, always for the same location, with numbers that nobody else lists."""

    def __init__(self, database: str, org: int, location: int, person: int) -> None:
        self.line: psycopg.Connection[Any] = raw(database)
        self.line.autocommit = False
        self.dice = random.Random(person * 1_000 + org)
        found = self.line.execute("SELECT min(n), max(n) FROM bench_pool").fetchone()
        self.first, self.last = found if found else (0, 1)
        self.line.commit()
        self.row = {"org": org, "location": location, "person": person}
        self.order = _insert(NumberOrder, _ORDER, "", " RETURNING id")
        self.many = [_insert(model, columns, _EACH) for model, columns in _MANY]
        self.block = _insert(NumberBlock, _BLOCK, "", " RETURNING id")
        self.stories = [_insert(model, columns, _TWICE) for model, columns in _STORIES]

    def some(self, count: int) -> None:
        """So many single numbers, wherever they are."""
        with self.line.transaction():
            start = self.dice.randrange(self.first, self.last)
            found = self.line.execute(TAKE, [start, count]).fetchall()
            self._list([f"+9{n:012}" for (n,) in found])

    def piece(self, count: int) -> None:
        """So many consecutive numbers: the run is locked and split, its numbers are taken."""
        with self.line.transaction():
            start = self.dice.randrange(self.first, self.last)
            found = (
                self.line.execute(RUN, [count, start]).fetchone()
                or self.line.execute(RUN, [count, 0]).fetchone()
            )
            if found is None:
                raise LookupError(f"no run of {count} is left")
            first, length = found
            self.line.execute("DELETE FROM bench_run WHERE start = %s", [first])
            if length > count:
                self.line.execute("INSERT INTO bench_run VALUES (%s, %s)", [first + count, length - count])
            taken = "UPDATE bench_pool SET taken = true WHERE n BETWEEN %s AND %s"
            self.line.execute(taken, [first, first + count - 1])
            self._list([f"+9{n:012}" for n in range(first, first + count)], in_block=True)

    def _list(self, e164s: list[str], *, in_block: bool = False) -> None:
        if not e164s:
            raise LookupError("the pool is empty")
        sql, values = self.order
        order = self.line.execute(sql, _values(values, self.row)).fetchone()
        known = {**self.row, "order": order[0] if order else 0, "e164s": e164s, "block": None}
        if in_block:
            sql, values = self.block
            known |= {"first": e164s[0], "last": e164s[-1], "size": len(e164s)}
            block = self.line.execute(sql, _values(values, known)).fetchone()
            known["block"] = block[0] if block else None
        for sql, values in (*self.many, *self.stories):
            self.line.execute(sql, _values(values, known))


class Known(str):
    """The name of a value that is known only when the order is placed."""


_EACH = "FROM unnest(%s::text[]) AS e164"
# The draft and the order: two lines of their story, two of the audit log.
_TWICE = "FROM (VALUES ('', 'draft', 'start'), ('draft', 'pending', 'place')) AS said (before, after, code)"
_ORDER = {
    "org_id": "org",
    "location_id": "location",
    "state": "'pending'",
    "kind": "'standard'",
    "region": "'CA'",
    "created_at": "now()",
    "updated_at": "now()",
}
_MANY: tuple[tuple[type[Model], dict[str, str]], ...] = (
    (NumberOrderLine, {"order_id": "order", "e164": "e164", "is_placed": "true", "state": "'pending'"}),
    (
        PhoneNumber,
        {
            "org_id": "org",
            "location_id": "location",
            "number_order_id": "order",
            "block_id": "block",
            "e164": "e164",
            "tail": "reverse(e164)",
            "state": "'pending'",
            "created_at": "now()",
            "updated_at": "now()",
        },
    ),
    (
        NumberEvent,
        {
            "org_id": "org",
            "e164": "e164",
            "what": "'ordered'",
            "after": "'pending'",
            "by_id": "person",
            "at": "now()",
        },
    ),
)
_BLOCK = {
    "org_id": "org",
    "number_order_id": "order",
    "first": "first",
    "last": "last",
    "size": "size",
    "created_at": "now()",
}
_STORIES: tuple[tuple[type[Model], dict[str, str]], ...] = (
    (
        NumberOrderEvent,
        {
            "order_id": "order",
            "before": "before",
            "after": "after",
            "code": "code",
            "by_id": "person",
            "at": "now()",
        },
    ),
    (
        AuditEntry,
        {
            "org_id": "org",
            "at": "now()",
            "acting_as": "'system'",
            "what": "'number_order.' || code",
            "subject": "'N-' || {order}",
            "subject_key": "'pstn.numberorder:' || {order}",
            "before": "jsonb_build_object('state', before)",
            "after": "jsonb_build_object('state', after)",
        },
    ),
)
_KNOWN = {
    **dict.fromkeys(("org", "location", "order", "person", "block"), "%s::bigint"),
    **dict.fromkeys(("first", "last"), "%s::text"),
    "size": "%s::smallint",
}


def _insert(model: type[Model], columns: dict[str, str], source: str, more: str = "") -> Insert:
    """An INSERT with its values; a Known among them is filled in for each order."""
    names = [one.column for one in model._meta.concrete_fields if not one.primary_key]
    whole, defaults = data.filled(model, {name: value for name, value in columns.items() if name in names})
    spare = iter(defaults)
    values: list[object] = []
    expressions = []
    for expression in whole.values():
        if expression in _KNOWN:
            values.append(Known(expression))
            expressions.append(_KNOWN[expression])
        elif "{order}" in expression:
            values.append(Known("order"))
            expressions.append(expression.format(order=_KNOWN["order"]))
        else:
            if expression == "%s":
                values.append(next(spare))
            expressions.append(expression)
    if "%s" in source:
        values.append(Known("e164s"))
    table = model._meta.db_table
    return f"INSERT INTO {table} ({data.named(whole)}) SELECT {', '.join(expressions)} {source}{more}", values


def _values(values: list[object], known: dict[str, Any]) -> list[object]:
    return [known[value] if isinstance(value, Known) else value for value in values]
