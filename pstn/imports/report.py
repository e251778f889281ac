"""The rows that could not be used, to take home and mend: as they were sent, with a column that says why."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.sheets import Broken, SheetRefused, guard, open_sheet
from lib.sheets.encoding import BLOCK
from pstn.imports.columns import why_refused
from pstn.models import JobError, NumberImport


def problem_of(it: NumberImport) -> str:
    """Why a file is refused, in words."""
    return why_refused(it.problem, it.problem_facts) if it.problem else ""


def notes(it: NumberImport) -> list[str]:
    """What is said aloud of how the file was read."""
    facts, said = it.facts, []
    if facts.get("is_guessed"):
        said.append(
            _(
                "The file is not Unicode; it was read as Windows-1252. If letters with accents look wrong, "
                "save it as CSV UTF-8."
            )
        )
    if unknown := facts.get("unknown"):
        said.append(
            _("These columns are not known and are left out: %(columns)s.") % {"columns": ", ".join(unknown)}
        )
    return said


def bad_rows(it: NumberImport) -> Iterator[str]:
    """CSV text, piece by piece: each bad row as it was sent, its line, its problem. The file must exist."""
    errors = _errors(it)
    line, sentence = next(errors, (0, ""))
    out = io.StringIO()
    writer = csv.writer(out)
    with it.file.open("rb") as stream:
        sheet = open_sheet(cast("BinaryIO", stream), it.size)
        width = len(sheet.header)
        writer.writerow([*map(guard, sheet.header), "line", "problem"])
        try:
            for at, cells in sheet.rows:
                if not line:
                    break
                if at < line:
                    continue
                row = [""] * width if isinstance(cells, Broken) else (cells + [""] * width)[:width]
                writer.writerow([*map(guard, row), str(line), guard(sentence)])
                line, sentence = next(errors, (0, ""))
                if out.tell() > BLOCK // 16:
                    yield out.getvalue()
                    out.seek(0)
                    out.truncate()
        except SheetRefused as why:
            writer.writerow([*[""] * width, "", guard(str(why))])
    yield out.getvalue()


def _errors(it: NumberImport) -> Iterator[tuple[int | None, str]]:
    """(line, sentence) of the bad rows in order: staged ones until the job is over, then its errors."""
    rows: Any
    if it.job is not None and it.job.is_over:
        rows = JobError._base_manager.filter(job=it.job, line__isnull=False).order_by("line")
    else:
        rows = it.lines.filter(plan="x").order_by("line")
    yield from rows.values_list("line", "text").iterator(chunk_size=2_000)


@dataclass(frozen=True)
class Trouble:
    """One kind of error: the column, how many rows have it, and the sentence of one of them."""

    column: str
    count: int
    example: str

    @property
    def count_text(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True)
class BadLine:
    """One of the first bad rows."""

    line: int
    number: str
    column: str
    sentence: str


def kinds(it: NumberImport) -> list[Trouble]:
    """The kinds of errors of a checked file, the most frequent first."""
    return [Trouble(*kind) for kind in it.facts.get("kinds", ())]


def first_lines(it: NumberImport) -> list[BadLine]:
    """The first rows that cannot be used."""
    return [BadLine(*line) for line in it.facts.get("first", ())]


def counts(it: NumberImport) -> list[tuple[str, str]]:
    """What the rows would do; once they are being imported, what they have done."""
    if it.job is not None:
        rows = [
            (_("Imported"), it.job.done),
            (_("Already so"), it.job.same),
            (_("Could not be used"), it.job.failed),
        ]
    else:
        rows = [
            (_("New numbers"), int(it.plan.get("c", 0))),
            (_("Numbers that change"), int(it.plan.get("u", 0))),
            (_("Numbers that are deleted"), int(it.plan.get("d", 0))),
            (_("New users"), int(it.facts.get("new_owners", 0))),
            (_("Are so already"), it.same),
            (_("Cannot be used"), it.bad),
        ]
    return [(label, f"{n:,}") for label, n in rows if n or it.job is not None]


def run_words(it: NumberImport) -> str:
    """What the button says."""
    n = it.wanted
    if it.mode == NumberImport.Mode.DELETE:
        text = ngettext("Delete %(n)s number", "Delete %(n)s numbers", n)
    else:
        text = ngettext("Import %(n)s row", "Import %(n)s rows", n)
    return text % {"n": f"{n:,}"}


def read_words(it: NumberImport) -> str:
    return ngettext("%(n)s row read", "%(n)s rows read", it.rows) % {"n": f"{it.rows:,}"}
