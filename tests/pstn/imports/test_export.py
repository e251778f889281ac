"""Numbers as CSV and XLSX: everything comes back in by importing it, and nothing in it runs."""

import csv
import io

import pytest

from lib.sheets import guard, open_sheet
from pstn import exports
from pstn.models import NumberTag
from tests.factories import make_connected_location, make_number

# Every beginning that a spreadsheet may take for a formula, and what only looks like one.
DANGEROUS = [
    "=1+1",
    "+1-1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "''+1",
]
HARMLESS = ["a=b", "'quoted'", "Ada, Park", 'say "hi"', "+14085550142", "two\nlines", "", " =1"]


def exported(org):
    return b"".join(exports.csv_stream(org, org.phone_numbers.all())).decode()


def cells(org):
    data = exported(org).encode()
    return [row for _line, row in open_sheet(io.BytesIO(data), len(data)).rows]


def test_a_number_stays_a_number(acme, location):
    make_number(location, "+14085550142", extension="0142", assigned_to="Ada Park", note="x")
    assert exported(acme).splitlines() == [
        "\ufeffnumber,location,type,sessions,extension,assigned_to,state,emergency_address_id,tags,note",
        "+14085550142,San Jose HQ,standard,,0142,Ada Park,active,,,x",
    ]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_runs_as_a_formula(acme, location, text):
    make_number(location, note=text)
    (row,) = cells(acme)
    assert row[-1] == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_cells_are_as_they_are(acme, location, text):
    make_number(location, note=text)
    (row,) = cells(acme)
    assert row[-1] == text


def test_both_ways_of_writing_give_the_same(acme, location):
    for n, text in enumerate([*DANGEROUS, *HARMLESS]):
        make_number(location, f"+140855501{n:02}", note=text, assigned_to=text[:20])
    written = b"".join(exports._written(exports.rows(acme, acme.phone_numbers.all()))).decode()
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert cells(acme) == rows
    assert guard("=1+1") in {row[-1] for row in rows}


def test_the_export_imported_again_changes_nothing(acme, location, send, run):
    for n, text in enumerate([*DANGEROUS, "", "-", "plain"]):
        make_number(location, f"+140855501{n:02}", note=text.strip(), extension=f"{n:03}")
    number = acme.phone_numbers.first()
    for name in ("VIP", "Sales"):
        NumberTag.unscoped.create(number=number, tag=acme.tags.create(name=name))
    make_number(location, f"x{location.pk}-77", kind="extension", state="na", extension="77")
    make_number(location, "+14085550199", state="porting")
    make_number(location, "+14085550198", kind="contact_center", sessions=25)
    for state, e164 in (("validated", "+14085550197"), ("rejected", "+14085550196")):
        acme.emergency_addresses.create(
            number=make_number(location, e164), state=state, line1="1 Pall Mall", city="San Jose"
        )
    it = send("update", data=exported(acme).encode())
    assert it.plan == {"s": acme.phone_numbers.count()}


def test_tags_of_a_number_stand_in_one_cell(acme, location):
    number = make_number(location)
    for name in ("VIP", "Sales"):
        NumberTag.unscoped.create(number=number, tag=acme.tags.create(name=name))
    (row,) = cells(acme)
    assert row[-2] == "Sales, VIP"


def test_a_spreadsheet_has_text_cells_only(acme, location, send):
    make_number(location, "+14085550142", note="=1+1")
    out = io.BytesIO()
    assert exports.xlsx(acme, acme.phone_numbers.all(), out) == 1
    assert b"<f>" not in out.getvalue()
    sheet = open_sheet(out, len(out.getvalue()))
    assert sheet.header[0] == "number"
    (row,) = [row for _line, row in sheet.rows]
    assert row == ["+14085550142", "San Jose HQ", "standard", "", "", "", "active", "", "", "=1+1"]
    assert send("update", data=out.getvalue()).plan == {"s": 1}


@pytest.mark.parametrize("block", [1, 7, exports.BLOCK])
def test_rows_are_counted_and_not_lines(acme, location, monkeypatch, block):
    monkeypatch.setattr(exports, "BLOCK", block)
    for n, text in enumerate(["one\ntwo\r\nthree", 'she said "yes\nno"', '"', "\n", "plain"]):
        make_number(location, f"+140855501{n:02}", note=text)
    assert exports.write(acme, acme.phone_numbers.all(), "csv", io.BytesIO()) == 5
    assert exports.write(acme, acme.phone_numbers.none(), "csv", io.BytesIO()) == 0


def test_what_is_exported_is_what_is_asked_for(acme, globex, location):
    make_number(make_connected_location(globex, name="Tower"), "+14155550100")
    make_number(location, "+14085550142")
    make_number(location, "+14085550143", state="inactive")
    stream = exports.csv_stream(acme, acme.phone_numbers.filter(state="inactive"))
    assert b"".join(stream).decode().splitlines()[1:] == ["+14085550143,San Jose HQ,standard,,,,inactive,,,"]
