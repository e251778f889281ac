"""The processes that are measured: web servers and workers, each on a database of its own choice."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import redis

from config.celery import app
from config.supervisor import is_free

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
PEER_SETTINGS = "tests.bench.peers.settings"


@dataclass(frozen=True)
class Web:
    """A web server that answers: two processes of one thread, whatever it serves."""

    pid: int
    port: int


def database_url(name: str) -> str:
    """The address of another database of the same cluster."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def environment(database: str, **more: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database_url(database), "LOG_LEVEL": "ERROR", **more}


@contextmanager
def web(database: str, settings: str = "", **more: str) -> Iterator[Web]:
    """Granian, as `manage.py up` starts it, but two processes of one thread; ours, or that of other settings."""
    port = free_port()
    application = "tests.bench.peers.wsgi:application" if settings else "config.wsgi:application"
    variables = {"DJANGO_SETTINGS_MODULE": settings} if settings else {}
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "error", application),
    ]
    with child(command, environment(database, **variables, **more)) as process:
        until = time.monotonic() + START_SECONDS
        while is_free(("127.0.0.1", port)) or not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the web server of {application} did not start")
            time.sleep(0.1)
        yield Web(process.pid, port)


@contextmanager
def worker(database: str, *options: str, **more: str) -> Iterator[int]:
    """A Celery worker with two children, as `manage.py up` starts it; its process. The queue is empty then."""
    redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()
    command = [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "--concurrency", "2"),
        *("--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat", *options),
    ]
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    with child(command, environment(database, **quiet, **more)) as process:
        until = time.monotonic() + START_SECONDS
        # A line of its own: a process that is copied later would copy it from the pool, and wait on it for ever.
        with app.connection_for_write() as line:
            while not app.control.ping(timeout=0.5, connection=line):
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("the worker did not start")
        yield process.pid


@contextmanager
def child(command: list[str], variables: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, and its children with it: it has a group of its own."""
    process = subprocess.Popen(command, cwd=ROOT, env=dict(variables), start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    """Whether a page comes, of any status: the port opens before the application is loaded."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS) as line:
            line.sendall(b"GET /admin/login/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return line.recv(12).startswith(b"HTTP/")
    except OSError:
        return False
