"""Where words come from: the text of a PDF, or tesseract where it is installed. Both in the sandbox."""

import math
import shutil

from lib.reading.layout import Page, Word
from lib.sandbox import limits
from lib.sandbox.run import SandboxFailed, drawn, recognized, words_of

#: A page with fewer letters than this is a picture with a stamp or a page number on it.
LEAST_LETTERS = 20
#: What tesseract is less sure of (percent) is more often dirt than a word.
LEAST_SURE = 35.0


class Unreadable(Exception):
    """The document cannot be read. `code` is one of the sandbox's words for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ocr_program() -> str:
    """The path of tesseract, or "" where it is not installed."""
    return shutil.which("tesseract") or ""


def pages_of(kind: str, content: bytes) -> list[Page | None]:
    """The pages of a `pdf` or `png`; None stands for a page without text, which only `recognize` can read.

    Raises Unreadable.
    """
    if kind == "png":
        return [None]
    try:
        read = words_of(content)
    except SandboxFailed as failure:
        raise Unreadable(failure.code) from None
    pages: list[Page | None] = []
    for number, said in enumerate(read, start=1):
        words = tuple(
            Word(text, (left * said.width, top * said.height, right * said.width, bottom * said.height))
            for text, left, top, right, bottom in said.words
        )
        page = Page(number, said.width, said.height, words, "text")
        pages.append(page if page.letters >= LEAST_LETTERS else None)
    return pages


def draw(kind: str, content: bytes, number: int, edge: int = limits.PREVIEW_EDGE) -> bytes:
    """One page, counted from 1, as a PNG of at most `edge` pixels a side. Raises Unreadable."""
    try:
        return drawn(kind, content, number, edge)
    except SandboxFailed as failure:
        raise Unreadable(failure.code) from None


def recognize(kind: str, content: bytes, number: int, program: str) -> Page:
    """One page read by tesseract at the path `program`. Raises Unreadable."""
    try:
        table = recognized(program, drawn(kind, content, number, limits.OCR_EDGE))
    except SandboxFailed as failure:
        raise Unreadable(failure.code) from None
    return page_of_table(table, number)


def page_of_table(table: str, number: int) -> Page:
    """The page that tesseract's TSV describes. Rows that make no sense are passed over."""
    words, width, height = [], 1.0, 1.0
    head, *rows = [line.split("\t") for line in table.split("\n")]
    for row in (dict(zip(head, fields, strict=False)) for fields in rows):
        try:
            left, top, across, down = (float(row[key]) for key in ("left", "top", "width", "height"))
            level, sure = int(row["level"]), float(row["conf"])
        except (KeyError, ValueError):
            continue
        if not all(map(math.isfinite, (left, top, across, down))):
            continue
        text = row.get("text", "").strip()
        if level == 1:
            width, height = max(across, 1.0), max(down, 1.0)
        elif level == 5 and text and sure >= LEAST_SURE:
            words.append(Word(text, (left, top, left + across, top + down)))
    return Page(number, width, height, tuple(words), "ocr")
