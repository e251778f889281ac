"""The processes of a whole console, for tests that kill them: on the test's database, with a broker of their own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection


class House:
    """The processes of a console on the test's database and a Redis database of its own."""

    def __init__(self, folder, *, sweep, **environment):
        database = urlsplit(os.environ["DATABASE_URL"])
        broker = urlsplit(os.environ["REDIS_URL"])._replace(path="/9").geturl()
        self.redis = redis.Redis.from_url(broker)
        self.redis.flushdb()
        self.environment = {
            **os.environ,
            "DATABASE_URL": database._replace(path="/" + connection.settings_dict["NAME"]).geturl(),
            "REDIS_URL": broker,
            "VAR_DIR": str(folder),
            "STORAGE_ROOT": str(settings.MEDIA_ROOT),
            "CARRIER_DAY_SECONDS": "0.2",
            "CARRIER_POLL_SECONDS": "0.5",
            "SWEEP_SECONDS": "1" if sweep else "100000",
            "SWEEP_AFTER_SECONDS": "4",
            "VISIBILITY_TIMEOUT": "4",
            "LOG_LEVEL": "ERROR",
            "CELERY_SKIP_CHECKS": "true",
            **environment,
        }
        self.log = (folder / "log").open("ab")
        self.running = {}

    def start(self, name, *command):
        self.running[name] = subprocess.Popen(
            [sys.executable, *command],
            env=self.environment,
            start_new_session=True,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def start_beat(self):
        self.start(
            "beat", "-m", "celery", "-A", "config", "beat", "-s", self.environment["VAR_DIR"] + "/beat"
        )

    def start_worker(self):
        self.start(
            "worker",
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "-c",
            "2",
            "--without-gossip",
            "--without-mingle",
        )

    def kill(self, name):
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_one_of(self, name, moments):
        """Kill one child of a worker, as the system does when memory is short; the worker starts another."""
        self._kill([moments.choice(self._children(name))])

    def kill_children(self, name):
        """Kill them all, whichever of them is at work."""
        self._kill(self._children(name))

    def _children(self, name):
        pid = self.running[name].pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()

    def _kill(self, pids):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def close(self):
        for name in list(self.running):
            self.kill(name)
        self.redis.flushdb()
        self.redis.close()
        self.log.close()

    def said(self):
        """What the processes wrote, for the message of a test that fails."""
        return Path(self.log.name).read_text()[-3000:]


def wait_until(done, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if done():
            return True
        time.sleep(0.25)
    return bool(done())
