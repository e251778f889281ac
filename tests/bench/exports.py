"""B6: all numbers of an organization as CSV through the page, against COPY TO; and the server's memory."""

import time
from collections.abc import Iterator
from urllib.parse import urlencode

from django.db import connection

from tests.bench import data, machine
from tests.bench.browsing import Browser
from tests.bench.files import TOKEN
from tests.bench.imports import timed
from tests.bench.ratios import Spread, brief, in_turn
from tests.bench.servers import Web, web
from tests.bench.stage import Stage, signed_in, tenant
from tests.bench.table import Row

PIECE = 1 << 18
BY_HAND = (
    "COPY (SELECT n.e164, l.name, n.kind, n.extension, n.assigned_to, n.state, n.note FROM pstn_phonenumber n "
    "JOIN pstn_location l ON l.id = n.location_id WHERE n.org_id = {org} ORDER BY n.e164) TO STDOUT (FORMAT csv)"
)


def measure(stage: Stage) -> Iterator[Row]:
    count = stage.middle
    with stage.built("bench_exports") as database:
        data.make_numbers([tenant()], count)
        org = tenant()
        with web(database) as server:
            browser = Browser(server, signed_in(stage, database))
            browser.get(f"/{org.slug}/numbers/")
            before = machine.memory(server.pid)
            lines: list[int] = []
            peaks: list[int] = []
            times: dict[str, list[float]] = {"ours": [], "COPY": []}

            def ours() -> float:
                used, began = machine.cpu(server.pid, stage.postmaster), time.perf_counter()
                got, most = download(server, browser, f"/{org.slug}/numbers/export/")
                lines.append(got)
                peaks.append(most)
                times["ours"].append(time.perf_counter() - began)
                return machine.cpu(server.pid, stage.postmaster) - used

            def copy() -> float:
                cpu, wall = timed(stage, lambda: copied(org.pk))
                times["COPY"].append(wall)
                return cpu

            found = in_turn({"ours": ours, "COPY": copy}, min(3, stage.rounds))
    more = (max(peaks) - before) / 2**20
    yield Row(
        "B6",
        f"export of {count:,} numbers as CSV through the page",
        f"{count / Spread.of(times['ours']).median:,.0f} rows/s, {brief(Spread.of(found['ours']).median)} s CPU",
        f"COPY TO: {count / Spread.of(times['COPY']).median:,.0f} rows/s, {brief(Spread.of(found['COPY']).median)} s CPU",
        Spread.between(found["COPY"], found["ours"]),
        least=0.3,
        holds={"every row": set(lines) == {count + 1}, "memory flat (50 MB)": more <= 50},
        wall=Spread.between(times["COPY"], times["ours"]),
        notes=(f"the web server grew by {more:,.0f} MB at most",),
    )


def download(server: Web, browser: Browser, address: str) -> tuple[int, int]:
    """The file in pieces, as a browser writes it to a disk: how many lines, and the server's most memory."""
    line = browser.line
    body = urlencode({"all": "1", "query": "", "format": "csv"})
    cookie = f"{browser.headers['Cookie']}; csrftoken={TOKEN}"
    form = "application/x-www-form-urlencoded"
    line.close()
    line.request("POST", address, body, {"Cookie": cookie, "X-CSRFToken": TOKEN, "Content-Type": form})
    response = line.getresponse()
    if response.status != 200:
        raise RuntimeError(f"{address} answers {response.status}")
    lines = most = pieces = 0
    while piece := response.read(PIECE):
        lines += piece.count(b"\n")
        pieces += 1
        if pieces % 20 == 1:
            most = max(most, machine.memory(server.pid))
    return lines, most


def copied(org: int) -> None:
    with connection.cursor() as cursor, cursor.copy(BY_HAND.format(org=org)) as line:
        for _piece in line:
            pass
