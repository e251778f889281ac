"""Asking for pages as a browser does, and what each answer cost the server and the database."""

import gzip
import http.client
import os
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import brotli

from tests.bench import machine
from tests.bench.servers import Web


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes  # as it came

    @property
    def text(self) -> str:
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(
            self.headers.get("content-encoding", "")
        )
        return (unpack(self.body) if unpack else self.body).decode()

    @property
    def weight(self) -> int:
        """Bytes on the line where a proxy packs what the application did not."""
        if self.headers.get("content-encoding"):
            return len(self.body)
        return len(gzip.compress(self.body, 6))


class Browser:
    """One visitor of one server: signed in, one connection that stays open."""

    def __init__(self, web: Web, session: str, **headers: str) -> None:
        self.web = web
        self.headers = {"Cookie": f"session={session}", "Accept-Encoding": "gzip, br", **headers}
        self.line = http.client.HTTPConnection("localhost", web.port, timeout=120)

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        if method != "GET":
            self.line.close()  # on a new connection, for it must not be sent twice
        for attempt in range(2):
            try:
                self.line.request(method, path, body, {**self.headers, **headers})  # type: ignore[arg-type]
                response = self.line.getresponse()
                break
            except (http.client.HTTPException, OSError):
                self.line.close()  # one that the server closed meanwhile: once more on a new one
                if attempt or method != "GET":
                    raise
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())


@dataclass
class Turn:
    """What the requests of one turn cost, each."""

    cpu: float  # seconds, of the server and the database
    wall: list[float] = field(default_factory=list)  # seconds
    errors: int = 0
    foreign: float = 0.0  # the share of the machine that others had

    @property
    def p50(self) -> float:
        return statistics.median(self.wall)

    @property
    def p95(self) -> float:
        return sorted(self.wall)[int(len(self.wall) * 0.95)]


def turn(browser: Browser, path: str, seconds: float, database: int, *, least: int = 5) -> Turn:
    """Ask for a page again and again, and share the cost of the server and the database among the answers."""
    browser.get(path)
    wall: list[float] = []
    errors, here = 0, time.process_time()
    start, busy, used = time.perf_counter(), machine.busy(), machine.cpu(browser.web.pid, database)
    until = start + seconds
    while time.perf_counter() < until or len(wall) < least:
        began = time.perf_counter()
        errors += browser.get(path).status != 200
        wall.append(time.perf_counter() - began)
    used = machine.cpu(browser.web.pid, database) - used
    took = time.perf_counter() - start
    others = machine.busy() - busy - used - (time.process_time() - here)
    return Turn(used / len(wall), wall, errors, max(0.0, others / took / (os.cpu_count() or 1)))
