"""Writing an XLSX file of text cells, row after row: nothing is held, and nothing in it can run.

Every cell is typed as text and formatted as text, so a spreadsheet keeps the plus sign and all digits, also
when somebody edits the cell.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

SHEET_ROWS = 1_048_576  # that a sheet can hold, header included
BATCH = 500
# Characters that XML cannot carry, and those that `escape` must see.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Style 1: a text cell. Style 2: a cell of the header, bold.
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its name on the tab (31 characters at most), its header, its rows, its columns' widths.

    `lists` names, for a column counted from 0, the cells that may be chosen there: `Locations!$A$2:$A$9`.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[str]]
    widths: Sequence[int] = ()
    lists: dict[int, str] = field(default_factory=dict)


def write(out: BinaryIO, pages: Sequence[Page]) -> None:
    """Write the workbook. `out` need not be seekable. ValueError: more rows than a sheet can hold."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        for name, text in _parts(pages).items():
            book.writestr(name, text)
        for place, page in enumerate(pages, start=1):
            with book.open(f"xl/worksheets/sheet{place}.xml", "w", force_zip64=True) as part:
                _write_sheet(part, page)  # type: ignore[arg-type]


def _write_sheet(part: BinaryIO, page: Page) -> None:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" style="1" customWidth="1"/>'
        for n, width in enumerate(page.widths, start=1)
    )
    part.write(
        (
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            "</sheetView></sheetViews>"
            f"{f'<cols>{widths}</cols>' if widths else ''}<sheetData>"
        ).encode()
    )
    part.write(_row(page.header, 2).encode())
    lines: list[str] = []
    count = 1
    for row in page.rows:
        lines.append(_row(row, 1))
        if len(lines) >= BATCH:
            count += len(lines)
            if count > SHEET_ROWS:
                raise ValueError("a sheet holds 1,048,576 rows")
            part.write("".join(lines).encode())
            lines.clear()
    if count + len(lines) > SHEET_ROWS:
        raise ValueError("a sheet holds 1,048,576 rows")
    part.write("".join(lines).encode())
    part.write(f"</sheetData>{_choices(page)}</worksheet>".encode())


def _choices(page: Page) -> str:
    rules = "".join(
        '<dataValidation type="list" allowBlank="1" showErrorMessage="0" '
        f'sqref="{_letter(column)}2:{_letter(column)}10000"><formula1>{escape(cells)}</formula1></dataValidation>'
        for column, cells in sorted(page.lists.items())
    )
    return f'<dataValidations count="{len(page.lists)}">{rules}</dataValidations>' if rules else ""


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _row(cells: Sequence[str], style: int) -> str:
    return f"<row>{''.join([_cell(cell, style) for cell in cells])}</row>"


def _cell(text: str, style: int) -> str:
    if _SPECIAL.search(text):
        # A lone carriage return would be read as a line end by every XML reader.
        text = escape(_UNFIT.sub("", text)).replace("\r", "&#13;")
    if not text:
        return f'<c s="{style}"/>'
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() or "\n" in text else ""
    return f'<c t="inlineStr" s="{style}"><is><t{space}>{text}</t></is></c>'


def _parts(pages: Sequence[Page]) -> dict[str, str]:
    """The small parts that tie the sheets together."""
    numbers = range(1, len(pages) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(page.name[:31])} sheetId="{n}" r:id="rId{n}"/>'
        for n, page in enumerate(pages, start=1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for n in numbers
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    style = len(pages) + 1
    return {
        "[Content_Types].xml": (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{_RELATIONS}"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{overrides}</Types>'
        ),
        "_rels/.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>"
        ),
        "xl/workbook.xml": (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{sheets}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            f'<Relationship Id="rId{style}" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _STYLES,
    }
