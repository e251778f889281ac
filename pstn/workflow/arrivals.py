"""What was prepared for numbers takes effect: they have come, and this is their activation's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.models import Organization
from lib import phone
from lib.among import Among
from pstn.models import Location, NumberEvent, Owner, PhoneNumber, Preparation
from pstn.models.number_rules import FEATURE_KINDS
from pstn.workflow import owners

S = PhoneNumber.State


@dataclass
class Taken:
    """What `take_effect` leaves to the number's own workflow: the temporary numbers that are not needed."""

    idle: list[PhoneNumber] = field(default_factory=list)
    released: list[PhoneNumber] = field(default_factory=list)
    events: list[NumberEvent] = field(default_factory=list)
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)


def take_effect(org: Organization, pks: Sequence[int], places: dict[int, Location]) -> Taken:
    """Everything that was prepared for numbers that are ours now, in the transaction of their activation.

    `places` are their locations, locked. A temporary number that is not there any more holds nothing up: the
    number keeps what else was prepared, and its preparation says what is left to do.
    """
    waiting = org.preparations.filter(Among("number", pks), used_at=None)
    rows = list(waiting.select_for_update().order_by("number__e164"))
    taken = Taken()
    if not rows:
        return taken
    numbers = {row.pk: row for row in org.phone_numbers.filter(pk__in=[row.number_id for row in rows])}
    wanted = [row.temporary_id for row in rows if row.temporary_id]
    locked = org.phone_numbers.filter(pk__in=wanted).select_for_update().order_by("e164")
    temporaries = {row.pk: row for row in locked}
    meant = _owners(org, rows, numbers)
    for row in rows:
        number, place = numbers[row.number_id], places[numbers[row.number_id].location_id]
        temporary = temporaries.get(row.temporary_id or 0)
        usable = temporary is not None and temporary.state == S.ACTIVE
        if temporary is None or not usable or temporary.location_id != number.location_id:
            temporary = None
            if row.temporary_e164:
                row.left = Preparation.Left.TEMPORARY_GONE
                taken.events.append(_event(number, "temporary_gone", row.temporary_shown))
        _give(taken, row, number, temporary, meant.get(number.pk))
        if row.becomes_main or (temporary and place.main_number_id == temporary.pk):
            _make_main(taken, place, number)
        if temporary:
            _empty(taken, row, number, temporary)
    _pass_addresses(org, taken, {row.temporary_id: numbers[row.number_id] for row in rows}, temporaries)
    _write(org, rows, numbers.values(), [*taken.idle, *taken.released])
    return taken


def _owners(
    org: Organization, rows: Iterable[Preparation], numbers: dict[int, PhoneNumber]
) -> dict[int, Owner]:
    """Whom the names in preparations mean, by the number's key; somebody new where nobody has the name."""
    named = [(row.assigned_to, numbers[row.number_id]) for row in rows if row.assigned_to]
    if not named:
        return {}
    found = owners.named_many(org, [(name, number.kind, number.location_id) for name, number in named])
    return {number.pk: found[name, number.kind in FEATURE_KINDS] for name, number in named}


def _give(
    taken: Taken, row: Preparation, number: PhoneNumber, temporary: PhoneNumber | None, owner: Owner | None
) -> None:
    """What was said for the number itself goes before what its temporary number has."""
    if owner:
        number.owner_id, number.assigned_to = owner.pk, owner.name
    elif temporary and temporary.assigned_to:
        number.owner_id, number.assigned_to = temporary.owner_id, temporary.assigned_to
    number.caller_name = row.caller_name or (temporary.caller_name if temporary else "") or number.caller_name
    number.extension = number.extension or (temporary.extension if temporary else "")
    number.capabilities = row.capabilities
    row.used_at = timezone.now()
    if number.assigned_to:
        taken.events.append(_event(number, "assigned", number.assigned_to))
    if number.caller_name:
        taken.events.append(_event(number, "named", number.caller_name))
    taken.changes[number.e164] = {
        "assigned_to": number.assigned_to,
        "caller_name": number.caller_name,
        "temporary": temporary.e164 if temporary else "",
        "left": row.left,
    }


def _empty(taken: Taken, row: Preparation, number: PhoneNumber, temporary: PhoneNumber) -> None:
    temporary.owner_id = None
    temporary.assigned_to = temporary.caller_name = temporary.extension = ""
    kept = row.afterwards == Preparation.Afterwards.KEEP
    (taken.idle if kept else taken.released).append(temporary)
    taken.events.append(_event(number, "took_over", phone.international(temporary.e164)))
    taken.events.append(_event(temporary, "stood_in", phone.international(number.e164)))


def _make_main(taken: Taken, place: Location, number: PhoneNumber) -> None:
    before = {"main_number": place.main_number.e164 if place.main_number else ""}
    place.main_number = number
    place.save(update_fields=["main_number", "updated_at"])
    after = {"main_number": number.e164}
    audit.record("location.set_main_number", place, before=before, after=after, acting_as="system")
    taken.events.append(_event(number, "made_main"))


def _pass_addresses(
    org: Organization,
    taken: Taken,
    heirs: dict[int | None, PhoneNumber],
    temporaries: dict[int, PhoneNumber],
) -> None:
    """A temporary number's own emergency address goes on with the people; one of the number's own stays."""
    empty = [*taken.idle, *taken.released]
    if not empty:
        return
    # Addresses are reached from the organization: pstn does not know the emergency app.
    found = org.emergency_addresses.filter(number__in=[number.pk for number in empty])
    rows: dict[int, Any] = {address.number_id: address for address in found if address.number_id}
    heir_pks = [heirs[pk].pk for pk in rows]
    own = set(org.emergency_addresses.filter(number__in=heir_pks).values_list("number_id", flat=True))
    for pk, address in rows.items():
        heir = heirs[pk]
        if heir.pk not in own:
            address.number = heir
            address.save(update_fields=["number", "updated_at"])
            note = phone.international(temporaries[pk].e164)
            taken.events.append(_event(heir, "address_passed", note))


def _write(
    org: Organization,
    rows: list[Preparation],
    numbers: Iterable[PhoneNumber],
    temporaries: list[PhoneNumber],
) -> None:
    fields = ["owner", "assigned_to", "caller_name", "extension", "capabilities"]
    org.phone_numbers.bulk_update([*numbers, *temporaries], fields, batch_size=200)
    org.preparations.bulk_update(rows, ["used_at", "left"], batch_size=200)


def _event(number: PhoneNumber, what: str, note: str = "") -> NumberEvent:
    return NumberEvent(org_id=number.org_id, e164=number.e164, what=what, note=note[:200])
