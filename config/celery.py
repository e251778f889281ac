"""The Celery application and the broker that it needs no server for."""

import os

from celery import Celery

from lib import litebroker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
litebroker.register()
app = Celery("pstnhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["pstn.jobs", "pstn.imports"])
