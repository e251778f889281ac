"""The Celery application and the broker that it needs no server for."""

import gc
import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_init
from django.db import close_old_connections
from django.urls import get_resolver

from lib import litebroker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
litebroker.register()
app = Celery("pstnhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["pstn.jobs", "pstn.imports"])


def keep_connections(task: Any, **_facts: Any) -> None:
    """A task goes on with the connection of the one before, for CONN_MAX_AGE: opening one costs more than
    most tasks. A dead one is noticed by its health check."""
    if not task.request.is_eager:
        close_old_connections()


def load_first(**_facts: Any) -> None:
    """What every child of the worker needs is there before they are, for all of them, and stays: nobody
    looks for garbage in it again. A batch makes thousands of objects that go by themselves, so looking after
    every 700 finds nothing either. Of 3,000 moves of ports it saved a sixth, most of it in the first ones."""
    _addresses = get_resolver().reverse_dict  # mails name them
    import_module("holidays.countries")  # the first business day loads all of them
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


task_prerun.connect(keep_connections)
task_postrun.connect(keep_connections)
worker_init.connect(load_first)
