"""Writing an XLSX file of text cells, row after row: nothing is held, and nothing in it can run.

Every cell is typed as text and formatted as text, so a spreadsheet keeps the plus sign and all digits, also
when somebody edits the cell.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from xlsxwriter import Workbook

SHEET_ROWS = 1_048_576  # that a sheet can hold, header included
TEXT = 49  # the format that spreadsheets call Text, by its number
OFFERED = 10_000  # rows in whose cells choices are offered


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its name on the tab (31 characters at most), its header, its rows, its columns' widths.

    `lists` names, for a column counted from 0, what may be chosen in its cells: the values themselves, or
    other cells as `=Locations!$A$2:$A$9`.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[str]]
    widths: Sequence[int] = ()
    lists: Mapping[int, str | Sequence[str]] = field(default_factory=dict)


def write(out: BinaryIO, pages: Sequence[Page]) -> None:
    """Write the workbook. ValueError: more rows than a sheet can hold."""
    # With constant_memory each row goes to a temporary file as soon as the next one begins.
    with Workbook(out, {"constant_memory": True}) as book:
        text = book.add_format({"num_format": TEXT})
        title = book.add_format({"num_format": TEXT, "bold": True})
        for page in pages:
            sheet = book.add_worksheet(page.name[:31])
            sheet.freeze_panes(1, 0)
            for column, width in enumerate(page.widths):
                sheet.set_column(column, column, width, text)
            for column, cell in enumerate(page.header):
                sheet.write_string(0, column, cell, title)
            for at, row in enumerate(page.rows, start=1):
                if at >= SHEET_ROWS:
                    raise ValueError("a sheet holds 1,048,576 rows")
                for column, cell in enumerate(row):
                    sheet.write_string(at, column, cell, text)
            for column, source in page.lists.items():
                choice = {"validate": "list", "source": source, "show_error": False}
                sheet.data_validation(1, column, OFFERED - 1, column, choice)
