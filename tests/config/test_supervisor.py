"""The supervisor restarts what dies and leaves nothing behind, however it ends itself."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from config import supervisor
from config.management.commands import up
from config.supervisor import Child, Supervisor, is_free

# Writes its process id and its child's into a file, then sleeps; what it does on SIGTERM is told by its argument.
PROGRAM = """
import os, signal, subprocess, sys, time
path, manner = sys.argv[1:]
if manner == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
below = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, 1); time.sleep(600)"])
with open(path, "a") as file:
    file.write(f"{os.getpid()} {below.pid}\\n")
print("hello from", manner)
time.sleep(600)
"""
# A supervisor in a process of its own, as `manage.py up` is one.
PARENT = """
import sys
from config.supervisor import Child, Supervisor
def say(line): print(line, flush=True)
path = sys.argv[1]
command = (sys.executable, "-c", sys.argv[2], path)
Supervisor([Child("one", (*command, "kind")), Child("two", (*command, "deaf"))], say=say, stop_seconds=1).run()
print("stopped", flush=True)
"""


def starts(path):
    """(process id, its child's id) of every start so far."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [tuple(int(part) for part in line.split()) for line in lines if len(line.split()) == 2]


def wait_for(condition, seconds=15):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def lives(pid):
    """A zombie that its new parent has not collected yet is dead."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")


def all_gone(pids):
    return not any(lives(pid) for pid in pids)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "starts"


@pytest.fixture
def supervised(path):
    command = [sys.executable, "-c", PARENT, str(path), PROGRAM]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    wait_for(lambda: len(starts(path)) == 2)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    wait_for(lambda: all_gone(pid for pair in starts(path) for pid in pair))


@pytest.fixture
def run_here(path):
    """Run children in a thread of this process; returns the lines that were said."""
    running = []

    def run(*children, **options):
        lines = []
        there = Supervisor(children, say=lines.append, stop_seconds=1, **options)
        thread = threading.Thread(target=there.run)
        running.append((there, thread))
        thread.start()
        return lines

    # Only the main thread may set signal handlers; how signals are taken is tested in a process of its own.
    original, signal.signal = signal.signal, lambda number, handler: None
    yield run
    for there, thread in running:
        there.stop()
        thread.join()
    signal.signal = original


def program(name, path, manner="kind"):
    return Child(name, (sys.executable, "-c", PROGRAM, str(path), manner))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_and_leaves_nothing_behind(supervised, path, number):
    began = time.monotonic()
    supervised.send_signal(number)
    output = supervised.stdout.read()
    assert supervised.wait(10) == 0
    assert time.monotonic() - began < 5
    wait_for(lambda: all_gone(pid for pair in starts(path) for pid in pair), seconds=1)
    assert "two | does not stop; it is killed" in output
    assert output.endswith("stopped\n")


def test_kill_9_of_the_supervisor_leaves_nothing_behind(supervised, path):
    supervised.send_signal(signal.SIGKILL)
    wait_for(lambda: all_gone(pid for pair in starts(path) for pid in pair), seconds=10)


def test_the_output_is_prefixed_with_the_name(supervised):
    lines = sorted(supervised.stdout.readline() for _ in range(2))
    assert lines == ["one | hello from kind\n", "two | hello from deaf\n"]


def test_a_killed_child_is_restarted_and_its_own_child_is_gone(run_here, path):
    lines = run_here(program("one", path))
    ((first, below),) = wait_for(lambda: starts(path))
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(starts(path)) == 2)
    wait_for(lambda: all_gone([first, below]), seconds=1)
    assert "one | ended (killed by SIGKILL); starting it again now" in lines


def test_killing_the_leash_restarts_the_child_too(run_here, path):
    run_here(program("one", path))
    ((first, below),) = wait_for(lambda: starts(path))
    os.kill(os.getpgid(first), signal.SIGKILL)
    wait_for(lambda: len(starts(path)) == 2)
    wait_for(lambda: all_gone([first, below]), seconds=1)


def test_only_the_child_that_died_is_restarted(run_here, path, tmp_path):
    run_here(program("one", path), program("two", tmp_path / "other"))
    wait_for(lambda: starts(path) and starts(tmp_path / "other"))
    os.kill(starts(path)[0][0], signal.SIGKILL)
    wait_for(lambda: len(starts(path)) == 2)
    assert len(starts(tmp_path / "other")) == 1


def test_one_that_keeps_dying_is_tried_ever_more_rarely(run_here, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.4)
    lines = run_here(Child("bad", (sys.executable, "-c", "print('no'); raise SystemExit(3)")))
    wait_for(lambda: len([line for line in lines if "ended" in line]) == 4)
    ends = [line for line in lines if "ended" in line]
    assert [line.split("again ")[1] for line in ends] == ["now", "in 0 s", "in 1 s", "in 2 s"]
    assert "bad | ended (exit status 3); starting it again now" in ends


def test_a_command_that_does_not_exist_says_so(run_here):
    lines = run_here(Child("bad", ("/no/such/program",)))
    wait_for(lambda: "bad | /no/such/program: No such file or directory" in lines)


def test_a_taken_port_is_named_and_waited_for(run_here, path):
    child = program("web", path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = other.getsockname()
        lines = run_here(Child("web", child.command, address=address))
        wait_for(lambda: lines)
        assert lines[0] == f"web | port {address[1]} is taken by another program; waiting for it"
        assert not starts(path)
    wait_for(lambda: starts(path))


def test_ready_is_told_once_when_the_address_answers(run_here):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = probe.getsockname()
    told = []
    server = "import socket, time; s = socket.create_server(('127.0.0.1', {})); time.sleep(600)"
    command = (sys.executable, "-c", server.format(address[1]))
    run_here(Child("web", command, address=address), ready=lambda: told.append(True))
    wait_for(lambda: told)
    time.sleep(0.5)
    assert told == [True]


def test_environment_of_a_child(run_here):
    command = (sys.executable, "-c", "import os, time; print(os.environ['COLOR']); time.sleep(600)")
    lines = run_here(Child("one", command, environment={"COLOR": "blue"}))
    wait_for(lambda: "one | blue" in lines)


def test_is_free_sees_a_listener_on_every_address():
    with socket.create_server(("0.0.0.0", 0)) as other:
        port = other.getsockname()[1]
        assert not is_free(("127.0.0.1", port))
    assert is_free(("127.0.0.1", port))


def test_up_runs_web_worker_and_beat():
    web, worker, beat = up.children("127.0.0.1", 8123)
    assert web.address == ("127.0.0.1", 8123)
    assert "config.wsgi:application" in web.command
    assert "worker" in worker.command
    assert "-B" not in worker.command
    assert "beat" in beat.command


@pytest.mark.parametrize("port", ["", "eighty", "0", "70000", "٨٠٠٠"])
def test_up_explains_a_bad_port(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(up.CommandError, match="1 to 65535"):
        up.Command()._port()


def test_up_explains_a_taken_port_before_it_touches_anything(monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        monkeypatch.setenv("DEMO", "0")
        with pytest.raises(up.CommandError, match="is taken by another program"):
            up.Command().handle()
    assert capsys.readouterr().out == ""
