"""What the customer sends about a port: attempts, and wishes that have a key of their own."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from carrier.base import CarrierRefused, CarrierUnavailable, Document, EventKind, PortRequest, Topic
from lib.calendar import add_business_days
from simulator import port_times, wire
from simulator.accounts import account_of, answer_days
from simulator.events import emit
from simulator.models import Appointment, SimAttempt, SimPort
from simulator.workflow.rows import (
    Scenario,
    claim,
    is_known,
    locked,
    release,
    request_of,
    scenario_of,
    take_in,
)

State = SimPort.State
Kind = SimAttempt.Kind
RACES = 3
DELAYS = 2  # on the FOC day (porting-domain 3.2)


def submit(request: PortRequest) -> str:
    """Take in a first attempt; the reference of its port. The same key again: the same port, nothing else.

    Another key with the reference of a port that has not ended is a supplement to that port: the customer's
    order is the same, and one order is one port.
    """
    for _turn in range(RACES):
        try:
            return _submit(request)
        except IntegrityError:
            # The same key, or the same reference, at the same moment: the other one has just been committed.
            continue
    raise CarrierUnavailable("Too many requests with this reference at the same moment.")


@transaction.atomic
def supplement(carrier_ref: str, request: PortRequest) -> None:
    """Take in a corrected attempt (a SUP 3) on a port that has not ended, before its FOC day begins."""
    port = locked(carrier_ref)
    if not is_known(request.key):
        _replace(port, request)


@transaction.atomic
def request_cancel(carrier_ref: str, key: str) -> None:
    """Take in the wish to cancel (a SUP 1). In time, the port stops at once; the answer follows anyway."""
    port = locked(carrier_ref)
    if is_known(key):
        return
    late = port.state == State.COMPLETED or (
        port.state in SimPort.DATED and port_times.is_activation_day(port)
    )
    if not late and port.state not in (State.CANCELING, State.CANCELED):
        port_times.withdraw(port)
        port.state = State.CANCELING
        port.save(update_fields=["state", "moved_at"])
    wish = take_in(port, key, Kind.CANCEL, is_late=late)
    port_times.appoint_reply(Appointment.Kind.CANCEL, wish)


@transaction.atomic
def request_date(carrier_ref: str, key: str, day: date) -> None:
    """Take in the wish for another date (a SUP 2). The answer says whether it is too late or not legal."""
    port = locked(carrier_ref)
    if is_known(key):
        return
    late = port.state in SimPort.DATED and port_times.is_activation_day(port)
    wish = take_in(port, key, Kind.DATE, {"day": day.isoformat()}, is_late=late)
    port_times.appoint_reply(Appointment.Kind.DATE, wish)


@transaction.atomic
def delay(carrier_ref: str, key: str) -> None:
    """On the FOC day, put the activation off to the next business day. Answered at once.

    Raises CarrierRefused: "not_today" outside the FOC day, "too_late" when numbers have moved, "delays" after
    two times.
    """
    port = locked(carrier_ref)
    if is_known(key):
        return
    if port.batches.exists() or port.state in SimPort.ENDED:
        raise CarrierRefused("Numbers of this port have moved already.", code="too_late")
    if port.state not in SimPort.DATED or not port_times.is_activation_day(port):
        raise CarrierRefused("This is not the day of the activation.", code="not_today")
    if port.appointments.filter(ended_at=None, kind=Appointment.Kind.REST).exists():
        raise CarrierRefused("What failed today is tried again tomorrow anyway.", code="too_late")
    if port.delays >= DELAYS:
        raise CarrierRefused("An activation is put off twice at most.", code="delays")
    wish = take_in(port, key, Kind.DELAY)
    wish.answered_at = timezone.now()
    attempt = port.current_attempt()
    request = request_of(attempt)
    if scenario_of(request) == Scenario.DATE_REFUSED:
        wish.code, wish.detail = "date_refused", "The losing carrier does not move the date."
        wish.save(update_fields=["answered_at", "code", "detail"])
        emit(Topic.PORTS, EventKind.PORT_DATE_REFUSED, key, detail=wish.detail)
        return
    wish.save(update_fields=["answered_at"])
    assert port.foc_date is not None, "a port that is worked today has a date"
    day = add_business_days(port.foc_date, 1, request.country)
    port_times.move_activation(port, attempt, request, day)
    port.state, port.foc_date, port.delays = State.CONFIRMED, day, port.delays + 1
    port.save(update_fields=["state", "foc_date", "delays", "moved_at"])
    emit(Topic.PORTS, EventKind.PORT_DATE_CHANGED, key, day=day, numbers=request.numbers)


@transaction.atomic
def send_documents(carrier_ref: str, key: str, documents: Sequence[Document]) -> None:
    """Add papers to a port that has not ended; an answer that waited for one of them goes on."""
    port = locked(carrier_ref)
    if is_known(key):
        return
    if port.state in (State.CANCELING, *SimPort.ENDED):
        raise CarrierRefused("The port has ended; it takes no papers.", code="ended")
    take_in(port, key, Kind.DOCUMENTS, {"documents": wire.papers_to_json(documents)})
    if port.wanted_document and port.wanted_document in {paper.kind for paper in documents}:
        port.wanted_document = ""
        port.save(update_fields=["wanted_document", "moved_at"])
        if port.state == State.WAITING:
            _appoint_answer(port.current_attempt(), since_now=True)


# --- Inside -------------------------------------------------------------------------------------------------


@transaction.atomic
def _submit(request: PortRequest) -> str:
    known = SimAttempt.objects.filter(key=request.key).select_related("port").first()
    if known is not None:
        return known.port.carrier_ref
    ports = SimPort.objects.select_for_update().filter(reference=request.reference)
    port = ports.exclude(state__in=SimPort.ENDED).first()
    if port is None:
        port = SimPort.objects.create(reference=request.reference)
        _receive(port, request, Kind.FIRST)
    elif not is_known(request.key):
        _replace(port, request)
    return port.carrier_ref


def _replace(port: SimPort, request: PortRequest) -> None:
    if port.state in (State.CANCELING, *SimPort.ENDED):
        raise CarrierRefused("The port has ended; it takes no supplement.")
    if port.state == State.ACTIVATING:
        raise CarrierRefused("The activation has begun; the port takes no supplement.")
    port_times.withdraw(port)
    release(port)
    port.state, port.foc_date, port.wished_date, port.wanted_document = State.WAITING, None, None, ""
    port.save(update_fields=["state", "foc_date", "wished_date", "wanted_document", "moved_at"])
    _receive(port, request, Kind.SUPPLEMENT)


def _receive(port: SimPort, request: PortRequest, kind: SimAttempt.Kind) -> None:
    attempt = take_in(port, request.key, kind, wire.to_json(request))
    claim(port, request.numbers)
    _appoint_answer(attempt)


def _appoint_answer(attempt: SimAttempt, *, since_now: bool = False) -> None:
    """When the losing carrier answers; a silent one does not, and one that cancels does that instead."""
    request = wire.from_json(attempt.request)
    account = account_of(request)
    scenario = account.scenario if account else ""
    if scenario == Scenario.SILENT:
        return
    kind = Appointment.Kind.DROP if scenario == Scenario.CANCELS else Appointment.Kind.ANSWER
    since = timezone.now() if since_now else None
    port_times.appoint_answer(attempt, answer_days(request, account), request.country, since=since, kind=kind)
