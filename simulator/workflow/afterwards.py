"""After numbers have moved: messaging follows, test calls are placed, and for a day there is a way back."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from carrier.base import CallWish, CarrierRefused, EventKind, Topic
from simulator import port_times
from simulator.accounts import NORTH_AMERICA
from simulator.events import emit, emit_each
from simulator.models import Appointment, ServiceLine, SimAttempt, SimBatch, SimPort
from simulator.workflow.rows import (
    NO_PORT,
    Scenario,
    is_known,
    locked,
    locked_all,
    ours_of,
    request_of,
    scenario_of,
    take_in,
)

Messaging = SimBatch.Messaging
#: Whose customers call in a test. The routes of the second are the ones that may be stale.
ORIGINATING = ("Coastline Wireless", "Prairie Telephone", "Northern Long Distance")
STALE = ORIGINATING[1]
PASS, FAIL = "pass", "fail"


# --- Messaging ----------------------------------------------------------------------------------------------


def move_messaging(port: SimPort, batch: SimBatch) -> None:
    """Messages of activated numbers come to us too, or stay where they are."""
    if batch.messaging != Messaging.ACTIVATING:
        return
    stuck = scenario_of(request_of(port.current_attempt())) == Scenario.MESSAGING_STUCK
    set_messaging([batch], Messaging.STUCK if stuck else Messaging.PORTED)


def set_messaging(batches: Sequence[SimBatch], to: Messaging) -> None:
    """Write where messaging of batches is, then tell it of the numbers that are still here."""
    for batch in batches:
        batch.messaging = to
        batch.save(update_fields=["messaging"])
    detail = "The losing carrier has not released the numbers for messaging." if to == Messaging.STUCK else ""
    for batch in batches:
        if here := [number for number in batch.texting if number not in batch.returned]:
            emit(Topic.PORTS, EventKind.PORT_MESSAGING, batch.key, code=to.value, detail=detail, numbers=here)


def settle(port: SimPort, batch: SimBatch) -> None:
    """The first day is over: old routes have died out, and there is no way back any more."""
    batch.is_settled = True
    batch.save(update_fields=["is_settled"])


# --- Test calls ---------------------------------------------------------------------------------------------


@transaction.atomic
def request_test_calls(wishes: Sequence[CallWish]) -> dict[str, CarrierRefused]:
    """Take in wishes for test calls, which are placed a moment later; answers who is refused, by key."""
    ports = locked_all(wish.carrier_ref for wish in wishes)
    known = SimAttempt.objects.filter(key__in=[wish.key for wish in wishes])
    done = set(known.values_list("key", flat=True))
    refused = {}
    for wish in wishes:
        if wish.key not in done:
            try:
                _take_call_wish(ports.get(wish.carrier_ref), wish)
            except CarrierRefused as refusal:
                refused[wish.key] = refusal
            done.add(wish.key)
    return refused


def _take_call_wish(port: SimPort | None, wish: CallWish) -> None:
    if port is None:
        raise CarrierRefused(NO_PORT)
    attempt = take_in(port, wish.key, SimAttempt.Kind.TEST, {"numbers": ours_of(port, wish.numbers)})
    port_times.appoint_reply(Appointment.Kind.TEST, attempt)


def place_test_calls(port: SimPort, attempt: SimAttempt) -> None:
    """Call and write to and from numbers as the network is now; one event for each call or message."""
    numbers = attempt.request["numbers"]
    attempt.answered_at = timezone.now()
    attempt.save(update_fields=["answered_at"])
    scenario = scenario_of(request_of(port.current_attempt()))
    found = ServiceLine.objects.filter(e164__in=numbers).select_related("account")
    lines = {line.e164: line for line in found}
    batches = {number: batch for batch in port.batches.all() for number in batch.numbers}
    told = [
        (number, {"test": test, "via": via, "result": FAIL if note else PASS, "note": note})
        for number in numbers
        for test, via, note in _calls(lines.get(number), batches.get(number), scenario)
    ]
    emit_each(Topic.PORTS, EventKind.PORT_TESTED, attempt.key, told)


def _calls(line: ServiceLine | None, batch: SimBatch | None, scenario: str) -> Iterator[tuple[str, str, str]]:
    """(test, via, why it fails or "") of one number. Messages and 933 only where the network has them."""
    is_here = bool(line and batch and line.status == ServiceLine.Status.PORTED) and not (
        line and batch and line.e164 in batch.returned
    )
    astray = "" if is_here else "The call reached the old carrier."
    stale = scenario == Scenario.STALE_TRANSLATIONS and batch is not None and not batch.is_settled
    for via in ORIGINATING:
        old_route = "The caller's carrier still has the old route." if stale and via == STALE else ""
        yield "inbound", via, astray or old_route
    yield "outbound", "", "" if is_here else "The number is not in service here."
    if line is None or line.account.country not in NORTH_AMERICA:
        return
    if line.has_messaging:
        texts = is_here and batch is not None and batch.messaging == Messaging.PORTED
        lost = "" if texts else "Messages still go through the old carrier."
        yield "sms_in", "", lost
        yield "sms_out", "", lost
    if not line.is_toll_free:
        yield "933", "", "" if is_here else "The number is not in service here."


# --- The way back -------------------------------------------------------------------------------------------


@transaction.atomic
def request_snap_back(carrier_ref: str, key: str, numbers: Sequence[str]) -> None:
    """Take in the wish that the old carrier takes numbers back. Whether it came in time is settled now."""
    port = locked(carrier_ref)
    if is_known(key):
        return
    wanted = ours_of(port, numbers)
    in_time = {n for batch in port.batches.filter(is_settled=False) for n in batch.numbers}
    wish = take_in(
        port,
        key,
        SimAttempt.Kind.SNAP_BACK,
        {"numbers": wanted},
        is_late=not in_time.issuperset(wanted),
    )
    port_times.appoint_reply(Appointment.Kind.SNAP_BACK, wish)


def answer_snap_back(port: SimPort, attempt: SimAttempt) -> None:
    """The lines go back to the old account, all that were asked for or none."""
    numbers = attempt.request["numbers"]
    attempt.answered_at = timezone.now()
    if why := _why_not_back(port, attempt, numbers):
        attempt.code, attempt.detail = "refused", why
        attempt.save(update_fields=["answered_at", "code", "detail"])
        emit(Topic.PORTS, EventKind.PORT_SNAP_BACK_REFUSED, attempt.key, detail=why, numbers=numbers)
        return
    attempt.save(update_fields=["answered_at"])
    for batch in port.batches.all():
        if back := [number for number in batch.numbers if number in numbers]:
            batch.returned = [*batch.returned, *back]
            batch.save(update_fields=["returned"])
    ServiceLine.objects.filter(e164__in=numbers).update(status=ServiceLine.Status.ACTIVE, port=None)
    emit(Topic.PORTS, EventKind.PORT_SNAPPED_BACK, attempt.key, numbers=numbers)


def _why_not_back(port: SimPort, attempt: SimAttempt, numbers: Sequence[str]) -> str:
    if scenario_of(request_of(port.current_attempt())) == Scenario.SNAP_BACK_REFUSED:
        return "The old carrier does not take the numbers back."
    if attempt.is_late:
        return "Numbers can go back within a day of their activation, and not later."
    ported = ServiceLine.objects.filter(e164__in=numbers, status=ServiceLine.Status.PORTED)
    if ported.count() != len(numbers):
        return "Not all of these numbers are in service here."
    return ""
