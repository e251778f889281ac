"""Spreadsheets: what is written comes back, numbers keep their digits, and traps are refused."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.sheets import SheetRefused, open_sheet, xlsx_read
from lib.sheets.xlsx_read import written
from lib.sheets.xlsx_write import Page, write

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(*pages):
    out = io.BytesIO()
    write(out, pages)
    return out.getvalue()


def handmade(sheet, **parts):
    """A workbook of one sheet as other programs write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, text in parts.items():
            made.writestr(f"xl/{name}.xml", text)
    return out.getvalue()


def rows(data):
    sheet = open_sheet(io.BytesIO(data), len(data))
    return [sheet.header, *[cells for _line, cells in sheet.rows]]


def test_what_is_written_comes_back():
    cells = ["+14085550142", "", "=1+1", "<a & b>", " padded ", "two\nlines"]
    assert rows(book(Page("Numbers", list("abcdef"), [cells]))) == [list("abcdef"), cells]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=5), min_size=1, max_size=4).filter(lambda cells: any(cells)))
def test_any_text_comes_back_but_for_what_xml_cannot_carry(cells):
    fit = [
        "".join(c for c in cell if c >= " " and c not in "\ufffe\uffff" or c in "\t\n\r") for cell in cells
    ]
    if not any(fit):
        return
    found = rows(book(Page("x", ["h"] * len(cells), [cells])))[1]
    assert (found + [""] * 4)[: len(cells)] == fit


def test_nothing_that_is_written_is_a_formula_and_all_of_it_is_text():
    with zipfile.ZipFile(
        io.BytesIO(book(Page("Numbers", ["=A1"], [["=1+1", "+14085550142", "@x"]])))
    ) as made:
        sheet = made.read("xl/worksheets/sheet1.xml").decode()
        styles = made.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == 4
    assert styles.count('numFmtId="49"') == 2  # of cells and of the header: text


def test_choices_are_offered_in_the_cells_of_a_column():
    page = Page("Numbers", ["a", "b"], [], lists={0: ["x", "y"], 1: "=Places!$A$2:$A$9"})
    with zipfile.ZipFile(io.BytesIO(book(page, Page("Places", ["p"], [["q"]])))) as made:
        sheet = made.read("xl/worksheets/sheet1.xml").decode()
    assert '<formula1>"x,y"</formula1>' in sheet.replace("&quot;", '"')
    assert 'sqref="B2:B10000"' in sheet
    assert "<formula1>Places!$A$2:$A$9</formula1>" in sheet


@pytest.mark.parametrize(
    ("cell", "text"),
    [("a_x000D_b", "a\rb"), ("_x005F_x0041_", "_x0041_"), ("_x0000_a_xD800_", "a"), ("_x12_", "_x12_")],
)
def test_escapes_of_spreadsheets_are_taken_back(cell, text):
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row>{{}}</row></sheetData></worksheet>'
    strings = f'<sst xmlns="{MAIN}"><si><t>{cell}</t></si></sst>'
    assert rows(handmade(sheet.format(f'<c t="inlineStr"><is><t>h{cell}</t></is></c>'))) == [[f"h{text}"]]
    shared = handmade(sheet.format('<c><v>1</v></c><c t="s"><v>0</v></c>'), sharedStrings=strings)
    assert rows(shared) == [["1", text]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("14085550142", "14085550142"),
        ("1.4085550142E10", "14085550142"),
        ("1.4085550142E+10", "14085550142"),
        ("14085550142.0", "14085550142"),
        ("142", "142"),
        ("1.5", "1.5"),
        ("1E400", "1E400"),
        ("NaN", "NaN"),
        ("x", "x"),
    ],
)
def test_a_number_cell_keeps_all_its_digits(value, text):
    assert written(value) == text


def test_shared_texts_columns_and_gaps_as_excel_writes_them():
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData>'
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row r="4"><c r="A4"><v>1.4085550142E10</v></c><c r="B4" s="3"/><c r="C4" t="str"><v>x</v></c></row>'
        "</sheetData></worksheet>"
    )
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>number</t></si>'
        "<si><r><t>no</t></r><r><t>te</t></r><rPh><t>spoken</t></rPh></si></sst>"
    )
    data = handmade(sheet, sharedStrings=strings)
    opened = open_sheet(io.BytesIO(data), len(data))
    assert opened.header == ["number", "", "note"]
    assert list(opened.rows) == [(4, ["14085550142", "", "x"])]


def test_names_with_a_prefix_are_read_too():
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>number</x:t></x:is></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    assert rows(handmade(sheet)) == [["number"]]


def test_the_first_visible_sheet_counts():
    data = book(Page("Numbers", ["number"], [["1"]]), Page("Other", ["name"], [["x"]]))
    hidden = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(hidden, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/workbook.xml":
                text = text.replace(b'name="Numbers"', b'name="Numbers" state="hidden"')
            new.writestr(name, text)
    assert rows(data) == [["number"], ["1"]]
    assert rows(hidden.getvalue()) == [["name"], ["x"]]


def test_a_document_with_entities_is_refused():
    bomb = f'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    with pytest.raises(SheetRefused, match="damaged"):
        rows(handmade(bomb))


def test_a_sheet_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(xlsx_read, "SHEET_LIMIT", 200_000)
    row = "<row><c><v>1</v></c></row>"
    with pytest.raises(SheetRefused, match="unpacks to far more"):
        rows(handmade(f'<worksheet xmlns="{MAIN}"><sheetData>{row * 20_000}</sheetData></worksheet>'))


def test_texts_that_unpack_to_too_much_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_read, "STRINGS_LIMIT", 1_000)
    strings = f'<sst xmlns="{MAIN}">{"<si><t>0123456789</t></si>" * 200}</sst>'
    with pytest.raises(SheetRefused, match="unpacks to far more"):
        rows(handmade(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>', sharedStrings=strings))


@pytest.mark.parametrize(
    "sheet",
    [
        "<worksheet",
        "not xml",
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="s"><v>7</v></c></row></sheetData></worksheet>',
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="s"><v>x</v></c></row></sheetData></worksheet>',
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="x"><c><v>7</v></c></row></sheetData></worksheet>',
    ],
)
def test_a_damaged_sheet_is_refused(sheet):
    with pytest.raises(SheetRefused) as refused:
        rows(handmade(sheet))
    assert refused.value.code == "damaged"


def test_an_archive_without_a_sheet_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("readme.txt", "hello")
    with pytest.raises(SheetRefused, match="no sheet"):
        rows(out.getvalue())


def test_more_rows_than_a_sheet_holds_are_not_written(monkeypatch):
    monkeypatch.setattr("lib.sheets.xlsx_write.SHEET_ROWS", 3)
    with pytest.raises(ValueError, match="a sheet holds"):
        book(Page("Numbers", ["number"], [["1"]] * 3))
