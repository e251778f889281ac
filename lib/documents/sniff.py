"""What a file really is, by its first bytes: names and declared types are not believed."""

import re
import struct

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Printers and mail gateways put lines before the header, and readers look for it in the first 1,024 bytes.
PDF_HEADER_WITHIN = 1024

_FOREIGN: tuple[tuple[re.Pattern[bytes], str | Promise], ...] = (
    (re.compile(rb"\xff\xd8\xff"), _("a JPEG picture")),
    (re.compile(rb"GIF8[79]a"), _("a GIF picture")),
    (re.compile(rb"(?:II\*\x00|MM\x00\*)"), _("a TIFF picture")),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), _("a WebP picture")),
    (re.compile(rb".{4}ftyp(?:heic|heix|hevc|mif1|msf1|avif)", re.DOTALL), _("a HEIC picture")),
    (re.compile(rb"BM.{4}\x00\x00\x00\x00", re.DOTALL), _("a BMP picture")),
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), _("an Office document or ZIP archive")),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _("an Office document")),
    (re.compile(rb"\{\\rtf"), _("an RTF document")),
    (re.compile(rb"(?:MZ|\x7fELF|\xcf\xfa\xed\xfe)"), _("a program")),
)
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}<(?:!doctype\s+html|html|head|body|script|title|!--|meta|div|p[ >])", re.I
)
_SVG = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml.{0,400}?)?<svg[\s>]", re.I | re.DOTALL)


def kind_of(head: bytes) -> str | None:
    """`pdf`, `png` or None for anything else. `head` is the file or at least its first 1,024 bytes.

    A file that begins as markup and carries a PDF header later is a web page with a PDF in it, and not a PDF.
    """
    if head.startswith(PNG_SIGNATURE):
        return "png"
    if head.lstrip()[:1] != b"<" and b"%PDF-" in head[:PDF_HEADER_WITHIN]:
        return "pdf"
    return None


def described(head: bytes) -> str | Promise | None:
    """A noun for what else the file is, to tell the person who sent it, or None when we cannot say."""
    if _SVG.match(head):
        return _("an SVG picture")
    if _MARKUP.match(head):
        return _("a web page")
    for pattern, noun in _FOREIGN:
        if pattern.match(head):
            return noun
    if head[:1] == b"<":
        return _("an XML file")
    try:
        text = head[:512].decode()
    except UnicodeDecodeError as error:
        if error.start < 500:
            return None
        text = head[: error.start].decode()
    return _("a plain text file") if text.isprintable() or "\n" in text else None


def png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from a PNG's first chunk, before anything is decoded; None if it has no such chunk."""
    if len(data) < 33 or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return (width, height) if width and height else None


def pdf_is_cut_off(data: bytes) -> bool:
    """Whether the end of a PDF is missing: no end mark at all, or objects that go on behind the last one."""
    end = data.rfind(b"%%EOF")
    return end < 0 or re.search(rb"\d+ \d+ obj\b", data[end:]) is not None
