"""Deleted numbers rest before they leave: put there, had back, or let go when their time is over."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, User
from lib.among import Among
from lib.phone import extension_of, international, key_of_extension
from lib.queue import later
from lib.transitions import Refused
from pstn import terms_text
from pstn.models import (
    Connection,
    Job,
    NumberEvent,
    NumberOrderLine,
    NumberTag,
    PhoneNumber,
    RestingNumber,
    Tag,
)
from pstn.models.numbers import taken
from pstn.models.quarantine import resting

S = PhoneNumber.State
# What a number is put back with, beside its location and its tags.
KEPT = (
    *("state", "kind", "extension", "assigned_to", "owner_id", "note", "sessions", "block_id"),
    *("number_order_id", "billing_from", "caller_name", "capabilities", "waits_for_terms"),
)
# What its own emergency address is put back with.
KEPT_OF_ADDRESS = ("line1", "line2", "city", "state_code", "postal_code", "state", "checked_at")
# Most numbers that one sentence names.
NAMED = 5


def rest(
    org: Organization, numbers: Iterable[PhoneNumber], *, by: User | None, job: Job | None = None
) -> int:
    """Take these numbers out of the inventory into the quarantine; answers how many.

    Call it in the transaction of the verb that has locked them and said that they may go; the event
    "deleted" is the verb's. A fixed number of statements, however many numbers. One of the carrier's stays
    ours there until its time is over.
    """
    pks = [number.pk for number in numbers]
    until = timezone.now() + timedelta(days=settings.QUARANTINE_DAYS)
    rows = org.phone_numbers.filter(Among("pk", pks)).order_by("e164")
    tags, addresses = _tags(org, pks), _addresses(org, pks)
    bought = set(
        org.locations.filter(connection__kind=Connection.Kind.CALLING_PLAN).values_list("pk", flat=True)
    )
    leaving = []
    for row in rows.values("pk", "e164", "location_id", *KEPT):
        pk, place = row.pop("pk"), row.pop("location_id")
        e164, state = row.pop("e164"), row["state"]
        if row["billing_from"]:
            row["billing_from"] = row["billing_from"].isoformat()
        was = {**row, "tags": tags.get(pk, []), "address": addresses.get(pk)}
        of_carrier = place in bought and e164.startswith("+") and state in (S.ACTIVE, S.INACTIVE)
        leaving.append(
            RestingNumber(
                org=org,
                e164=e164,
                location_id=place,
                was={name: value for name, value in was.items() if value not in (None, "", [])},
                is_from_carrier=of_carrier,
                by=by,
                job=job,
                until=until,
            )
        )
    org.resting_numbers.filter(e164__in=[row.e164 for row in leaving]).delete()
    RestingNumber._base_manager.bulk_create(leaving, batch_size=500)
    org.phone_numbers.filter(Among("pk", pks)).delete()
    return len(leaving)


def rest_many(
    org: Organization, numbers: Sequence[PhoneNumber], *, by: User | None, job: Job | None = None
) -> int:
    """`rest`, with the event "deleted" for each: for a job that has locked the numbers and judged them."""
    events = (
        NumberEvent(org=org, e164=number.e164, what="deleted", before=number.state, by=by, job=job)
        for number in numbers
    )
    NumberEvent._base_manager.bulk_create(events, batch_size=500)
    return rest(org, numbers, by=by, job=job)


def restore(
    org: Organization, e164s: Iterable[str], *, by: User | None, job: Job | None = None
) -> dict[str, str]:
    """Put resting numbers back as they were; answers those that cannot be, with a code.

    The codes: "not_resting" (not among them any more) and "taken" (in the console already, perhaps with
    somebody else). A number that was in service and whose location has no validated emergency address now
    comes back inactive; whoever and whatever it belonged to counts if it is still there. A fixed number of
    statements.
    """
    wanted = sorted(set(e164s))
    with transaction.atomic():
        rows = list(
            org.resting_numbers.select_for_update(of=("self",))
            .filter(e164__in=wanted)
            .select_related("location__emergency_address")
            .order_by("e164")
        )
        refused = dict.fromkeys(set(wanted) - {row.e164 for row in rows}, "not_resting")
        there = in_the_way(org, [row.e164 for row in rows])
        refused |= dict.fromkeys(there, "taken")
        back = _put_back(org, [row for row in rows if row.e164 not in there])
        NumberEvent._base_manager.bulk_create(
            (
                NumberEvent(org=org, e164=number.e164, what="restored", after=number.state, by=by, job=job)
                for number in back
            ),
            batch_size=500,
        )
        org.resting_numbers.filter(e164__in=[number.e164 for number in back]).delete()
    return refused


def in_the_way(org: Organization, e164s: Sequence[str]) -> set[str]:
    """Which of these resting numbers cannot come back: in the console again, or, of what is only an
    extension, somebody else's extension at its location now."""
    there = set(taken(e164s))
    alone = {key: extension for key in e164s if (extension := extension_of(key))}
    if alone:
        held = org.phone_numbers.filter(extension__in=set(alone.values()))
        there |= alone.keys() & {key_of_extension(*one) for one in held.values_list("location", "extension")}
    return there


def make_way(org: Organization, e164s: Sequence[str], *, by_port: bool = False) -> None:
    """Before numbers are listed: one's own resting ones are restored instead of listed anew; so Refused says.

    What of another organization rests and is its own provider's may be listed here; the carrier's may not.
    A number that comes by a port (`by_port`) comes from another carrier, so its rest with us is over.
    """
    ours, theirs = resting(org, e164s)
    if by_port and ours:
        mine = org.resting_numbers.filter(e164__in=ours)
        mine.filter(is_from_carrier=False).delete()
        ours = list(mine.order_by("e164").values_list("e164", flat=True))
    if ours:
        raise Refused(
            _("Deleted a short while ago, and still to be had: %(numbers)s. Restore them instead.")
            % {"numbers": _named(ours)}
        )
    if theirs:
        raise Refused(_("Not to be had any more: %(numbers)s.") % {"numbers": _named(theirs)})


def let_go(rows: Sequence[RestingNumber]) -> None:
    """The time of these, which are locked, is over: the carrier's go back to it, and none can be had back."""
    from pstn import tasks  # tasks lead back to the workflows

    for row in rows:
        if row.is_from_carrier:
            # Should it come back into the carrier's stock, anybody may order it again.
            lines = NumberOrderLine._base_manager.filter(order__org=row.org_id, e164=row.e164)
            lines.update(is_placed=False)
            returned = row.org.returned_numbers.create(e164=row.e164)
            later(tasks.return_number, returned.pk)
    NumberEvent._base_manager.bulk_create(
        NumberEvent(org_id=row.org_id, e164=row.e164, what="released") for row in rows
    )
    RestingNumber._base_manager.filter(pk__in=[row.pk for row in rows]).delete()


def port_out(org: Organization, e164s: Iterable[str], *, note: str = "") -> list[str]:
    """Those of these numbers that rest have left for another carrier: nobody has them back or returns them.

    Answers which they were.
    """
    rows = list(org.resting_numbers.filter(e164__in=list(e164s)).select_for_update().order_by("e164"))
    for row in rows:
        audit.record("number.port_out", row, before={"state": "deleted"}, acting_as="carrier")
    NumberEvent._base_manager.bulk_create(
        NumberEvent(org=org, e164=row.e164, what="ported_out", before="deleted", note=note) for row in rows
    )
    org.resting_numbers.filter(pk__in=[row.pk for row in rows]).delete()
    return [row.e164 for row in rows]


# --- Inside


def _put_back(org: Organization, rows: Sequence[RestingNumber]) -> list[PhoneNumber]:
    owners = dict(org.owners.filter(pk__in=_all(rows, "owner_id")).values_list("pk", "name"))
    known = {
        "block_id": set(org.number_blocks.filter(pk__in=_all(rows, "block_id")).values_list("pk", flat=True)),
        "number_order_id": set(
            org.number_orders.filter(pk__in=_all(rows, "number_order_id")).values_list("pk", flat=True)
        ),
    }
    is_accepted = org.terms_acceptances.filter(version=terms_text.current().version).exists()
    extensions = set(
        org.phone_numbers.filter(extension__in=_all(rows, "extension")).values_list("location", "extension")
    )
    extensions |= {(row.location_id, extension_of(row.e164)) for row in rows}  # it is all that they have
    numbers = []
    for row in rows:
        fields = {name: row.was[name] for name in KEPT if name in row.was}
        for name, keys in known.items():
            if fields.get(name) not in keys:
                fields.pop(name, None)
        if owner := fields.get("owner_id"):
            fields["assigned_to"] = owners.get(owner, "")
            fields["owner_id"] = owner if owner in owners else None
        if (one := fields.get("extension")) and not extension_of(row.e164):
            if (row.location_id, one) in extensions:
                fields["extension"] = ""
            extensions.add((row.location_id, one))
        if day := fields.get("billing_from"):
            fields["billing_from"] = date.fromisoformat(day)
        if is_accepted and fields.get("waits_for_terms"):
            # What the acceptance would have done to it.
            fields |= {"waits_for_terms": False, "state": S.ACTIVE, "billing_from": row.location.today}
        number = PhoneNumber(
            org=org, e164=row.e164, tail=row.e164.lstrip("+")[::-1], location=row.location, **fields
        )
        number.state = _state(number, row)
        numbers.append(number)
    PhoneNumber._base_manager.bulk_create(numbers, batch_size=500)
    _retag(org, numbers, rows)
    _readdress(org, numbers, rows)
    return numbers


def _state(number: PhoneNumber, row: RestingNumber) -> str:
    """In service only where help can be sent (47 CFR 9.11)."""
    own = row.was.get("address") or {}
    has_address = row.location.has_valid_emergency_address or own.get("state") == "validated"
    if number.state == S.ACTIVE and number.takes_address and not has_address:
        return S.INACTIVE
    return number.state


def _tags(org: Organization, pks: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = NumberTag._base_manager.filter(Among("number", pks), tag__org=org).order_by("tag__name")
    for pk, name in rows.values_list("number", "tag__name"):
        found.setdefault(pk, []).append(name)
    return found


def _retag(org: Organization, numbers: Sequence[PhoneNumber], rows: Sequence[RestingNumber]) -> None:
    """A tag that nobody has any more is made again."""
    names = {name for row in rows for name in row.was.get("tags", [])}
    if not names:
        return
    Tag._base_manager.bulk_create((Tag(org=org, name=name) for name in sorted(names)), ignore_conflicts=True)
    keys = dict(org.tags.filter(name__in=names).values_list("name", "pk"))
    NumberTag._base_manager.bulk_create(
        NumberTag(number=number, tag_id=keys[name])
        for number, row in zip(numbers, rows, strict=True)
        for name in row.was.get("tags", [])
    )


def _addresses(org: Organization, pks: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Own emergency addresses, reached from the organization: pstn does not know the emergency app."""
    found = {}
    for row in org.emergency_addresses.filter(Among("number", pks)).values("number_id", *KEPT_OF_ADDRESS):
        row["checked_at"] = row["checked_at"].isoformat() if row["checked_at"] else None
        found[row.pop("number_id")] = row
    return found


def _readdress(org: Organization, numbers: Sequence[PhoneNumber], rows: Sequence[RestingNumber]) -> None:
    kept = [
        (number, row.was["address"])
        for number, row in zip(numbers, rows, strict=True)
        if "address" in row.was
    ]
    if kept:
        model = org.emergency_addresses.model
        addresses = [
            model(
                org=org,
                number=number,
                **{**fields, "checked_at": _moment(fields["checked_at"])},
            )
            for number, fields in kept
        ]
        model._base_manager.bulk_create(addresses, batch_size=500)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _all(rows: Sequence[RestingNumber], name: str) -> set[Any]:
    return {row.was[name] for row in rows if name in row.was}


def _named(e164s: Sequence[str]) -> str:
    named = ", ".join(international(e164) for e164 in e164s[:NAMED])
    if len(e164s) > NAMED:
        return _("%(numbers)s and %(n)s more") % {"numbers": named, "n": len(e164s) - NAMED}
    return named
