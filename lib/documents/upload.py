"""Accepting an upload: quick checks here, then a sandboxed child process that unpacks and rebuilds the file.

Only what the child wrote anew is kept: a PNG is encoded again from its pixels, a PDF is put together again
from the pages alone. Whatever goes wrong, a file is refused rather than believed.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.documents import sniff
from lib.sandbox import limits
from lib.sandbox.run import Rebuilt, SandboxFailed, rebuild


class Readable(Protocol):
    """An open file, such as Django's UploadedFile."""

    def read(self, size: int, /) -> bytes: ...


class DocumentRefused(Exception):
    """The file cannot be used. `sentence` (translatable) tells its owner why; `code` is stable, for tests
    and logs.
    """

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A clean document. `data` is what to store; `preview` is its first page as a PNG of at most 1,600
    pixels.

    `width` and `height` are pixels of a PNG, or points (1/72 inch) of a PDF's first page. `text` is the text
    of a PDF's pages, at most 60,000 characters, "" for a scan. `sha256` is of `data`, as 64 hexadecimal
    digits.
    """

    kind: str
    data: bytes
    sha256: str
    pages: int
    width: int
    height: int
    text: str
    preview: bytes

    @property
    def content_type(self) -> str:
        """The media type to serve it with."""
        return "application/pdf" if self.kind == "pdf" else "image/png"


def accept(data: bytes | Readable, filename: str) -> Accepted:
    """Check a PDF or PNG and give back its rebuilt copy. Raises DocumentRefused with one clear sentence.

    `data` is the bytes or an open file; no more than the limit of 10 MB is read. `filename` serves only to
    notice that it promises something else than the content is (OWASP ASVS 5.2.2); it is neither stored nor
    used as a path.
    """
    content = data if isinstance(data, bytes) else data.read(limits.MAX_BYTES + 1)
    kind = _checked_kind(content, filename)
    if kind == "png":
        _check_png(content)
    elif sniff.pdf_is_cut_off(content):
        raise _refusal("damaged")
    try:
        rebuilt = rebuild(kind, content)
    except SandboxFailed as failure:
        raise _refusal(failure.code) from None
    return _accepted(kind, rebuilt)


def _checked_kind(content: bytes, filename: str) -> str:
    if not content:
        raise _refusal("empty")
    if len(content) > limits.MAX_BYTES:
        raise _refusal("too_large")
    kind = sniff.kind_of(content)
    if kind is None:
        noun = sniff.described(content[:1024])
        if noun is None:
            raise _refusal("unknown_type")
        raise DocumentRefused("wrong_type", _("This file is %(noun)s. Upload a PDF or PNG.") % {"noun": noun})
    promised = _extension(filename)
    if promised and promised != kind:
        raise DocumentRefused(
            "wrong_name",
            _("This file is a %(kind)s, but its name ends in .%(ending)s. Rename it and upload it again.")
            % {"kind": kind.upper(), "ending": promised},
        )
    return kind


def _check_png(content: bytes) -> None:
    size = sniff.png_size(content)
    if size is None:
        raise _refusal("damaged")
    if size[0] * size[1] > limits.MAX_PIXELS:
        raise _refusal("too_many_pixels")


def _accepted(kind: str, rebuilt: Rebuilt) -> Accepted:
    digest = hashlib.sha256(rebuilt.data).hexdigest()
    return Accepted(
        kind,
        rebuilt.data,
        digest,
        rebuilt.pages,
        rebuilt.width,
        rebuilt.height,
        rebuilt.text,
        rebuilt.preview,
    )


def _extension(filename: str) -> str:
    """What a name promises, lower case: "" when it has no ending that looks like a file type (`invoice
    2026.11`).
    """
    found = re.search(r"\.([a-z][a-z0-9]{1,4})[\s.]*\Z", filename.lower())
    return found[1] if found else ""


def _refusal(code: str) -> DocumentRefused:
    return DocumentRefused(code, _SENTENCES.get(code, _SENTENCES["damaged"]))


_SENTENCES: dict[str, str | Promise] = {
    "empty": _("This file is empty."),
    "too_large": _("This file is larger than 10 MB. Upload a smaller one."),
    "unknown_type": _("This file is neither a PDF nor a PNG. Upload a PDF or PNG."),
    "damaged": _("This file is damaged or incomplete. Save it again and upload the new file."),
    "encrypted": _("This PDF asks for a password. Print it to a new PDF without one and upload that."),
    "too_many_pages": _("This PDF has more than 30 pages. Upload only the pages that show your account."),
    "no_pages": _("This PDF has no pages."),
    "too_many_pixels": _(
        "This picture has more than 25 million pixels. Scan it at 300 dpi and upload it again."
    ),
    "too_complex": _("This file takes too much memory or time to open. Save it again as a plain PDF or PNG."),
}
