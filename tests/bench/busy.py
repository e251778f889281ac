"""B13: the Numbers page while numbers are imported and ports come in, against the same page with nobody else."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from django.db import connections

from porting.tasks import feed
from tests.bench import browsing, files
from tests.bench.browsing import Browser, Turn
from tests.bench.pipeline import told
from tests.bench.ports import in_flight
from tests.bench.ratios import Spread, brief
from tests.bench.servers import web, worker
from tests.bench.stage import Stage, name_of, signed_in, tenant
from tests.bench.table import Row


def measure(stage: Stage) -> Iterator[Row]:
    rows, ports = (1_000_000, 10_000) if stage.is_full else (100_000, 1_000)
    if stage.largest <= 100_000:
        rows, ports = 10_000, 100
    session, another = (signed_in(stage, name_of(stage.middle), number) for number in (3, 1))
    with (
        stage.copy_of(stage.middle, "bench_busy") as database,
        web(database) as server,
        worker(database) as working,
        tempfile.TemporaryDirectory() as folder,
    ):
        path = Path(folder) / "numbers.csv"
        files.make(path, tenant(), rows, 1)
        told(in_flight(tenant(2), ports))
        reader, page = Browser(server, session), f"/{tenant(3).slug}/numbers/"
        idle = [browsing.turn(reader, page, stage.seconds * 2, stage.postmaster)]
        done: list[files.Passed] = []
        sender = threading.Thread(
            target=_send, args=(Browser(server, another), path, server.pid, working, done)
        )
        sender.start()
        feed.take_carrier_events.delay()
        busy: list[Turn] = []
        while sender.is_alive():
            busy.append(browsing.turn(reader, page, stage.seconds, stage.postmaster))
        sender.join()
        idle.append(browsing.turn(reader, page, stage.seconds * 2, stage.postmaster))
    calm = Spread.of(one.p95 for one in idle).median
    yield Row(
        "B13",
        f"p95 of the Numbers page while {rows:,} numbers are imported and {ports:,} ports run",
        f"{brief(Spread.of(one.p95 for one in busy).median * 1000)} ms in {sum(len(one.wall) for one in busy):,} requests",
        f"idle: {brief(calm * 1000)} ms",
        Spread.of(one.p95 / calm for one in busy),
        most=2.5,
        holds={"no errors": not any(one.errors for one in (*idle, *busy)), "imported": bool(done)},
    )


def _send(browser: Browser, path: Path, server: int, working: int, done: list[files.Passed]) -> None:
    """The import, as somebody else's: in a thread, which only waits."""
    try:
        done.append(files.imported(browser, tenant(), path, (server, working, working)))
    finally:
        connections.close_all()
