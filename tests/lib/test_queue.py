import sqlite3

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from lib.queue import later, publish


class Task:
    """Remembers what it was queued with, or cannot be queued."""

    name = "a.task"

    def __init__(self, error=None):
        self.error, self.queued = error, []

    def apply_async(self, args, retry):
        assert retry is False
        if self.error:
            raise self.error
        self.queued.append(args)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_queued_before_the_commit():
    task = Task()
    with transaction.atomic():
        later(task, 7)
        assert task.queued == []
    assert task.queued == [(7,)]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_queued():
    task = Task()
    with transaction.atomic():
        later(task, 7)
        transaction.set_rollback(True)
    assert task.queued == []


@pytest.mark.parametrize(
    "error", [OperationalError("gone"), ConnectionRefusedError(), sqlite3.OperationalError()]
)
def test_a_broker_that_is_down_costs_a_line_in_the_log(error, caplog):
    assert publish(Task(error), 7) is False
    assert "a.task(7,) was not queued" in caplog.text


def test_an_error_of_ours_is_not_hidden():
    with pytest.raises(KeyError):
        publish(Task(KeyError("ours")), 7)
