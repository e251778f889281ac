"""The rows of a file beside the inventory: read, told apart, and put into a table where SQL can compare them.

PostgreSQL takes them by COPY, SQLite by executemany; everything after that is the same SQL for both.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.sheets import Broken, Sheet, SheetRefused, open_sheet
from lib.sheets.open import Row
from pstn.imports import places
from pstn.imports.columns import COLUMNS, read_header
from pstn.imports.rows import BadCell, RowReader, Wish
from pstn.models import ImportLine, NumberImport

LINES = ImportLine._meta.db_table
GOOD = ("number_import_id", "line", "plan", *Wish._fields)
BAD = ("number_import_id", "line", "plan", "e164", '"column"', "code", "text")
# What a row is taken for until it is compared.
FIRST_GUESS = {"create": "c", "upsert": "c", "update": "u", "delete": "d"}


def stage(it: NumberImport, until: float) -> bool:
    """Stage the rows of an import that are not yet; False when `until` (monotonic time) came first.

    Each batch and how far the file is read are kept in one transaction, so whoever goes on after a crash
    leaves nothing out and takes nothing twice. SheetRefused: the file cannot be used after all.
    """
    with it.file.open("rb") as stream:
        sheet = open_sheet(cast("BinaryIO", stream), it.size)
        reader = _reader(it, sheet)
        for batch in _batches(_unread(sheet, it.staged_to)):
            good, bad = _read(reader, it, batch)
            with transaction.atomic():
                now = _locked(it)
                if now is None:
                    return False
                _load(GOOD, good)
                _load(BAD, bad)
                it.staged_to, it.rows = batch[-1][0], it.rows + len(batch)
                it.claimed_until, it.tries = lease(), 0
                it.save(update_fields=["staged_to", "rows", "claimed_until", "tries", "facts"])
            if time.monotonic() > until:
                return False
    if not it.rows:
        raise SheetRefused("no_rows")
    _survey()
    with transaction.atomic():
        if _locked(it) is not None:
            _mark_repeated(it)
            it.is_staged = True
            it.save(update_fields=["is_staged"])
    return True


def lease() -> datetime:
    """Until when whoever is at a file is believed to be."""
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _locked(it: NumberImport) -> NumberImport | None:
    """The row under a lock; None when somebody else has gone on with it, or it is not being checked."""
    now: NumberImport | None = it.org.number_imports.select_for_update().filter(pk=it.pk).first()
    is_mine = (
        now is not None and now.state == "checking" and now.staged_to == it.staged_to and not now.is_staged
    )
    return now if is_mine else None


def _reader(it: NumberImport, sheet: Sheet) -> RowReader:
    header = read_header(sheet.header)
    it.facts = {
        "kind": sheet.kind,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "is_guessed": sheet.is_guessed,
        "lines": max(sheet.lines - 1, 0),
        "columns": [name for name in COLUMNS if name in header.places],
        "unknown": list(header.unknown),
    }
    if it.membership is None:
        raise SheetRefused("no_rights")
    addresses: Any = it.org.emergency_addresses.filter(state="validated")  # type: ignore[attr-defined]
    rows = addresses.within(it.membership).values_list("pk", "location__country", "number__location__country")
    known = {pk: own or of_number for pk, own, of_number in rows}
    return RowReader(header, places.reached(it.org, it.membership), known)


def _unread(sheet: Sheet, after: int) -> Iterator[Row]:
    """The rows below a line. What begins with # is a remark, as in the template."""
    for line, cells in sheet.rows:
        if line > after and (isinstance(cells, Broken) or not cells[0].startswith("#")):
            yield line, cells


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, 2 * settings.IMPORT_SLICE)):
        yield batch


def _read(
    reader: RowReader, it: NumberImport, rows: Iterable[Row]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    pk, guess, read = it.pk, FIRST_GUESS[it.mode], reader.read
    good: list[tuple[Any, ...]] = []
    bad: list[tuple[Any, ...]] = []
    for line, cells in rows:
        if isinstance(cells, Broken):
            bad.append((pk, line, "x", "", "", cells.code, broken_sentence(cells.code)))
            continue
        try:
            good.append((pk, line, guess, *read(cells)))
        except BadCell as problem:
            bad.append((pk, line, "x", "", problem.column, problem.code, problem.sentence[:300]))
    return good, bad


def broken_sentence(code: str) -> str:
    """Why a row could not be taken apart."""
    if code == "open_quote":
        return _('A quotation mark (") opens here and does not close.')
    if code == "stray_quote":
        return _('A quotation mark (") stands in the middle of a cell. Double it, or put the cell in quotes.')
    return _("A cell has more characters than a spreadsheet can hold.")


def _load(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Put rows into the staging table, the quickest way of each database."""
    if not rows:
        return
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {LINES} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {LINES} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _survey() -> None:
    """Have PostgreSQL look at what was staged, or it plans for the table as it was before: empty, perhaps."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {LINES}")


def _mark_repeated(it: NumberImport) -> None:
    """What is there twice counts where it comes first; the other rows say so."""
    words = (
        _("%(number)s is in line %(line)s already."),
        _("Extension %(number)s is in line %(line)s already."),
    )
    _mark_same(it, "number", "repeated", ("e164",), "e164 <> ''", words[0])
    if "extension" in it.facts["columns"]:
        known = "extension <> '' AND location_id IS NOT NULL"
        _mark_same(it, "extension", "extension_repeated", ("extension", "location_id"), known, words[1])


def _mark_same(
    it: NumberImport, column: str, code: str, same: tuple[str, ...], where: str, sentence: str
) -> None:
    """Mark the rows that are alike in the columns `same` with an earlier one; the first of these is told."""
    before, _number, rest = (sentence % {"number": "\x01", "line": "\x02"}).partition("\x01")
    middle, _line, end = rest.partition("\x02")
    columns = ", ".join(same)
    alike = " AND ".join(f"{LINES}.{name} = many.{name}" for name in same)
    rows = f"number_import_id = %s AND plan <> 'x' AND {where}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {LINES} SET plan = 'x', \"column\" = %s, code = %s, "  # noqa: S608
            f"text = %s || {LINES}.{same[0]} || %s || many.first || %s "
            f"FROM (SELECT {columns}, min(line) AS first FROM {LINES} WHERE {rows} "
            f"GROUP BY {columns} HAVING count(*) > 1) AS many "
            f"WHERE {LINES}.number_import_id = %s AND {LINES}.plan <> 'x' AND {alike} "
            f"AND {LINES}.line > many.first",
            [column, code, before, middle, end, it.pk, it.pk],
        )
