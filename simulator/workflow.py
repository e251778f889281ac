"""The life of ports and number orders at the carrier: every change of their state is one function here.

A port waits for the losing carrier's answer, is confirmed or rejected, and a confirmed one is completed on
its FOC date. A supplement takes the place of the attempt before it, which is not answered any more. Every
verb locks the port first, then claims lines, then writes its event last: always in this order, so that two of
them never wait for each other.
"""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from carrier.base import CarrierRefused, CarrierUnavailable, EventKind, PortRequest, Topic
from simulator import clock, stock, wire
from simulator.differences import first_difference
from simulator.events import emit
from simulator.models import ServiceAccount, ServiceLine, SimAttempt, SimPort, StockBlock, StockOrder

State = SimPort.State
RACES = 3


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


def supplement(carrier_ref: str, request: PortRequest) -> None:
    """Take in a corrected attempt on a port that has not ended."""
    with transaction.atomic():
        port = _locked(carrier_ref)
        if not SimAttempt.objects.filter(key=request.key).exists():
            _replace(port, request)


def request_cancel(carrier_ref: str, key: str) -> None:
    """Take in the wish to cancel. In time, the port stops at once; the answer follows in either case."""
    with transaction.atomic():
        port = _locked(carrier_ref)
        if SimAttempt.objects.filter(key=key).exists():
            return
        late = port.state == State.COMPLETED or (
            port.state == State.CONFIRMED and clock.is_activation_day(port)
        )
        if not late and port.state not in (State.CANCELING, State.CANCELED):
            clock.withdraw(port)
            port.state = State.CANCELING
            port.save(update_fields=["state", "moved_at"])
        attempt = port.attempts.create(
            key=key, kind=SimAttempt.Kind.CANCEL, received_at=timezone.now(), is_late=late
        )
        clock.appoint_cancel(attempt)


def answer(port: SimPort, attempt: SimAttempt) -> None:
    """Compare an attempt with the record as it is now: confirm the date, or reject for a difference."""
    request = wire.from_json(attempt.request)
    _claim(port, request.numbers)
    difference = first_difference(request, attempt.received_at, port)
    attempt.answered_at = timezone.now()
    if difference is None:
        port.state, port.foc_date = State.CONFIRMED, request.requested_date
        clock.appoint_activation(attempt, request.requested_date, request.country)
        emit(Topic.PORTS, EventKind.PORT_CONFIRMED, attempt.key, day=port.foc_date, numbers=request.numbers)
    else:
        port.state = State.REJECTED
        attempt.code, attempt.detail = difference.code, difference.detail
        port.lines.update(port=None)
        emit(
            Topic.PORTS,
            EventKind.PORT_REJECTED,
            attempt.key,
            code=difference.code,
            detail=difference.detail,
            numbers=difference.numbers,
        )
    attempt.save(update_fields=["answered_at", "code", "detail"])
    port.save(update_fields=["state", "foc_date", "moved_at"])


def complete(port: SimPort, attempt: SimAttempt) -> None:
    """The FOC date has come: the lines leave the old carrier's record and are ours."""
    request = wire.from_json(attempt.request)
    port.lines.update(status=ServiceLine.Status.PORTED, port=None)
    if request.btn in request.numbers:
        _settle_the_rest(request)
    port.state = State.COMPLETED
    port.save(update_fields=["state", "moved_at"])
    emit(Topic.PORTS, EventKind.PORT_COMPLETED, attempt.key, day=port.foc_date, numbers=request.numbers)


def answer_cancel(port: SimPort, attempt: SimAttempt) -> None:
    """Tell whether a port was canceled."""
    attempt.answered_at = timezone.now()
    if attempt.is_late:
        attempt.code = "too_late"
        attempt.detail = "The activation has begun; the port can not be canceled any more."
        emit(
            Topic.PORTS,
            EventKind.PORT_CANCEL_REFUSED,
            attempt.key,
            code=attempt.code,
            detail=attempt.detail,
        )
    else:
        port.lines.update(port=None)
        port.state, port.foc_date = State.CANCELED, None
        port.save(update_fields=["state", "foc_date", "moved_at"])
        emit(Topic.PORTS, EventKind.PORT_CANCELED, attempt.key)
    attempt.save(update_fields=["answered_at", "code", "detail"])


def provision(order: StockOrder) -> None:
    """Bring ordered numbers into service, all of them; or give all of them back when one can not be."""
    numbers = list(order.numbers.select_for_update().order_by("e164"))
    broken = set(StockBlock.objects.filter(is_broken=True, numbers__in=numbers).values_list("pk", flat=True))
    if broken:
        failed = [number.e164 for number in numbers if number.block_id in broken]
        stock.give_back(numbers)
        order.state = StockOrder.State.FAILED
        detail = "Provisioning failed in the switch; the whole order was given back."
        emit(
            Topic.NUMBERS, EventKind.NUMBERS_FAILED, order.key, code="unknown", detail=detail, numbers=failed
        )
    else:
        order.state = StockOrder.State.PROVISIONED
        sold = [number.e164 for number in numbers]
        emit(Topic.NUMBERS, EventKind.NUMBERS_PROVISIONED, order.key, numbers=sold)
    order.save(update_fields=["state"])


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
        _receive(port, request, SimAttempt.Kind.FIRST)
    elif not SimAttempt.objects.filter(key=request.key).exists():
        _replace(port, request)
    return port.carrier_ref


def _locked(carrier_ref: str) -> SimPort:
    port = SimPort.objects.select_for_update().filter(pk=SimPort.pk_of(carrier_ref)).first()
    if port is None:
        raise CarrierRefused("There is no port with this reference.")
    return port


def _replace(port: SimPort, request: PortRequest) -> None:
    if port.state in (State.CANCELING, *SimPort.ENDED):
        raise CarrierRefused("The port has ended; it takes no supplement.")
    clock.withdraw(port)
    port.lines.update(port=None)
    port.state, port.foc_date = State.WAITING, None
    port.save(update_fields=["state", "foc_date", "moved_at"])
    _receive(port, request, SimAttempt.Kind.SUPPLEMENT)


def _receive(port: SimPort, request: PortRequest, kind: SimAttempt.Kind) -> None:
    attempt = port.attempts.create(
        key=request.key, kind=kind, received_at=timezone.now(), request=wire.to_json(request)
    )
    _claim(port, request.numbers)
    account = ServiceAccount.objects.filter(lines__e164__in=request.numbers).order_by("pk").first()
    clock.appoint_answer(attempt, account.answer_days if account else 1, request.country)


def _claim(port: SimPort, numbers: Sequence[str]) -> None:
    """Whoever asks first has the line: a second port of it is answered with pending_order."""
    lines = ServiceLine.objects.filter(e164__in=numbers, port=None).order_by("e164").select_for_update()
    ServiceLine.objects.filter(pk__in=[line.pk for line in lines]).update(port=port)


def _settle_the_rest(request: PortRequest) -> None:
    """The billing number is gone: the lines that stay get the new one, or are disconnected as was asked."""
    left = ServiceLine.objects.on_account().filter(btn=request.btn)
    if request.keep_remaining and not request.full_port:
        ServiceAccount.objects.filter(btn=request.btn, lines__in=left).update(btn=request.new_btn)
        left.update(btn=request.new_btn)
    else:
        left.update(status=ServiceLine.Status.DISCONNECTED)
