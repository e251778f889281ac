"""Letter paper: lays out headings, pairs, paragraphs and columns from top to bottom and turns pages by
itself.
"""

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib.pagesizes import A4, letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from lib.documents.script import Run, clean, pieces, runs

PAPERS: dict[str, tuple[float, float]] = {"letter": letter, "a4": A4}
LEFT, BOTTOM = 72.0, 62.0
SIZE, LEADING = 9.25, 13.0
LABEL_WIDTH = 150.0
INK, GREY, LINE = (0.08, 0.08, 0.1), (0.38, 0.38, 0.42), (0.78, 0.78, 0.8)


class Sheet:
    """A document in the making. Measures are points; text may be in any script that a font is found for."""

    def __init__(self, *, title: str, footer: str, paper: str = "letter", sign_pages: str = "") -> None:
        """`paper` is "letter" or "a4"; `sign_pages` labels a line to sign at the foot of each page."""
        self.out = io.BytesIO()
        self.width, height = PAPERS[paper]
        self.right, self.top = self.width - LEFT, height - 56.0
        self.canvas = Canvas(self.out, pagesize=PAPERS[paper], invariant=1, pageCompression=1)
        self.canvas.setTitle(title)
        self.footer, self.sign_pages = clean(footer), sign_pages
        self.bottom = BOTTOM + 24 if sign_pages else BOTTOM
        self.y = self.top
        self.pages: list[dict[str, Any]] = []

    def text(
        self, text: str, *, size: float = SIZE, bold: bool = False, grey: bool = False, leading: float
    ) -> None:
        """One line across the page."""
        self._need(leading)
        self._line(LEFT, runs(clean(text), bold=bold), size, grey=grey)
        self.y -= leading

    def at_right(self, *lines: str) -> None:
        """Short lines at the right edge, beside what is written next."""
        top = self.y
        self.y -= 5
        for line in lines:
            placed = runs(clean(line))
            self._line(self.right - sum(run.width(SIZE) for run in placed), placed, SIZE, grey=True)
            self.y -= LEADING
        self.y = top

    def heading(self, text: str, *, keep: float = 40) -> None:
        """A heading that stays with at least `keep` points of what follows."""
        self.keep_together(30 + keep)
        self.y -= 14
        for line in self._wrapped(text, self.right - LEFT, 11, bold=True):
            self._line(LEFT, line, 11)
            self.y -= 17

    def paragraph(self, text: str, *, label: str = "") -> None:
        """A paragraph over the whole width; with a label it is indented and the label stands before it."""
        indent = 18.0 if label else 0.0
        for number, line in enumerate(self._wrapped(text, self.right - LEFT - indent, SIZE)):
            self._need(LEADING)
            if label and number == 0:
                self._line(LEFT, runs(label), SIZE)
            self._line(LEFT + indent, line, SIZE)
            self.y -= LEADING
        self.y -= 3

    def pairs(self, rows: list[tuple[str, tuple[str, ...]]]) -> None:
        """Labels on the left, their values on the right, a value on as many lines as it needs."""
        for label, values in rows:
            lines = [
                line
                for value in values
                for line in self._wrapped(value, self.right - LEFT - LABEL_WIDTH, SIZE)
            ]
            for number, line in enumerate(lines or [[]]):
                self._need(LEADING)
                if number == 0:
                    self._line(LEFT, runs(label), SIZE, grey=True)
                self._line(LEFT + LABEL_WIDTH, line, SIZE)
                self.y -= LEADING
            self.y -= 2

    def columns(self, items: list[str], count: int) -> None:
        """Short items in columns, read down and then across, as many to a page as it holds."""
        step, width = 13.0, (self.right - LEFT) / count
        while items:
            rows = min(-(-len(items) // count), max(1, int((self.y - self.bottom) / step)))
            for number, item in enumerate(items[: rows * count]):
                column, row = divmod(number, rows)
                top, self.y = self.y, self.y - row * step
                self._line(LEFT + column * width, runs(item), SIZE)
                self.y = top
            self.y -= rows * step
            items = items[rows * count :]
            if items:
                self.new_page()

    @property
    def is_full(self) -> bool:
        """Whether the next line begins a new page."""
        return self.y - LEADING < self.bottom

    def row(self, cells: Sequence[tuple[float, str]], *, grey: bool = False) -> None:
        """One line of a table: the width of each cell and its text, cut where it does not fit."""
        self._need(LEADING)
        x = LEFT
        for width, text in cells:
            self._line(x, self._cut(clean(text), width - 6), SIZE, grey=grey)
            x += width
        self.y -= LEADING

    def check(self, text: str) -> None:
        """A paragraph with a box to tick before it."""
        lines = self._wrapped(text, self.right - LEFT - 18, SIZE)
        self._need(len(lines) * LEADING)
        self.canvas.setStrokeColorRGB(*GREY)
        self.canvas.setLineWidth(0.8)
        self.canvas.rect(LEFT, self.y - SIZE - 0.5, 8, 8)
        for line in lines:
            self._line(LEFT + 18, line, SIZE)
            self.y -= LEADING
        self.y -= 3

    def picture(self, png: bytes, *, width: float, height: float) -> None:
        """A PNG of ours, as large as fits into the box, at the place where values stand."""
        image = ImageReader(io.BytesIO(png))
        wide, high = image.getSize()
        scale = min(width / wide, height / high)
        self._need(high * scale + 4)
        self.y -= high * scale + 4
        self.canvas.drawImage(image, LEFT + LABEL_WIDTH, self.y + 2, wide * scale, high * scale)

    def box(self, label: str, *, width: float, height: float) -> None:
        """An empty box with its label, such as the place of a company stamp."""
        self._need(height + 16)
        self.y -= height
        self.canvas.setStrokeColorRGB(*GREY)
        self.canvas.setLineWidth(0.6)
        self.canvas.rect(LEFT, self.y, width, height)
        self._line(LEFT, runs(label), 8, grey=True)
        self.y -= 14

    def blanks(self, labels: tuple[str, ...]) -> None:
        """Lines to write on, two side by side, each with its label under it."""
        width = (self.right - LEFT - 24) / 2
        for number, label in enumerate(labels):
            left = LEFT + (number % 2) * (width + 24)
            if number % 2 == 0:
                self._need(40)
                self.y -= 27
            self.canvas.setStrokeColorRGB(*GREY)
            self.canvas.setLineWidth(0.6)
            self.canvas.line(left, self.y + 12, left + width, self.y + 12)
            self._line(left, runs(label), 8, grey=True)
            if number % 2 or number == len(labels) - 1:
                self.y -= 13

    def rule(self, *, before: float, after: float) -> None:
        """A thin line across the page."""
        self.y -= before
        self.canvas.setStrokeColorRGB(*LINE)
        self.canvas.setLineWidth(0.8)
        self.canvas.line(LEFT, self.y, self.right, self.y)
        self.y -= after

    def space(self, points: float) -> None:
        """Leave room, unless the page has just begun."""
        if self.y < self.top:
            self.y -= points

    def height_of(self, paragraph: str) -> float:
        """Points that a paragraph will take."""
        return len(self._wrapped(paragraph, self.right - LEFT, SIZE)) * LEADING + 3

    def keep_together(self, points: float) -> None:
        """Turn the page now if less than this is left on it."""
        self._need(points)

    def new_page(self) -> None:
        """Turn the page. The page's number is drawn at the end, when their count is known."""
        # reportlab keeps the page under construction in these attributes; saved now, they are shown later.
        self.pages.append(dict(self.canvas.__dict__))
        self.canvas._startPage()
        self.y = self.top

    def finished(self) -> bytes:
        """The PDF."""
        self.pages.append(dict(self.canvas.__dict__))
        for number, page in enumerate(self.pages, start=1):
            self.canvas.__dict__.update(page)
            self._foot(number)
            Canvas.showPage(self.canvas)
        self.canvas.save()
        return self.out.getvalue()

    def _foot(self, number: int) -> None:
        if self.sign_pages:
            self.y = 76
            self._line(LEFT, runs(f"{self.sign_pages} " + "_" * 34), 8, grey=True)
        self.y = 40
        self.canvas.setStrokeColorRGB(*LINE)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(LEFT, self.y + 14, self.right, self.y + 14)
        place = runs(f"Page {number} of {len(self.pages)}")
        room = self.right - LEFT - sum(run.width(8) for run in place) - 24
        self._line(LEFT, self._wrapped(self.footer, room, 8)[0], 8, grey=True)
        self._line(self.right - sum(run.width(8) for run in place), place, 8, grey=True)

    def _need(self, points: float) -> None:
        if self.y - points < self.bottom:
            self.new_page()

    def _line(self, x: float, line: list[Run], size: float, *, grey: bool = False) -> None:
        self.canvas.setFillColorRGB(*(GREY if grey else INK))
        for run in line:
            self.canvas.setFont(run.font, size)
            self.canvas.drawString(x, self.y - size, run.text)
            x += run.width(size)

    def _wrapped(self, text: str, width: float, size: float, *, bold: bool = False) -> list[list[Run]]:
        """Lines of at most `width`, broken between words, or inside a word that is wider than a line."""
        lines, line = [], ""
        for piece in pieces(clean(text)):
            while True:
                if self._width(line + piece.rstrip(), size, bold) <= width:
                    line += piece
                    break
                if line:
                    lines.append(line)
                    line = ""
                    continue
                fitting = next(
                    n
                    for n in range(len(piece), 0, -1)
                    if n == 1 or self._width(piece[:n], size, bold) <= width
                )
                lines.append(piece[:fitting])
                piece = piece[fitting:]
                if not piece:
                    break
        if line:
            lines.append(line)
        return [runs(line.rstrip(), bold=bold) for line in lines]

    def _cut(self, text: str, width: float) -> list[Run]:
        placed = runs(text)
        if sum(run.width(SIZE) for run in placed) <= width:
            return placed
        while text and self._width(f"{text}…", SIZE, False) > width:
            text = text[:-1]
        return runs(f"{text.rstrip()}…")

    def _width(self, text: str, size: float, bold: bool) -> float:
        return sum(run.width(size) for run in runs(text, bold=bold))
