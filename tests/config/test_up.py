"""`manage.py up` from nothing to a page, through a killed worker, to an empty process table."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def family(pid):
    """Every living descendant's (process id, command line) of the process."""
    table = subprocess.run(
        ["ps", "-e", "-ww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True
    ).stdout
    rows = [line.split(None, 3) for line in table.splitlines()]
    found, parents = [], {str(pid)}
    while parents:
        below = [(row[0], row[3]) for row in rows if row[1] in parents and not row[2].startswith("Z")]
        found += [(int(number), command) for number, command in below]
        parents = {number for number, _ in below}
    return found


def is_worker(command):
    return "leash.py" not in command and re.search(r" worker ", command)


def wait_for(condition, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


@pytest.fixture
def console(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "SITE_URL"}}
    environment |= {"VAR_DIR": str(tmp_path / "var"), "PORT": port, "DEMO": "0", "HOST": "127.0.0.1"}
    log = (tmp_path / "log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    process.log, process.port = tmp_path / "log", port
    yield process
    process.kill()
    process.wait()
    log.close()
    print(process.log.read_text())  # shown when the test fails


def test_up_serves_heals_and_leaves_nothing_behind(console):
    wait_for(lambda: "PSTN Hub is ready" in console.log.read_text() or console.poll() is not None, 240)
    assert console.poll() is None, console.log.read_text()
    with urllib.request.urlopen(f"http://127.0.0.1:{console.port}/", timeout=20) as answer:
        assert answer.status == 200
        assert "<form" in answer.read().decode()
    first = wait_for(lambda: [pid for pid, command in family(console.pid) if is_worker(command)], 20)
    os.kill(min(first), signal.SIGKILL)
    wait_for(lambda: re.search(r"worker +\| ended \(killed by SIGKILL\)", console.log.read_text()), 10)
    wait_for(lambda: [p for p, c in family(console.pid) if is_worker(c) and p not in first], 20)
    everybody = [pid for pid, _ in family(console.pid)]
    console.send_signal(signal.SIGTERM)
    assert console.wait(12) == 0
    alive = subprocess.run(
        ["ps", "-o", "stat=", "-p", ",".join(map(str, everybody))], capture_output=True, text=True
    ).stdout.split()
    assert [state for state in alive if not state.startswith("Z")] == []
    assert console.log.read_text().endswith("Stopped.\n")
