"""How numbers are guarded against being taken away: each change of a PIN or lock, recorded and sent on."""

from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, User
from lib.queue import later
from lib.transitions import Refused
from porting.models import GuardChange, NumberGuard, OrganizationGuard
from porting.models.guards import FOLLOW_AGAIN, followers_of
from pstn.models import PhoneNumber


def guard_organization(org: Organization, *, pin: str, is_locked: bool, by: User) -> None:
    """Set the PIN and lock of all numbers that have none of their own. An empty PIN is none."""
    with transaction.atomic():
        guard = OrganizationGuard.locked_of(org)
        before = {"pin": guard.pin, "locked": guard.is_locked}
        if before == {"pin": pin, "locked": is_locked}:
            return
        changes_pin = guard.pin != pin
        guard.pin, guard.is_locked, guard.covered_until = pin, is_locked, now()
        guard.save()
        _record(org, guard, before, {"pin": pin, "locked": is_locked}, changes_pin, by)


def guard_number(number: PhoneNumber, *, pin: str, is_locked: bool, by: User) -> None:
    """Give one number a PIN and lock of its own, also to leave it unguarded on purpose."""
    if not number.is_from_carrier:
        raise Refused(_("This number is not at the carrier: its own provider guards it."))
    with transaction.atomic():
        PhoneNumber._base_manager.select_for_update().get(pk=number.pk)
        guard = number.org.number_guards.filter(number=number).first()
        known = guard or number.org.number_guards.model(org=number.org, number=number)
        before = {"pin": known.pin, "locked": known.is_locked} if guard else {}
        if before == {"pin": pin, "locked": is_locked}:
            return
        changes_pin = known.pin != pin
        known.pin, known.is_locked = pin, is_locked
        known.save()
        after = {"pin": pin, "locked": is_locked}
        _record(number.org, known, before, after, changes_pin, by, number=number.e164)


def unguard_number(number: PhoneNumber, *, by: User) -> None:
    """Let a number follow its organization again."""
    with transaction.atomic():
        PhoneNumber._base_manager.select_for_update().get(pk=number.pk)
        guard: NumberGuard | None = number.org.number_guards.filter(number=number).first()
        if guard is None:
            return
        before = {"pin": guard.pin, "locked": guard.is_locked}
        after = {"follows": str(number.org)}
        _record(number.org, guard, before, after, bool(guard.pin), by, number=number.e164)
        guard.delete()


def guard_newcomers(guard: OrganizationGuard) -> None:
    """Numbers that came in since the last look are guarded like the others of their organization."""
    moment = now()
    new = followers_of(guard.org).filter(updated_at__gt=guard.covered_until).order_by("e164")
    numbers = list(new.values_list("e164", flat=True))
    if not numbers:
        return
    with transaction.atomic():
        change = guard.org.guard_changes.create(numbers=numbers, is_new_numbers=True)
        guard.covered_until = moment - FOLLOW_AGAIN
        guard.save(update_fields=["covered_until"])
        _send(change)


def _record(
    org: Organization,
    guard: OrganizationGuard | NumberGuard,
    before: dict[str, Any],
    after: dict[str, Any],
    changes_pin: bool,
    by: User,
    *,
    number: str = "",
) -> None:
    audit.record("port_out_guard.change", guard, org=org, before=before, after=after)
    _send(org.guard_changes.create(number=number, changes_pin=changes_pin, by=by))


def _send(change: GuardChange) -> None:
    from porting.tasks import guards as tasks  # tasks call back into this module

    later(tasks.tell_guard, change.pk)
