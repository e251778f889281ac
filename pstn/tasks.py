"""PLACEHOLDER, to be replaced by its owner."""

from celery import shared_task


@shared_task
def take_carrier_events() -> None: ...


@shared_task
def sweep() -> None: ...
