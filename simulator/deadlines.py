"""When requests for records and port-outs fall due: business days of the carrier's clock, and its hours."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from lib.calendar import (
    add_business_days,
    business_days_between,
    is_business_day,
    next_business_day,
    received_on,
)
from simulator.clock import ACTIVATION, ZONE, appoint, part_of_a_day
from simulator.models import Appointment, Clock, SimPortOut, SimRecordRequest

#: Port-outs are North American: their days are counted by its calendar.
COUNTRY = "US"
#: Between these hours of a business day, a day to answer a port-out begins and ends.
OPENING, CLOSING = time(8, 0), time(17, 0)
ONE_DAY, ONE_HOUR = timedelta(days=1), timedelta(hours=1)
Kind = Appointment.Kind


def of_record(request: SimRecordRequest, days: int) -> Appointment:
    """A person finds a record `days` business days after the day for which the wish counts as received."""
    received = received_on(request.created_at, ZONE, request.country)
    day = add_business_days(received, days, request.country)
    return appoint(Appointment(kind=Kind.RECORD, record=request, days=days, day=day), Clock.current())


def of_consent(port_out: SimPortOut) -> Appointment:
    """Silence about a port-out counts as consent one business day after it came, in business hours."""
    return _plan(Kind.OUT_DUE, port_out, 1, one_business_day_after(timezone.now()))


def of_departure(port_out: SimPortOut) -> Appointment:
    """A port-out that was accepted is completed on its date, like a port."""
    day = port_out.requested_date
    days = max(0, business_days_between(timezone.localdate(timezone=ZONE), day, COUNTRY))
    return _plan(Kind.OUT_MOVE, port_out, days, datetime.combine(day, ACTIVATION, ZONE))


def of_refusal(port_out: SimPortOut) -> Appointment:
    """The gaining carrier takes a refusal after 0.2 of a business day, with real days after an hour."""
    return part_of_a_day(Appointment(kind=Kind.OUT_REFUSED, port_out=port_out))


def of_window(port_out: SimPortOut, days: int, real_days: int) -> Appointment:
    """A time to dispute ends after `days` business days; with real days `real_days` times 24 hours."""
    return _plan(Kind.OUT_WINDOW, port_out, days, timezone.now() + real_days * ONE_DAY)


def of_dispute(port_out: SimPortOut, days: float) -> Appointment:
    """A dispute is answered after `days` business days; a part of a day is, with real days, an hour."""
    now = timezone.now()
    if days >= 1:
        day = add_business_days(now.astimezone(ZONE).date(), int(days), COUNTRY)
        return _plan(Kind.OUT_DISPUTE, port_out, days, datetime.combine(day, CLOSING, ZONE))
    return _plan(Kind.OUT_DISPUTE, port_out, days, now + ONE_HOUR)


def withdraw(about: SimPortOut | SimRecordRequest) -> None:
    """Nothing that was planned for a port-out or a wish for a record happens any more."""
    about.appointments.filter(ended_at=None).update(
        ended_at=timezone.now(), outcome=Appointment.Outcome.WITHDRAWN
    )


def one_business_day_after(moment: datetime) -> datetime:
    """The same time of the next business day. What comes before 08:00, after 17:00 or on a day off counts
    from 08:00 of the (next) business day.
    """
    local = moment.astimezone(ZONE)
    today, hour = local.date(), local.time()
    if not is_business_day(today, COUNTRY) or hour > CLOSING:
        today, hour = next_business_day(today + ONE_DAY, COUNTRY), OPENING
    day = add_business_days(today, 1, COUNTRY)
    return datetime.combine(day, max(hour, OPENING), ZONE)


def _plan(kind: Kind, port_out: SimPortOut, days: float, real_at: datetime) -> Appointment:
    day = real_at.astimezone(ZONE).date()
    made = Appointment(kind=kind, port_out=port_out, days=days, day=day, real_at=real_at)
    return appoint(made, Clock.current())
