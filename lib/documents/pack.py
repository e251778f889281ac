"""The port pack: what people need in their hands on the day of a port, as a PDF.

It only draws; whoever calls it says what stands there, in the reader's language. Characters that no font here
can draw become question marks: a paper for the day is better than none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.documents.script import NoFont, clean, runs
from lib.documents.sheet import Sheet

#: Points of a page's width, for the columns of tables.
WIDTH = 468.0


@dataclass(frozen=True, slots=True)
class Section:
    """A part under a heading. What is empty is left out; the order is pairs, paragraphs, checks, table.

    `pairs` are a label and the lines of its value. `checks` get a box to tick. A table is `head` and `rows`,
    as many cells each as `widths`, which are shares of the page's width and add up to 1.
    """

    title: str
    pairs: Sequence[tuple[str, Sequence[str]]] = ()
    paragraphs: Sequence[str] = ()
    checks: Sequence[str] = ()
    head: Sequence[str] = ()
    widths: Sequence[float] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """The whole paper: title, a line beneath it, two short lines at the right, the footer of each page."""

    title: str
    subtitle: str
    at_right: tuple[str, str]
    footer: str
    sections: Sequence[Section]


def port_pack(pack: Pack) -> bytes:
    """The PDF; the same pack always gives the same bytes on one machine."""
    sheet = Sheet(title=_drawable(pack.title), footer=_drawable(pack.footer))
    sheet.at_right(*(_drawable(line) for line in pack.at_right))
    sheet.text(_drawable(pack.title), size=20, bold=True, leading=26)
    sheet.text(_drawable(pack.subtitle), size=11, grey=True, leading=18)
    sheet.rule(before=4, after=4)
    for section in pack.sections:
        _section(sheet, section)
    return sheet.finished()


def _section(sheet: Sheet, section: Section) -> None:
    sheet.heading(_drawable(section.title), keep=48)
    if section.pairs:
        sheet.pairs(
            [(_drawable(label), tuple(_drawable(line) for line in lines)) for label, lines in section.pairs]
        )
    for paragraph in section.paragraphs:
        sheet.paragraph(_drawable(paragraph))
    for check in section.checks:
        sheet.check(_drawable(check))
    if section.rows:
        _table(sheet, section)


def _table(sheet: Sheet, section: Section) -> None:
    widths = [share * WIDTH for share in section.widths]
    head = list(zip(widths, map(_drawable, section.head), strict=True))
    sheet.row(head, grey=True)
    for texts in section.rows:
        # The head stands again on each page, before its first row.
        if sheet.is_full:
            sheet.new_page()
            sheet.row(head, grey=True)
        sheet.row(list(zip(widths, map(_drawable, texts), strict=True)))


def _drawable(text: str) -> str:
    """The text with a question mark for each character that cannot be drawn."""
    text = clean(text)
    while True:
        try:
            runs(text)
        except NoFont as missing:
            text = text.replace(missing.char, "?")
        else:
            return text
