"""The FOC day: it begins, numbers move, all at once or as they are asked for, and some only the day after."""

from collections.abc import Collection, Sequence
from datetime import date
from math import ceil

from django.db import transaction

from carrier.base import CarrierRefused, EventKind, PortRequest, Topic
from lib.calendar import add_business_days
from simulator import port_times
from simulator.accounts import NORTH_AMERICA
from simulator.events import emit
from simulator.models import Appointment, ServiceAccount, ServiceLine, SimAttempt, SimBatch, SimPort
from simulator.workflow.rows import (
    Scenario,
    is_known,
    locked,
    moved,
    ours_of,
    request_of,
    scenario_of,
    take_in,
)

State = SimPort.State
Messaging = SimBatch.Messaging


def begin(port: SimPort, attempt: SimAttempt) -> None:
    """The FOC day has begun: nothing stops the port any more."""
    if port.state != State.CONFIRMED:
        return
    request = request_of(attempt)
    port.state = State.ACTIVATING
    port.save(update_fields=["state", "moved_at"])
    emit(Topic.PORTS, EventKind.PORT_ACTIVATING, attempt.key, day=port.foc_date, numbers=request.numbers)


def complete(port: SimPort, attempt: SimAttempt) -> None:
    """The hour has come: what has not moved yet moves, but for what the scenario keeps a day longer."""
    request = request_of(attempt)
    _work(port, attempt, request, request.numbers, holds=True, is_last=True)


def finish(port: SimPort, attempt: SimAttempt) -> None:
    """The day after: what is left moves."""
    request = request_of(attempt)
    _work(port, attempt, request, request.numbers, day=_day_after(port, request))


@transaction.atomic
def activate(carrier_ref: str, key: str, numbers: Sequence[str]) -> None:
    """Activate these numbers of an on-demand port now; PORT_COMPLETED tells which have moved.

    Raises CarrierRefused: "not_today" outside its FOC day, "not_on_demand", "numbers" for those of others.
    """
    port = locked(carrier_ref)
    if is_known(key):
        return
    wanted = ours_of(port, numbers)
    attempt = port.current_attempt()
    request = request_of(attempt)
    if moved(port).issuperset(wanted):
        return
    if port.state != State.ACTIVATING:
        raise CarrierRefused("This is not the day of the activation.", code="not_today")
    if not request.on_demand:
        raise CarrierRefused("This port is activated at its hour, not on demand.", code="not_on_demand")
    take_in(port, key, SimAttempt.Kind.ACTIVATE, {"numbers": wanted})
    _work(port, attempt, request, wanted, holds=True)


def activate_all(port: SimPort, attempt: SimAttempt) -> None:
    """Everything that is left moves now, whatever the scenario is: support staff want it so."""
    request = request_of(attempt)
    _work(port, attempt, request, request.numbers)


# --- Inside -------------------------------------------------------------------------------------------------


def _work(
    port: SimPort,
    attempt: SimAttempt,
    request: PortRequest,
    wanted: Collection[str],
    *,
    holds: bool = False,
    day: date | None = None,
    is_last: bool = False,
) -> None:
    """Move what is `wanted`, but for what the scenario `holds` back. After the last of a day the rest waits.

    All rows first, then the events: the day's begin if nobody has told it, what moved, its messaging, what
    failed.
    """
    if port.state not in SimPort.DATED:
        return
    is_told = port.state == State.ACTIVATING
    scenario, before, wanted = scenario_of(request), moved(port), set(wanted)
    held = _held_back(request, scenario) if holds else set()
    goes = wanted - before - held
    moving = [number for number in request.numbers if number in goes]
    here = before | goes
    left = [number for number in request.numbers if number not in here]
    fails = scenario == Scenario.ACTIVATION_FAILS and not port.has_played
    failing = sorted(held & wanted - before) if fails else []
    port.has_played = port.has_played or bool(failing)
    port.state = State.ACTIVATING if left else State.COMPLETED
    port.save(update_fields=["state", "has_played", "moved_at"])
    batch = _move(port, attempt, request, moving) if moving else None
    if not left:
        port_times.withdraw(port, *port_times.AROUND_THE_DATE, Appointment.Kind.REST)
        _settle_the_rest(request)
    elif is_last:
        port_times.appoint_rest(attempt, request, _day_after(port, request))

    day, key = day or port.foc_date, attempt.key
    if not is_told:
        emit(Topic.PORTS, EventKind.PORT_ACTIVATING, key, day=day, numbers=[*moving, *left])
    if batch:
        emit(Topic.PORTS, EventKind.PORT_COMPLETED, key, day=day, numbers=moving)
    if batch and batch.texting:
        emit(
            Topic.PORTS, EventKind.PORT_MESSAGING, key, code=Messaging.ACTIVATING.value, numbers=batch.texting
        )
    if failing:
        detail = "The other carrier's order contradicts ours. It is tried again on the next business day."
        emit(Topic.PORTS, EventKind.PORT_FAILED, key, code="sv_conflict", detail=detail, numbers=failing)


def _move(port: SimPort, attempt: SimAttempt, request: PortRequest, moving: list[str]) -> SimBatch:
    """These lines leave the old carrier's record and are ours."""
    lines = ServiceLine.objects.filter(e164__in=moving)
    lines.update(status=ServiceLine.Status.PORTED, port=None)
    texting = lines.filter(has_messaging=True, account__country__in=NORTH_AMERICA).order_by("e164")
    batch = port.batches.create(
        key=attempt.key, numbers=moving, texting=list(texting.values_list("e164", flat=True))
    )
    port_times.appoint_settling(batch)
    if batch.texting:
        batch.messaging = Messaging.ACTIVATING
        batch.save(update_fields=["messaging"])
        port_times.appoint_messaging(batch)
    return batch


def _held_back(request: PortRequest, scenario: str) -> set[str]:
    """What the losing carrier's scenario does not let go on the day itself."""
    numbers = sorted(request.numbers)
    if scenario == Scenario.PARTIAL:
        return set(numbers[ceil(len(numbers) / 2) :])
    return {numbers[-1]} if scenario == Scenario.ACTIVATION_FAILS else set()


def _day_after(port: SimPort, request: PortRequest) -> date:
    assert port.foc_date is not None, "what is worked has a date"
    return add_business_days(port.foc_date, 1, request.country)


def _settle_the_rest(request: PortRequest) -> None:
    """The billing number is gone: the lines that stay get the new one, or are disconnected as was asked."""
    if request.btn not in request.numbers:
        return
    left = ServiceLine.objects.on_account().filter(btn=request.btn, registry_status="")
    if request.keep_remaining and not request.full_port:
        ServiceAccount.objects.filter(btn=request.btn, lines__in=left).update(btn=request.new_btn)
        left.update(btn=request.new_btn)
    else:
        left.update(status=ServiceLine.Status.DISCONNECTED)
