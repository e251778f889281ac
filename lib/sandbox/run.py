"""The walls around the child process that opens documents: limits of memory, time and output, and no
secrets.

Limits of memory are the kernel's where it has them (Linux). macOS accepts no address-space limit; there the
checks of size and pixels, the time-outs and the separate process remain.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib.sandbox import limits

CHILD = Path(__file__).with_name("child.py")
#: What the child may answer when it refuses; anything else it says is treated as damage.
CODES = frozenset({"damaged", "encrypted", "too_many_pages", "no_pages", "too_many_pixels", "too_complex"})


class SandboxFailed(Exception):
    """The child refused the file, or died over it. `code` names the refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the child made of a document."""

    data: bytes
    preview: bytes
    text: str
    pages: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Words:
    """A page's words as (text, left, top, right, bottom), the places as fractions of the page.

    `width` and `height` are points of a PDF's page, or pixels of the picture that was looked at.
    """

    width: float
    height: float
    words: tuple[tuple[str, float, float, float, float], ...]


def rebuild(kind: str, content: bytes) -> Rebuilt:
    """Let a child process rebuild a `pdf` or `png`. Raises SandboxFailed."""
    said, payload = _answer((kind,), content)
    try:
        size, pages, width, height = (int(said[key]) for key in ("size", "pages", "width", "height"))
        text = str(said["text"])[: limits.MAX_TEXT]
    except (ValueError, KeyError, TypeError):
        raise SandboxFailed("damaged") from None
    if not 0 < size < len(payload) or pages < 1:
        raise SandboxFailed("damaged")
    return Rebuilt(payload[:size], payload[size:], text, pages, width, height)


def words_of(content: bytes) -> list[Words]:
    """The words of each page of a PDF, and where they stand; a scanned page has none.

    Raises SandboxFailed.
    """
    said, _payload = _answer(("words",), content)
    try:
        return [_page(page) for page in said["pages"]]
    except (ValueError, KeyError, TypeError):
        raise SandboxFailed("damaged") from None


def drawn(kind: str, content: bytes, page: int, edge: int = limits.PREVIEW_EDGE) -> bytes:
    """One page of a `pdf` or `png`, counted from 1, as a PNG of at most `edge` pixels a side.

    Raises SandboxFailed.
    """
    _said, picture = _answer(("page", kind, str(page), str(edge)), content)
    if not picture.startswith(b"\x89PNG"):
        raise SandboxFailed("damaged")
    return picture


def recognized(program: str, picture: bytes, languages: str = "eng") -> str:
    """The table (TSV) that tesseract at the path `program` makes of a PNG. Raises SandboxFailed."""
    answer = _run(("ocr", program, languages), picture, limits.OCR_SECONDS, keep=("TESSDATA_PREFIX",))
    return answer.decode("utf-8", "replace")


def _answer(asked: tuple[str, ...], content: bytes) -> tuple[dict[str, Any], bytes]:
    """The child's answer: a line of JSON, then bytes. It is data, and checked as such."""
    line, _newline, payload = _run(asked, content, limits.SANDBOX_SECONDS).partition(b"\n")
    try:
        said = json.loads(line)
    except ValueError:
        raise SandboxFailed("damaged") from None
    if not isinstance(said, dict):
        raise SandboxFailed("damaged")
    if "refused" in said:
        code = str(said["refused"])
        raise SandboxFailed(code if code in CODES else "damaged")
    return said, payload


def _run(asked: tuple[str, ...], content: bytes, seconds: float, keep: tuple[str, ...] = ()) -> bytes:
    """What a child says to a document.

    The child gets an empty environment and an isolated interpreter that reads no settings of ours. It
    answers into an unlinked temporary file whose size the kernel bounds, so it cannot fill our memory
    either.
    """
    kept = {name: os.environ[name] for name in keep if name in os.environ}
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and file, no shell
                [sys.executable, "-I", "-B", str(CHILD), *asked],
                input=content,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                cwd="/",
                env={"LC_ALL": "C.UTF-8", **kept},
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SandboxFailed("too_complex") from None
        if done.returncode != 0:  # killed by a limit, or out of memory
            raise SandboxFailed("too_complex")
        answer.seek(0)
        return answer.read(limits.SANDBOX_OUTPUT)


def _page(said: Any) -> Words:
    words = tuple(
        (str(text)[:200], *(min(max(float(side), 0.0), 1.0) for side in (left, top, right, bottom)))
        for text, left, top, right, bottom in said["words"]
    )
    return Words(float(said["width"]), float(said["height"]), words)  # type: ignore[arg-type]
