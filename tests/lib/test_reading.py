"""Reading bills: layouts and what is found in them, scans, and files that are made to hurt."""

import os
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import reading
from lib.documents import accept
from lib.reading.dates import dates_in
from lib.reading.engines import page_of_table
from lib.reading.layout import Page, Word
from lib.sandbox import limits
from tests import files

OCR = reading.ocr_program()
needs_ocr = pytest.mark.skipif(
    not OCR and not os.environ.get("REQUIRE_OCR"), reason="tesseract is not installed and not required"
)


def read(content, country="US", kind="pdf"):
    pages = reading.pages_of(kind, content)
    pages = [
        page or reading.recognize(kind, content, number, OCR) for number, page in enumerate(pages, start=1)
    ]
    return reading.merged(finding for page in pages for finding in reading.find(page, country))


def best(content, country="US", kind="pdf"):
    found = read(content, country, kind)
    numbers = [finding.value for finding in found.pop("number")]
    return {field: readings[0].value for field, readings in found.items()} | {"numbers": numbers}


COLUMNS = {
    "dated": "2026-11-10",
    "account_number": "VT-204418",
    "btn": "+14085550110",
    "company_name": "Acme, Inc.",
    "address_line1": "100 Main Street",
    "address_line2": "Suite 4",
    "city": "San Jose",
    "region": "CA",
    "postal_code": "95112-3301",
}
LINES = [f"+1408555011{last}" for last in range(4)]


def test_a_plain_bill():
    assert best(files.bill_pdf()) == {
        "dated": "2026-11-10",
        "account_number": "80012345",
        "btn": "+14085550142",
        "company_name": "Acme Corporation",
        "address_line1": "170 West Tasman Drive",
        "city": "San Jose",
        "region": "CA",
        "postal_code": "95134",
        "numbers": ["+14085550142", "+14085550143"],
    }


@pytest.mark.parametrize("rotate", [0, 90, 180])
def test_columns_a_payment_slip_a_help_line_and_calls(rotate):
    """The service address and not the PO box; no help line, no number that was called; a turned page alike."""
    assert best(files.bill_in_columns(rotate=rotate)) == {**COLUMNS, "numbers": LINES}


def test_values_below_their_labels():
    found = best(files.bill_with_heads())
    right = {
        "dated": "2026-11-03",
        "account_number": "408 555-0142 881",
        "company_name": "Globex Corporation",
        "address_line1": "2200 Mission College Blvd",
        "address_line2": "Floor 3",
        "city": "Santa Clara",
        "region": "CA",
        "postal_code": "95054",
        "numbers": ["+14085550142"],
    }
    assert {field: found[field] for field in right} == right


def test_a_german_bill_with_its_own_order_of_day_and_month():
    found = best(files.bill_in_german(), "DE")
    assert (found["dated"], found["account_number"]) == ("2026-11-03", "4711-0815")
    assert (found["company_name"], found["address_line1"]) == ("Muster GmbH", "Hauptstraße 12a")
    assert (found["postal_code"], found["city"]) == ("80331", "München")
    assert found["numbers"] == ["+498912345678"]


def test_what_is_not_printed_is_not_found():
    assert best(files.bill_without_facts()) == {"numbers": []}


@pytest.mark.parametrize("make", [files.bill_in_columns, files.bill_with_heads])
def test_a_pin_is_nowhere_in_what_was_read(make):
    assert "7731" not in str(read(make()))
    assert "4410" not in str(read(make()))


def test_every_finding_has_its_place_and_the_words_around_it():
    """What stands in the box, read again from the page, is the value."""
    (page, _second) = reading.pages_of("pdf", files.bill_in_columns())
    found = reading.merged(reading.find(page, "US"))
    for field, text in (("account_number", "VT-204418"), ("city", "San Jose,"), ("dated", "11/10/2026")):
        finding = found[field][0]
        left, top, right, bottom = finding.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        inside = [
            word.text
            for word in page.words
            if left - 0.001 <= word.box[0] / page.width <= right
            and top - 0.01 <= word.box[1] / page.height < bottom
        ]
        assert " ".join(inside) == text
        assert finding.page == 1
    assert found["account_number"][0].label == "Account no"
    assert found["account_number"][0].context == "Account no VT-204418"


@needs_ocr
@pytest.mark.parametrize("as_pdf", [False, True], ids=["png", "pdf"])
def test_a_scan_is_read_like_its_original(as_pdf):
    content = files.scanned_bill(as_pdf=as_pdf)
    kind = "pdf" if as_pdf else "png"
    clean = accept(content, f"bill.{kind}")
    assert reading.pages_of(kind, clean.data) == [None]
    found = best(clean.data, kind=kind)
    assert {**found, "numbers": 0} == {**COLUMNS, "numbers": 0}


@needs_ocr
def test_an_empty_scan_has_no_words():
    blank = files.bill_png(text="")
    assert reading.recognize("png", blank, 1, OCR).letters < 20


@pytest.mark.parametrize(
    ("text", "country", "day"),
    [
        ("Bill date: November 10, 2026", "US", date(2026, 11, 10)),
        ("NOV 3 2026", "US", date(2026, 11, 3)),
        ("11/03/2026", "US", date(2026, 11, 3)),
        ("11/03/2026", "GB", date(2026, 3, 11)),
        ("13/11/2026", "US", date(2026, 11, 13)),
        ("11/03/26", "US", date(2026, 11, 3)),
        ("2026-11-03", "SE", date(2026, 11, 3)),
        ("3. November 2026", "DE", date(2026, 11, 3)),
        ("03.11.2026", "DE", date(2026, 11, 3)),
        ("3 décembre 2026", "FR", date(2026, 12, 3)),
        ("1er août 2026", "FR", date(2026, 8, 1)),
        ("3 de noviembre de 2026", "ES", date(2026, 11, 3)),
        ("3 novembre 2026", "IT", date(2026, 11, 3)),
        ("3-Nov-2026", "GB", date(2026, 11, 3)),
    ],
)
def test_dates(text, country, day):
    assert [found for found, _start, _end in dates_in(text, country)] == [day]


@pytest.mark.parametrize(
    "text", ["2026", "31/02/2026", "99/99/2026", "(408) 555-0142", "1,204.10", "12/2026"]
)
def test_no_dates(text):
    assert list(dates_in(text, "US")) == []


HOSTILE = {
    "bomb": files.pdf_bomb,
    "nested forms": files.pdf_of_nested_forms,
    "no pages": files.pdf_without_pages,
    "truncated": lambda: files.bill_pdf()[:900],
    "not a pdf": files.web_page,
    "nothing": lambda: b"",
    "password": lambda: files.bill_pdf(password="secret"),
    "31 pages": lambda: files.bill_pdf(pages=31),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_as_unreadable_or_empty(name):
    """Reading gets only what `accept` wrote anew; given the original, it must survive that as well."""
    content = HOSTILE[name]()
    try:
        pages = reading.pages_of("pdf", content)
    except reading.Unreadable as failure:
        said = failure.code
    else:
        said = "no words" if all(page is None for page in pages) else "words"
    assert said in {"no words", "damaged", "encrypted", "too_complex", "too_many_pages", "no_pages"}


@pytest.mark.parametrize("name", ["bomb", "nested forms", "no pages", "truncated", "nothing", "password"])
def test_drawing_a_hostile_file_is_a_picture_or_a_refusal(name):
    try:
        outcome = reading.draw("pdf", HOSTILE[name](), 1)[:4]
    except reading.Unreadable as failure:
        outcome = failure.code
    assert outcome in {b"\x89PNG", "damaged", "encrypted", "too_complex", "no_pages"}


def test_a_huge_page_is_read_and_drawn_small():
    content = files.huge_page()
    assert best(content)["account_number"] == "80012345"
    assert len(reading.draw("pdf", content, 1, edge=400)) < 100_000


def test_a_program_that_fails_is_unreadable(tmp_path):
    broken = tmp_path / "tesseract"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    for program in (str(broken), "/nowhere/tesseract"):
        with pytest.raises(reading.Unreadable):
            reading.recognize("png", files.bill_png(), 1, program)


def test_the_program_is_walled_in_and_sees_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hidden")
    spy = tmp_path / "spy"
    spy.write_text(
        '#!/bin/sh\nprintf "%s " "key=$SECRET_KEY" "threads=$OMP_THREAD_LIMIT" "cpu=$(ulimit -t)"\n'
    )
    spy.chmod(0o755)
    from lib.sandbox.run import recognized

    said = recognized(str(spy), b"")
    assert said.split() == ["key=", "threads=1", f"cpu={limits.OCR_CPU_SECONDS}"]


@given(st.text(max_size=400))
def test_any_table_of_tesseract_is_a_page(table):
    assert page_of_table("level\tleft\ttop\twidth\theight\tconf\ttext\n" + table, 1).number == 1


WORDS = [
    "Account", "number:", "PIN", "Bill", "date", "to:", "(408)", "555-0142", "-", "0199", "San", "Jose,", "CA", "95112",
    "100", "Main", "Street,", "Suite", "4", "Acme", "P.O.", "Box", "11/10/2026", "Service", "address", "#", ":", "…", "№", "٣",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("country", ["US", "DE", "GB", "XX"])
def test_no_arrangement_of_words_raises(seed, country):
    """A corpus of pages whose words stand anywhere, over each other and without any size."""
    chance = random.Random(seed)
    words = []
    for _ in range(chance.randrange(120)):
        x, y = chance.uniform(0, 600), chance.choice([chance.uniform(0, 790), 60.0, 74.0, 88.0])
        size = chance.choice([0.0, 0.001, 9.0, 30.0])
        words.append(Word(chance.choice(WORDS), (x, y, x + chance.uniform(0, 60), y + size)))
    page = Page(1, 612.0, 792.0, tuple(words), "text")
    for finding in reading.find(page, country):
        assert finding.value
        assert all(side == side for side in finding.box)
