"""Doing what falls due: each appointment once, in a transaction of its own, whoever looks at the clock."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from simulator import workflow
from simulator.models import Appointment, Clock, SimAttempt, SimPort

log = logging.getLogger(__name__)
#: At most so many in one tick; the rest waits for the next.
BATCH = 200
#: How long an appointment that failed is put off, so that it does not stand in the way of the others.
PUT_OFF = timedelta(seconds=30)


def keep_due(at_most: int = BATCH) -> int:
    """Do everything that is due, oldest first; how many. Nothing is due while the clock stands still."""
    if Clock.current().paused_at is not None:
        return 0
    due = Appointment.objects.waiting().filter(due_at__lte=timezone.now()).values_list("pk", flat=True)
    return sum(_keep_or_put_off(pk) for pk in list(due[:at_most]))


def keep_next() -> Appointment | None:
    """Do the next appointment now, also when the clock stands still. None when nothing is planned."""
    appointment = Appointment.objects.waiting().first()
    if appointment is not None:
        keep(appointment.pk)
    return appointment


def keep(pk: int) -> bool:
    """Do one appointment, now. False when somebody else has done it or it was withdrawn.

    The claim and the deed are one transaction: a worker that dies in between leaves the appointment waiting,
    and of two workers at the same time the second finds it claimed.
    """
    with transaction.atomic():
        appointment = Appointment.objects.select_related("attempt", "order").get(pk=pk)
        if appointment.port_id:
            # Locked before the claim, as in workflow.py: whoever cancels waits here, or we wait for them.
            appointment.port = SimPort.objects.select_for_update().get(pk=appointment.port_id)
        claimed = Appointment.objects.filter(pk=pk, ended_at=None).update(
            ended_at=timezone.now(), outcome=Appointment.Outcome.DONE
        )
        if claimed:
            _do(appointment)
    return bool(claimed)


def _keep_or_put_off(pk: int) -> bool:
    try:
        return keep(pk)
    except Exception:  # whatever is wrong with one case must not stop all others
        log.exception("Appointment %s failed and is put off", pk)
        Appointment.objects.filter(pk=pk, ended_at=None).update(due_at=timezone.now() + PUT_OFF)
        return False


def _do(appointment: Appointment) -> None:
    port, attempt, order = appointment.port, appointment.attempt, appointment.order
    if order is not None:
        workflow.provision(order)
    elif port is not None and attempt is not None:
        _ANSWERS[Appointment.Kind(appointment.kind)](port, attempt)


_ANSWERS: dict[Appointment.Kind, Callable[[SimPort, SimAttempt], None]] = {
    Appointment.Kind.ANSWER: workflow.answer,
    Appointment.Kind.COMPLETE: workflow.complete,
    Appointment.Kind.CANCEL: workflow.answer_cancel,
}
