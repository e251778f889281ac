"""Characters of any script on a PDF: which font draws them, and in which order and form they stand.

Vera comes with reportlab and is always there; it covers western Europe. For the rest a font of the system is
taken if one is found, then the Asian fonts that PDF readers bring themselves. Fonts of the system are
embedded.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

#: Where Debian, Fedora, Alpine and macOS keep fonts of many scripts (TrueType, which reportlab can embed).
SYSTEM_FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/ttf-dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
)
#: The fonts that PDF readers bring, with the character set that each covers, as Python names it.
READER_FONTS = (
    ("STSong-Light", "gbk"),
    ("HeiseiMin-W3", "cp932"),
    ("HYSMyeongJo-Medium", "cp949"),
    ("MSung-Light", "big5hkscs"),
)


class NoFont(Exception):
    """No font here can draw this character."""

    def __init__(self, char: str) -> None:
        super().__init__(f"U+{ord(char):04X}")
        self.char = char


@dataclass(frozen=True, slots=True)
class Run:
    """Neighboring characters of one font."""

    font: str
    text: str

    def width(self, size: float) -> float:
        """Points that the run takes at a size."""
        return float(pdfmetrics.stringWidth(self.text, self.font, size))


def runs(text: str, *, bold: bool = False) -> list[Run]:
    """The text as runs from left to right. Raises NoFont. Call it for text that fits on one line."""
    main, glyphs = _vera(bold)
    if text and glyphs.issuperset(map(ord, text)):  # nearly always; these scripts run from left to right
        return [Run(main, text)]
    found: list[Run] = []
    for char in in_visual_order(text):
        previous = found[-1].font if found else ""
        font = _font_of(char, bold, previous)
        if font == previous:
            found[-1] = Run(font, found[-1].text + char)
        else:
            found.append(Run(font, char))
    return found


def clean(text: str) -> str:
    """One line of text in composed form (NFC), without control characters and marks of direction."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join(
        "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in composed).split()
    )


def pieces(text: str) -> Iterator[str]:
    """The parts between which a line may break: words with their space, each East Asian character alone."""
    piece = ""
    for char in text:
        wide = unicodedata.east_asian_width(char) in ("W", "F")
        if wide and piece:
            yield piece
            piece = ""
        piece += char
        if wide or char == " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _font_of(char: str, bold: bool, previous: str) -> str:
    """A font that has the character; the one of its left neighbor when that has it too and is a fallback."""
    candidates = _candidates(char, bold)
    return previous if previous in candidates else candidates[0]


@cache
def _candidates(char: str, bold: bool) -> tuple[str, ...]:
    main, widths = _vera(bold)
    if ord(char) in widths:
        return (main,)
    fonts = [name for name, glyphs in _system_fonts() if ord(char) in glyphs]
    for name, charset in READER_FONTS:
        try:
            char.encode(charset)
        except UnicodeEncodeError:
            continue
        fonts.append(_reader_font(name))
    if not fonts:
        raise NoFont(char)
    return tuple(fonts)


@cache
def _vera(bold: bool) -> tuple[str, frozenset[int]]:
    return _truetype("HubSansBold", "VeraBd.ttf") if bold else _truetype("HubSans", "Vera.ttf")


@cache
def _system_fonts() -> tuple[tuple[str, frozenset[int]], ...]:
    found: list[tuple[str, frozenset[int]]] = []
    for path in SYSTEM_FONTS:
        if Path(path).is_file():
            try:
                found.append(_truetype(f"HubSystem{len(found)}", path))
            except TTFError:  # a font that reportlab cannot embed
                continue
    return tuple(found)


def _truetype(name: str, path: str) -> tuple[str, frozenset[int]]:
    font = TTFont(name, path)
    pdfmetrics.registerFont(font)
    return name, frozenset(code for code, glyph in font.face.charToGlyph.items() if glyph)


@cache
def _reader_font(name: str) -> str:
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name


def in_visual_order(text: str) -> str:
    """Text as it is drawn from left to right: Arabic letters joined, right-to-left words turned around.

    A short form of the Unicode bidirectional algorithm (UAX 9) for names and addresses: the first letter
    decides the direction of the line; numbers and words of the other direction inside it keep their own
    order.
    """
    if not any(unicodedata.bidirectional(c) in ("R", "AL") for c in text):
        return text
    text = _joined(text)
    sides = [_side(char) for char in text]
    base = next(side for side in sides if side in ("L", "R"))
    sides = _settled(text, sides, base)
    if base == "R":
        return _turned(text, sides)
    stretches = groupby(zip(text, sides, strict=True), key=lambda pair: pair[1] == "L")
    return "".join(_stretch(list(pairs), is_left) for is_left, pairs in stretches)


def _stretch(pairs: list[tuple[str, str]], is_left: bool) -> str:
    text = "".join(char for char, _side_of_it in pairs)
    return text if is_left else _turned(text, [side for _char, side in pairs])


def _side(char: str) -> str:
    """L and R for letters, N for digits, "" for what takes the side of its surroundings."""
    return {"R": "R", "AL": "R", "L": "L", "EN": "N", "AN": "N", "NSM": "R"}.get(
        unicodedata.bidirectional(char), ""
    )


def _settled(text: str, sides: list[str], base: str) -> list[str]:
    """Every character on a side: L, R, or N for digits that stand among right-to-left words."""
    following, after = [base] * len(sides), base
    for i in range(len(sides) - 1, -1, -1):
        following[i] = after
        after = sides[i] if sides[i] in ("L", "R") else after
    settled, before = [], base
    for i, side in enumerate(sides):
        inside_number = text[i] in "-./,:" and 0 < i < len(sides) - 1 and sides[i - 1] == sides[i + 1] == "N"
        if side == "N" or inside_number:
            settled.append("N" if before == "R" else "L")
        elif side:
            settled.append(side)
            before = side
        else:
            settled.append(before if before == following[i] else base)
    return settled


def _turned(text: str, sides: list[str]) -> str:
    """A right-to-left stretch turned around; numbers and left-to-right words are turned back, brackets
    mirrored.
    """
    out: list[str] = []
    kept = ""
    for char, side in zip(text, sides, strict=True):
        if side != "R":
            kept += char
            continue
        out += [kept, _MIRRORED.get(char, char)]
        kept = ""
    return "".join(reversed([*out, kept]))


_MIRRORED = {"(": ")", ")": "(", "[": "]", "]": "[", "<": ">", ">": "<", "«": "»", "»": "«"}


def _joined(text: str) -> str:
    """Arabic letters in the form that their neighbors ask for, by the presentation forms of Unicode."""
    forms = _arabic_forms()
    text = _ligated(text)
    out = []
    for i, char in enumerate(text):
        shapes = forms.get(char)
        if not shapes:
            out.append(char)
            continue
        before = forms.get(text[i - 1], {}) if i else {}
        after = forms.get(text[i + 1], {}) if i + 1 < len(text) else {}
        from_right = "initial" in before and "final" in shapes
        to_left = "initial" in shapes and "final" in after
        wanted = {(1, 1): "medial", (1, 0): "final", (0, 1): "initial"}.get((from_right, to_left), "isolated")
        out.append(shapes.get(wanted, char))
    return "".join(out)


def _ligated(text: str) -> str:
    """Lam and alef as their one letter, which readers of Arabic expect."""
    for pair, letter in _lam_alef().items():
        text = text.replace(pair, letter)
    return text


@cache
def _arabic_forms() -> dict[str, dict[str, str]]:
    """Letter to its isolated, initial, medial and final form."""
    forms: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFBFF), *range(0xFE80, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if len(letters) == 1:
            forms.setdefault(chr(int(letters[0], 16)), {}).setdefault(kind.strip("<>"), chr(code))
    for isolated in _lam_alef().values():
        forms[isolated] = {"isolated": isolated, "final": chr(ord(isolated) + 1)}
    return forms


@cache
def _lam_alef() -> dict[str, str]:
    """The two letters to the isolated form of their ligature; its final form follows it in Unicode."""
    pairs = {}
    for code in (0xFEF5, 0xFEF7, 0xFEF9, 0xFEFB):
        _kind, first, second = unicodedata.decomposition(chr(code)).split()
        pairs[chr(int(first, 16)) + chr(int(second, 16))] = chr(code)
    return pairs
