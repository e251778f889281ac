"""Settings, URLs and the processes' entry points; nothing about telephone numbers."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
