"""A table that leaves as CSV line by line, whatever its length: no cell of it runs as a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from lib.phone import extension_of
from lib.sheets import guard


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The header and the rows as CSV; with a mark at the start, by which spreadsheets know UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([guard(cell) for cell in row])


def number(key: str) -> str:
    """A number in a file is +14085550142; what is only an extension is called so."""
    extension = extension_of(key)
    return _("Extension %(extension)s") % {"extension": extension} if extension else key
