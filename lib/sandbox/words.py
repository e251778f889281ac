"""The words of a document and where they stand, and its pages as pictures, in the child process.

Places are fractions of the page, from its top left corner, as a viewer shows it: turned and cropped. So they
fit a picture of the page of any size.
"""

import ctypes
import io
import math
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from lib.sandbox import limits
from lib.sandbox.limits import Refused
from lib.sandbox.png import encoded

#: The device that places are measured on; PDFium answers whole numbers.
GRID = 100_000
#: Letters farther apart than this many of their heights are of two words, even without a space between.
WORD_GAP = 0.6

Box = tuple[float, float, float, float]


def pages(content: bytes) -> list[dict[str, object]]:
    """Each page of a PDF: width and height in points, and its words as [text, left, top, right, bottom]."""
    document = pypdfium2.PdfDocument(content)
    if len(document) > limits.MAX_PAGES:
        raise Refused("too_many_pages")
    left, found = limits.MAX_TEXT, []
    for page in document:
        width, height = sized(page)
        words = words_of(page, left) if left > 0 else []
        left -= sum(len(word[0]) + 1 for word in words)
        found.append({"width": width, "height": height, "words": words})
        page.close()
    return found


def sized(page: Any) -> tuple[float, float]:
    width, height = page.get_size()
    if not (
        math.isfinite(width)
        and math.isfinite(height)
        and 1 <= min(width, height) <= max(width, height) <= 20_000
    ):
        raise Refused("damaged")
    return round(width, 2), round(height, 2)


def words_of(page: Any, most: int) -> list[tuple[str, float, float, float, float]]:
    """Words in the order of the file. Text that is not on the visible page is left out."""
    text = page.get_textpage()
    words: list[tuple[str, float, float, float, float]] = []
    letters: list[str] = []
    box: Box | None = None
    for index in range(min(text.count_chars(), most)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        char = chr(code) if 32 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        place = None if char.isspace() else box_of(page, text, index)
        apart = place is not None and box is not None and is_apart(box, place)
        if (place is None or apart) and box is not None:
            words.append(("".join(letters), *rounded(box)))
            letters, box = [], None
        if place is not None and char.isprintable():
            letters.append(char)
            box = place if box is None else around(box, place)
    if box is not None:
        words.append(("".join(letters), *rounded(box)))
    return words


def box_of(page: Any, text: Any, index: int) -> Box | None:
    """Where a letter stands on the page as it is shown, or None when it cannot be seen there."""
    sides = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = sides
    if not pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top):
        return None
    corners = [on_device(page, x.value, y.value) for x in (left, right) for y in (bottom, top)]
    xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
    box = (min(xs), min(ys), max(xs), max(ys))
    if box[2] <= 0 or box[3] <= 0 or box[0] >= 1 or box[1] >= 1 or box[2] - box[0] > 0.5:
        return None
    return box


def on_device(page: Any, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    if not (math.isfinite(x) and math.isfinite(y) and abs(x) < 1e6 and abs(y) < 1e6):
        return -1.0, -1.0
    pdfium.FPDF_PageToDevice(page, 0, 0, GRID, GRID, 0, x, y, across, down)
    return across.value / GRID, down.value / GRID


def is_apart(box: Box, place: Box) -> bool:
    """Whether the next letter belongs to another word: far to the right, before, above or below."""
    height = max(box[3] - box[1], place[3] - place[1])
    return (
        place[0] - box[2] > WORD_GAP * height
        or place[0] < box[0] - height
        or place[1] > box[3] + height / 2
        or place[3] < box[1] - height / 2
    )


def around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def rounded(box: Box) -> Box:
    left, top, right, bottom = (round(min(max(side, 0.0), 1.0), 4) for side in box)
    return left, top, right, bottom


def drawn(kind: str, content: bytes, number: int, edge: int) -> bytes:
    """A page, counted from 1, as a grey or colored PNG whose longer side is at most `edge` pixels."""
    if kind == "png":
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS
        with Image.open(io.BytesIO(content), formats=["PNG"]) as opened:
            picture = opened.convert("L") if opened.mode in ("1", "L") else opened.convert("RGB")
        picture.thumbnail((edge, edge))
        return encoded(picture)
    document = pypdfium2.PdfDocument(content)
    if not 1 <= number <= len(document):
        raise Refused("no_pages")
    page = document[number - 1]
    scale = min(edge / max(sized(page)), 300 / 72)
    return encoded(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))
