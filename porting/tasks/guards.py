"""PINs and locks on their way to the carrier, and the look for numbers that came in since."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import F, Q
from django.utils.timezone import now

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from lib.queue import later, next_try
from porting.models import GuardChange, OrganizationGuard
from porting.models.guards import followers_of, guard_of
from porting.workflow import guards as workflow
from pstn.models import PhoneNumber

log = logging.getLogger(__name__)
BATCH = 200


@shared_task
def tell_guard(change_pk: int) -> None:
    """Tell the carrier how numbers are guarded: what holds now, not what held when it was changed.

    So changes may arrive in any order: the one that arrives last says what is true.
    """
    change = GuardChange.unscoped.select_related("org").filter(pk=change_pk, told_at=None).first()
    if change is None:
        return
    numbers, pin, is_locked = _what_holds(change)
    try:
        if numbers:
            get_carrier().guard_numbers(change.key, numbers, pin, is_locked)
    except CarrierUnavailable:
        _wait(change)
        return
    except CarrierRefused as refusal:
        log.error("The carrier refused to guard numbers of %s: %s", change.org, refusal.code)
        _wait(change)
        return
    GuardChange.unscoped.filter(pk=change.pk).update(told_at=now())


def _what_holds(change: GuardChange) -> tuple[list[str], str, bool]:
    if change.number:
        numbers = PhoneNumber.unscoped.select_related("org__port_out_guard", "port_out_guard")
        number = numbers.filter(org=change.org, e164=change.number).first()
        if number is None:
            return [], "", False  # it has left the console; whoever gets it begins anew
        guard = guard_of(number)
        return [number.e164], guard.pin if guard else "", bool(guard and guard.is_locked)
    following = followers_of(change.org).order_by("e164")
    if change.is_new_numbers:
        following = following.filter(e164__in=change.numbers)
    guard = OrganizationGuard.unscoped.filter(org=change.org).first()
    found = list(following.values_list("e164", flat=True))
    return found, guard.pin if guard else "", bool(guard and guard.is_locked)


def _wait(change: GuardChange) -> None:
    again = next_try(change.tries)
    GuardChange.unscoped.filter(pk=change.pk).update(tries=F("tries") + 1, next_try_at=again)


@shared_task
def sweep() -> None:
    """Send what the carrier has not heard, and guard numbers that were ordered or ported in since."""
    old = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    due = Q(next_try_at=None, at__lt=old) | Q(next_try_at__lt=now())
    untold = GuardChange.unscoped.filter(due, told_at=None).order_by("at")
    for pk in list(untold.values_list("pk", flat=True)[:BATCH]):
        later(tell_guard, pk)
    for guard in OrganizationGuard.watched().iterator():
        workflow.guard_newcomers(guard)
