"""What a table may measure, and the ways in which a file or a row of it cannot be read."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROW_LIMIT = 1_000_000  # rows of data, without the header
LINE_LIMIT = 65_536  # characters of one line of text
CELL_LIMIT = 32_767  # characters of one cell: what spreadsheets hold
RECORD_LINES = 200  # lines that one row may take, because a cell in quotes goes over line ends
COLUMN_LIMIT = 200
FILE_LIMIT = 300 * 1024 * 1024  # bytes

SENTENCES: dict[str, str | Promise] = {
    "empty": _("This file is empty."),
    "no_rows": _("This file has a header and no rows below it."),
    "too_large": _("This file is larger than %(most)s MB. Divide it into several."),
    "too_many_rows": _("This file has more than %(most)s rows. Divide it into several."),
    "too_many_columns": _("This file has more than %(most)s columns. Keep the ones of the template."),
    "line_too_long": _(
        "Line %(line)s has more than %(most)s characters and no line end. This is not a table of numbers."
    ),
    "foreign": _("This file is %(noun)s, not a table. Save the table as CSV or XLSX and upload that."),
    "binary": _("This file is not a table of text. Save the table as CSV or XLSX and upload that."),
    "old_excel": _("This is a file of an old Excel, or one with a password. Save it as XLSX or CSV."),
    "damaged": _("This spreadsheet is damaged or is none. Save it again as XLSX, or as CSV."),
    "too_complex": _("This spreadsheet unpacks to far more than it should. Save it as CSV and upload that."),
    "no_sheet": _("This spreadsheet has no sheet with rows."),
}


class SheetRefused(Exception):
    """The file cannot be read at all, or not any further. `code` is stable; `facts` fill the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return sentence(self.code, self.facts)


def sentence(code: str, facts: dict[str, Any]) -> str:
    """The sentence of a refusal, in the reader's language, from its stable code and its plain facts."""
    return str(SENTENCES[code]) % facts


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not be taken apart. `code`: open_quote, stray_quote or too_long."""

    code: str
