"""Files of numbers for imports, and sending one in as a person would."""

import io
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from accounts.models import Organization
from pstn.models import ImportLine, Job, NumberImport
from tests.bench import machine
from tests.bench.browsing import Browser

LONGEST = 1_800  # seconds
TOKEN = "b" * 32  # of the cookie and the header against forgeries: the same, which is all that is asked


@dataclass(frozen=True)
class Passed:
    """What an import cost: CPU and clock seconds, and the most memory that its processes had."""

    cpu: float
    seconds: float
    memory: int
    it: NumberImport


def place_of(org: Organization) -> str:
    """The location that takes typed numbers."""
    return org.locations.order_by("pk")[0].name


def e164s(count: int, part: int) -> Iterator[str]:
    """So many numbers that nobody has; every part has others."""
    start = part * 1_000_000
    return (f"+1{area}{exchange}{line:04}" for area, exchange, line in _walk(start, start + count))


def _walk(start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Exchanges from 300 on: those of the data sets end before. Five million in each area code."""
    areas = (212, 213, 214, 215, 216, 217, 218, 219)
    for n in range(start, end):
        exchange = 300 + n // 10_000 % 500
        # 411 and its like are no exchanges.
        yield (
            areas[n // 5_000_000 % len(areas)],
            exchange if exchange % 100 != 11 else 800 + exchange // 100,
            n % 10_000,
        )


def make(path: Path, org: Organization, count: int, part: int) -> None:
    """A table as people send it: numbers in several writings, a location, a type, an extension, a note."""
    place = place_of(org)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("number,location,type,extension,note\n")
        for n, e164 in enumerate(e164s(count, part)):
            writing = e164 if n % 3 else f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"
            file.write(f'{writing},"{place}",standard,,"Row {n}"\n')


def send(browser: Browser, org: Organization, path: Path) -> NumberImport:
    """Choose the file and send it: the check begins."""
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="mode"\r\n\r\ncreate\r\n--{boundary}\r\n'
        f'Content-Disposition: form-data; name="file"; filename="numbers.csv"\r\nContent-Type: text/csv\r\n\r\n'
    )
    body = io.BytesIO(head.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode())
    address = f"/{org.slug}/numbers/import/"
    _post(browser, address, body.getvalue(), f"multipart/form-data; boundary={boundary}")
    it: NumberImport = NumberImport.unscoped.filter(org=org).latest("pk")
    return it


def run(browser: Browser, it: NumberImport) -> None:
    """Say yes to what the check found: the import begins."""
    address = f"/{it.org.slug}/numbers/import/I-{it.pk}/run/"
    _post(browser, address, b"", "application/x-www-form-urlencoded")


def imported(browser: Browser, org: Organization, path: Path, pids: tuple[int, ...]) -> Passed:
    """Send a file in, wait for the check, say yes, wait for the import. `pids` are those who work: the web
    server, the worker, the database last."""
    used, began, most = machine.cpu(*pids), time.perf_counter(), 0

    def wait(done: Callable[[], bool]) -> None:
        nonlocal most
        until = time.monotonic() + LONGEST
        while not done():
            most = max(most, sum(machine.memory(pid) for pid in pids[:-1]))
            if time.monotonic() > until:
                raise TimeoutError("the import is not done in time")
            time.sleep(0.2)

    it = send(browser, org, path)
    wait(lambda: _again(it).state != NumberImport.State.CHECKING)
    if it.state != NumberImport.State.CHECKED:
        raise RuntimeError(f"the file was refused: {it.problem} {it.problem_facts}")
    run(browser, it)
    wait(lambda: Job.unscoped.filter(number_import=it, state__in=Job.OVER).exists())
    seconds = time.perf_counter() - began
    # What was staged is forgotten after the end: nobody waits for it, but it is our work and not the next one's.
    wait(lambda: not ImportLine.unscoped.filter(number_import=it).exists())
    return Passed(machine.cpu(*pids) - used, seconds, most, _again(it))


def _again(it: NumberImport) -> NumberImport:
    it.refresh_from_db()
    return it


def _post(browser: Browser, address: str, body: bytes, kind: str) -> None:
    cookie = f"{browser.headers['Cookie']}; csrftoken={TOKEN}"
    headers = {"Cookie": cookie, "X-CSRFToken": TOKEN, "Content-Type": kind}
    answer = browser.send("POST", address, body, **headers)
    if answer.status != 302:
        raise RuntimeError(f"{address} answers {answer.status}")
