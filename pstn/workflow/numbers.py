"""The life of a telephone number. Nothing else in the codebase assigns PhoneNumber.state."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, User
from lib.phone import international, kind_of
from lib.queue import later
from lib.transitions import Refused, Table, move
from pstn.models import Connection, Location, NumberEvent, NumberOrder, NumberOrderLine, PhoneNumber
from pstn.models.numbers import PhoneNumberQuerySet, taken
from pstn.workflow import arrivals

S = PhoneNumber.State

ALLOWED: Table = {
    S.PENDING: frozenset({S.ACTIVE, S.INACTIVE}),
    S.PORTING: frozenset({S.ACTIVE}),
    S.INACTIVE: frozenset({S.ACTIVE}),
    S.ACTIVE: frozenset({S.INACTIVE}),
}
# Most numbers that one sentence names.
NAMED = 5


# --- One number, by a person


def activate(number: PhoneNumber, *, by: User) -> None:
    _move_one(number, S.ACTIVE, "activated", by=by)


def deactivate(number: PhoneNumber, *, by: User) -> None:
    _move_one(number, S.INACTIVE, "deactivated", by=by)


def delete(number: PhoneNumber, *, by: User) -> None:
    """Take the number out of the inventory; its story stays. One of the carrier's goes back to it."""
    with transaction.atomic():
        number.refresh_from_db(from_queryset=PhoneNumber._base_manager.select_for_update())
        if reason := number.why_not_delete():
            raise Refused(reason)
        _tell(number.org, [number.e164], "deleted", before=number.state, by=by)
        audit.record("number.delete", number, before={"state": number.state, "location": number.location})
        _give_back(number.org, [number])


def assign(number: PhoneNumber, *, by: User, **given: Any) -> None:
    """Say whom a number of ours is for: `assigned_to` ("" takes it back), `caller_name`, `capabilities`.

    Refused where the law wants an emergency address before anybody is given a number.
    """
    with transaction.atomic():
        number.refresh_from_db(from_queryset=PhoneNumber._base_manager.select_for_update())
        if (reason := number.why_not_assign()) and given.get("assigned_to"):
            raise Refused(reason)
        before = {name: getattr(number, name) for name in given}
        for name, value in given.items():
            setattr(number, name, value)
        number.save(update_fields=[*given, "updated_at"])
        if before == given:
            return
        if before.get("assigned_to") != number.assigned_to:
            what = "assigned" if number.assigned_to else "unassigned"
            _tell(number.org, [number.e164], what, by=by, note=number.assigned_to)
        if before.get("caller_name") != number.caller_name:
            _tell(number.org, [number.e164], "named", by=by, note=number.caller_name)
        audit.record("number.assign", number, before=before, after=given)


def add(location: Location, e164s: Sequence[str], *, kind: str, active: bool, by: User) -> int:
    """Put numbers that somebody typed in at a location; answers how many. All of them or none.

    A toll-free number is one whatever kind was asked for. Refused names numbers that came to be somewhere
    meanwhile.
    """
    if active and not location.has_valid_emergency_address:
        raise Refused(_("%(location)s has no validated emergency address yet.") % {"location": location})
    state = S.ACTIVE if active else S.INACTIVE
    with transaction.atomic():
        _list(location, e164s, state, kind=kind)
        _tell(location.org, e164s, "added", after=state, by=by)
        after = {"numbers": list(e164s), "state": state, "kind": kind}
        audit.record("number.add", location, after=after)
    return len(e164s)


def _move_one(number: PhoneNumber, to: str, what: str, *, by: User) -> None:
    with move(number, to, ALLOWED) as before:
        reason = number.why_not_activate() if to == S.ACTIVE else number.why_not_deactivate()
        if reason:
            raise Refused(reason)
        _tell(number.org, [number.e164], what, before=before, after=to, by=by)
        audit.record(
            f"number.{what.removesuffix('d')}", number, before={"state": before}, after={"state": to}
        )


# --- Many numbers, in the transaction of an order


def list_as_pending(order: NumberOrder, e164s: Sequence[str], *, by: User) -> None:
    """The numbers of an order that is being placed: listed, not usable. Refused names those that are gone."""
    assert order.location, "an order with nothing missing has a location"
    _list(order.location, e164s, S.PENDING, order=order)
    _tell(order.org, e164s, "ordered", after=S.PENDING, by=by, note=order.reference)


def settle(order: NumberOrder, *, usable: bool) -> None:
    """The carrier has provided an order's numbers: active at once, or waiting for the terms."""
    to = S.ACTIVE if usable else S.INACTIVE
    numbers = order.phone_numbers.filter(state=S.PENDING)
    _move_many(order.org, numbers, to, "provisioned", note=order.reference, waits_for_terms=not usable)


def forget_pending(order: NumberOrder) -> None:
    """The carrier could not provide an order's numbers: they leave the inventory."""
    numbers = order.phone_numbers.filter(state=S.PENDING)
    _drop(order.org, numbers, "order_failed", note=order.reference)


def release_from_terms(org: Organization, *, by: User) -> int:
    """The terms are accepted: every number that waited for them becomes active. Answers how many."""
    waiting = org.phone_numbers.waiting_for_terms()
    return _move_many(org, waiting, S.ACTIVE, "terms_accepted", by=by, waits_for_terms=False)


def list_as_porting(location: Location, e164s: Sequence[str], *, by: User) -> None:
    """The numbers of a port that is being sent: listed as porting, at the other carrier until it completes.

    Call it in the transaction of the verb. Refused names the numbers that are in the console already.
    """
    with transaction.atomic():
        _list(location, e164s, S.PORTING)
        _tell(location.org, e164s, "port_started", after=S.PORTING, by=by)


def set_port_date(org: Organization, e164s: Iterable[str], day: date | None) -> None:
    """The date on which numbers that are porting in will arrive, as far as it is confirmed."""
    with transaction.atomic():
        numbers = org.phone_numbers.filter(e164__in=list(e164s), state=S.PORTING)
        found = sorted(numbers.values_list("e164", flat=True))
        numbers.update(port_date=day, updated_at=timezone.now())
        _tell(
            org, found, "port_dated", before=S.PORTING, after=S.PORTING, note=day.isoformat() if day else ""
        )


def finish_port(org: Organization, e164s: Iterable[str]) -> list[str]:
    """The port has completed: the numbers are ours, work, and are what was prepared, all in one transaction.

    A port cannot be held, so a number without a validated emergency address becomes active, and assigned if
    that was prepared, all the same: its calls would ring nowhere else. The numbers of which this is true are
    answered, and whoever calls this marks them. What else cannot be done stays on the number's preparation.
    """
    wanted = list(e164s)
    with transaction.atomic():
        numbers = org.phone_numbers.filter(e164__in=wanted, state=S.PORTING)
        # Locations first, as where a main number is chosen.
        places = org.locations.filter(pk__in=numbers.order_by().values("location"))
        locked = {place.pk: place for place in places.select_for_update().order_by("pk")}
        coming = list(numbers.order_by("e164").values_list("pk", flat=True))
        _move_many(org, numbers, S.ACTIVE, "ported_in", port_date=None)
        taken = arrivals.take_effect(org, coming, locked)
        _retire(org, taken)
        related = ("location__emergency_address", "custom_address")
        here = org.phone_numbers.filter(pk__in=coming).select_related(*related)
        return [number.e164 for number in here if number.lacks_address]


def _retire(org: Organization, taken: arrivals.Taken) -> None:
    """The temporary numbers whose work is done, as was chosen for each; the story of all of it."""
    idle = org.phone_numbers.filter(pk__in=[number.pk for number in taken.idle])
    if taken.idle:
        _move_many(org, idle, S.INACTIVE, "deactivated")
    if taken.released:
        _tell(org, [number.e164 for number in taken.released], "deleted", before=S.ACTIVE)
        _give_back(org, taken.released)
    NumberEvent._base_manager.bulk_create(taken.events, batch_size=500)
    if taken.changes:
        audit.record("number.take_effect", org, org=org, after={"numbers": taken.changes}, acting_as="system")


def forget_port(org: Organization, e164s: Iterable[str]) -> None:
    """The port will not happen: its numbers leave the inventory and stay with the other carrier."""
    with transaction.atomic():
        _drop(org, org.phone_numbers.filter(e164__in=list(e164s), state=S.PORTING), "port_stopped")


def undo_port(org: Organization, e164s: Iterable[str]) -> None:
    """Numbers that had come are at the old carrier again (a snap-back): they leave the inventory."""
    with transaction.atomic():
        _drop(org, org.phone_numbers.filter(e164__in=list(e164s)), "port_undone")


def hand_over(
    org: Organization, e164s: Iterable[str], *, successors: Mapping[str, int], note: str = ""
) -> list[str]:
    """Numbers have left for another carrier: unassigned, gone, and no location's main number any more.

    `successors` names, for a main number, the key of the number that takes its place, if it is still active
    there. Answers the numbers whose location has no main number now.
    """
    with transaction.atomic():
        numbers = org.phone_numbers.filter(e164__in=list(e164s), state__in=[S.ACTIVE, S.INACTIVE])
        # Locations first, as where a main number is chosen: the two never wait for each other crosswise.
        places = org.locations.filter(pk__in=numbers.order_by().values("location"))
        list(places.select_for_update().order_by("pk"))
        found = list(numbers.select_for_update().order_by("e164"))
        bare = [number.e164 for number in found if not _pass_on_main(number, successors.get(number.e164))]
        for state in sorted({number.state for number in found}):
            leaving = [number.e164 for number in found if number.state == state]
            _tell(org, leaving, "ported_out", before=state, note=note)
        for number in found:
            before = {"state": number.state, "assigned_to": number.assigned_to}
            audit.record("number.port_out", number, before=before, acting_as="carrier")
        # Should they come into the carrier's stock one day, anybody may order them again.
        lines = NumberOrderLine._base_manager.filter(order__org=org, is_placed=True)
        lines.filter(e164__in=[number.e164 for number in found]).update(is_placed=False)
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
        _list(location, free, state)
        _tell(location.org, free, "port_out_returned", after=state, note=note)


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


# --- The SQL beneath: a few statements, however many numbers


def _list(
    location: Location,
    e164s: Sequence[str],
    state: str,
    *,
    kind: str = PhoneNumber.Kind.STANDARD,
    order: NumberOrder | None = None,
) -> None:
    """Insert rows in order of the number: two who want the same ones take turns and never lock crosswise."""
    rows = [
        PhoneNumber(
            org=location.org,
            location=location,
            e164=e164,
            tail=e164.lstrip("+")[::-1],
            state=state,
            kind=PhoneNumber.Kind.TOLL_FREE if kind_of(e164) == "toll_free" else kind,
            number_order=order,
        )
        for e164 in sorted(e164s)
    ]
    try:
        with transaction.atomic():
            PhoneNumber._base_manager.bulk_create(rows)
    except IntegrityError:
        raise Refused(_are_gone(location.org, e164s)) from None


def _are_gone(org: Organization, e164s: Sequence[str]) -> str:
    """The sentence for numbers that cannot be listed: where they are only if that is with us."""
    owners = taken(e164s)
    named = ", ".join(international(e164) for e164 in sorted(owners)[:NAMED]) or _("one of these numbers")
    if len(owners) > NAMED:
        named = _("%(numbers)s and %(n)s more") % {"numbers": named, "n": len(owners) - NAMED}
    if owners and set(owners.values()) == {org.pk}:
        return _("Already in your inventory: %(numbers)s.") % {"numbers": named}
    return _("Not to be had any more: %(numbers)s.") % {"numbers": named}


def _move_many(
    org: Organization,
    numbers: PhoneNumberQuerySet,
    to: str,
    what: str,
    *,
    by: User | None = None,
    note: str = "",
    **fields: object,
) -> int:
    """Move all of one state to another, an event each. They are locked first, so that the events are true."""
    found = list(numbers.select_for_update().order_by("e164").values_list("pk", "e164", "state"))
    assert all(to in ALLOWED[state] for _pk, _e164, state in found), to
    changes = {"state": to, "updated_at": timezone.now(), **fields}
    org.phone_numbers.filter(pk__in=[pk for pk, _e164, _state in found]).update(**changes)
    before = found[0][2] if found else ""
    _tell(
        org,
        [e164 for _pk, e164, _state in found],
        what,
        before=before,
        after=to,
        by=by,
        note=note,
    )
    return len(found)


def _give_back(org: Organization, numbers: Sequence[PhoneNumber]) -> None:
    """Take rows out of the inventory; the carrier hears of its own ones."""
    from pstn import tasks  # tasks lead back to the workflows

    e164s = [number.e164 for number in numbers]
    if orders := [number.number_order_id for number in numbers if number.number_order_id]:
        # Should they come back into the carrier's stock, anybody may order them again.
        lines = NumberOrderLine._base_manager.filter(order__org=org, order__in=orders)
        lines.filter(e164__in=e164s).update(is_placed=False)
    places = org.locations.filter(connection__kind=Connection.Kind.CALLING_PLAN)
    bought = set(places.values_list("pk", flat=True))
    for number in numbers:
        if number.location_id in bought:
            returned = org.returned_numbers.create(e164=number.e164)
            later(tasks.return_number, returned.pk)
    org.phone_numbers.filter(pk__in=[number.pk for number in numbers]).delete()


def _drop(org: Organization, numbers: PhoneNumberQuerySet, what: str, *, note: str = "") -> None:
    found = list(numbers.select_for_update().order_by("e164").values_list("pk", "e164", "state"))
    org.phone_numbers.filter(pk__in=[pk for pk, _e164, _state in found]).delete()
    _tell(org, [e164 for _pk, e164, _state in found], what, before=found[0][2] if found else "", note=note)


def _tell(
    org: Organization,
    e164s: Iterable[str],
    what: str,
    *,
    before: str = "",
    after: str = "",
    by: User | None = None,
    note: str = "",
) -> None:
    NumberEvent._base_manager.bulk_create(
        NumberEvent(org=org, e164=e164, what=what, before=before, after=after, by=by, note=note)
        for e164 in e164s
    )
