"""Statements against each other: what each costs the database's own process."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lib import prepared
from tests.bench import machine
from tests.bench.ratios import Spread, brief, in_turn
from tests.bench.stage import Stage, administrator, raw


@dataclass(frozen=True)
class Kept:
    """A statement of lib.prepared, with its values: PostgreSQL keeps its plan for the connection that asks."""

    text: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return self.text


Statement = str | Kept
Statements = Sequence[Statement]


def visitor() -> Client:
    """The first tenant's administrator in this process, on the database that Django is switched to."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(administrator())
    return client


def asked_by(work: Callable[[], object]) -> list[Statement]:
    """The statements of some work, with their values in them, or beside them where plans are kept."""
    kept: list[Statement] = []
    with CaptureQueriesContext(connection) as captured, _noting(kept):
        work()
    return [*kept, *(query["sql"] for query in captured)]


@contextmanager
def _noting(kept: list[Statement]) -> Iterator[None]:
    """What goes through lib.prepared is noted there; it goes past the log, where its plan would not be kept."""

    class Noting:
        def execute(self, text: str, values: Sequence[Any]) -> None:
            kept.append(Kept(text, tuple(values)))
            cursor.execute(text, values)

        def __getattr__(self, name: str) -> Any:
            return getattr(cursor, name)

    @contextmanager
    def noting(_connection: object) -> Iterator[Noting]:
        yield Noting()

    usual = prepared.cursor
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        prepared.cursor = noting
        try:
            yield
        finally:
            prepared.cursor = usual


def page(client: Client, path: str) -> list[Statement]:
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
    """Seconds of CPU of the database for each group of statements, by round; each is (statements, how often).

    Those of which the console keeps the plan run so here, too; the others are planned each time.
    """
    with raw(database) as line:
        line.prepare_threshold = 5
        pid = line.info.backend_pid

        def run(one: Statement) -> None:
            if isinstance(one, Kept):
                line.execute(one.text, one.values, prepare=True).fetchall()  # type: ignore[call-overload]
            else:
                line.execute(one, prepare=False).fetchall()  # type: ignore[call-overload]

        def cost_of(statements: Statements, times: int) -> Callable[[], float]:
            def work() -> float:
                before = machine.cpu_of_one(pid)
                for _ in range(times):
                    for statement in statements:
                        run(statement)
                return (machine.cpu_of_one(pid) - before) / times

            return work

        works = {name: cost_of(*what) for name, what in contestants.items()}
        for work in works.values():
            work()  # what is not in memory yet comes there
        return in_turn(works, stage.rounds)


def shown(figures: Sequence[float]) -> str:
    return f"{brief(Spread.of(figures).median * 1_000)} ms CPU of PostgreSQL"
