"""The walls around the child process that opens documents: limits of memory, time and output, and no
secrets.

Limits of memory are the kernel's where it has them (Linux). macOS accepts no address-space limit; there the
checks of size and pixels, the time-outs and the separate process remain.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

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


def rebuild(kind: str, content: bytes) -> Rebuilt:
    """Let a child process rebuild a `pdf` or `png`. Raises SandboxFailed.

    The child gets an empty environment and an isolated interpreter that reads no settings of ours. It
    answers into an unlinked temporary file whose size the kernel bounds, so it cannot fill our memory
    either.
    """
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and file, no shell
                [sys.executable, "-I", "-B", str(CHILD), kind],
                input=content,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=limits.SANDBOX_SECONDS,
                cwd="/",
                env={"LC_ALL": "C.UTF-8"},
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SandboxFailed("too_complex") from None
        if done.returncode != 0:  # killed by a limit, or out of memory
            raise SandboxFailed("too_complex")
        answer.seek(0)
        return _read(answer.read(limits.SANDBOX_OUTPUT))


def _read(answer: bytes) -> Rebuilt:
    """The child's answer: a line of JSON, the document, its preview. It is data, and checked as such."""
    line, _newline, payload = answer.partition(b"\n")
    try:
        said = json.loads(line)
        if "refused" in said:
            code = str(said["refused"])
            raise SandboxFailed(code if code in CODES else "damaged")
        size, pages, width, height = (int(said[key]) for key in ("size", "pages", "width", "height"))
        text = str(said["text"])[: limits.MAX_TEXT]
    except (ValueError, KeyError, TypeError):
        raise SandboxFailed("damaged") from None
    if not 0 < size < len(payload) or pages < 1:
        raise SandboxFailed("damaged")
    return Rebuilt(payload[:size], payload[size:], text, pages, width, height)
