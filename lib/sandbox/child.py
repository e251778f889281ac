"""Runs alone, in a child process: reads a document on standard input and writes its clean copy, or its words.

Started by run.py with `python -I`. It sets its own limits before it looks at a byte of the document, and
never explains more than one word of why it refused.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import NoReturn

# An isolated interpreter does not know where our code lies.
sys.path.insert(0, str(Path(__file__).parents[2]))

from lib.sandbox import limits  # noqa: E402 - needs the path above
from lib.sandbox.limits import Refused  # noqa: E402


def main() -> None:
    """Answer on standard output: one line of JSON, then bytes. What is asked stands in the arguments."""
    if sys.argv[1] == "ocr":
        recognize(*sys.argv[2:4])
    wall_in()
    # Libraries may print; only our answer may reach the real standard output.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    head: dict[str, object]
    payload = b""
    try:
        head, payload = answered(sys.argv[1:], sys.stdin.buffer.read())
    except Refused as refusal:
        head = {"refused": str(refusal)}
    except MemoryError:
        head = {"refused": "too_complex"}
    except Exception:  # the parsers raise nearly anything on hostile input: every surprise is a refusal
        head = {"refused": "damaged"}
    answer.write(json.dumps(head).encode() + b"\n" + (b"" if "refused" in head else payload))
    answer.flush()
    # Skip the destructors of native libraries: on broken documents they are the likeliest to crash.
    os._exit(0)


def answered(asked: list[str], content: bytes) -> tuple[dict[str, object], bytes]:
    """`pdf` and `png` rebuild a document; `words` reads a PDF's; `page` draws one page."""
    if asked[0] == "words":
        from lib.sandbox import words

        return {"pages": words.pages(content)}, b""
    if asked[0] == "page":
        from lib.sandbox import words

        picture = words.drawn(asked[1], content, int(asked[2]), int(asked[3]))
        return {"size": len(picture)}, picture
    text, pages, width, height, data, preview = opened(asked[0], content)
    head = {"size": len(data), "pages": pages, "width": width, "height": height, "text": text}
    return head, data + preview


def recognize(program: str, languages: str) -> NoReturn:
    """Become tesseract, within the walls: a picture comes in, its words and places go out as a table.

    One thread: with more, tesseract spends its time on their taking turns.
    """
    wall_in(limits.OCR_CPU_SECONDS)
    means = {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    if "TESSDATA_PREFIX" in os.environ:
        means["TESSDATA_PREFIX"] = os.environ["TESSDATA_PREFIX"]
    # --psm 11 looks for text anywhere: a bill is boxes and columns, not a page of prose.
    words = [program, "stdin", "stdout", "-l", languages, "--psm", "11", "tsv"]
    os.execve(program, words, means)  # noqa: S606 - the program that the operator installed, no shell


def opened(kind: str, content: bytes) -> tuple[str, int, int, int, bytes, bytes]:
    """Text, pages, width, height, clean document and preview. The libraries load inside the walls."""
    if kind == "png":
        from lib.sandbox import png as reader
    else:
        from lib.sandbox import pdf as reader  # type: ignore[no-redef]
    return reader.opened(content)


def wall_in(cpu: int = limits.SANDBOX_CPU_SECONDS) -> None:
    """Take the process's means away. A system that lacks one of these limits keeps the others."""
    memory = limits.SANDBOX_MEMORY
    wanted = [
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", cpu),
        ("RLIMIT_FSIZE", limits.SANDBOX_OUTPUT),
        ("RLIMIT_NOFILE", limits.SANDBOX_FILES),
        ("RLIMIT_CORE", 0),  # a core dump would hold somebody's bill
    ]
    for name, value in wanted:
        which = getattr(resource, name, None)
        if which is None:
            continue
        try:
            resource.setrlimit(which, (value, value))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS
            continue


if __name__ == "__main__":
    main()
