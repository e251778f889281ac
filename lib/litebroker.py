"""A message broker in one SQLite file, as a kombu transport: for one host, with no server beside the console.

What it promises. Reading a message only takes a lease of `visibility_timeout` seconds; acknowledging
deletes it. A consumer that lives renews its leases each time it looks for more work; one that was killed
cannot, so its messages come back to the others. Delivery is therefore at least once, and a task must be
safe to run twice.

What it does not promise. A file that was deleted, emptied or damaged is replaced by a new one and what was
in it is gone: the sweeps send again what is still due. The file must lie on a local disk, because SQLite's
write-ahead log needs shared memory; power loss may take the last messages. A consumer that works where it
reads (Celery's `solo` pool) does not renew while it works, so there the timeout must exceed the longest
task.

Call `register()` before the application is built; the URL is `litebroker://`. `transport_options`: `path`
(the file), `visibility_timeout` (seconds, 300), `polling_interval` (seconds, 0.1).
"""

# kombu says that it is typed, and most of its functions are not.
# mypy: disable-error-code="no-untyped-call"

import logging
import os
import sqlite3
import time
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads

from lib.litestore import store_at

logger = logging.getLogger(__name__)

# A broadcast ("stop this task", "are you there") is of no use to a worker that comes back later than this.
BROADCAST_SECONDS = 300.0


class QoS(virtual.QoS):
    """What a consumer holds: acknowledging deletes in the file, rejecting gives back or deletes."""

    channel: "Channel"

    def ack(self, delivery_tag: str) -> None:
        self.channel.store.delete(delivery_tag)
        super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if requeue:
            self.channel.store.release(self.channel.holder, delivery_tag)
        else:
            self.channel.store.delete(delivery_tag)
        super().ack(delivery_tag)

    def restore_unacked(self) -> list[Any]:
        self._flush()
        self._delivered.clear()
        # A pool child inherits its parent's channel; what the parent holds is not the child's to give back.
        if self.channel.pid == os.getpid():
            try:
                self.channel.store.release(self.channel.holder)
            except (sqlite3.Error, OSError) as error:
                logger.warning("Unfinished messages come back only after their time-out: %s", error)
        return []


class Channel(virtual.Channel):
    """kombu's calls, translated to those of the store."""

    QoS = QoS
    supports_fanout = True

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        options = connection.client.transport_options
        if not options.get("path"):
            raise ValueError("litebroker needs the path of its file in the transport options.")
        self.store = store_at(options["path"])
        self.seconds = float(options.get("visibility_timeout", 300))
        self.holder, self.pid = uuid4().hex, os.getpid()
        self._renewed = time.monotonic()
        self._no_ack_queues: set[str] = set()

    def drain_events(self, timeout: float | None = None, callback: Any = None) -> Any:
        if time.monotonic() - self._renewed > self.seconds / 3:
            self.store.renew(self.holder, self.seconds)
            self._renewed = time.monotonic()
        return super().drain_events(timeout=timeout, callback=callback)

    def basic_consume(self, queue: str, no_ack: bool, *args: Any, **kwargs: Any) -> Any:
        (self._no_ack_queues.add if no_ack else self._no_ack_queues.discard)(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def basic_get(self, queue: str, no_ack: bool = False, **kwargs: Any) -> Any:
        message = super().basic_get(queue, no_ack=no_ack, **kwargs)
        if message is not None and no_ack:
            self.store.delete(message.delivery_tag)
        return message

    def queue_unbind(
        self, queue: str, exchange: str | None = None, routing_key: str = "", *args: Any, **kwargs: Any
    ) -> None:
        self.store.unbind(exchange or "", queue, routing_key)
        super().queue_unbind(queue, exchange, routing_key, *args, **kwargs)

    def get_table(self, exchange: str) -> list[tuple[str, str | None, str]]:
        return self.store.routes(exchange)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        if queue in self._no_ack_queues:
            body, redelivered = self.store.take(queue), False
        else:
            body, redelivered = self.store.lease(queue, self.holder, self.seconds) or (None, False)
        if body is None:
            raise Empty
        message = loads(body)
        message["properties"]["delivery_info"]["redelivered"] = redelivered
        return message

    def _put(self, queue: str, message: dict[str, Any], lifetime: float | None = None, **kwargs: Any) -> None:
        # Copies of one message in several queues are acknowledged one by one, so each has a tag of its own.
        tag = uuid4().hex
        copy = message | {"properties": message["properties"] | {"delivery_tag": tag}}
        self.store.put(queue, tag, dumps(copy), self._get_message_priority(message), lifetime)

    def _put_fanout(self, exchange: str, message: dict[str, Any], routing_key: str, **kwargs: Any) -> None:
        self.store.drop_expired()
        for queue in sorted({queue for _, _, queue in self.store.routes(exchange)}):
            self._put(queue, message, lifetime=BROADCAST_SECONDS)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        self.store.bind(exchange, routing_key or "", pattern or "", queue)

    def _size(self, queue: str) -> int:
        return self.store.size(queue)

    def _purge(self, queue: str) -> int:
        return self.store.purge(queue)

    def _delete(self, queue: str, *args: Any, **kwargs: Any) -> None:
        self.store.drop_queue(queue)


class Transport(virtual.Transport):
    """The broker as kombu sees it. A database error is a lost connection: consumers reconnect, not die."""

    Channel = Channel
    implements = virtual.Transport.implements.extend(exchange_type=frozenset(["direct", "topic", "fanout"]))
    connection_errors: tuple[type[BaseException], ...] = (  # type: ignore[assignment]
        *virtual.Transport.connection_errors,
        sqlite3.DatabaseError,
    )
    driver_type = driver_name = "sqlite"
    polling_interval = 0.1

    @property
    def default_connection_params(self) -> dict[str, Any]:
        return {}  # there is no host to fall back on

    def driver_version(self) -> str:
        return sqlite3.sqlite_version


def register() -> None:
    """Make `litebroker://` known to kombu, and so to Celery."""
    TRANSPORT_ALIASES["litebroker"] = "lib.litebroker:Transport"
