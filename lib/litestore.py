"""The file under `lib.litebroker`: messages, leases and bindings in SQLite; nothing here knows of kombu.

A file that was deleted, emptied or damaged is replaced by a new one, and every process that had the old one
open notices before its next statement: it compares the file that has the name now with the one that it
opened.
"""

import fcntl
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

SCHEMA_VERSION = 1
SCHEMA = f"""
CREATE TABLE message (
    id INTEGER PRIMARY KEY, tag TEXT NOT NULL UNIQUE, queue TEXT NOT NULL, priority INTEGER NOT NULL,
    visible REAL NOT NULL DEFAULT 0, expires REAL, holder TEXT, deliveries INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
);
CREATE INDEX message_next ON message (queue, priority DESC, id, visible);
CREATE INDEX message_holder ON message (holder) WHERE holder IS NOT NULL;
CREATE TABLE binding (
    exchange TEXT NOT NULL, routing_key TEXT NOT NULL, pattern TEXT NOT NULL, queue TEXT NOT NULL,
    PRIMARY KEY (exchange, routing_key, pattern, queue)
) WITHOUT ROWID;
PRAGMA user_version = {SCHEMA_VERSION};
"""
# The next message that nobody holds: highest priority first, then the oldest.
NEXT = """SELECT id FROM message WHERE queue = ? AND visible <= ? AND (expires IS NULL OR expires > ?)
          ORDER BY priority DESC, id LIMIT 1"""
LOCK_SECONDS = 20.0

Identity = tuple[int, int]
Binding = tuple[str, str, str, str]


class Damaged(sqlite3.DatabaseError):
    """SQLite can read the file, and it is not ours."""


class Store:
    """The messages and bindings in one file. Safe to use from several threads, processes and after a fork.

    One connection a process, behind a lock: SQLite connections must not be carried over a fork (the file
    locks are not inherited, though the copied connection believes so), and one connection is easily closed
    before it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None
        self._identity: Identity | None = None
        self._bindings: set[Binding] = set()

    # --- Messages -----------------------------------------------------------------------------------------
    def put(self, queue: str, tag: str, body: str, priority: int = 0, lifetime: float | None = None) -> None:
        """Store one message; `lifetime` is in seconds, None for ever. The tag must be unique in the file."""
        expires = None if lifetime is None else time.time() + lifetime
        self._run(
            "INSERT INTO message (queue, tag, body, priority, expires) VALUES (?, ?, ?, ?, ?)",
            *(queue, tag, body, priority, expires),
        )

    def lease(self, queue: str, holder: str, seconds: float) -> tuple[str, bool] | None:
        """The body of the next message and whether it was delivered before; it stays hidden for `seconds`."""
        now = time.time()
        # A look takes no write lock, so idle consumers disturb nobody; the first to claim the row has it.
        while found := self._run(NEXT, queue, now, now):
            claimed = self._run(
                "UPDATE message SET visible = ?, holder = ?, deliveries = deliveries + 1"
                " WHERE id = ? AND visible <= ? RETURNING body, deliveries > 1",
                *(now + seconds, holder, found[0][0], now),
            )
            if claimed:
                return claimed[0][0], bool(claimed[0][1])
        return None

    def take(self, queue: str) -> str | None:
        """The body of the next message, deleted at once: for readers that never acknowledge."""
        now = time.time()
        while found := self._run(NEXT, queue, now, now):
            taken = self._run(
                "DELETE FROM message WHERE id = ? AND visible <= ? RETURNING body", found[0][0], now
            )
            if taken:
                return str(taken[0][0])
        return None

    def renew(self, holder: str, seconds: float) -> None:
        """Everything that `holder` has leased stays hidden for another `seconds`."""
        self._run("UPDATE message SET visible = ? WHERE holder = ?", time.time() + seconds, holder)

    def release(self, holder: str, tag: str | None = None) -> None:
        """Give one message back, or all that `holder` still has. Another's lease is left alone."""
        self._run(
            "UPDATE message SET visible = 0, holder = NULL WHERE holder = ? AND tag = ifnull(?, tag)",
            holder,
            tag,
        )

    def delete(self, tag: str) -> None:
        """The work is done, whoever holds the message by now."""
        self._run("DELETE FROM message WHERE tag = ?", tag)

    def size(self, queue: str) -> int:
        """How many messages wait; those that somebody holds are not counted."""
        ready = "SELECT count(*) FROM message WHERE queue = ? AND visible <= ?"
        return int(self._run(ready, queue, time.time())[0][0])

    def purge(self, queue: str) -> int:
        """Delete what waits and say how many; those that somebody holds stay his."""
        ready = "DELETE FROM message WHERE queue = ? AND visible <= ? RETURNING id"
        return len(self._run(ready, queue, time.time()))

    def drop_expired(self) -> None:
        """Forget broadcasts that nobody fetched, such as those to a worker that is gone for good."""
        self._run("DELETE FROM message WHERE expires <= ?", time.time())

    # --- Bindings -----------------------------------------------------------------------------------------
    def bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """Remember the binding here as well, to repeat it should the file be replaced."""
        binding = (exchange, routing_key, pattern, queue)
        self._bindings.add(binding)
        self._run("INSERT OR IGNORE INTO binding VALUES (?, ?, ?, ?)", *binding)

    def unbind(self, exchange: str, queue: str, routing_key: str | None = None) -> None:
        """Take a queue away from an exchange: under one routing key, or altogether."""
        self._bindings = {
            own
            for own in self._bindings
            if (own[0], own[3]) != (exchange, queue)
            or own[1] != (own[1] if routing_key is None else routing_key)
        }
        self._run(
            "DELETE FROM binding WHERE exchange = ? AND queue = ? AND routing_key = ifnull(?, routing_key)",
            *(exchange, queue, routing_key),
        )

    def drop_queue(self, queue: str) -> None:
        """Delete a queue with all its messages and bindings."""
        self._bindings = {own for own in self._bindings if own[3] != queue}
        self._run("DELETE FROM binding WHERE queue = ?", queue)
        self._run("DELETE FROM message WHERE queue = ?", queue)

    def routes(self, exchange: str) -> list[tuple[str, str | None, str]]:
        """Routing key, pattern and queue of every binding of the exchange, whichever process made it."""
        rows = self._run("SELECT routing_key, pattern, queue FROM binding WHERE exchange = ?", exchange)
        return [(routing_key, pattern or None, queue) for routing_key, pattern, queue in rows]

    # --- The file -----------------------------------------------------------------------------------------
    def close(self) -> None:
        """Close the connection; the next call opens another. The caller holds the lock."""
        if self._opened is not None:
            with suppress(sqlite3.Error):
                self._opened.close()
        self._opened = None

    def _run(self, statement: str, *values: Any) -> list[Any]:
        with self.lock:
            try:
                return self._connection().execute(statement, values).fetchall()
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                logger.warning("The broker file is damaged (%s) and is replaced by an empty one.", error)
            return self._connection(damaged=self._identity).execute(statement, values).fetchall()

    def _connection(self, damaged: Identity | None = None) -> sqlite3.Connection:
        on_disk = self._on_disk()
        if self._opened is not None and on_disk not in (None, damaged) and on_disk == self._identity:
            return self._opened
        with self._alone():
            on_disk = self._on_disk()
            if on_disk is None or on_disk == damaged:
                self._make_file()
                on_disk = self._on_disk()
        # Only now, when another file has its name, does SQLite leave the old one's log alone on closing.
        self.close()
        self._identity = on_disk
        self._opened = sqlite3.connect(
            self.path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )
        self._opened.execute("PRAGMA synchronous = NORMAL")
        if self._opened.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            raise Damaged("it has another version's tables")
        self._opened.executemany("INSERT OR IGNORE INTO binding VALUES (?, ?, ?, ?)", self._bindings)
        return self._opened

    def _on_disk(self) -> Identity | None:
        """Which file has our name now; None if there is none or somebody emptied it."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return (found.st_dev, found.st_ino) if found.st_size else None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one process at a time decides that the file needs replacing."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(f"{self.path}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_file(self) -> None:
        """Complete under another name first: nobody ever sees it without its tables."""
        for leftover in ("-wal", "-shm", ".new", ".new-wal", ".new-shm"):
            Path(f"{self.path}{leftover}").unlink(missing_ok=True)
        new = sqlite3.connect(f"{self.path}.new")
        new.execute("PRAGMA journal_mode = WAL")
        new.executescript(SCHEMA)
        new.close()
        os.chmod(f"{self.path}.new", 0o600)
        os.replace(f"{self.path}.new", self.path)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """True for a file that no patience repairs; False for a lock, a full disk or a mistake of ours."""
    code = getattr(error, "sqlite_errorcode", 0)
    return (
        isinstance(error, Damaged)
        or code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        or code in (sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_READONLY_DBMOVED)
        or str(error).startswith("no such table")
    )


_stores: dict[Path, Store] = {}
_forking = threading.local()


def store_at(path: str | Path) -> Store:
    """The process's one store of that file."""
    return _stores.setdefault(Path(path).absolute(), Store(Path(path).absolute()))


def _before_fork() -> None:
    _forking.stores = list(_stores.values())
    for store in _forking.stores:
        store.lock.acquire()
        store.close()


def _after_fork() -> None:
    for store in _forking.stores:
        store.lock.release()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
