"""Guards of numbers against port-outs: a PIN and a lock for each, as the customer set them last."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from simulator.models import GuardChange, NumberGuard, SimPortOut

Pin = SimPortOut.Pin


@transaction.atomic
def change(key: str, numbers: Sequence[str], pin: str, locked: bool) -> None:
    """Set PIN and lock of numbers. The same key again: nothing, also when another change came since."""
    wanted = sorted(set(numbers))
    _row, is_new = GuardChange.objects.get_or_create(key=key, defaults={"numbers": wanted})
    if not is_new:
        return
    if pin or locked:
        NumberGuard.objects.bulk_create(
            [NumberGuard(e164=e164, pin=pin, is_locked=locked) for e164 in wanted],
            update_conflicts=True,
            unique_fields=["e164"],
            update_fields=["pin", "is_locked"],
        )
    else:
        NumberGuard.objects.filter(e164__in=wanted).delete()


def why_refused(numbers: Sequence[str], pin: str) -> tuple[str, SimPortOut.Pin]:
    """Why a request is refused by itself: "lock", "pin" or ""; and what was in the place of the PIN."""
    guards = list(NumberGuard.objects.filter(e164__in=numbers))
    pins = {guard.pin for guard in guards if guard.pin}
    if not pins:
        found = Pin.NONE
    elif not pin:
        found = Pin.MISSING
    else:
        found = Pin.OK if pins == {pin} else Pin.WRONG
    if any(guard.is_locked for guard in guards):
        return "lock", found
    return ("pin" if found in (Pin.MISSING, Pin.WRONG) else ""), found


def drop(numbers: Iterable[str]) -> None:
    """Numbers that have left us are not guarded any more."""
    NumberGuard.objects.filter(e164__in=list(numbers)).delete()
