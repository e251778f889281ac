"""The embedded broker keeps its promises: leases, one copy for one reader, nothing lost to kill -9 or a lost file."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from celery import Celery
from kombu import Connection, Consumer, Exchange, Producer, Queue

from lib import litebroker
from lib.litestore import store_at

litebroker.register()
JOBS = Queue("jobs")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "broker.sqlite3"


@pytest.fixture
def connect(path):
    opened = []

    def open_one(**options):
        options = {"path": str(path), "polling_interval": 0.01, **options}
        opened.append(Connection("litebroker://", transport_options=options))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.release()


def publish(connection, *bodies, **kwargs):
    with connection.channel() as channel:
        producer = Producer(channel)
        for body in bodies:
            producer.publish(body, routing_key="jobs", **kwargs)


def read(connection, seconds=0.3, queue=JOBS, no_ack=False):
    """Consume for a while without acknowledging; returns the consumer, which holds the leases, and its messages."""
    messages = []
    consumer = Consumer(connection.channel(), queue, no_ack=no_ack)
    consumer.register_callback(lambda body, message: messages.append(message))
    consumer.consume()
    drain(connection, seconds)
    return consumer, messages


def drain(connection, seconds=0.3):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            connection.drain_events(timeout=0.05)
        except TimeoutError:
            continue


def bodies(messages):
    return [message.decode() for message in messages]


def rows(path, sql="SELECT count(*) FROM message"):
    with sqlite3.connect(path) as database:
        return database.execute(sql).fetchone()[0]


def test_a_message_goes_round_in_order_and_priority_first(connect):
    connection = connect()
    publish(connection, {"n": 1}, {"n": 2})
    publish(connection, {"n": 3}, priority=9)
    _, messages = read(connection)
    assert bodies(messages) == [{"n": 3}, {"n": 1}, {"n": 2}]
    assert not messages[0].delivery_info["redelivered"]


def test_acknowledging_deletes_and_only_then(connect, path):
    connection = connect()
    publish(connection, "a", "b")
    _, (first, _) = read(connection)
    assert rows(path) == 2
    first.ack()
    assert rows(path) == 1


def test_rejected_messages_come_back_only_when_asked_to(connect, path):
    connection = connect()
    publish(connection, "back", "gone")
    _, messages = read(connection)
    messages[1].reject()
    messages[0].requeue()
    drain(connection)
    assert bodies(messages) == ["back", "gone", "back"]
    assert messages[2].delivery_info["redelivered"]
    assert rows(path) == 1


def test_two_consumers_share_without_duplicates(connect):
    publish(connect(), *range(400))
    found = []

    def consume():
        _, messages = read(connect(), seconds=2)
        found.append(bodies(messages))

    threads = [threading.Thread(target=consume) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found[0] + found[1]) == list(range(400))
    assert found[0]
    assert found[1]


def test_an_abandoned_message_is_delivered_again_after_the_visibility_timeout(connect):
    publish(connect(), "once more")
    silent, _ = read(connect(visibility_timeout=0.6))
    other = connect()
    kept, messages = read(other, seconds=0.1)
    assert messages == []
    drain(other, seconds=0.8)
    assert bodies(messages) == ["once more"]
    assert messages[0].delivery_info["redelivered"]


def test_a_consumer_that_lives_keeps_its_messages_beyond_the_timeout(connect):
    publish(connect(), "long work")
    holding = connect(visibility_timeout=0.6)
    kept, held = read(holding, seconds=1.5)
    _, messages = read(connect(), seconds=0.2)
    assert bodies(held) == ["long work"]
    assert messages == []


def test_a_late_requeue_does_not_take_the_message_from_its_new_holder(connect):
    publish(connect(), "once more")
    _, (late,) = read(connect(visibility_timeout=0.4))
    time.sleep(0.3)
    holder = connect()
    _, messages = read(holder)
    late.requeue()
    drain(holder)
    assert bodies(messages) == ["once more"]


def test_closing_a_connection_gives_back_what_it_held(connect):
    publish(connect(), "unfinished")
    leaving = connect()
    kept, messages = read(leaving)
    assert len(messages) == 1
    leaving.release()
    assert bodies(read(connect())[1]) == ["unfinished"]


def test_a_reader_that_never_acknowledges_deletes_at_once(connect, path):
    connection = connect()
    publish(connection, "a")
    _, messages = read(connection, no_ack=True)
    assert bodies(messages) == ["a"]
    assert rows(path) == 0


def test_get_one_message_with_and_without_acknowledging(connect, path):
    connection = connect()
    publish(connection, "a", "b")
    with connection.channel() as channel:
        assert channel.basic_get("jobs", no_ack=True).decode() == "a"
        channel.basic_get("jobs").ack()
        assert channel.basic_get("jobs") is None
    assert rows(path) == 0


def test_every_bound_queue_gets_its_own_copy_of_a_broadcast(connect, path):
    exchange = Exchange("news", type="fanout")
    readers = [connect(), connect()]
    inboxes = [read(r, 0.05, Queue(f"inbox{n}", exchange))[1] for n, r in enumerate(readers)]
    sender = connect()
    Producer(sender.channel(), exchange).publish("hello")
    for reader in readers:
        drain(reader)
    assert [bodies(inbox) for inbox in inboxes] == [["hello"], ["hello"]]
    inboxes[0][0].ack()
    assert rows(path) == 1


def test_a_broadcast_that_nobody_fetches_is_forgotten(connect, path, monkeypatch):
    monkeypatch.setattr(litebroker, "BROADCAST_SECONDS", 0.1)
    exchange = Exchange("news", type="fanout")
    connection = connect()
    Queue("gone", exchange)(connection.channel()).declare()
    for _ in range(5):
        Producer(connection.channel(), exchange).publish("hello")
    time.sleep(0.2)
    Producer(connection.channel(), exchange).publish("hello")
    assert rows(path) == 1


def test_topics_and_unbinding(connect):
    exchange = Exchange("events", type="topic")
    connection = connect()
    queue = Queue("orders", exchange, routing_key="order.*")
    _, messages = read(connection, 0.05, queue)
    producer = Producer(connection.channel(), exchange)
    producer.publish("yes", routing_key="order.done")
    producer.publish("no", routing_key="number.done")
    drain(connection)
    queue(connection.channel()).unbind_from(exchange, "order.*")
    producer.publish("late", routing_key="order.done")
    drain(connection)
    assert bodies(messages) == ["yes"]


def test_purging_empties_the_queue_and_leaves_what_is_held(connect, path):
    connection = connect()
    publish(connection, "held")
    kept, _ = read(connection)
    kept.cancel()
    publish(connection, "a", "b")
    assert JOBS(connection.channel()).purge() == 2
    assert rows(path) == 1


def delete(path):
    for file in path.parent.iterdir():
        file.unlink()


def empty(path):
    path.write_bytes(b"")


def scribble(path):
    store_at(path).close()
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))


def drop_tables(path):
    with sqlite3.connect(path) as database:
        database.executescript("DROP TABLE message; DROP TABLE binding;")


@pytest.mark.parametrize("harm", [delete, empty, scribble, drop_tables])
def test_a_lost_file_loses_its_messages_and_nothing_else(connect, path, harm):
    exchange = Exchange("work", type="direct")
    connection = connect()
    _, messages = read(connection, 0.1, Queue("jobs", exchange, routing_key="jobs"))
    sender = connect()
    producer = Producer(sender.channel(), exchange, routing_key="jobs")
    producer.publish("before")
    drain(connection)
    harm(path)
    messages[0].ack()
    producer.publish("after")
    drain(connection)
    assert bodies(messages) == ["before", "after"]
    messages[1].ack()
    assert rows(path) == 0


def test_another_process_finds_the_new_file(connect, path):
    publish(connect(), "before")
    script = (
        "import sys, time; from lib.litestore import store_at; store = store_at(sys.argv[1]);"
        "print(store.size('jobs'), flush=True); sys.stdin.readline(); print(store.size('jobs'), flush=True)"
    )
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "1\n"
        empty(path)
        publish(connect(), "a", "b", "c")
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "3\n"


def test_a_fork_does_not_carry_the_connection_along(path):
    store = store_at(path)
    store.put("jobs", "one", "{}")
    child = os.fork()
    if child == 0:
        try:
            store.put("jobs", "two", "{}")
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    store.put("jobs", "three", "{}")
    assert store.size("jobs") == 3
    assert rows(path, "PRAGMA integrity_check") == "ok"


CONSUMER = """
import sys
from kombu import Connection, Queue
from lib import litebroker
litebroker.register()
options = {"path": sys.argv[1], "visibility_timeout": 1, "polling_interval": 0.01}
def work(body, message):
    print(body, flush=True)
    message.ack()
with Connection("litebroker://", transport_options=options) as connection:
    with connection.Consumer(Queue("jobs"), callbacks=[work]):
        while True:
            connection.drain_events()
"""


def test_kill_9_of_consumers_loses_nothing(connect, path):
    publish(connect(), *range(300))
    done = set()
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", CONSUMER, str(path)], stdout=subprocess.PIPE, text=True
        ) as process:
            for _ in range(40):
                done.add(int(process.stdout.readline()))
            process.send_signal(signal.SIGKILL)
            done.update(int(line) for line in process.stdout)
    _, messages = read(connect(), seconds=2.5)
    assert done | set(bodies(messages)) == set(range(300))
    assert rows(path, "PRAGMA integrity_check") == "ok"


def test_a_control_message_reaches_a_worker_and_its_answer_comes_back(path, tmp_path):
    """Celery's own use: a broadcast out, a direct answer home, across two processes."""
    (tmp_path / "litejobs.py").write_text(
        "from celery import Celery\nfrom lib import litebroker\nlitebroker.register()\n"
        f"app = Celery('litejobs', broker='litebroker://')\n"
        f"app.conf.broker_transport_options = {{'path': {str(path)!r}}}\n"
    )
    environment = os.environ | {"PYTHONPATH": f"{os.getcwd()}:{tmp_path}"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)  # the broker alone is on trial
    command = [sys.executable, "-m", "celery", "-A", "litejobs", "worker", "-P", "solo", "-l", "ERROR"]
    worker = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        app = Celery("asking", broker="litebroker://", set_as_current=False)
        app.conf.broker_transport_options = {"path": str(path)}
        until = time.monotonic() + 20
        answers = []
        while not answers and time.monotonic() < until:
            answers = app.control.ping(timeout=1)
    finally:
        worker.terminate()
        worker.wait(20)
    assert [list(answer.values()) for answer in answers] == [[{"ok": "pong"}]]


def test_the_path_is_required():
    with pytest.raises(ValueError, match="path"):
        Connection("litebroker://").channel()
