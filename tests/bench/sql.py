"""Statements against each other: what each costs the database's own process."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench import machine
from tests.bench.ratios import Spread, brief, in_turn
from tests.bench.stage import Stage, administrator, raw

Statements = Sequence[str]


def visitor() -> Client:
    """The first tenant's administrator in this process, on the database that Django is switched to."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(administrator())
    return client


def asked_by(work: Callable[[], object]) -> list[str]:
    """The statements of some work, with their values in them."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured]


def page(client: Client, path: str) -> list[str]:
    """The statements of a page that answers; it was asked for once before, so nothing is for the first time."""
    client.get(path)
    answers: list[Any] = []
    found = asked_by(lambda: answers.append(client.get(path)))
    if answers[0].status_code != 200:
        raise RuntimeError(f"{path} answers {answers[0].status_code}")
    return found


def compare(
    stage: Stage, database: str, contestants: dict[str, tuple[Statements, int]]
) -> dict[str, list[float]]:
    """Seconds of CPU of the database for each group of statements, by round; each is (statements, how often)."""
    with raw(database) as line:
        pid = line.info.backend_pid

        def cost_of(statements: Statements, times: int) -> Callable[[], float]:
            def work() -> float:
                before = machine.cpu_of_one(pid)
                for _ in range(times):
                    for statement in statements:
                        line.execute(statement).fetchall()  # type: ignore[call-overload]
                return (machine.cpu_of_one(pid) - before) / times

            return work

        works = {name: cost_of(*what) for name, what in contestants.items()}
        for work in works.values():
            work()  # what is not in memory yet comes there
        return in_turn(works, stage.rounds)


def shown(figures: Sequence[float]) -> str:
    return f"{brief(Spread.of(figures).median * 1_000)} ms CPU of PostgreSQL"
