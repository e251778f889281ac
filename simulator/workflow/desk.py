"""What support staff may force on a port; each raises CarrierRefused, with words, where it is impossible.

Done twice, a verb is refused or changes nothing. Each takes any copy of the port's row and locks it anew.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from carrier.base import CarrierRefused, EventKind, Topic
from simulator import port_times
from simulator.clock import ZONE
from simulator.events import emit
from simulator.models import SimBatch, SimPort
from simulator.workflow import activation, afterwards, answers
from simulator.workflow.rows import claim, relocked, request_of

State = SimPort.State


@transaction.atomic
def force_reject(port: SimPort, code: str, detail: str) -> None:
    """Reject a port that waits or has a date, for a reason of the staff's choice."""
    port = relocked(port.pk)
    if port.state not in (State.WAITING, State.CONFIRMED):
        raise CarrierRefused("Only a port that waits for an answer or for its day can be rejected.")
    port_times.withdraw(port)
    answers.reject(port, port.current_attempt(), code, detail)


@transaction.atomic
def force_confirm(port: SimPort, day: date) -> None:
    """Confirm a date, or another one than before, whatever the record says."""
    port = relocked(port.pk)
    if port.state not in (State.WAITING, State.CONFIRMED):
        raise CarrierRefused("Only a port that waits for an answer or for its day gets a date.")
    if port.state == State.CONFIRMED and port.foc_date == day:
        return
    if day < timezone.localdate(timezone=ZONE):
        raise CarrierRefused("The date is past.")
    attempt = port.current_attempt()
    request = request_of(attempt)
    claim(port, request.numbers)
    answers.confirm(port, attempt, request, day, "")


@transaction.atomic
def answer_now(port: SimPort) -> None:
    """Answer what waits by the record, also where the losing carrier is silent or waits for a paper."""
    port = relocked(port.pk)
    if port.state != State.WAITING:
        raise CarrierRefused("The port does not wait for an answer.")
    port_times.withdraw(port)
    answers.answer(port, port.current_attempt(), as_usual=True)


@transaction.atomic
def complete_now(port: SimPort) -> None:
    """Activate everything that has not moved, as if its hour had come."""
    port = relocked(port.pk)
    if port.state not in SimPort.DATED:
        raise CarrierRefused("The port has no confirmed date; confirm one first.")
    activation.activate_all(port, port.current_attempt())


@transaction.atomic
def release_messaging(port: SimPort) -> None:
    """Let messaging of all activated numbers come now."""
    port = relocked(port.pk)
    waiting = list(port.batches.exclude(messaging__in=[SimBatch.Messaging.NONE, SimBatch.Messaging.PORTED]))
    if not waiting:
        raise CarrierRefused("No messaging of this port is under way.")
    afterwards.set_messaging(waiting, SimBatch.Messaging.PORTED)


@transaction.atomic
def ask_document(port: SimPort, kind: str, detail: str) -> None:
    """Ask for one more paper; a port that waits for its answer goes on when it has come."""
    port = relocked(port.pk)
    if port.state not in (State.WAITING, State.CONFIRMED, State.ACTIVATING):
        raise CarrierRefused("The port takes no papers now.")
    if port.state == State.WAITING:
        port_times.withdraw(port)
    answers.ask(port, port.current_attempt(), kind, detail)


@transaction.atomic
def write_note(port: SimPort, text: str) -> None:
    """Write to the customer, in the carrier's own words."""
    port = relocked(port.pk)
    emit(Topic.PORTS, EventKind.PORT_NOTE, port.current_attempt().key, detail=text)
