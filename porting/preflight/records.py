"""The current carrier's record of an account: when it is asked for, and how far that is."""

from lib.queue import later
from porting.models import CsrRequest, PortOrder
from porting.models.records import carrier_of, may_ask, question


def current(order: PortOrder) -> CsrRequest | None:
    """The question whose answer is about this order as it is now; one query."""
    return next((row for row in order.record_requests.order_by("-pk") if row.answers(order)), None)


def ask(order: PortOrder) -> CsrRequest | None:
    """Have a worker ask for the record, in the caller's transaction; None while too little is known.

    What was asked for with other data goes, and its answer with it. Asked again with the same, it is one
    question.
    """
    from porting.tasks import records as tasks  # tasks import what they deliver for

    if not may_ask(order):
        return None
    row = current(order)
    if row is None:
        carrier = carrier_of(order)
        row, _made = order.record_requests.get_or_create(
            asked=question(order, carrier), defaults={"losing_carrier": carrier}
        )
        later(tasks.ask_for_record, row.pk)
    order.record_requests.exclude(pk=row.pk).delete()
    return row


def ask_again(order: PortOrder) -> CsrRequest | None:
    """Ask for the record anew, unless a question is open: what the carrier has may have changed."""
    row = current(order)
    if row is not None and row.is_open:
        return row
    order.record_requests.filter().delete()
    return ask(order)
