"""What ports do to numbers: they are listed, get a date, come, stay away, leave and return."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Organization, User
from lib.among import Among
from pstn.models import Location, NumberEvent, NumberOrderLine, PhoneNumber
from pstn.models.numbers import taken
from pstn.workflow import arrivals, quarantine
from pstn.workflow import number_rows as rows
from pstn.workflow.numbers import move_many, today_at

S = PhoneNumber.State


def list_as_porting(location: Location, e164s: Sequence[str], *, by: User) -> None:
    """The numbers of a port that is being sent: listed as porting, at the other carrier until it completes.

    Call it in the transaction of the verb. Refused names the numbers that are in the console already.
    """
    with transaction.atomic():
        rows.insert(location, e164s, S.PORTING, by_port=True)
        rows.tell(location.org, e164s, "port_started", after=S.PORTING, by=by)


def set_port_date(org: Organization, e164s: Iterable[str], day: date | None) -> None:
    """The date on which numbers that are porting in will arrive, as far as it is confirmed."""
    with transaction.atomic():
        numbers = org.phone_numbers.filter(Among("e164", list(e164s)), state=S.PORTING)
        found = dict(numbers.order_by("e164").values_list("pk", "e164"))
        org.phone_numbers.filter(Among("pk", list(found))).update(port_date=day, updated_at=timezone.now())
        note = day.isoformat() if day else ""
        rows.tell(org, found.values(), "port_dated", before=S.PORTING, after=S.PORTING, note=note)


def finish_port(org: Organization, *ports: Iterable[str]) -> list[str]:
    """Ports have completed, of these numbers each: they are ours, work, and are what was prepared, all in one
    transaction.

    A port cannot be held, so a number without a validated emergency address becomes active, and assigned if
    that was prepared, all the same: its calls would ring nowhere else. The numbers of which this is true are
    answered, and whoever calls this marks them. What else cannot be done stays on the number's preparation.
    """
    wanted = [list(e164s) for e164s in ports]
    with transaction.atomic():
        numbers = org.phone_numbers.filter(Among("e164", [*chain(*wanted)]), state=S.PORTING)
        # Locations first, as where a main number is chosen.
        places = org.locations.filter(pk__in=numbers.order_by().values("location"))
        locked = {place.pk: place for place in places.select_for_update().order_by("pk")}
        coming = list(numbers.order_by("e164").values_list("pk", flat=True))
        billed = today_at(locked.values())
        move_many(org, numbers, S.ACTIVE, "ported_in", port_date=None, billing_from=billed)
        taken = arrivals.take_effect(org, coming, locked)
        _retire(org, taken, wanted)
        here = org.phone_numbers.filter(Among("pk", coming))
        return list(here.lacking_address().values_list("e164", flat=True))


def _retire(org: Organization, taken: arrivals.Taken, ports: Iterable[Sequence[str]]) -> None:
    """The temporary numbers whose work is done, as was chosen for each; the story of it, port by port."""
    idle = org.phone_numbers.filter(pk__in=[number.pk for number in taken.idle])
    if taken.idle:
        move_many(org, idle, S.INACTIVE, "deactivated")
    if taken.released:
        rows.tell(org, [number.e164 for number in taken.released], "deleted", before=S.ACTIVE)
        quarantine.rest(org, taken.released, by=None)
    NumberEvent._base_manager.bulk_create(taken.events, batch_size=500)
    changes = ({e164: taken.changes[e164] for e164 in port if e164 in taken.changes} for port in ports)
    audit.record_all(
        [
            audit.entry("number.take_effect", org, org=org, after={"numbers": done}, acting_as="system")
            for done in changes
            if done
        ]
    )


def forget_port(org: Organization, e164s: Iterable[str]) -> None:
    """The port will not happen: its numbers leave the inventory and stay with the other carrier."""
    with transaction.atomic():
        rows.drop(org, org.phone_numbers.filter(e164__in=list(e164s), state=S.PORTING), "port_stopped")


def undo_port(org: Organization, e164s: Iterable[str]) -> None:
    """Numbers that had come are at the old carrier again (a snap-back): they leave the inventory."""
    with transaction.atomic():
        rows.drop(org, org.phone_numbers.filter(e164__in=list(e164s)), "port_undone")


def hand_over(
    org: Organization, e164s: Iterable[str], *, successors: Mapping[str, int], note: str = ""
) -> list[str]:
    """Numbers have left for another carrier: unassigned, gone, and no location's main number any more; those
    that were deleted a short while ago cannot be had back.

    `successors` names, for a main number, the key of the number that takes its place, if it is still active
    there. Answers the numbers whose location has no main number now.
    """
    with transaction.atomic():
        wanted = list(e164s)
        numbers = org.phone_numbers.filter(e164__in=wanted, state__in=[S.ACTIVE, S.INACTIVE])
        # Locations first, as where a main number is chosen: the two never wait for each other crosswise.
        places = org.locations.filter(pk__in=numbers.order_by().values("location"))
        list(places.select_for_update().order_by("pk"))
        found = list(numbers.select_for_update().order_by("e164"))
        bare = [number.e164 for number in found if not _pass_on_main(number, successors.get(number.e164))]
        for state in sorted({number.state for number in found}):
            leaving = [number.e164 for number in found if number.state == state]
            rows.tell(org, leaving, "ported_out", before=state, note=note)
        for number in found:
            before = {"state": number.state, "assigned_to": number.assigned_to}
            audit.record("number.port_out", number, before=before, acting_as="carrier")
        rested = quarantine.port_out(org, wanted, note=note)
        # Should they come into the carrier's stock one day, anybody may order them again.
        lines = NumberOrderLine._base_manager.filter(order__org=org, is_placed=True)
        lines.filter(e164__in=[*(number.e164 for number in found), *rested]).update(is_placed=False)
        org.phone_numbers.filter(pk__in=[number.pk for number in found]).delete()
    return bare


def take_back(location: Location, e164s: Iterable[str], *, note: str = "") -> None:
    """Numbers that had left are ours again: in service if help can be sent to their location (47 CFR 9.11).

    A number that has come into the console in another way meanwhile is left where it is.
    """
    with transaction.atomic():
        wanted = list(e164s)
        free = [e164 for e164 in wanted if e164 not in taken(wanted)]
        state = S.ACTIVE if location.has_valid_emergency_address else S.INACTIVE
        rows.insert(location, free, state, by_port=True)
        rows.tell(location.org, free, "port_out_returned", after=state, note=note)


def _pass_on_main(number: PhoneNumber, successor: int | None) -> bool:
    """Give the role of main number on. False when its location has no main number after this."""
    location = number.org.locations.filter(main_number=number).first()
    if location is None:
        return True
    heirs = location.phone_numbers.filter(state=S.ACTIVE).exclude(pk=number.pk)
    location.main_number = heir = heirs.filter(pk=successor).first() if successor else None
    location.save(update_fields=["main_number", "updated_at"])
    before, after = {"main_number": number.e164}, {"main_number": heir.e164 if heir else ""}
    audit.record("location.set_main_number", location, before=before, after=after, acting_as="carrier")
    return heir is not None
