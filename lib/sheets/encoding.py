"""How the bytes of a text file are to be read: found out by looking at all of them once, block by block."""

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from lib.documents import sniff
from lib.sheets.refusal import SheetRefused

BLOCK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Controls that no table of text has many of.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a\x1b"))


@dataclass(frozen=True, slots=True)
class Text:
    """`encoding` is a name of Python's; `is_guessed`: the bytes are not Unicode, so they were taken for
    Windows-1252, and letters with accents may be wrong. `lines` counts line ends, those in quotes too."""

    encoding: str
    is_guessed: bool
    lines: int


def examine(stream: BinaryIO) -> Text:
    """Look through the file from its start, and go back there. SheetRefused for what is no text."""
    stream.seek(0)
    head = stream.read(4096)
    if not head:
        raise SheetRefused("empty")
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "") or _wide(head)
    if not encoding:
        _refuse_foreign(head)
    decoder = codecs.getincrementaldecoder("utf-8")() if not encoding or encoding == "utf-8-sig" else None
    is_unicode, lines, block = True, 0, head
    while block:
        lines += max(block.count(b"\n"), block.count(b"\r"))
        if decoder is not None and is_unicode:
            if b"\0" in block:
                raise SheetRefused("binary")
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                is_unicode = False
        block = stream.read(BLOCK)
    stream.seek(0)
    if is_unicode:
        return Text(encoding or "utf-8", False, lines)
    return Text("cp1252", True, lines)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    pairs = head[: len(head) // 2 * 2]
    if not pairs:
        return ""
    even, odd = pairs[0::2].count(0), pairs[1::2].count(0)
    half = len(pairs) // 2
    if odd > half * 0.6 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.05:
        return "utf-16-be"
    return ""


def _refuse_foreign(head: bytes) -> None:
    """A picture, a letter, a web page: said by its name where we know it."""
    if head.startswith(sniff.PNG_SIGNATURE):
        raise SheetRefused("foreign", noun=str(_("a PNG picture")))
    if head.startswith(b"%PDF-"):
        raise SheetRefused("foreign", noun=str(_("a PDF document")))
    controls = len(head) - len(head.translate(None, _CONTROLS))
    is_text = b"\0" not in head and controls <= len(head) // 50
    if is_text and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{\\rtf", b"GIF8")):
        return
    noun = sniff.described(head)
    raise SheetRefused("foreign", noun=str(noun)) if noun else SheetRefused("binary")
