"""Bills as people have them: printed by software or scanned, in several layouts, with what misleads a reader."""

import io
from datetime import date
from functools import cache

from PIL import Image
from reportlab.lib.pagesizes import letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.files.pictures import bill_png, png


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


def scanned_pdf(width: int = 1700, height: int = 2200) -> bytes:
    """A page that is one picture, as scanners make it: no text to read."""
    out = io.BytesIO()
    Image.open(io.BytesIO(bill_png(width, height, text="SCAN"))).save(out, "PDF", resolution=200)
    return out.getvalue()


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
        return png(picture)
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=200)
    return out.getvalue()
