"""The child process: what it may not do, and that its death or its lies are only refusals."""

import os
import subprocess
import sys

import pytest

from lib.sandbox import limits, run
from lib.sandbox.run import SandboxFailed, rebuild


def with_child(monkeypatch, tmp_path, body):
    """Put another program in the child's place, walled in as the real one is."""
    program = tmp_path / "child.py"
    program.write_text(
        f"import sys\nsys.path.insert(0, {os.getcwd()!r})\nfrom lib.sandbox import child\n{body}\n"
    )
    monkeypatch.setattr(run, "CHILD", program)


@pytest.mark.parametrize(
    "body",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "raise SystemExit(3)",
        "child.wall_in(); x = bytearray(2 << 30)",
        "child.wall_in()\nwhile True: sys.stdout.write('x' * 1_000_000)",
    ],
    ids=["crash", "failure", "memory", "flood of output"],
)
def test_a_child_that_dies_is_a_refusal(monkeypatch, tmp_path, body):
    if "bytearray" in body and sys.platform != "linux":
        body = "raise MemoryError"  # macOS has no limit of address space
    with_child(monkeypatch, tmp_path, body)
    with pytest.raises(SandboxFailed, match="too_complex"):
        rebuild("png", b"x")


def test_a_child_that_hangs_is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(limits, "SANDBOX_SECONDS", 1)
    with_child(monkeypatch, tmp_path, "import time; time.sleep(60)")
    with pytest.raises(SandboxFailed, match="too_complex"):
        rebuild("png", b"x")


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "not json",
        "[]\\n",
        '{"refused": "no such word"}\\n',
        '{"size": 9, "pages": 1, "width": 1, "height": 1, "text": ""}\\nshort',
        '{"size": -1, "pages": 1, "width": 1, "height": 1, "text": ""}\\nshort',
        '{"size": "x", "pages": 1, "width": 1, "height": 1, "text": ""}\\nshort',
        '{"size": 1, "pages": 0, "width": 1, "height": 1, "text": ""}\\nshort',
    ],
)
def test_an_answer_that_makes_no_sense_is_damage(monkeypatch, tmp_path, answer):
    with_child(monkeypatch, tmp_path, f"sys.stdout.write('''{answer}''')")
    with pytest.raises(SandboxFailed, match="damaged"):
        rebuild("png", b"x")


def test_the_child_sees_no_secrets(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "hidden")
    with_child(
        monkeypatch, tmp_path, "import os; raise SystemExit(0 if 'SECRET_KEY' not in os.environ else 1)"
    )
    with pytest.raises(SandboxFailed, match="damaged"):  # it ended well and said nothing
        rebuild("png", b"x")


def test_the_child_imports_no_django():
    code = (
        "import sys; sys.path.insert(0, '.'); from lib.sandbox import child, pdf, png;"
        "raise SystemExit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode == 0
