"""The upload battery: what is accepted is rebuilt and clean, what is refused gets one clear sentence."""

import hashlib
import io
import random
import time

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from lib.documents import DocumentRefused, accept
from lib.sandbox import limits
from tests import files

PAYLOADS = (
    b"EVIL",
    b"<script",
    b"SECRET",
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"XFA",
    b"/URI",
    b"OpenAction",
)


def inside(data):
    """Everything in a PDF with its streams unpacked, so that nothing can hide behind compression."""
    with pikepdf.open(io.BytesIO(data)) as document:
        parts = [document.trailer.unparse(resolved=True)]
        for item in document.objects:
            parts.append(item.unparse(resolved=True) if not isinstance(item, pikepdf.Stream) else b"")
            if isinstance(item, pikepdf.Stream):
                parts += [repr(dict(item.items())).encode(), item.read_raw_bytes()]
                if item.get("/Filter") == "/FlateDecode":
                    parts.append(item.read_bytes())
        return b"\n".join(parts)


def refused(data, name):
    with pytest.raises(DocumentRefused) as caught:
        accept(data, name)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "%(" not in sentence
    return caught.value.code


def test_the_payloads_are_seen_before_so_that_their_absence_means_something():
    hostile = [
        files.pdf_with_javascript(),
        files.pdf_with_launch(),
        files.pdf_with_link(),
        files.pdf_with_attachment(),
        files.pdf_with_xfa(),
        files.pdf_with_metadata(),
    ]
    everything = b"".join(inside(data) for data in hostile)
    assert [p for p in PAYLOADS if p not in everything] == [b"<script"]
    assert b"<script" in files.png_with_script()


@pytest.mark.parametrize(
    "make",
    [
        files.pdf_with_javascript,
        files.pdf_with_launch,
        files.pdf_with_link,
        files.pdf_with_attachment,
        files.pdf_with_xfa,
        files.pdf_with_metadata,
    ],
)
def test_a_rebuilt_pdf_keeps_the_page_and_loses_the_payload(make):
    document = accept(make(), "bill.pdf")
    assert [p for p in PAYLOADS if p in inside(document.data)] == []
    assert "Account number: 80012345" in document.text
    with pikepdf.open(io.BytesIO(document.data)) as clean:
        assert set(clean.Root.keys()) == {"/Type", "/Pages"}
        assert set(clean.pages[0].obj.keys()) <= {
            "/Type",
            "/Parent",
            "/MediaBox",
            "/Resources",
            "/Contents",
            "/Rotate",
        }
        assert len(clean.attachments) == 0


def test_an_ordinary_bill():
    document = accept(files.bill_pdf(pages=2), "Bill November.PDF")
    assert (document.kind, document.pages, document.width, document.height) == ("pdf", 2, 612, 792)
    assert document.content_type == "application/pdf"
    assert document.sha256 == hashlib.sha256(document.data).hexdigest()
    assert "Bill date: November 10, 2026" in document.text
    with Image.open(io.BytesIO(document.preview)) as preview:
        assert max(preview.size) == limits.PREVIEW_EDGE


def test_restrictions_that_need_no_password_to_read_are_left_behind():
    document = accept(files.bill_pdf(owner_password="secret"), "bill.pdf")
    assert "Account number: 80012345" in document.text
    with pikepdf.open(io.BytesIO(document.data)) as clean:
        assert not clean.is_encrypted
        assert clean.allow.extract


def test_the_rebuilt_page_looks_as_before():
    bill = files.bill_pdf()
    before, after = (
        pypdfium2.PdfDocument(data)[0].render(scale=1).to_pil() for data in (bill, accept(bill, "b.pdf").data)
    )
    assert before.tobytes() == after.tobytes()


def test_the_same_file_gives_the_same_bytes():
    bill = files.bill_pdf()
    assert accept(bill, "a.pdf").data == accept(io.BytesIO(bill), "b.pdf").data


@pytest.mark.parametrize(
    ("font", "company"),
    [
        ("STSong-Light", "北京长城电子"),
        ("HeiseiMin-W3", "株式会社テレコム"),
        ("HYSMyeongJo-Medium", "서울통신"),
    ],
)
def test_bills_in_other_scripts(font, company):
    assert company in accept(files.bill_pdf(company=company, font=font), "帳單.pdf").text


def test_what_was_typed_into_a_form_stays_visible():
    assert "FILLED-IN" in accept(files.pdf_with_filled_form(), "form.pdf").text


@pytest.mark.parametrize(
    "make",
    [
        files.pdf_of_object_streams,
        files.scanned_pdf,
        lambda: files.bill_pdf(pages=30),
        lambda: b"\x1b%-12345X@PJL\r\n" + files.bill_pdf(),
        lambda: files.bill_pdf() + files.HTML,
        lambda: files.bill_pdf() + files.bill_png(50, 50),
    ],
    ids=["object streams", "scan", "30 pages", "printer lines before", "web page after", "picture after"],
)
def test_unusual_but_good_pdfs(make):
    document = accept(make(), "bill.pdf")
    assert document.data.startswith(b"%PDF-")
    assert b"<html" not in document.data
    assert b"@PJL" not in document.data


@pytest.mark.parametrize(
    "tail", [files.HTML, files.archive(), files.bill_pdf()], ids=["web page", "archive", "pdf"]
)
def test_what_hangs_behind_a_png_is_gone(tail):
    document = accept(files.png_with_appended(tail), "scan.png")
    assert tail[:20] not in document.data
    assert document.data.endswith(b"IEND\xaeB`\x82")


def test_a_png_keeps_its_pixels_and_nothing_else():
    document = accept(files.png_with_script(), "scan.png")
    assert [p for p in PAYLOADS if p in document.data] == []
    with Image.open(io.BytesIO(document.data)) as picture:
        assert picture.info == {}
        assert picture.size == (80, 60)
    with Image.open(io.BytesIO(accept(files.bill_png(), "b.png").data)) as after:
        assert after.tobytes() == Image.open(io.BytesIO(files.bill_png())).tobytes()


def test_sixteen_bits_become_eight_without_clipping():
    with Image.open(io.BytesIO(accept(files.deep_png(), "scan.png").data)) as picture:
        assert [picture.getpixel((x, 0)) for x in (0, 64, 128, 255)] == [0, 64, 128, 255]


def test_transparent_becomes_white_paper():
    with Image.open(io.BytesIO(accept(files.transparent_png(), "shot.png").data)) as picture:
        assert (picture.mode, picture.getpixel((0, 0)), picture.getpixel((60, 40))) == (
            "RGB",
            (255,) * 3,
            (0,) * 3,
        )


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (files.animated_png, (64, 64)),
        (files.interlaced_png, (8, 8)),
        (files.png_lying_about_its_size, (100, 100)),
        (lambda: files.bill_png(mode="1"), (850, 1100)),
        (lambda: files.bill_png(mode="P"), (850, 1100)),
        (lambda: files.bill_png(5000, 4900, mode="RGBA"), (5000, 4900)),
    ],
    ids=["animated", "interlaced", "more data than pixels", "black and white", "palette", "nearly 25 Mpx"],
)
def test_unusual_but_good_pngs(make, size):
    document = accept(make(), "scan.png")
    assert (document.kind, (document.width, document.height), document.pages) == ("png", size, 1)
    assert document.text == ""
    with Image.open(io.BytesIO(document.preview)) as preview:
        assert max(preview.size) <= limits.PREVIEW_EDGE


@pytest.mark.parametrize(
    ("make", "name", "code"),
    [
        (files.bill_pdf, "scan.png", "wrong_name"),
        (files.bill_png, "bill.pdf", "wrong_name"),
        (files.bill_png, "bill.jpg", "wrong_name"),
        (files.bill_pdf, "bill.pdf.exe", "wrong_name"),
        (files.web_page, "bill.pdf", "wrong_type"),
        (lambda: files.HTML + b" " * 700 + files.bill_pdf(), "bill.pdf", "wrong_type"),
        (files.svg, "scan.png", "wrong_type"),
        (files.jpeg, "scan.png", "wrong_type"),
        (files.gif, "scan.png", "wrong_type"),
        (files.archive, "bill.pdf", "wrong_type"),
        (lambda: b"Please find the bill attached.\n", "bill.pdf", "wrong_type"),
        (lambda: random.Random(1).randbytes(4000), "bill.pdf", "unknown_type"),
        (lambda: b"", "bill.pdf", "empty"),
        (lambda: files.padded(files.bill_pdf(), 11 * 1024 * 1024), "bill.pdf", "too_large"),
        (lambda: files.padded(files.bill_png(), 10 * 1024 * 1024 + 1), "scan.png", "too_large"),
        (lambda: files.bill_pdf(password="secret"), "bill.pdf", "encrypted"),
        (lambda: files.bill_pdf(pages=31), "bill.pdf", "too_many_pages"),
        (files.pdf_without_pages, "bill.pdf", "no_pages"),
        (lambda: files.bill_pdf(pages=3)[:-300], "bill.pdf", "damaged"),
        (lambda: files.pdf_of_object_streams()[:-900], "bill.pdf", "damaged"),
        (lambda: b"%PDF-1.7\n%%EOF\n", "bill.pdf", "damaged"),
        (lambda: files.bill_png()[:-200], "scan.png", "damaged"),
        (lambda: files.bill_png()[:40], "scan.png", "damaged"),
        (lambda: b"\x89PNG\r\n\x1a\n", "scan.png", "damaged"),
        (files.png_bomb, "scan.png", "too_many_pixels"),
        (lambda: files.png_bomb(20_000, 20_000), "scan.png", "too_many_pixels"),
        (lambda: files.png_bomb(5_001, 5_000), "scan.png", "too_many_pixels"),
        (files.png_text_bomb, "scan.png", "damaged"),
        (files.pdf_bomb, "bill.pdf", "too_complex"),
    ],
)
def test_the_refused(make, name, code):
    data = make()
    began = time.monotonic()
    assert refused(data, name) == code
    assert time.monotonic() - began < 6  # 2 seconds on a machine with nothing else to do


def test_ten_megabytes_exactly_are_welcome():
    assert accept(files.padded(files.bill_png(), 10 * 1024 * 1024), "scan.png").kind == "png"


def test_no_more_than_the_limit_is_read():
    class Endless:
        asked = 0

        def read(self, size):
            self.asked += size
            return b"x" * size

    endless = Endless()
    assert refused(endless, "bill.pdf") == "too_large"
    assert endless.asked == limits.MAX_BYTES + 1


@pytest.mark.parametrize(
    "name", ["", "bill", "invoice 2026.11", "../../etc/passwd", "bill.pdf ", "Rechnung.PDF"]
)
def test_names_that_promise_nothing_else_do_not_matter(name):
    assert accept(files.bill_pdf(), name).kind == "pdf"


def test_the_sentences_name_what_the_file_is():
    with pytest.raises(DocumentRefused, match="This file is a web page"):
        accept(files.web_page(), "bill.pdf")
    with pytest.raises(DocumentRefused, match=r"This file is a PDF, but its name ends in \.png\."):
        accept(files.bill_pdf(), "scan.png")


def test_forms_within_forms_without_end_are_stopped():
    assert refused(files.pdf_of_nested_forms(), "bill.pdf") == "too_complex"


def outcome(data, name):
    try:
        return accept(data, name).kind
    except DocumentRefused as refusal:
        return refusal.code


def test_damage_in_any_place_is_refused_or_repaired_but_never_an_error():
    chance = random.Random(11)
    outcomes = set()
    for original, name in ((files.bill_pdf(), "a.pdf"), (files.bill_png(200, 200), "a.png")):
        for _ in range(8):
            data = bytearray(original)
            for _ in range(chance.randrange(1, 30)):
                data[chance.randrange(8, len(data))] = chance.randrange(256)
            outcomes.add(outcome(bytes(data), name))
    assert outcomes <= {
        "pdf",
        "png",
        "damaged",
        "encrypted",
        "too_complex",
        "no_pages",
        "too_many_pages",
        "too_many_pixels",
    }
    assert "damaged" in outcomes
