"""Runs alone, in a child process: reads one document on standard input and writes its clean copy.

Started by run.py with `python -I`. It sets its own limits before it looks at a byte of the document, and
never explains more than one word of why it refused.
"""

import json
import os
import resource
import sys
from pathlib import Path

# An isolated interpreter does not know where our code lies.
sys.path.insert(0, str(Path(__file__).parents[2]))

from lib.sandbox import limits  # noqa: E402 - needs the path above
from lib.sandbox.limits import Refused  # noqa: E402


def main() -> None:
    """Answer on standard output: one line of JSON, the document, its preview."""
    wall_in()
    # Libraries may print; only our answer may reach the real standard output.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    head: dict[str, object]
    data = preview = b""
    try:
        text, pages, width, height, data, preview = opened(sys.argv[1], sys.stdin.buffer.read())
        head = {"size": len(data), "pages": pages, "width": width, "height": height, "text": text}
    except Refused as refusal:
        head = {"refused": str(refusal)}
    except MemoryError:
        head = {"refused": "too_complex"}
    except Exception:  # the parsers raise nearly anything on hostile input: every surprise is a refusal
        head = {"refused": "damaged"}
    if "refused" in head:
        data = preview = b""
    answer.write(json.dumps(head).encode() + b"\n" + data + preview)
    answer.flush()
    # Skip the destructors of native libraries: on broken documents they are the likeliest to crash.
    os._exit(0)


def opened(kind: str, content: bytes) -> tuple[str, int, int, int, bytes, bytes]:
    """Text, pages, width, height, clean document and preview. The libraries load inside the walls."""
    if kind == "png":
        from lib.sandbox import png as reader
    else:
        from lib.sandbox import pdf as reader  # type: ignore[no-redef]
    return reader.opened(content)


def wall_in() -> None:
    """Take the process's means away. A system that lacks one of these limits keeps the others."""
    memory, cpu = limits.SANDBOX_MEMORY, limits.SANDBOX_CPU_SECONDS
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
