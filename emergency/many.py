"""Own emergency addresses of many numbers at once: set, taken away, put back as they were."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from emergency.models import ADDRESS_FIELDS, EmergencyAddress, EmergencyAddressEvent
from lib.among import Among
from pstn.models import PhoneNumber

VALIDATED = EmergencyAddress.State.VALIDATED.value
# All that is put back with an address.
KEPT = (*ADDRESS_FIELDS, "state", "suggestion", "reasons", "checked_at")


def befores(org: Organization, pks: Sequence[int]) -> dict[str, dict[str, Any]]:
    """The own address of each of these numbers that has one, by number, so that it can be put back."""
    rows = org.emergency_addresses.filter(Among("number", pks)).values("number__e164", *KEPT)
    found = {row.pop("number__e164"): row for row in rows}
    for row in found.values():
        row["checked_at"] = row["checked_at"].isoformat() if row["checked_at"] else ""
    return found


def give(org: Organization, pks: Sequence[int], fields: Mapping[str, str], *, by: User | None) -> str:
    """Give each of these numbers this validated address as its own; answers its words."""
    now = timezone.now()
    given = {**fields, "state": VALIDATED, "suggestion": {}, "reasons": [], "checked_at": now}
    return _write(org, {pk: given for pk in pks}, by=by)


def take_away(org: Organization, pks: Sequence[int]) -> None:
    """Help is sent to the location's address again."""
    org.emergency_addresses.filter(Among("number", pks)).delete()


def put_back(
    org: Organization, pks: Sequence[int], befores: Mapping[str, Mapping[str, Any]], *, by: User | None
) -> None:
    """What `befores` said; no own address for a number of which it says nothing."""
    numbers = dict(org.phone_numbers.filter(Among("pk", pks)).values_list("pk", "e164"))
    take_away(org, [pk for pk, e164 in numbers.items() if e164 not in befores])
    fields = {pk: dict(befores[e164]) for pk, e164 in numbers.items() if e164 in befores}
    for row in fields.values():
        row["checked_at"] = datetime.fromisoformat(row["checked_at"]) if row["checked_at"] else None
    _write(org, fields, by=by)


def _write(org: Organization, wanted: Mapping[int, Mapping[str, Any]], *, by: User | None) -> str:
    """The address of each number as it is wanted, and an event of each; answers the words of one."""
    if not wanted:
        return ""
    own = org.emergency_addresses.filter(number__in=list(wanted)).select_for_update()
    there = {address.number_id: address for address in own}
    numbers = PhoneNumber._base_manager.filter(pk__in=list(wanted)).select_related("location").in_bulk()
    befores = {pk: address.state for pk, address in there.items()}
    old: list[EmergencyAddress] = []
    new: list[EmergencyAddress] = []
    for pk, fields in wanted.items():
        address = there.get(pk) or EmergencyAddress(org=org)
        address.number = numbers[pk]
        for name, value in fields.items():
            setattr(address, name, value)
        address.updated_at = timezone.now()
        (old if pk in there else new).append(address)
    EmergencyAddress._base_manager.bulk_update(old, [*KEPT, "updated_at"], batch_size=200)
    EmergencyAddress._base_manager.bulk_create(new, batch_size=500)
    _tell([*old, *new], befores, by)
    return str((old or new)[0])


def _tell(addresses: Iterable[EmergencyAddress], befores: Mapping[Any, str], by: User | None) -> None:
    EmergencyAddressEvent._base_manager.bulk_create(
        (
            EmergencyAddressEvent(
                address=address,
                before=befores.get(address.number_id, EmergencyAddress.State.UNCHECKED),
                after=address.state,
                text=str(address),
                by=by,
            )
            for address in addresses
        ),
        batch_size=500,
    )
