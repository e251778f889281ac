"""Keeps a handful of processes running: starts them, restarts what dies, and leaves nothing behind.

Each child runs on a leash (`config/leash.py`) in a process group of its own. A group is always cleared as a
whole, because a server that was killed leaves its workers behind, and those would go on answering on the
port.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

LEASH = Path(__file__).with_name("leash.py")
LOOK_SECONDS = 0.1
# Dead is not yet gone: how long the port of a killed server may seem taken before we say so.
GONE_SECONDS = 2.0
REFUSED_SECONDS = 0.25
# A child that lived this long had started properly: its next death is not held against it.
PROPER_LIFE_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True)
class Child:
    """What to run: a name for the log, the command, and the address that it will listen on, if any."""

    name: str
    command: tuple[str, ...]
    address: tuple[str, int] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Place:
    """One child's place in the row: the process that fills it now, and when the next one may."""

    child: Child
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    not_before: float = 0.0
    quick_deaths: int = 0
    refusals: int = 0


def is_free(address: tuple[str, int]) -> bool:
    """True when nobody listens there: nobody answers, and we could bind it ourselves."""
    host, port = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if answers(address):
        return False
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: an address that only waits for the last packets of old connections is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(address: tuple[str, int]) -> bool:
    """True when somebody accepts connections there."""
    try:
        with socket.create_connection(address, timeout=1) as other:
            # TCP can connect a socket to itself, when the system lends it the very port that it calls.
            return bool(other.getsockname() != other.getpeername())
    except OSError:
        return False


class Supervisor:
    """Runs the children until it is told to stop. `say` gets every line of theirs and ours, bare.

    `ready` is called once, when every child that has an address answers there. Stopping takes at most
    `stop_seconds`: a child is asked by SIGTERM, and its whole group is killed when the time is up.
    """

    def __init__(
        self,
        children: Iterable[Child],
        *,
        say: Callable[[str], None] = print,
        ready: Callable[[], None] | None = None,
        stop_seconds: float = 8.0,
    ) -> None:
        self.places = [Place(child) for child in children]
        self.stop_seconds = stop_seconds
        self._say_line, self._ready = say, ready
        self._width = max((len(place.child.name) for place in self.places), default=0)
        self._saying = threading.Lock()
        self._stops = 0
        self._held, self._holding = os.pipe()

    def run(self) -> None:
        """Returns after SIGINT, SIGTERM, SIGHUP or `stop()`, with every child and grandchild gone."""
        signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in signals}
        try:
            while not self._stops:
                for place in self.places:
                    self._look_after(place)
                self._tell_when_ready()
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask the loop to end. Asked twice, the children are not waited for."""
        self._stops += 1

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop()

    def _say(self, name: str, line: str) -> None:
        with self._saying:
            try:
                self._say_line(f"{name:<{self._width}} | {line}")
            except BrokenPipeError:  # nobody reads us any more, as after `make run | head`
                self.stop()

    def _tell_when_ready(self) -> None:
        addresses = [place.child.address for place in self.places if place.child.address]
        alive = all(place.process and place.process.poll() is None for place in self.places)
        if self._ready is not None and alive and all(answers(address) for address in addresses):
            self._ready()
            self._ready = None

    def _look_after(self, place: Place) -> None:
        if place.process is not None and place.process.poll() is not None:
            self._bury(place, place.process)
        if place.process is None and time.monotonic() >= place.not_before:
            self._start(place)

    def _start(self, place: Place) -> None:
        child = place.child
        if child.address is not None and not is_free(child.address):
            place.refusals += 1
            if place.refusals * REFUSED_SECONDS == GONE_SECONDS:
                self._say(child.name, f"port {child.address[1]} is taken by another program; waiting for it")
            place.not_before = time.monotonic() + REFUSED_SECONDS
            return
        place.refusals = 0
        place.started = time.monotonic()
        place.process = subprocess.Popen(  # noqa: S603  (our own list of children)
            [sys.executable, "-I", str(LEASH), str(self._held), str(self.stop_seconds), *child.command],
            env={**os.environ, "PYTHONUNBUFFERED": "1", **child.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=[self._held],
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop the others
        )
        if place.process.stdout is not None:
            threading.Thread(target=self._relay, args=(child.name, place.process.stdout), daemon=True).start()

    def _relay(self, name: str, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                if line.strip():
                    self._say(name, line.rstrip())

    def _bury(self, place: Place, process: subprocess.Popen[str]) -> None:
        """Clear away what a dead child left running, and decide when the next one starts."""
        _kill_group(process)
        place.process = None
        now = time.monotonic()
        if now - place.started >= PROPER_LIFE_SECONDS:
            place.quick_deaths = 0
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (place.quick_deaths - 1), LONGEST_PAUSE_SECONDS)
        if place.quick_deaths == 0:  # the first death is an accident
            pause = 0.0
        place.quick_deaths += 1
        place.not_before = now + pause
        when = f"in {pause:.0f} s" if pause else "now"
        self._say(place.child.name, f"ended ({_how(process.returncode)}); starting it again {when}")

    def _stop_all(self) -> None:
        running = [(place, place.process) for place in self.places if place.process is not None]
        for _, process in running:
            process.terminate()  # the leash passes it on to the command and to nobody below it
        deadline = time.monotonic() + self.stop_seconds
        asked = self._stops
        while any(process.poll() is None for _, process in running):
            if time.monotonic() > deadline or self._stops > asked:
                break
            time.sleep(LOOK_SECONDS / 2)
        for place, process in running:
            if process.poll() is None:
                self._say(place.child.name, "does not stop; it is killed")
            _kill_group(process)
            process.wait()
            place.process = None


def _kill_group(process: subprocess.Popen[str]) -> None:
    """Kill whatever is left of the child's process group; its number is the leash's process id."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # all gone; macOS says "not permitted" of a group that holds only zombies


def _how(code: int) -> str:
    """An exit status in words. The leash reports its command's death by a signal as 128 and more."""
    number = -code if code < 0 else code - 128
    if number > 0:
        try:
            return f"killed by {signal.Signals(number).name}"
        except ValueError:
            return f"exit status {code}"
    return f"exit status {code}"
