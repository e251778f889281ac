"""Work of this very process and its database session against other such work."""

import os
import time
from collections.abc import Callable

from django.db import connection

from tests.bench import machine, sql
from tests.bench.ratios import Spread, in_turn
from tests.bench.stage import Stage


def cpu_of(work: Callable[[], object]) -> Callable[[], float]:
    """CPU seconds of a call: those of this process and of the database's process that serves it."""

    def measured() -> float:
        connection.ensure_connection()
        pids = (os.getpid(), connection.connection.info.backend_pid)
        before = sum(machine.cpu_of_one(pid) for pid in pids)
        work()
        return sum(machine.cpu_of_one(pid) for pid in pids) - before

    return measured


def compare(stage: Stage, ours: Callable[[], object], limit: Callable[[], object]) -> Spread:
    """The ratio of two pieces of work, each done once beforehand."""
    ours(), limit()
    found = in_turn({"ours": cpu_of(ours), "limit": cpu_of(limit)}, stage.rounds)
    return Spread.between(found["ours"], found["limit"])


clock = time.perf_counter


def repeated(work: Callable[[], object], times: int = 20) -> Callable[[], object]:
    return lambda: [work() for _ in range(times)]


def statements(work: Callable[[], object]) -> int:
    return len(sql.asked_by(work))
