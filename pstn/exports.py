"""Numbers to take away, in the columns in which they are brought in: CSV as a stream, XLSX as a file.

PostgreSQL writes CSV by itself (COPY), cells made safe on the way; elsewhere it is done here, row by row,
with the same result. Neither holds more than a few rows.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, CharField, F, Func, Value, When
from django.db.models.expressions import BaseExpression, Combinable, RawSQL
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from accounts.models import Organization
from lib.sheets import guard, xlsx_write
from lib.sheets.cells import TRIGGERS
from lib.sheets.xlsx_write import SHEET_ROWS, Page
from pstn.imports.columns import COLUMNS
from pstn.models import NumberTag, PhoneNumber, Tag
from pstn.models.numbers import PhoneNumberQuerySet

MARK = "\ufeff"  # by which spreadsheets know UTF-8
BLOCK = 1 << 16
WIDTHS = (18, 24, 14, 10, 12, 28, 12, 22, 24, 40)
# Most rows of a spreadsheet that is made while somebody waits (about two seconds).
XLSX_AT_ONCE = 20_000
# Cells that hold words and keys of our own, and nothing that somebody typed.
OURS = ("cell_type", "cell_sessions", "cell_state", "cell_emergency_address_id")
Expression = BaseExpression | Combinable

# The rule of lib.sheets.guard once more, for PostgreSQL: a test compares the two.
_NEVER_FIRST = TRIGGERS.replace("\\-", "-").replace("\0", "")  # a text of PostgreSQL has no NUL
_GUARDED = "^'*[" + TRIGGERS.replace("\0", "") + "]"
_EXEMPT = r"^\+[1-9][0-9]{6,14}$"


class _Guarded(Func):
    """A text as a cell that no spreadsheet runs. The first character decides in nearly all cases."""

    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        text, params = compiler.compile(self.source_expressions[0])
        sql = (
            f"CASE WHEN {text} = '' OR strpos('''' || %s, left({text}, 1)) = 0 THEN {text} "
            f"WHEN {text} ~ %s AND NOT {text} ~ %s THEN '''' || {text} ELSE {text} END"
        )
        given = list(params)
        return sql, [*given, _NEVER_FIRST, *given, *given, *given, _GUARDED, *given, _EXEMPT, *given, *given]


def csv_stream(org: Organization, numbers: PhoneNumberQuerySet) -> Iterator[bytes]:
    """All of these numbers as CSV, in order of the number, in pieces of some kilobytes."""
    is_copied = connection.vendor == "postgresql"
    yield (MARK + ",".join(COLUMNS) + ("\n" if is_copied else "\r\n")).encode()
    yield from _copied(org, numbers) if is_copied else _written(rows(org, numbers))


def rows(org: Organization, numbers: PhoneNumberQuerySet) -> Iterator[tuple[str, ...]]:
    """Each number as its cells, in order of the number; a batch is in memory."""
    columns = _columns(org)
    found = numbers.order_by("e164").annotate(**columns).values_list(*columns)
    yield from found.iterator(chunk_size=2_000)


def write(org: Organization, numbers: PhoneNumberQuerySet, format: str, out: BinaryIO) -> int:
    """Write a file of these numbers; answers how many. ValueError: more than a sheet can hold."""
    if format == "xlsx":
        return xlsx(org, numbers, out)
    lines = quotes = 0
    for piece in csv_stream(org, numbers):
        out.write(piece)
        # A row may have line breaks, but only between quotes.
        parts = piece.split(b'"')
        lines += sum(part.count(b"\n") for part in parts[quotes % 2 :: 2])
        quotes += len(parts) - 1
    return lines - 1


def xlsx(org: Organization, numbers: PhoneNumberQuerySet, out: BinaryIO) -> int:
    """Write a spreadsheet of these numbers; answers how many. ValueError: more than a sheet can hold."""
    count = 0

    def counted() -> Iterator[tuple[str, ...]]:
        nonlocal count
        for row in rows(org, numbers):
            count += 1
            yield row

    xlsx_write.write(out, [Page(_("Numbers"), COLUMNS, counted(), WIDTHS)])
    return count


def too_many_for_a_sheet() -> str:
    return _("A spreadsheet holds at most %(most)s numbers. Export CSV, or fewer numbers.") % {
        "most": f"{SHEET_ROWS - 1:,}"
    }


def _columns(org: Organization) -> dict[str, Expression]:
    """The cells of a row by name. What has only an extension has no number."""
    number = Case(
        When(kind=PhoneNumber.Kind.EXTENSION, then=Value("")), default=F("e164"), output_field=CharField()
    )
    sessions = Cast(F("sessions"), CharField())
    # One that is not validated is no ID that the import takes; blank, it stays as it is.
    validated = When(custom_address__state="validated", then=Cast(F("custom_address__pk"), CharField()))
    address = Case(validated, default=Value(""), output_field=CharField())
    cells: tuple[Expression, ...] = (
        number,
        F("location__name"),
        F("kind"),
        Coalesce(sessions, Value("")),
        F("extension"),
        F("assigned_to"),
        F("state"),
        address,
        _tags(org),
        F("note"),
    )
    return {f"cell_{name}": cell for name, cell in zip(COLUMNS, cells, strict=True)}


def _tags(org: Organization) -> Expression:
    """The names of a number's tags; nothing is asked of any row where an organization has no tags."""
    if not NumberTag._base_manager.filter(tag__org=org).exists():
        return Value("", output_field=CharField())
    joined = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    taggings, tags, numbers = (model._meta.db_table for model in (NumberTag, Tag, PhoneNumber))
    return RawSQL(  # noqa: S611
        f"COALESCE((SELECT {joined}(name, ', ') FROM (SELECT t.name FROM {taggings} g "  # noqa: S608
        f"JOIN {tags} t ON t.id = g.tag_id WHERE g.number_id = {numbers}.id ORDER BY t.name) AS named), '')",
        [],
        output_field=CharField(),
    )


def _copied(org: Organization, numbers: PhoneNumberQuerySet) -> Iterator[bytes]:
    safe = {name: cell if name in OURS else _Guarded(cell) for name, cell in _columns(org).items()}
    # A plus sign and digits are a number, without two regular expressions for each of a million.
    bare = Func(F("e164"), Value("0123456789"), Value(""), function="translate", output_field=CharField())
    safe["cell_number"] = Case(
        When(Exact(bare, Value("+")), then=F("e164")), default=safe["cell_number"], output_field=CharField()
    )
    query = numbers.order_by("e164").annotate(**safe).values_list(*safe).query
    try:
        sql, params = query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:  # nobody chose any
        return
    waiting = bytearray()
    # NULL has a word of its own, so that an empty text is simply empty.
    copying = f"COPY ({sql}) TO STDOUT (FORMAT csv, NULL '\\N')"
    with connection.cursor() as cursor, cursor.copy(copying, params) as copy:
        for piece in copy:
            waiting += piece
            if len(waiting) >= BLOCK:
                yield bytes(waiting)
                waiting.clear()
    yield bytes(waiting)


def _written(cells: Iterator[tuple[str, ...]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in cells:
        writer.writerow([guard(cell.replace("\0", "")) for cell in row])
        if out.tell() >= BLOCK:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()
