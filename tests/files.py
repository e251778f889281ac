"""Makers of the files that people upload, good and bad: bills as PDF and scans, bombs, polyglots, disguises.

Every function returns bytes. Random parts are seeded, so that a test that fails today fails tomorrow.
"""

import base64
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from functools import cache

import pikepdf
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin
from reportlab.lib.pagesizes import letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

HTML = b"<!DOCTYPE html><html><body><h1>Bill</h1><script>alert(1)</script></body></html>"


def bill_pdf(
    *,
    company: str = "Acme Corporation",
    address: str = "170 West Tasman Drive, San Jose, CA 95134",
    account: str = "80012345",
    btn: str = "(408) 555-0142",
    issued: date = date(2026, 11, 10),
    carrier: str = "Pacific Bell Telephone",
    numbers: tuple[str, ...] = ("(408) 555-0142", "(408) 555-0143"),
    pages: int = 1,
    password: str = "",
    owner_password: str = "",
    font: str = "Vera",
) -> bytes:
    """A phone bill as ordinary invoicing software prints it. `font` may name a built-in Asian font."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter, invariant=1)
    if password or owner_password:
        from reportlab.lib.pdfencrypt import StandardEncryption

        canvas.setEncrypt(
            StandardEncryption(password, ownerPassword=owner_password or password, strength=128)
        )
    font = _font(font)
    for page in range(1, pages + 1):
        lines = [
            f"{carrier}",
            "INVOICE",
            f"Bill date: {issued:%B} {issued.day}, {issued.year}",
            f"Account number: {account}",
            f"Billing telephone number: {btn}",
            f"{company}",
            f"{address}",
            *(f"Service {number}   $42.00" for number in numbers),
            f"Page {page} of {pages}",
        ]
        for row, line in enumerate(lines):
            canvas.setFont(font, 16 if row < 2 else 11)
            canvas.drawString(72, 720 - 22 * row, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def _font(name: str) -> str:
    """Register a font by name: Vera comes with reportlab, the others are the readers' built-in Asian fonts."""
    if name == "Vera":
        pdfmetrics.registerFont(TTFont("BillVera", "Vera.ttf"))
        return "BillVera"
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name


def bill_png(width: int = 850, height: int = 1100, *, text: str = "INVOICE", mode: str = "RGB") -> bytes:
    """A scanned page: grey paper with some print on it."""
    picture = Image.new("RGB", (width, height), (244, 242, 238))
    draw = ImageDraw.Draw(picture)
    draw.text(
        (width // 10, height // 10),
        text,
        fill="black",
        font=ImageFont.load_default(size=max(12, width // 30)),
    )
    draw.rectangle((width // 10, height // 5, width * 9 // 10, height // 5 + 3), fill="black")
    return _png(picture.convert(mode))


def photo_png(width: int, height: int) -> bytes:
    """A photo: noisy pixels that hardly compress."""
    noise = random.Random(7).randbytes(width * height * 3)
    return _png(Image.frombytes("RGB", (width, height), noise), compress_level=1)


def _png(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


# Disguises: the name or the type promises something else.


def web_page() -> bytes:
    return HTML


def svg() -> bytes:
    return b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(out, "JPEG")
    return out.getvalue()


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (64, 64)).save(out, "GIF")
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


def padded(content: bytes, size: int) -> bytes:
    """A file blown up to a size, in a way that leaves it a good one for readers that ignore what follows."""
    return content + b"\n" * (size - len(content))


# PNGs with a catch.


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int = 13_000, height: int = 13_000) -> bytes:
    """One bit a pixel, all of them black: some 20 KB that ask for hundreds of megabytes."""
    row = b"\x00" + b"\x00" * ((width + 7) // 8)
    engine = zlib.compressobj(9)
    packed = b"".join(engine.compress(row) for _ in range(height)) + engine.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def png_lying_about_its_size() -> bytes:
    """The first chunk says 100 by 100; the data behind it unpacks to 200 MB."""
    packed = zlib.compress(b"\x00" * 200_000_000, 9)
    head = struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def png_text_bomb() -> bytes:
    """A compressed text chunk of 100 MB."""
    plain = bill_png(100, 100)
    text = _chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"a" * 100_000_000, 9))
    return plain[:33] + text + plain[33:]


def png_with_script() -> bytes:
    """A script in a text chunk and a place in the EXIF data."""
    about = PngImagePlugin.PngInfo()
    about.add_text("Comment", "<script>alert(document.cookie)</script>")
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    return _png(Image.new("RGB", (80, 60), "white"), pnginfo=about, exif=exif)


def png_with_appended(tail: bytes) -> bytes:
    return bill_png(200, 200) + tail


def animated_png() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), color) for color in ("white", "red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], duration=50)
    return out.getvalue()


def deep_png() -> bytes:
    """Sixteen bits a pixel, as scanners write: a ramp from black to white."""
    ramp = b"".join(struct.pack("<H", x * 256) for x in range(256)) * 40
    return _png(Image.frombytes("I;16", (256, 40), ramp))


def transparent_png() -> bytes:
    """Black print on a transparent ground, as screenshots have it."""
    picture = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((40, 20, 80, 60), fill=(0, 0, 0, 255))
    return _png(picture)


def interlaced_png() -> bytes:
    """Adam7, eight by eight grey pixels, written by hand because Pillow only reads it."""
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]
    rows = b"".join((b"\x00" + b"\x80" * width) * height for width, height in passes)
    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 1)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


# PDFs with a catch.


def _changed(change: Callable[[pikepdf.Pdf], object], **bill: object) -> bytes:
    with pikepdf.open(io.BytesIO(bill_pdf(**bill))) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def _action(kind: str, **keys: object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **keys)


def pdf_with_javascript() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = _action("JavaScript", JS="app.alert('EVIL')")
        document.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=["x", _action("JavaScript", JS="app.alert('EVIL')")])
        )
        document.pages[0].obj.AA = pikepdf.Dictionary(O=_action("JavaScript", JS="app.alert('EVIL')"))

    return _changed(change)


def pdf_with_launch() -> bytes:
    return _changed(lambda d: setattr(d.Root, "OpenAction", _action("Launch", F="EVIL.exe")))


def pdf_with_link() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[72, 700, 300, 720],
            A=_action("URI", URI="http://EVIL.example/"),
        )
        document.pages[0].obj.Annots = document.make_indirect(pikepdf.Array([document.make_indirect(link)]))

    return _changed(change)


def pdf_with_attachment() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments["EVIL.exe"] = b"MZ EVIL"
        # And once more where no viewer looks: hung on a font of the page.
        fonts = document.pages[0].obj.Resources.Font
        spec = pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec,
            F="EVIL.exe",
            EF=pikepdf.Dictionary(F=document.make_stream(b"MZ EVIL", Type=pikepdf.Name.EmbeddedFile)),
        )
        fonts[next(iter(fonts.keys()))].AF = pikepdf.Array([document.make_indirect(spec)])

    return _changed(change)


def pdf_with_xfa() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        form = document.make_stream(b"<xdp:xdp>EVIL</xdp:xdp>")
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.Array(["template", form]))

    return _changed(change)


def pdf_with_filled_form(value: str = "FILLED-IN") -> bytes:
    """A form whose field was filled in; what was typed is visible only in the annotation."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter, invariant=1)
    canvas.drawString(72, 720, "Account holder")
    canvas.acroForm.textfield(name="holder", x=200, y=710, width=200, height=24, value=value)
    canvas.save()
    return out.getvalue()


def pdf_with_metadata() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = "SECRET-AUTHOR"
        with document.open_metadata() as about:
            about["dc:creator"] = ["SECRET-AUTHOR"]

    return _changed(change)


def pdf_bomb(size: int = 300_000_000) -> bytes:
    """A page whose content was deflated twice: a kilobyte that unpacks to hundreds of megabytes."""
    engine = zlib.compressobj(9)
    block = b" " * 1_000_000
    once = b"".join(engine.compress(block) for _ in range(size // len(block))) + engine.flush()
    with pikepdf.new() as document:
        document.add_blank_page()
        stream = pikepdf.Stream(document, b"")
        stream.write(
            zlib.compress(once, 9), filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
        )
        document.pages[0].obj.Contents = document.make_indirect(stream)
        out = io.BytesIO()
        document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue()


def pdf_of_nested_forms(depth: int = 12, fan: int = 10) -> bytes:
    """Every form draws the next one ten times: a few kilobytes that would draw a million million squares."""
    with pikepdf.new() as document:
        document.add_blank_page()
        below = document.make_stream(
            b"0 0 1 1 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]
        )
        for _ in range(depth):
            below = document.make_stream(
                b"/X Do\n" * fan,
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=[0, 0, 9, 9],
                Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=below)),
            )
        page = document.pages[0].obj
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=below))
        page.Contents = document.make_stream(b"/X Do\n")
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def pdf_of_object_streams() -> bytes:
    """PDF 1.7 as modern software writes it: objects packed in streams, linearized."""
    with pikepdf.open(io.BytesIO(bill_pdf(pages=3))) as document:
        out = io.BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
        return out.getvalue()


def pdf_without_pages() -> bytes:
    with pikepdf.new() as document:
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def scanned_pdf(width: int = 1700, height: int = 2200) -> bytes:
    """A page that is one picture, as scanners make it: no text to read."""
    out = io.BytesIO()
    Image.open(io.BytesIO(bill_png(width, height, text="SCAN"))).save(out, "PDF", resolution=200)
    return out.getvalue()


# Bills to be read: several layouts, with what misleads a reader beside what it looks for.


def _printed(
    pages: list[list[tuple[float, float, str]]], *, size: float = 10, rotate: int = 0, font: str = "Vera"
) -> bytes:
    """Pages of text at (points from the left, points from the top)."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter if rotate in (0, 180) else letter[::-1], invariant=1)
    for page in pages:
        canvas.setFont(_font(font), size)
        canvas.setPageRotation(rotate)  # the page is printed sideways and shown upright
        if rotate:
            canvas.translate(*{90: (792, 0), 180: (612, 792), 270: (0, 612)}[rotate])
            canvas.rotate(rotate)
        for x, y, text in page:
            canvas.drawString(x, 792 - y, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def bill_in_columns(*, rotate: int = 0, issued: date = date(2026, 11, 10)) -> bytes:
    """Labels and values in columns, a payment slip with a PO box, a help line, a PIN, calls, a second page."""
    first = [
        (54, 60, "Valley Telephone"),
        (54, 76, "PO Box 9000, Fresno, CA 93701"),
        (54, 92, "Questions? Call (800) 555-0199"),
        (54, 140, "Bill to:"),
        (54, 156, "Acme, Inc."),
        (54, 172, "Attn: Accounts Payable"),
        (54, 188, "P.O. Box 1200"),
        (54, 204, "San Jose, CA 95112"),
        (340, 140, "Invoice date"),
        (470, 140, f"{issued:%m/%d/%Y}"),
        (340, 156, "Due date"),
        (470, 156, "12/01/2026"),
        (340, 172, "Account no."),
        (470, 172, "VT-204418"),
        (340, 188, "Port-out PIN"),
        (470, 188, "7731"),
        (340, 204, "BTN"),
        (470, 204, "408-555-0110"),
        (54, 260, "Service location"),
        (54, 276, "Acme, Inc."),
        (54, 292, "100 Main Street, Suite 4"),
        (54, 308, "San Jose, CA 95112-3301"),
        (54, 640, "Mail payments to"),
        (54, 656, "Valley Telephone"),
        (54, 672, "77 Depot Road"),
        (54, 688, "Modesto, CA 95350"),
    ]
    second = [
        (54, 60, "Your lines"),
        (54, 84, "(408) 555-0110"),
        (200, 84, "Business line"),
        (470, 84, "$31.00"),
        (54, 100, "(408) 555-0111 - 0113"),
        (200, 100, "Business lines"),
        (470, 100, "$93.00"),
        (54, 140, "Calls"),
        (54, 156, "11/02/2026 14:31  (415) 555-0177   3 min"),
    ]
    return _printed([first, second], rotate=rotate)


def bill_with_heads() -> bytes:
    """Labels in the head of a table, values below; the name above the address, without a label."""
    return _printed(
        [
            [
                (54, 60, "INVOICE"),
                (54, 100, "Account number"),
                (210, 100, "Statement date"),
                (360, 100, "Account PIN"),
                (460, 100, "Amount due"),
                (54, 116, "408 555-0142 881 4"),
                (210, 116, "Nov 3, 2026"),
                (360, 116, "4410"),
                (460, 116, "$118.20"),
                (54, 180, "Globex Corporation"),
                (54, 196, "Floor 3"),
                (54, 212, "2200 Mission College Blvd"),
                (54, 228, "Santa Clara, CA 95054"),
                (54, 300, "Telephone number: 408.555.0142"),
            ]
        ]
    )


def bill_in_german() -> bytes:
    return _printed(
        [
            [
                (54, 60, "Rechnung"),
                (340, 60, "Rechnungsdatum: 03.11.2026"),
                (340, 76, "Kundennummer: 4711-0815"),
                (54, 140, "Muster GmbH"),
                (54, 156, "Hauptstraße 12a"),
                (54, 172, "80331 München"),
                (54, 240, "Rufnummer 089 12345678"),
            ]
        ]
    )


def bill_without_facts() -> bytes:
    """A letter with words enough to be read, and nothing of an account in them."""
    return _printed(
        [[(54, 60 + 16 * row, "Thank you for being with us for so many years.") for row in range(9)]]
    )


@cache
def scanned_bill(*, as_pdf: bool = False) -> bytes:
    """The first page of `bill_in_columns` as a scanner gives it: pixels, no text."""
    import pypdfium2

    picture = pypdfium2.PdfDocument(bill_in_columns())[0].render(scale=200 / 72).to_pil().convert("L")
    if not as_pdf:
        return _png(picture)
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=200)
    return out.getvalue()


def huge_page() -> bytes:
    """A page of 190 by 190 inches with a number on it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(13_700, 13_700), invariant=1)
    canvas.drawString(72, 720, "Account number: 80012345 and words enough to be a page")
    canvas.save()
    return out.getvalue()


def drawing(
    strokes: tuple[tuple[tuple[int, int], ...], ...] = (((20, 60), (200, 30), (380, 80)),),
    size: tuple[int, int] = (800, 240),
) -> bytes:
    """A PNG as the pad for signatures makes it: dark lines on nothing."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    for stroke in strokes:
        ImageDraw.Draw(picture).line(stroke, fill=(20, 20, 26, 255), width=5)
    return _png(picture)


def drawn(data: bytes) -> str:
    """A picture as the pad hands it in."""
    return "data:image/png;base64," + base64.b64encode(data).decode()
