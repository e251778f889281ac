"""Doing what falls due: each appointment once, in a transaction of its own, whoever looks at the clock."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from simulator import csr, port_outs, workflow
from simulator.models import (
    Appointment,
    Clock,
    SimAttempt,
    SimBatch,
    SimPort,
    SimPortOut,
    SimRecordRequest,
    StockOrder,
)

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


def hurry(port_out: SimPortOut) -> bool:
    """What is planned next for a port-out happens now. False when nothing is."""
    waiting = port_out.appointments.filter(ended_at=None).order_by("due_at", "pk").first()
    return waiting is not None and keep(waiting.pk)


def keep(pk: int) -> bool:
    """Do one appointment, now. False when somebody else has done it or it was withdrawn.

    The claim and the deed are one transaction: a worker that dies in between leaves the appointment waiting,
    and of two workers at the same time the second finds it claimed.
    """
    with transaction.atomic():
        appointment = Appointment.objects.select_related("attempt", "batch", "cancel").get(pk=pk)
        if appointment.record_id:
            appointment.record = SimRecordRequest.objects.select_for_update().get(pk=appointment.record_id)
        if appointment.port_out_id:
            appointment.port_out = SimPortOut.objects.select_for_update().get(pk=appointment.port_out_id)
        if appointment.order_id:
            appointment.order = StockOrder.objects.select_for_update().get(pk=appointment.order_id)
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
    kind = Appointment.Kind(appointment.kind)
    if order is not None:
        workflow.provision(order)
    elif appointment.cancel is not None:
        workflow.answer_order_cancel(appointment.cancel)
    elif appointment.record is not None:
        csr.answer(appointment.record)
    elif appointment.port_out is not None:
        _OF_PORT_OUTS[kind](appointment.port_out)
    elif port is not None and appointment.batch is not None:
        _OF_BATCHES[kind](port, appointment.batch)
    elif port is not None and attempt is not None:
        _OF_PORTS[kind](port, attempt)


_OF_PORTS: dict[Appointment.Kind, Callable[[SimPort, SimAttempt], None]] = {
    Appointment.Kind.ANSWER: workflow.answer,
    Appointment.Kind.DROP: workflow.drop,
    Appointment.Kind.LATE_NO: workflow.reject_late,
    Appointment.Kind.LOSE: workflow.lose_date,
    Appointment.Kind.BEGIN: workflow.begin,
    Appointment.Kind.COMPLETE: workflow.complete,
    Appointment.Kind.REST: workflow.finish,
    Appointment.Kind.CANCEL: workflow.answer_cancel,
    Appointment.Kind.DATE: workflow.answer_date,
    Appointment.Kind.TEST: workflow.place_test_calls,
    Appointment.Kind.SNAP_BACK: workflow.answer_snap_back,
}
_OF_BATCHES: dict[Appointment.Kind, Callable[[SimPort, SimBatch], None]] = {
    Appointment.Kind.MESSAGING: workflow.move_messaging,
    Appointment.Kind.SETTLE: workflow.settle,
}
_OF_PORT_OUTS: dict[Appointment.Kind, Callable[[SimPortOut], None]] = {
    Appointment.Kind.OUT_DUE: port_outs.consent,
    Appointment.Kind.OUT_REFUSED: port_outs.take_refusal,
    Appointment.Kind.OUT_MOVE: port_outs.complete,
    Appointment.Kind.OUT_WINDOW: port_outs.end_window,
    Appointment.Kind.OUT_DISPUTE: port_outs.answer_dispute,
}
