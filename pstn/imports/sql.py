"""The SQL of imports that stands beside the ORM: staged rows against the inventory, and marks on many.

What only one database can is inside a function here; the tests of imports run on both.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from pstn.imports.rows import Wish
from pstn.models import ImportLine, PhoneNumber

LINES, NUMBERS = ImportLine._meta.db_table, PhoneNumber._meta.db_table
WISH = ", ".join(f"s.{name}" for name in Wish._fields)
# Whether every cell that says something says what is there. Tags and addresses are compared elsewhere.
_SAME = " AND ".join(
    f"(s.{wished} IS NULL OR s.{wished} = n.{kept})"
    for wished, kept in {
        "location_id": "location_id",
        "kind": "kind",
        "sessions": "sessions",
        "extension": "extension",
        "owner_name": "assigned_to",
        "state": "state",
        "note": "note",
    }.items()
)


class Match(NamedTuple):
    """A staged row and the number that is here under its key."""

    line: int
    wish: Wish
    number_pk: int
    org_pk: int
    location_pk: int
    is_same: bool


class Mark(NamedTuple):
    """What was found out about a staged row; `column`, `code` and `text` are empty unless it is bad."""

    line: int
    plan: str
    column: str = ""
    code: str = ""
    text: str = ""


def bytewise(column: str) -> str:
    """A text column compared in byte order: the order of the index on the numbers' keys."""
    return f'{column} COLLATE "C"' if connection.vendor == "postgresql" else column


def matches(import_pk: int, first: int, last: int) -> list[Match]:
    """The rows from line to line (inclusive) whose number is in the console, whoever has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.line, {WISH}, n.id, n.org_id, n.location_id, "  # noqa: S608
            f"CASE WHEN {_SAME} AND s.tags IS NULL AND s.address_id IS NULL THEN 1 ELSE 0 END "
            f"FROM {LINES} s JOIN {NUMBERS} n ON n.e164 = {bytewise('s.e164')} "
            "WHERE s.number_import_id = %s AND s.line BETWEEN %s AND %s AND s.plan <> 'x' ORDER BY s.line",
            [import_pk, first, last],
        )
        return [
            Match(line, Wish(*wish), number, org, place, bool(is_same))
            for line, *wish, number, org, place, is_same in cursor.fetchall()
        ]


def strangers(import_pk: int, first: int, last: int) -> list[tuple[int, str]]:
    """(line, key) of the rows whose number is not in the console."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.line, s.e164 FROM {LINES} s WHERE s.number_import_id = %s "  # noqa: S608
            "AND s.line BETWEEN %s AND %s AND s.plan <> 'x' "
            f"AND NOT EXISTS (SELECT 1 FROM {NUMBERS} n WHERE n.e164 = {bytewise('s.e164')}) ORDER BY s.line",
            [import_pk, first, last],
        )
        return list(cursor.fetchall())


def mark(import_pk: int, marks: Sequence[Mark]) -> None:
    """Write down what was found out about these rows."""
    if not marks:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f'UPDATE {LINES} AS s SET plan = m.plan, "column" = m.col, code = m.code, text = m.text '  # noqa: S608
                "FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[]) "
                "AS m (line, plan, col, code, text) WHERE s.number_import_id = %s AND s.line = m.line",
                [*[list(values) for values in zip(*_cut(marks), strict=True)], import_pk],
            )
        else:
            cursor.executemany(
                f'UPDATE {LINES} SET plan = %s, "column" = %s, code = %s, text = %s '  # noqa: S608
                "WHERE number_import_id = %s AND line = %s",
                [(*rest, import_pk, line) for line, *rest in _cut(marks)],
            )


def own(import_pk: int, pairs: Sequence[tuple[int, int]]) -> None:
    """Write the keys of owners beside their names: (line, key) each."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {LINES} AS s SET owner_id = p.owner "  # noqa: S608
                "FROM unnest(%s::int[], %s::bigint[]) AS p (line, owner) "
                "WHERE s.number_import_id = %s AND s.line = p.line",
                [*[list(values) for values in zip(*pairs, strict=True)], import_pk],
            )
        else:
            cursor.executemany(
                f"UPDATE {LINES} SET owner_id = %s WHERE number_import_id = %s AND line = %s",  # noqa: S608
                [(owner, import_pk, line) for line, owner in pairs],
            )


def _cut(marks: Sequence[Mark]) -> list[tuple[Any, ...]]:
    return [(m.line, m.plan, m.column, m.code, m.text[:300]) for m in marks]
