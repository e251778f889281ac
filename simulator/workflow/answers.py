"""The losing carrier's word: a date, a rejection, a paper wanted, a date lost, and answers to wishes."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from carrier.base import EventKind, PortRequest, Topic
from lib.calendar import add_business_days, is_business_day, received_on
from simulator import port_times
from simulator.accounts import account_of, closed_dates, earliest_date
from simulator.clock import ZONE
from simulator.comparison import Difference
from simulator.differences import first_difference
from simulator.events import emit
from simulator.models import ServiceAccount, SimAttempt, SimPort
from simulator.workflow.rows import Scenario, claim, release, request_of, scenario_of

State = SimPort.State
LATEST = timedelta(days=30)  # a date is at most so far ahead (porting-domain 3.2)
FOUND_AGAIN = 2  # business days after which a lost date is confirmed anew


def answer(port: SimPort, attempt: SimAttempt, *, as_usual: bool = False) -> None:
    """Compare an attempt with the record as it is now: confirm a date, reject, or ask for a paper.

    With `as_usual` the account's scenario has no say; that is how support staff get an answer out of it.
    """
    if port.state != State.WAITING:
        return
    request = request_of(attempt)
    claim(port, request.numbers)
    difference = first_difference(request, attempt.received_at, port)
    scenario = Scenario.AS_USUAL if as_usual else scenario_of(request)
    if difference is None and scenario == Scenario.FOC_REFUSED and not port.has_played:
        port.has_played = True
        difference = Difference("foc_rejected", "The date can not be met. Please ask for another one.")
    if difference is not None:
        reject(port, attempt, difference.code, difference.detail, difference.numbers)
    elif scenario == Scenario.WANTS_DOCUMENT and (wanted := _missing_paper(request)):
        ask(port, attempt, wanted, "The losing carrier asks for one more document.")
    else:
        confirm(port, attempt, request, _foc_date(port, request, scenario), scenario)


def answer_cancel(port: SimPort, attempt: SimAttempt) -> None:
    """Tell whether a port was canceled."""
    attempt.answered_at = timezone.now()
    if attempt.is_late:
        attempt.code = "too_late"
        attempt.detail = "The activation has begun; the port can not be canceled any more."
        attempt.save(update_fields=["answered_at", "code", "detail"])
        emit(
            Topic.PORTS,
            EventKind.PORT_CANCEL_REFUSED,
            attempt.key,
            code=attempt.code,
            detail=attempt.detail,
        )
        return
    attempt.save(update_fields=["answered_at"])
    _end(port)
    emit(Topic.PORTS, EventKind.PORT_CANCELED, attempt.key)


def answer_date(port: SimPort, attempt: SimAttempt) -> None:
    """Agree to another date or keep the old one; the wish is judged by the record as it is now."""
    day = date.fromisoformat(attempt.request["day"])
    current = port.current_attempt()
    request = request_of(current)
    attempt.answered_at = timezone.now()
    if why := _why_no_other_date(port, attempt, request, day):
        attempt.code, attempt.detail = "date_refused", why
        attempt.save(update_fields=["answered_at", "code", "detail"])
        emit(Topic.PORTS, EventKind.PORT_DATE_REFUSED, attempt.key, detail=why)
        return
    attempt.save(update_fields=["answered_at"])
    port_times.move_activation(port, current, request, day)
    port.foc_date = port.wished_date = day
    port.save(update_fields=["foc_date", "wished_date", "moved_at"])
    emit(Topic.PORTS, EventKind.PORT_DATE_CHANGED, attempt.key, day=day, numbers=request.numbers)


def reject_late(port: SimPort, attempt: SimAttempt) -> None:
    """The scenario of a carrier that confirms and then finds something after all."""
    if port.state != State.CONFIRMED:
        return
    port.has_played = True
    port_times.withdraw(port)
    reject(
        port,
        attempt,
        "service_address_mismatch",
        "The date is withdrawn: the service address does not match our record: street.",
    )


def lose_date(port: SimPort, attempt: SimAttempt) -> None:
    """The scenario of a carrier that loses a confirmed date: the port waits, and is confirmed once more."""
    if port.state != State.CONFIRMED:
        return
    port.has_played = True
    request = request_of(attempt)
    port_times.withdraw(port)
    port_times.appoint_answer(attempt, FOUND_AGAIN, request.country, since=timezone.now())
    port.state, port.foc_date = State.WAITING, None
    port.save(update_fields=["state", "foc_date", "has_played", "moved_at"])
    emit(
        Topic.PORTS,
        EventKind.PORT_FOC_LOST,
        attempt.key,
        code="foc_lost",
        detail="The confirmed date does not hold any more. Another one follows.",
        numbers=request.numbers,
    )


def drop(port: SimPort, attempt: SimAttempt) -> None:
    """The scenario of a carrier that cancels by itself."""
    if port.state != State.WAITING:
        return
    attempt.answered_at, attempt.code = timezone.now(), "canceled"
    attempt.save(update_fields=["answered_at", "code"])
    port_times.withdraw(port)
    _end(port)
    emit(
        Topic.PORTS,
        EventKind.PORT_CANCELED,
        attempt.key,
        detail="The losing carrier has canceled the request.",
    )


# --- The three words a carrier has, also for support staff ------------------------------------------------


def confirm(port: SimPort, attempt: SimAttempt, request: PortRequest, day: date, scenario: str) -> None:
    """A date is confirmed, for the first time or instead of another one."""
    days = port_times.days_until(day, request.country)
    port_times.withdraw(port)
    if not port.has_played and scenario == Scenario.LATE_REJECT:
        port_times.appoint_late_rejection(attempt, request, day, days)
    if not port.has_played and scenario == Scenario.FOC_LOST:
        port_times.appoint_loss(attempt, request.country)
    port_times.appoint_activation(attempt, request, day, days)
    attempt.answered_at, attempt.code, attempt.detail = timezone.now(), "", ""
    attempt.save(update_fields=["answered_at", "code", "detail"])
    port.state, port.foc_date, port.wanted_document = State.CONFIRMED, day, ""
    port.save(update_fields=["state", "foc_date", "wanted_document", "has_played", "moved_at"])
    emit(Topic.PORTS, EventKind.PORT_CONFIRMED, attempt.key, day=day, numbers=request.numbers)


def reject(port: SimPort, attempt: SimAttempt, code: str, detail: str, numbers: Sequence[str] = ()) -> None:
    """The whole request is rejected, and its lines are free."""
    attempt.answered_at, attempt.code, attempt.detail = timezone.now(), code, detail[:300]
    attempt.save(update_fields=["answered_at", "code", "detail"])
    release(port)
    port.state, port.foc_date, port.wanted_document = State.REJECTED, None, ""
    port.save(update_fields=["state", "foc_date", "wanted_document", "has_played", "moved_at"])
    emit(
        Topic.PORTS,
        EventKind.PORT_REJECTED,
        attempt.key,
        code=code,
        detail=attempt.detail,
        numbers=numbers,
    )


def ask(port: SimPort, attempt: SimAttempt, kind: str, detail: str) -> None:
    """One more paper is wanted; a port without an answer goes on when it has come."""
    port.wanted_document = kind
    port.save(update_fields=["wanted_document", "has_played", "moved_at"])
    emit(Topic.PORTS, EventKind.PORT_DOCUMENT_WANTED, attempt.key, code=kind, detail=detail)


# --- Inside -------------------------------------------------------------------------------------------------


def _end(port: SimPort) -> None:
    release(port)
    port.state, port.foc_date, port.wanted_document = State.CANCELED, None, ""
    port.save(update_fields=["state", "foc_date", "wanted_document", "moved_at"])


def _missing_paper(request: PortRequest) -> str:
    account = account_of(request)
    wanted = account.wanted_document if account else ""
    return "" if wanted in {paper.kind for paper in request.documents} else wanted


def _foc_date(port: SimPort, request: PortRequest, scenario: str) -> date:
    """The date that was asked for, or the next one when that is past; on short notice the next one anyway."""
    account = account_of(request)
    day = add_business_days(timezone.localdate(timezone=ZONE), 1, request.country)
    if scenario != Scenario.SHORT_NOTICE:
        day = max(day, port.wished_date or request.requested_date)
    while account and day in closed_dates(account):
        day = add_business_days(day, 1, request.country)
    return day


def _why_no_other_date(port: SimPort, attempt: SimAttempt, request: PortRequest, day: date) -> str:
    if attempt.is_late:
        return "The activation has begun; the date stands."
    if port.state != State.CONFIRMED:
        return "The port has no confirmed date that could be changed."
    account = account_of(request)
    if account and account.scenario == ServiceAccount.Scenario.DATE_REFUSED:
        return "The losing carrier does not move the date."
    if account and day < (earliest := earliest_date(account, attempt.received_at, request.country)):
        return f"The earliest possible date is {earliest.isoformat()}."
    if day > received_on(attempt.received_at, ZONE, request.country) + LATEST:
        return "The date is more than 30 days ahead."
    if not is_business_day(day, request.country) or (account and day in closed_dates(account)):
        return f"No ports are worked on {day.isoformat()}."
    return ""
