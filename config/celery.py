"""The Celery application and the broker that it needs no server for."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun
from django.db import close_old_connections

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


task_prerun.connect(keep_connections)
task_postrun.connect(keep_connections)
