"""Telling the queue about work: after commit, and never at the price of the request that caused it."""

import logging
import random
import sqlite3
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import KombuError

log = logging.getLogger(__name__)
LONGEST_PAUSE = 300.0  # seconds

# What a publisher raises when nobody takes the message: kombu's errors, sockets, a broker that is a file.
UNREACHABLE = (KombuError, OSError, sqlite3.Error)


def later(task: Any, *args: Any) -> None:
    """Queue a Celery task once the present transaction is committed; at once when there is none.

    A broker that does not answer costs one short try and a line in the log: what was to be done stands in an
    event row, and the sweep finds it there. Arguments are primary keys, never personal data.
    """
    transaction.on_commit(partial(publish, task, *args))


def publish(task: Any, *args: Any) -> bool:
    """Queue a Celery task now; False (and a line in the log) when the broker does not answer."""
    try:
        task.apply_async(args, retry=False)
    except UNREACHABLE as error:
        log.warning("%s%r was not queued (%s); the sweep will find it", task.name, args, type(error).__name__)
        return False
    return True


def next_try(tries: int) -> datetime:
    """When to call again after `tries` calls that nobody answered: 1, 2, 4 … at most 300 seconds from now.

    Scattered by a third, so that what failed together does not come back together.
    """
    pause = min(2.0 ** min(tries, 10), LONGEST_PAUSE) * random.uniform(0.7, 1.3)  # noqa: S311
    return timezone.now() + timedelta(seconds=pause)
