"""B5: a file of numbers through the upload, against COPY into the same table and against bulk_create."""

import itertools
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import phonenumbers
from django.db import connection, connections

from accounts.models import Organization
from lib import phone
from lib.quick_phone import QuickReader
from pstn.models import NumberEvent, PhoneNumber
from tests.bench import data, files, machine
from tests.bench.browsing import Browser
from tests.bench.files import Passed
from tests.bench.ratios import Spread, brief
from tests.bench.servers import Web, web, worker
from tests.bench.stage import Stage, name_of, signed_in, tenant
from tests.bench.table import Row

MIXED = 20_000
WARMING, FEW = 3, 5_000  # rounds of imports before the first that counts, and the rows of each


def measure(stage: Stage) -> Iterator[Row]:
    small, large = (100_000, 1_000_000) if stage.largest > 100_000 else (5_000, 10_000)
    memory: dict[int, int] = {}
    parts = itertools.count(1)
    for size, rounds, goal in ((small, min(3, stage.rounds), 0.3), (large, 1, 0.25)):
        if size == large and not stage.is_full and stage.largest > 100_000:
            continue
        costs = taken(stage, size, rounds, parts, with_objects=size == small)
        ours = costs["ours"]
        memory[size] = max(one.memory for one, _right in ours)
        whole = {"every row imported, each with its history": all(right for _one, right in ours)}
        for name, against, least in (
            ("COPY", "COPY with the same indexes", goal),
            ("objects", "bulk_create", 4.0),
        ):
            if not costs[name]:
                continue
            # COPY in the share of its speed that we reach; bulk_create in how many times we are faster.
            mine, theirs = [one for one, _right in ours], costs[name]
            yield Row(
                "B5",
                f"import of {size:,} rows through the upload, checked, with history",
                f"{size / Spread.of(one.seconds for one in mine).median:,.0f} rows/s, "
                f"{brief(Spread.of(one.cpu for one in mine).median)} s CPU",
                f"{against}: {size / Spread.of(wall for _cpu, wall in theirs).median:,.0f} rows/s, "
                f"{brief(Spread.of(cpu for cpu, _wall in theirs).median)} s CPU",
                Spread.between([cpu for cpu, _wall in theirs], [one.cpu for one in mine]),
                least=least,
                holds=whole,
                wall=Spread.between([wall for _cpu, wall in theirs], [one.seconds for one in mine]),
            )
    if len(memory) == 2:
        more = (memory[large] - memory[small]) / 2**20
        yield Row(
            "B5",
            f"memory of the import of {large:,} rows beyond that of {small:,}",
            f"{more:,.0f} MB, of {memory[small] / 2**20:,.0f} MB of web server and worker",
            holds={"within 50 MB": more <= 50},
        )
    yield verdicts()


def taken(
    stage: Stage, size: int, rounds: int, parts: Iterator[int], *, with_objects: bool
) -> dict[str, list]:
    """Interleaved: an import, a COPY, a bulk_create, all of fresh numbers on top of the same table."""
    found: dict[str, list] = {"ours": [], "COPY": [], "objects": []}
    session, another = (signed_in(stage, name_of(stage.middle), number) for number in (1, 2))
    with (
        stage.copy_of(stage.middle, "bench_imports") as database,
        web(database) as server,
        worker(database) as working,
        tempfile.TemporaryDirectory() as folder,
    ):
        org, browser, path = tenant(), Browser(server, session), Path(folder) / "numbers.csv"
        warm(server, (server.pid, working, stage.postmaster), {1: session, 2: another}, parts, Path(folder))
        for number in range(rounds):
            mine, copied, made = (next(parts) for _ in range(3))
            files.make(path, org, size, mine)

            def ours() -> None:
                passed = files.imported(browser, org, path, (server.pid, working, stage.postmaster))
                found["ours"].append((passed, is_whole(passed, size)))

            def copy() -> None:
                found["COPY"].append(timed(stage, copying(org, size, copied)))

            def objects() -> None:
                if with_objects:
                    few = size // 5
                    cpu, wall = timed(stage, lambda: make_objects(org, few, made))
                    found["objects"].append((cpu * 5, wall * 5))

            turns: list[Callable[[], None]] = [ours, copy, objects]
            for turn in turns if number % 2 == 0 else reversed(turns):
                turn()
    return found


def warm(
    server: Web, pids: tuple[int, ...], sessions: dict[int, str], parts: Iterator[int], folder: Path
) -> None:
    """Two tenants import side by side, so that every process has loaded what it needs: else memory says which
    of them happened to be asked, not what a file costs."""

    def one(number: int, part: int) -> None:
        try:
            path = folder / f"{number}.csv"
            files.make(path, tenant(number), FEW, part)
            files.imported(Browser(server, sessions[number]), tenant(number), path, pids)
        finally:
            connections.close_all()

    for _ in range(WARMING):
        with ThreadPoolExecutor(len(sessions)) as pool:
            list(pool.map(one, sessions, [next(parts) for _ in sessions]))


def is_whole(passed: Passed, size: int) -> bool:
    """Whether each row of the file became a number with an event."""
    it = passed.it
    stories = NumberEvent.unscoped.filter(job=it.job_id).count()
    return it.job is not None and it.job.done == size == stories and it.bad == 0


def timed(stage: Stage, work: Callable[[], object]) -> tuple[float, float]:
    """CPU of this process and the database, and the clock."""
    used, own, began = machine.cpu(stage.postmaster), time.process_time(), time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return machine.cpu(stage.postmaster) - used + time.process_time() - own, seconds


def copying(org: Organization, size: int, part: int) -> Callable[[], None]:
    """COPY of rows that are ready as text, into the very table, with its indexes and triggers."""
    place = org.locations.order_by("pk")[0].pk
    row = {"org_id": str(org.pk), "location_id": str(place), "state": "active", "kind": "standard"}
    names = ["e164", "tail", *row, *(name for name in FIXED if name in COLUMNS)]
    end = "\t".join([*row.values(), *(FIXED[name] for name in names if name in FIXED)])
    text = "".join(f"{e164}\t{e164[:0:-1]}\t{end}\n" for e164 in files.e164s(size, part)).encode()

    def work() -> None:
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {PhoneNumber._meta.db_table} ({data.named(names)}) FROM STDIN") as line,
        ):
            for start in range(0, len(text), 1 << 20):
                line.write(text[start : start + (1 << 20)])

    return work


COLUMNS = {one.column for one in PhoneNumber._meta.concrete_fields}
# What a row must have and says nothing here. What else the table demands, COPY will tell.
FIXED = {
    **{name: "" for name in ("extension", "assigned_to", "note", "caller_name")},
    "capabilities": '["voice"]',
    "waits_for_terms": "f",
    "created_at": "2026-01-01 00:00Z",
    "updated_at": "2026-01-01 00:00Z",
}


def make_objects(org: Organization, size: int, part: int) -> None:
    place = org.locations.order_by("pk")[0]
    rows = (
        PhoneNumber(org=org, location=place, state="active", e164=e164, tail=e164[:0:-1])
        for e164 in files.e164s(size, part)
    )
    PhoneNumber.unscoped.bulk_create(rows, batch_size=1_000)


def verdicts() -> Row:
    """The quick way of the import and the phone library on the same cells, in every kind of writing."""
    quick, dice = QuickReader("US"), random.Random(5)
    different = [cell for cell in (mixed(dice) for _ in range(MIXED)) if not is_same(quick, cell)]
    return Row(
        "B5",
        f"verdicts of the import on {MIXED:,} mixed numbers",
        f"{len(different)} differ from the phone library's",
        holds={"none differs": not different},
        notes=tuple(repr(cell) for cell in different[:3]),
    )


def is_same(quick: QuickReader, cell: str) -> bool:
    ours, theirs = quick.read(cell), phone.parse(cell, "US")
    mine = ours[0] if isinstance(ours, tuple) else getattr(ours, "e164", None)
    if mine != getattr(theirs, "e164", None):
        return False
    if mine is None:
        return True
    parsed = phonenumbers.parse(mine, None)
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return mine == written and phonenumbers.is_possible_number(parsed)


def mixed(dice: random.Random) -> str:
    """Good numbers and bad ones, of North America and elsewhere, in writings of people and of spreadsheets."""
    area, exchange, line = dice.randrange(100, 1000), dice.randrange(0, 1000), dice.randrange(10_000)
    writings = (
        f"+1{area}{exchange:03}{line:04}",
        f"({area}) {exchange:03}-{line:04}",
        f"{area}.{exchange:03}.{line:04}",
        f"1-{area}-{exchange:03}-{line:04}",
        f"'+1{area}{exchange:03}{line:04}",
        f'="+1{area}{exchange:03}{line:04}"',
        f"{area}{exchange:03}{line:03}",
        f"+44 20 7946 {line:04}",
        f"+49 30 {dice.randrange(10**6, 10**8)}",
        f"+{dice.randrange(10**6, 10**15)}",
        f"{area}{exchange:03}{line:04}E+09",
        f"+1 {area} {exchange:03} {line:04} ext. {dice.randrange(1000)}",
    )
    return dice.choice(writings)
