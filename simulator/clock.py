"""Time at the carrier: when an appointment falls due, and what support staff may do to the clock.

Time is compressed case by case. Dates are always real business dates; an appointment `days` business days
ahead falls due `days` times the length of a business day after it is made, or, with real days, on its date.
"""

from datetime import datetime, time, timedelta
from math import fmod
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone

from lib.calendar import add_business_days, business_days_between
from simulator.models import Appointment, Clock, StockOrder

#: Carriers keep Eastern time; ports are activated at 11:30 there, answers are sent at noon.
ZONE = ZoneInfo("America/New_York")
ACTIVATION = time(11, 30)
ANSWERING = time(12, 0)
#: What takes only a part of a business day, and how long it takes with real days.
PARTS_OF_A_DAY = {
    Appointment.Kind.PROVISION: (0.3, timedelta(minutes=1)),
    Appointment.Kind.CANCEL: (0.2, timedelta(hours=1)),
    Appointment.Kind.DATE: (0.2, timedelta(hours=1)),
    Appointment.Kind.MESSAGING: (0.2, timedelta(hours=2)),
    Appointment.Kind.SNAP_BACK: (0.3, timedelta(hours=2)),
    Appointment.Kind.TEST: (0.02, timedelta(minutes=1)),
    Appointment.Kind.OUT_REFUSED: (0.2, timedelta(hours=1)),
}


def appoint_provisioning(order: StockOrder) -> Appointment:
    """A number order is provisioned after 0.3 of a business day, with real days after a minute."""
    return part_of_a_day(Appointment(kind=Appointment.Kind.PROVISION, order=order))


# --- What support staff do ----------------------------------------------------------------------------------


@transaction.atomic
def pause() -> None:
    """Stop the clock. Nothing falls due until it is started again."""
    clock = _locked()
    if clock.paused_at is None:
        clock.paused_at = timezone.now()
        clock.save(update_fields=["paused_at"])


@transaction.atomic
def resume() -> None:
    """Start the clock: what was 4 seconds away is 4 seconds away. Real dates stay what they are."""
    clock = _locked()
    if clock.paused_at is None:
        return
    if clock.day_seconds is not None:
        stood_still = timezone.now() - clock.paused_at
        _waiting().update(due_at=models.F("due_at") + stood_still)
    clock.paused_at = None
    clock.save(update_fields=["paused_at"])


@transaction.atomic
def set_day_length(seconds: float | None) -> None:
    """Make a business day last `seconds`, or a real day (None). What is planned moves accordingly."""
    clock = _locked()
    before, clock.day_seconds = clock.day_seconds, seconds
    clock.save(update_fields=["day_seconds"])
    if before == seconds:
        return
    moment, planned = clock.moment, list(_waiting())
    for appointment in planned:
        left = _days_left(appointment, before, moment)
        appointment.due_at = (
            max(moment, _real_due(appointment))
            if seconds is None
            else moment + timedelta(seconds=left * seconds)
        )
    Appointment.objects.bulk_update(planned, ["due_at"], batch_size=200)


@transaction.atomic
def let_a_day_pass() -> None:
    """Everything planned happens one business day earlier, as if a day had passed for each case."""
    clock = _locked()
    if clock.day_seconds is not None:
        _waiting().update(due_at=models.F("due_at") - timedelta(seconds=clock.day_seconds))
        return
    now, planned = timezone.now(), list(_waiting())
    for appointment in planned:
        local = appointment.due_at.astimezone(ZONE)
        earlier = add_business_days(local.date(), -1, "US")
        # The whole day passes, so what comes to today is due whatever its hour.
        passed = earlier <= now.astimezone(ZONE).date()
        appointment.due_at = now if passed else datetime.combine(earlier, local.time(), ZONE)
    Appointment.objects.bulk_update(planned, ["due_at"], batch_size=200)


# --- Inside -------------------------------------------------------------------------------------------------


def part_of_a_day(appointment: Appointment) -> Appointment:
    """Write down what takes only a part of a business day."""
    appointment.days = PARTS_OF_A_DAY[Appointment.Kind(appointment.kind)][0]
    appointment.day = timezone.localdate(timezone=ZONE)
    return appoint(appointment, Clock.current())


def appoint(appointment: Appointment, clock: Clock) -> Appointment:
    """Write down what is to happen, with the instant at which it falls due as the clock runs now."""
    if clock.day_seconds is None:
        appointment.due_at = max(timezone.now(), _real_due(appointment))
    else:
        appointment.due_at = clock.moment + timedelta(seconds=appointment.days * clock.day_seconds)
    appointment.save()
    return appointment


def _real_due(appointment: Appointment) -> datetime:
    if appointment.real_at is not None:
        return appointment.real_at
    kind = Appointment.Kind(appointment.kind)
    if kind in PARTS_OF_A_DAY:
        return (appointment.made_at or timezone.now()) + PARTS_OF_A_DAY[kind][1]
    at = ACTIVATION if kind is Appointment.Kind.COMPLETE else ANSWERING
    return datetime.combine(appointment.day, at, ZONE)


def _days_left(appointment: Appointment, day_seconds: float | None, moment: datetime) -> float:
    if day_seconds is not None:
        return max(0.0, (appointment.due_at - moment).total_seconds() / day_seconds)
    ahead = business_days_between(moment.astimezone(ZONE).date(), appointment.day, "US")
    made_on = (appointment.made_at or moment).astimezone(ZONE).date()
    # What belongs to an hour before or after the usual one of its day stays before or after it.
    hour = fmod(appointment.days - business_days_between(made_on, appointment.day, "US"), 1)
    return max(0.0, min(appointment.days, ahead + hour))


def _waiting() -> models.QuerySet[Appointment]:
    return Appointment.objects.filter(ended_at=None)


def _locked() -> Clock:
    Clock.current()
    return Clock.objects.select_for_update().get(pk=1)
