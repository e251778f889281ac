"""A child's leash: runs one command and ends it when whoever holds the other end of a pipe is gone.

    python -I config/leash.py FD SECONDS COMMAND [ARGUMENT...]

The command then has `SECONDS` to finish what it is doing. `FD` is the reading end of a pipe whose writing end
only the supervisor has. Nothing is ever written: however the supervisor ends, even by kill -9, the system
closes its end and we read the end of file. That works on Linux and macOS alike. This file is a program, not a
module: it imports nothing of ours, so it starts in a blink.
"""

import ctypes
import os
import select
import signal
import sys
import time
from types import FrameType

PR_SET_PDEATHSIG = 1


def start(command: list[str]) -> int:
    """Start the command in our process group; its process id."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        if sys.platform == "linux":
            # Should the leash itself be killed while nobody supervises it, Linux tells the command.
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)
        os.execvp(command[0], command)  # noqa: S606  (no shell: that is the point)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr, flush=True)
    finally:
        os._exit(127)


def finished(child: int) -> int | None:
    """The command's exit status as a shell would say it (128 + signal), or None while it runs."""
    pid, status = os.waitpid(child, os.WNOHANG)
    if pid == 0:
        return None
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def main() -> int:
    held, seconds = int(sys.argv[1]), float(sys.argv[2])
    os.set_inheritable(held, False)
    waking, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    asked: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, pass_on)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)

    child = start(sys.argv[3:])
    deadline: float | None = None
    while (code := finished(child)) is None:
        if deadline is not None and time.monotonic() > deadline:
            os.killpg(0, signal.SIGKILL)  # ourselves included
        watched = [waking] if deadline is not None else [waking, held]
        ready, _, _ = select.select(watched, [], [], None if deadline is None else 0.1)
        if waking in ready:
            os.read(waking, 512)
        while asked:
            os.kill(child, asked.pop(0))
        if held in ready:
            deadline = time.monotonic() + seconds
            os.kill(child, signal.SIGTERM)
    # The supervisor clears away what the command left running; without one we do, and end with it.
    if deadline is not None or select.select([held], [], [], 0)[0]:
        os.killpg(0, signal.SIGKILL)
    return code


if __name__ == "__main__":
    sys.exit(main())
