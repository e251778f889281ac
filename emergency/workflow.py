"""The life of an emergency service address. Nothing else assigns EmergencyAddress.state.

An address that was validated stays in force until another one is: a failed check never takes it away.
It is a location's, or one number's own; most verbs take either.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from emergency import validation
from emergency.models import EmergencyAddress
from emergency.validation import Answer
from lib.transitions import Refused, move
from pstn.models import Location, PhoneNumber

Place = Location | PhoneNumber
S = EmergencyAddress.State
_ANY = frozenset(S.values)
ALLOWED: dict[str, frozenset[str]] = {
    S.UNCHECKED: _ANY,
    S.SUGGESTED: _ANY,
    S.REJECTED: _ANY,
    # Only another validated address replaces one, or one that somebody keeps knowingly.
    S.VALIDATED: frozenset({S.VALIDATED, S.UNCHECKED}),
}
STATE_OF = {"valid": S.VALIDATED, "suggested": S.SUGGESTED, "unknown": S.REJECTED, "no_answer": S.UNCHECKED}


def check(place: Place, typed: dict[str, str], *, by: User) -> Answer:
    """Ask the service about an address and keep what follows: validated at once when it is known."""
    answer = validation.ask(typed, home(place).country)  # outside: no lock is held while somebody else thinks
    with transaction.atomic():
        address, _is_new = place.org.emergency_addresses.get_or_create(**_of(place), defaults=typed)
        address = place.org.emergency_addresses.select_for_update().get(pk=address.pk)
        if address.is_validated and answer.outcome != "valid":
            _remember(address, typed, answer)
        else:
            with _moving(address, STATE_OF[answer.outcome], "check", by=by):
                _write(address, typed)
                address.reasons = list(answer.reasons)
                address.suggestion = _pending(typed, answer)
                if answer.outcome != "no_answer":
                    address.checked_at = timezone.now()
    return answer


def use_suggestion(place: Place, mark: str, *, by: User) -> EmergencyAddress:
    """Apply what the service suggested, validated at once. `mark` names the suggestion that was shown."""
    with _answering(place, mark) as address, _moving(address, S.VALIDATED, "use_suggestion", by=by):
        _write(address, _held(address, mark)["found"])
        address.suggestion, address.reasons, address.checked_at = {}, [], timezone.now()
    return address


def keep(place: Place, mark: str, *, by: User) -> EmergencyAddress:
    """Save the address as it was typed, not validated. Refused for a calling plan."""
    if not home(place).may_use_kept_address:
        raise Refused(why_not_keep())
    with _answering(place, mark) as address, _moving(address, S.UNCHECKED, "keep", by=by):
        _write(address, _held(address, mark)["typed"])
        address.suggestion, address.reasons = {}, []
    return address


def dismiss(place: Place, mark: str) -> EmergencyAddress:
    """Forget a suggestion; the validated address stays as it is."""
    with _answering(place, mark) as address:
        if not address.is_validated:
            raise Refused(_("There is no validated address to go back to."))
        address.suggestion = {}
        address.save(update_fields=["suggestion", "updated_at"])
    return address


def clear(number: PhoneNumber, *, by: User) -> None:
    """Take a number's own address away: help is sent to its location's again.

    Refused for a number in service whose location has no validated one that could take its place.
    """
    with transaction.atomic():
        addresses = number.org.emergency_addresses.select_for_update(of=("self",))
        address = addresses.filter(number=number).select_related("number__location").first()
        if address is None:
            raise Refused(_("This number has no address of its own."))
        counts = address.is_validated and number.state == PhoneNumber.State.ACTIVE
        if counts and not number.location.has_valid_emergency_address:
            raise Refused(
                _("%(location)s has no validated emergency address that could take its place.")
                % {"location": number.location}
            )
        before = {"address": str(address), "state": address.state}
        audit.record("emergency_address.clear", address, org=number.org, before=before)
        _tell(number, "address_cleared", note=before["address"], by=by)
        address.delete()


def home(place: Place) -> Location:
    """The location that a place is, or that the number is at."""
    return place if isinstance(place, Location) else place.location


def why_not_keep() -> str:
    return _(
        "A calling plan delivers emergency calls by an address that the service knows, "
        "so the suggestion must be used or the address corrected."
    )


@contextmanager
def _answering(place: Place, mark: str) -> Iterator[EmergencyAddress]:
    """The address under a lock, with the very suggestion that the person saw."""
    with transaction.atomic():
        address = place.org.emergency_addresses.select_for_update().filter(**_of(place)).first()
        if address is None:
            raise Refused(_gone())
        _held(address, mark)
        yield address


def _held(address: EmergencyAddress, mark: str) -> dict[str, dict[str, str]]:
    if not mark or address.suggestion_mark != mark:
        raise Refused(_gone())
    held: dict[str, dict[str, str]] = address.suggestion
    return held


def _of(place: Place) -> dict[str, Place]:
    return {"location" if isinstance(place, Location) else "number": place}


def _tell(number: PhoneNumber, what: str, *, note: str, by: User) -> None:
    number.org.number_events.create(
        e164=number.e164, what=what, before=number.state, after=number.state, by=by, note=note[:200]
    )


def _gone() -> str:
    return _("That suggestion is no longer the latest. Check the address again.")


@contextmanager
def _moving(address: EmergencyAddress, to: str, verb: str, *, by: User) -> Iterator[None]:
    before_text, before_fields = str(address), address.fields
    with move(address, to, ALLOWED) as before:
        yield
        is_first = not address.events.exists()
        address.events.create(before=before, after=to, text=str(address), by=by)
        if is_first or (before, before_fields) != (to, address.fields):
            if address.number is not None:
                _tell(address.number, "address_set", note=str(address), by=by)
            audit.record(
                f"emergency_address.{verb}",
                address,
                org=address.org,
                before={"address": before_text, "state": before},
                after={"address": str(address), "state": to},
            )


def _remember(address: EmergencyAddress, typed: dict[str, str], answer: Answer) -> None:
    """The validated address stays; a suggestion for the new one waits beside it."""
    address.suggestion = _pending(typed, answer)
    address.save(update_fields=["suggestion", "updated_at"])


def _pending(typed: dict[str, str], answer: Answer) -> dict[str, object]:
    if answer.outcome != "suggested":
        return {}
    return {"typed": typed, "found": answer.found, "reasons": list(answer.reasons)}


def _write(address: EmergencyAddress, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        setattr(address, name, value)
