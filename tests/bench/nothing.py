"""A task that does nothing: what the queue itself costs."""

from celery import shared_task


@shared_task
def nothing() -> None:
    """Taken, done, gone."""
