"""Test calls of numbers that have come: which to test, the last result of each, what is still open."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from porting.models import PortedNumber, PortOrder, TestCall, TestRun
from porting.models.numbers import NumberState
from porting.models.orders import PROJECT
from porting.models.rollup import OPEN_MESSAGING

SAMPLE = 20  # numbers of a big order that are tested beside its main number
PATIENCE = timedelta(minutes=10)  # after that a run that brought nothing does not stand in the way of another
SHOWN_RUNS = 20
Test = TestCall.Test
TEXTS = frozenset({Test.SMS_IN, Test.SMS_OUT})


@dataclass(frozen=True)
class Cell:
    """The last result of one test of one number; `tone` "" where it was never tested."""

    label: str
    tone: str = ""
    word: str = ""
    note: str = ""
    at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tested, and it has not passed."""
        return self.tone in ("bad", "warn")


@dataclass(frozen=True)
class Row:
    e164: str
    cells: tuple[Cell, ...]

    @property
    def fails(self) -> bool:
        return any(cell.is_open for cell in self.cells)


@dataclass(frozen=True)
class Run:
    """A run as the history lists it. `tested` counts its numbers that have results."""

    run: TestRun
    passed: int
    failed: int
    tested: int

    @property
    def total(self) -> int:
        return len(self.run.numbers)

    @property
    def is_done(self) -> bool:
        return bool(self.run.refused) or self.tested >= self.total

    @property
    def is_under_way(self) -> bool:
        return not self.is_done and now() - self.run.at < PATIENCE


@dataclass(frozen=True)
class Grid:
    """All results of an order: `columns` are the tests that were ever placed, `rows` the numbers tested, the
    failing ones first."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    runs: tuple[Run, ...] = ()
    stale: tuple[str, ...] = ()  # carriers that reach some numbers by an old route, while others reach them
    counts: Counter[str] = field(default_factory=Counter)  # cells by tone

    @property
    def open_count(self) -> int:
        return self.counts["bad"] + self.counts["warn"]

    @property
    def under_way(self) -> Run | None:
        return next((run for run in self.runs if run.is_under_way), None)

    @property
    def failing(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.fails)

    @property
    def has_passed(self) -> bool:
        """Everything that was tested passes, and nothing is being tested now."""
        return bool(self.rows) and not self.open_count and not self.under_way


def grid_of(order: PortOrder) -> Grid:
    """What all runs together show, in two queries; the numbers' own rows are read with the order."""
    runs = list(order.test_runs.select_related("by").order_by("pk"))
    if not runs:
        return Grid()
    fields = ("e164", "test", "via", "passed", "note", "at")
    told = order.test_runs.filter(calls__isnull=False).order_by("calls__pk")
    calls = told.values_list("pk", *(f"calls__{name}" for name in fields))
    last: dict[str, dict[tuple[str, str], tuple[bool, str, datetime]]] = {}
    per_run: Counter[tuple[int, bool]] = Counter()
    tested: dict[int, set[str]] = {}
    for run_pk, e164, test, via, passed, note, at in calls:
        last.setdefault(e164, {})[test, via] = (passed, note, at)
        per_run[run_pk, passed] += 1
        tested.setdefault(run_pk, set()).add(e164)
    here = {row.e164: row for row in order.numbers.all() if row.state == NumberState.PORTED}
    keys = sorted({key for results in last.values() for key in results}, key=_place)
    rows = [Row(e164, _cells(keys, last[e164], here[e164])) for e164 in sorted(last) if e164 in here]
    rows.sort(key=lambda row: not row.fails)
    return Grid(
        columns=tuple(_label(key) for key in keys),
        rows=tuple(rows),
        runs=tuple(
            Run(run, per_run[run.pk, True], per_run[run.pk, False], len(tested.get(run.pk, ())))
            for run in reversed(runs[-SHOWN_RUNS:])
        ),
        stale=_stale(last[e164] for e164 in last if e164 in here),
        counts=Counter(cell.tone for row in rows for cell in row.cells if cell.tone),
    )


def _cells(
    keys: Sequence[tuple[str, str]],
    results: dict[tuple[str, str], tuple[bool, str, datetime]],
    number: PortedNumber,
) -> tuple[Cell, ...]:
    return tuple(_cell(key, results.get(key), number) for key in keys)


def _cell(key: tuple[str, str], result: tuple[bool, str, datetime] | None, number: PortedNumber) -> Cell:
    label = _label(key)
    if result is None:
        return Cell(label)
    passed, note, at = result
    if passed:
        return Cell(label, "ok", _("Passed"), note, at)
    if key[0] in TEXTS and number.messaging in OPEN_MESSAGING:
        return Cell(label, "warn", _("Messaging follows"), note, at)
    return Cell(label, "bad", _("Failed"), note, at)


def _place(key: tuple[str, str]) -> tuple[int, str]:
    return Test.values.index(key[0]), key[1]


def _label(key: tuple[str, str]) -> str:
    test, via = key
    word = str(Test(test).label)
    return _("%(test)s from %(carrier)s") % {"test": word, "carrier": via} if via else word


def _stale(rows: Iterable[dict[tuple[str, str], tuple[bool, str, datetime]]]) -> tuple[str, ...]:
    """One carrier's calls fail while another's get through: an old route, and not the number."""
    found: set[str] = set()
    for results in rows:
        calls = {via: passed for (test, via), (passed, _n, _at) in results.items() if test == Test.INBOUND}
        if any(calls.values()):
            found.update(via for via, passed in calls.items() if not passed)
    return tuple(sorted(found))


# --- What may be done -------------------------------------------------------------------------------------


def numbers_to_test(order: PortOrder, scope: str) -> list[str]:
    """The ported numbers that a run of this scope is about; reads the order's numbers anew."""
    rows = order.numbers.filter(state=NumberState.PORTED).order_by("e164")
    here = list(rows.values_list("e164", flat=True))
    if scope == TestRun.Scope.FAILED:
        return [row.e164 for row in grid_of(order).failing]
    return here if scope == TestRun.Scope.ALL else sample(order, here)


def sample(order: PortOrder, here: Sequence[str]) -> list[str]:
    """What is tested of an order's ported numbers, which come sorted: all, but of a project some."""
    if len(here) <= PROJECT:
        return list(here)
    main = _main_number(order, here)
    step = len(here) / SAMPLE
    return sorted({main, *(here[int(at * step)] for at in range(SAMPLE))})


def _main_number(order: PortOrder, here: Sequence[str]) -> str:
    main = order.location.main_number if order.location else None
    known = [main.e164 if main else "", order.btn]
    return next((e164 for e164 in known if e164 in here), here[0])


def why_not_test(order: PortOrder, grid: Grid | None = None) -> str:
    """Why no test calls can be placed now, or ""."""
    if not order.carrier_ref or not order.numbers.filter(state=NumberState.PORTED).exists():
        return _("Test calls are possible as soon as the first number is here.")
    if (grid or grid_of(order)).under_way:
        return _("Test calls are being placed. Their results appear here.")
    return ""


def lacks_for_verify(order: PortOrder, grid: Grid | None = None) -> str:
    """What the test calls leave open, so that somebody must answer for it; "" when all have passed."""
    grid = grid or grid_of(order)
    if grid.under_way:
        return _("Test calls are being placed. Wait for their results, or say in a note why you confirm.")
    if not grid.rows:
        return _("No test call was placed yet. Place some, or say in a note why you confirm without them.")
    if not grid.open_count:
        return ""
    return ngettext(
        "%(n)s test has not passed. Test again, or say in a note why you confirm all the same.",
        "%(n)s tests have not passed. Test again, or say in a note why you confirm all the same.",
        grid.open_count,
    ) % {"n": grid.open_count}


def facts(order: PortOrder, grid: Grid, shown: int) -> dict[str, Any]:
    """What the page shows of test calls: at most `shown` rows, the failing ones first."""
    return {
        "grid": grid,
        "rows": grid.rows[:shown],
        "hidden": max(0, len(grid.rows) - shown),
        "why_not_test": why_not_test(order, grid),
        "is_big": sum(row.state == NumberState.PORTED for row in order.numbers.all()) > PROJECT,
        "sample": SAMPLE,
    }
