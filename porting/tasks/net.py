"""The net under all port orders: what was left undone is found in the rows and done."""

from celery import shared_task

from carrier.base import Topic
from porting.tasks import cutover, documents, feed, orders, readings, thread
from pstn.feed import retry


@shared_task
def sweep() -> None:
    """Finish what a lost message, a crash or an outage left undone."""
    orders.take_up()
    readings.take_up()
    documents.take_up()
    cutover.take_up()
    thread.take_up()
    retry(Topic.PORTS, feed.apply)
