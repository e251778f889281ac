"""Many at once: processes that do the same work for some seconds, and what they got done."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from django.db import connections

from tests.bench import machine

Work = Callable[[], None]


@dataclass(frozen=True)
class Done:
    """So many pieces of work in so many seconds; the cost of one in CPU seconds; how long each took."""

    count: int
    seconds: float
    cpu: float
    took: list[float]
    errors: tuple[str, ...]

    @property
    def pace(self) -> float:
        """Seconds of the clock for one piece, all together."""
        return self.seconds / max(1, self.count)

    def percentile(self, share: float) -> float:
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * share))]


class Crowd:
    """Processes that wait to be told to work. They are copies of this one, each with connections of its own."""

    def __init__(self, lines: list[Connection], pids: list[int], database: int) -> None:
        self.lines, self.pids, self.database = lines, pids, database

    def work(self, seconds: float, most: int = 0) -> Done:
        """All work for so long, or until each has done `most` pieces; a piece that was begun is finished."""
        used, began = machine.cpu(*self.pids, self.database), time.perf_counter()
        for line in self.lines:
            line.send((seconds, most))
        told = [line.recv() for line in self.lines]
        passed = time.perf_counter() - began
        took = [one for times, _errors in told for one in times]
        errors = tuple(error for _times, few in told for error in few)
        used = machine.cpu(*self.pids, self.database) - used
        return Done(len(took), passed, used / max(1, len(took)), took, errors)


@contextmanager
def crowd(count: int, make: Callable[[int], Work], database: int) -> Iterator[Crowd]:
    """So many processes; `make(n)` is called in the n-th and gives it its work."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    pairs = [context.Pipe() for _ in range(count)]
    people = [
        context.Process(target=_live, args=(theirs, make, n)) for n, (_ours, theirs) in enumerate(pairs)
    ]
    for one in people:
        one.start()
    lines = [ours for ours, _theirs in pairs]
    try:
        for line in lines:
            line.recv()  # it is ready
        yield Crowd(lines, [one.pid for one in people if one.pid], database)
    finally:
        for line in lines:
            line.send(None)
        for one in people:
            one.join(20)
            if one.is_alive():
                one.kill()


def _live(line: Connection, make: Callable[[int], Work], n: int) -> None:
    work = make(n)
    line.send("ready")
    while (told := line.recv()) is not None:
        seconds, most = told
        took: list[float] = []
        errors: list[str] = []
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and not 0 < most <= len(took) + len(errors):
            began = time.perf_counter()
            try:
                work()
            except Exception as error:  # it is told, and the row is short
                errors.append(f"{type(error).__name__}: {error}"[:200])
                continue
            took.append(time.perf_counter() - began)
        line.send((took, errors))
    connections.close_all()
