"""When what belongs to a port falls due: the answers, the FOC day with its hours, and the day after it.

A FOC day has a window from 06:00 to 20:00 at the place of the numbers. It begins with the window; the numbers
move at 11:30, or at the hour that was asked for, or for a port on demand at the end of the window at the
latest. With short days, `days` business days ahead means 11:30 of that day, and an hour is a part of a day.
"""

from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from django.utils import timezone

from carrier.base import PortRequest
from lib.calendar import add_business_days, business_days_between, received_on
from simulator.clock import ANSWERING, ZONE, appoint, part_of_a_day
from simulator.models import Appointment, Clock, SimAttempt, SimBatch, SimPort

Kind = Appointment.Kind
OPENS, USUAL, CLOSES = time(6), time(11, 30), time(20)
#: One zone for each country: for North America the carriers' Eastern time, for Europe the capital's.
ZONES = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LU": "Europe/Luxembourg",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PT": "Europe/Lisbon",
    "SE": "Europe/Stockholm",
}
#: What is planned around a confirmed date, and moves with it.
AROUND_THE_DATE = (Kind.LATE_NO, Kind.BEGIN, Kind.COMPLETE)
#: All that a port goes through by itself. Wishes are answered whatever becomes of the port.
COURSE = (Kind.ANSWER, Kind.DROP, Kind.LOSE, *AROUND_THE_DATE, Kind.REST)


def zone_of(country: str) -> ZoneInfo:
    """The zone in which the hours of a country's ports are meant."""
    return ZoneInfo(ZONES[country]) if country in ZONES else ZONE


# --- Answers ------------------------------------------------------------------------------------------------


def appoint_answer(
    attempt: SimAttempt, days: float, country: str, *, since: datetime | None = None, kind: Kind = Kind.ANSWER
) -> Appointment:
    """A request is answered `days` business days after the one for which it (or `since`) counts."""
    received = received_on(since or attempt.received_at, ZONE, country)
    day = add_business_days(received, ceil(days), country)
    return appoint(
        Appointment(
            kind=kind,
            attempt=attempt,
            port=attempt.port,
            days=days,
            day=day,
            real_at=datetime.combine(day, ANSWERING, ZONE),
        ),
        Clock.current(),
    )


def appoint_reply(kind: Kind, attempt: SimAttempt) -> Appointment:
    """A wish is answered within a part of a business day; see clock.PARTS_OF_A_DAY."""
    return part_of_a_day(Appointment(kind=kind, attempt=attempt, port=attempt.port))


# --- The FOC day --------------------------------------------------------------------------------------------


def days_until(day: date, country: str) -> float:
    """Business days from today to a date; 0 for today and for what is past."""
    return max(0, business_days_between(timezone.localdate(timezone=ZONE), day, country))


def appoint_activation(attempt: SimAttempt, request: PortRequest, day: date, days: float) -> None:
    """Plan a FOC day that is `days` business days ahead: its begin, and when its numbers move."""
    for kind, hour in ((Kind.BEGIN, OPENS), (Kind.COMPLETE, _hour(request))):
        _on_the_day(kind, attempt, request.country, day, hour, days)


def appoint_late_rejection(attempt: SimAttempt, request: PortRequest, day: date, days: float) -> None:
    """Plan to reject on the business day before the FOC date."""
    before = add_business_days(day, -1, request.country)
    _on_the_day(Kind.LATE_NO, attempt, request.country, before, USUAL, days - 1)


def appoint_loss(attempt: SimAttempt, country: str) -> Appointment:
    """Plan to lose a date on the business day after it was confirmed."""
    day = add_business_days(timezone.localdate(timezone=ZONE), 1, country)
    return _on_the_day(Kind.LOSE, attempt, country, day, USUAL, 1)


def move_activation(port: SimPort, attempt: SimAttempt, request: PortRequest, day: date) -> None:
    """Plan a FOC day anew, as many business days later or earlier as the date moves."""
    days = days_until(day, request.country)
    clock, planned = Clock.current(), port.appointments.filter(ended_at=None)
    activation = planned.filter(kind=Kind.COMPLETE).first()
    if clock.day_seconds is not None and activation is not None:
        # A case lives in its own time: it is as near to its date as what is left of its appointment says.
        left = (activation.due_at - clock.moment).total_seconds() / clock.day_seconds
        moves = business_days_between(activation.day, day, request.country)
        days = max(0.0, left - _part(_hour(request)) + moves)
    rejects = planned.filter(kind=Kind.LATE_NO).exists()
    withdraw(port, *AROUND_THE_DATE)
    if rejects:
        appoint_late_rejection(attempt, request, day, days)
    appoint_activation(attempt, request, day, days)


def is_activation_day(port: SimPort) -> bool:
    """Whether the FOC day of a confirmed port has begun, at midnight: it can not be stopped any more."""
    if port.state == SimPort.State.ACTIVATING:
        return True
    begin = port.appointments.filter(ended_at=None, kind=Kind.BEGIN).first()
    if begin is None:
        return False
    clock = Clock.current()
    day = timedelta(days=1) if clock.day_seconds is None else timedelta(seconds=clock.day_seconds)
    return begin.due_at - clock.moment <= day * OPENS.hour / 24


def withdraw(port: SimPort, *kinds: Kind) -> None:
    """What was planned for a port does not happen any more: its whole course, or what is of these kinds."""
    planned = port.appointments.filter(ended_at=None, kind__in=kinds or COURSE)
    planned.update(ended_at=timezone.now(), outcome=Appointment.Outcome.WITHDRAWN)


# --- After it -----------------------------------------------------------------------------------------------


def appoint_rest(attempt: SimAttempt, request: PortRequest, day: date) -> Appointment:
    """What did not move on the day moves one business day later."""
    return _on_the_day(Kind.REST, attempt, request.country, day, USUAL, 1)


def appoint_settling(batch: SimBatch) -> Appointment:
    """The first day after an activation ends after one business day, with real days after 24 hours."""
    now = timezone.now()
    return appoint(
        Appointment(
            kind=Kind.SETTLE,
            port=batch.port,
            batch=batch,
            days=1,
            day=add_business_days(now.astimezone(ZONE).date(), 1, "US"),
            real_at=now + timedelta(days=1),
        ),
        Clock.current(),
    )


def appoint_messaging(batch: SimBatch) -> Appointment:
    """Messaging follows voice after a part of a business day."""
    return part_of_a_day(Appointment(kind=Kind.MESSAGING, port=batch.port, batch=batch))


# --- Inside -------------------------------------------------------------------------------------------------


def _hour(request: PortRequest) -> time:
    if request.on_demand:
        return CLOSES
    wish = request.requested_time
    return min(max(wish, OPENS), CLOSES) if wish else USUAL


def _part(hour: time) -> float:
    """How far an hour is from the usual one, as a part of a day."""
    return ((hour.hour - USUAL.hour) * 60 + hour.minute - USUAL.minute) / 1440


def _on_the_day(
    kind: Kind, attempt: SimAttempt, country: str, day: date, hour: time, days: float
) -> Appointment:
    return appoint(
        Appointment(
            kind=kind,
            attempt=attempt,
            port=attempt.port,
            days=max(0.0, days + _part(hour)),
            day=day,
            real_at=datetime.combine(day, hour, zone_of(country)),
        ),
        Clock.current(),
    )
