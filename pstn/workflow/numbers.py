"""The life of a telephone number. Nothing else in the codebase assigns PhoneNumber.state.

What ports do to numbers is in number_ports.py, what else people change in number_edits.py.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Case, DateField, Exists, OuterRef, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, User
from lib.among import Among
from lib.transitions import Refused, Table, lock, move
from pstn.models import Location, NumberBlock, NumberOrder, Owner, PhoneNumber
from pstn.models.numbers import PhoneNumberQuerySet
from pstn.workflow import extensions, owners, quarantine
from pstn.workflow import number_rows as rows

S = PhoneNumber.State

ALLOWED: Table = {
    S.PENDING: frozenset({S.ACTIVE, S.INACTIVE}),
    S.PORTING: frozenset({S.ACTIVE}),
    S.INACTIVE: frozenset({S.ACTIVE}),
    S.ACTIVE: frozenset({S.INACTIVE}),
    S.NOT_APPLICABLE: frozenset(),
}


# --- One number, by a person


def activate(number: PhoneNumber, *, by: User) -> None:
    _move_one(number, S.ACTIVE, "activated", by=by)


def deactivate(number: PhoneNumber, *, by: User) -> None:
    _move_one(number, S.INACTIVE, "deactivated", by=by)


def delete(number: PhoneNumber, *, by: User) -> None:
    """Take the number out of the inventory; its story stays, and for some days it can be had back."""
    with transaction.atomic():
        lock(number)
        if reason := number.why_not_delete():
            raise Refused(reason)
        rows.tell(number.org, [number.e164], "deleted", before=number.state, by=by)
        audit.record("number.delete", number, before={"state": number.state, "location": number.location})
        quarantine.rest(number.org, [number], by=by)


def assign(
    number: PhoneNumber,
    *,
    by: User,
    owner: Owner | None = None,
    assigned_to: str | None = None,
    **given: Any,
) -> None:
    """Give a number of ours to `owner`, or to whom `assigned_to` names: somebody new if nobody has the name.

    "" takes it back. What else is given of `caller_name`, `capabilities` and `extension` is set.

    Refused says why they cannot have it: the law wants an emergency address first, features only, ….
    """
    with transaction.atomic():
        # Locked in this order everywhere: location, owner, number.
        extensions.claim(number, given.get("extension"))
        if assigned_to:
            owner = owners.named(number, assigned_to)
        if owner:
            owners.hold(owner)
        lock(number)
        if owner and owner.pk != number.owner_id and (reason := number.why_not_assign(owner)):
            raise Refused(reason)
        if owner or assigned_to == "":
            given |= {"owner": owner, "assigned_to": owner.name if owner else ""}
        before = {name: getattr(number, name) for name in given}
        if before == given:
            return
        for name, value in given.items():
            setattr(number, name, value)
        number.save(update_fields=[*given, "updated_at"])
        _tell_assignment(number, before, by)
        audit.record("number.assign", number, before=_plain(before), after=_plain(given))


def assign_to_new(number: PhoneNumber, new: dict[str, Any], *, by: User, **given: Any) -> None:
    """Give it to somebody who is added with it: `new` is what `owners.add` takes. Both or neither."""
    with transaction.atomic():
        assign(number, owner=owners.add(number.org, **new, by=by), by=by, **given)


def unassign(number: PhoneNumber, *, by: User) -> None:
    """Take the number back from whoever has it. Its extension and names go with the person, not with it."""
    if reason := number.why_not_unassign():
        raise Refused(reason)
    assign(number, by=by, assigned_to="")


def _tell_assignment(number: PhoneNumber, before: dict[str, Any], by: User) -> None:
    """An event for each thing that is different now."""
    if "owner" in before and (before["owner"], before["assigned_to"]) != (number.owner, number.assigned_to):
        rows.tell(
            number.org,
            [number.e164],
            "assigned" if number.owner else "unassigned",
            before=str(before["owner"].pk) if before["owner"] else "",
            after=str(number.owner.pk) if number.owner else "",
            by=by,
            note=number.assigned_to or before["assigned_to"],
        )
    for field, what in (("caller_name", "named"), ("extension", "extended")):
        if field in before and before[field] != (now := getattr(number, field)):
            rows.tell(number.org, [number.e164], what, by=by, note=now)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """For the audit log: the owner by its key."""
    return {name: value.pk if isinstance(value, Owner) else value for name, value in values.items()}


def add(location: Location, e164s: Sequence[str], *, kind: str, active: bool, by: User) -> int:
    """Put numbers that somebody typed in at a location; answers how many. All of them or none.

    A toll-free number is one whatever kind was asked for. Refused names numbers that came to be somewhere
    meanwhile.
    """
    if active and not location.has_valid_emergency_address:
        raise Refused(_("%(location)s has no validated emergency address yet.") % {"location": location})
    state = S.ACTIVE if active else S.INACTIVE
    with transaction.atomic():
        rows.insert(location, e164s, state, kind=kind)
        rows.tell(location.org, e164s, "added", after=state, by=by)
        after = {"numbers": list(e164s), "state": state, "kind": kind}
        audit.record("number.add", location, after=after)
    return len(e164s)


def _move_one(number: PhoneNumber, to: str, what: str, *, by: User) -> None:
    with move(number, to, ALLOWED) as before:
        reason = number.why_not_activate() if to == S.ACTIVE else number.why_not_deactivate()
        if reason:
            raise Refused(reason)
        rows.tell(number.org, [number.e164], what, before=before, after=to, by=by)
        audit.record(
            f"number.{what.removesuffix('d')}", number, before={"state": before}, after={"state": to}
        )


# --- Many numbers, in the transaction of an order


def list_as_pending(
    order: NumberOrder,
    e164s: Sequence[str],
    *,
    by: User | None,
    kind: str = PhoneNumber.Kind.STANDARD,
    block: NumberBlock | None = None,
) -> None:
    """The numbers of an order that is being placed: listed, not usable. Refused names those that are gone."""
    assert order.location, "an order with nothing missing has a location"
    order.location.org = order.org  # as it is, so that nobody asks
    rows.insert(order.location, e164s, S.PENDING, kind=kind, order=order, block=block)
    rows.tell(order.org, e164s, "ordered", after=S.PENDING, by=by, note=order.reference)


def settle(order: NumberOrder, e164s: Sequence[str], *, usable: bool) -> None:
    """The carrier has provided these of an order's numbers: active at once and billed from this day on, or
    waiting for the terms and not billed yet."""
    assert order.location, "a placed order has a location"
    to = S.ACTIVE if usable else S.INACTIVE
    numbers = order.phone_numbers.filter(state=S.PENDING, e164__in=e164s)
    name, day = order.reference, order.location.today if usable else None
    move_many(order.org, numbers, to, "provisioned", note=name, waits_for_terms=not usable, billing_from=day)


def forget_pending(order: NumberOrder, e164s: Sequence[str], what: str = "order_failed") -> None:
    """These of an order's numbers will not come: they leave the inventory."""
    numbers = order.phone_numbers.filter(state=S.PENDING, e164__in=e164s)
    rows.drop(order.org, numbers, what, note=order.reference)


def release_from_terms(org: Organization, *, by: User) -> int:
    """The terms are accepted: every number that waited for them becomes active, and is billed from the day
    on that it is at its location. Answers how many."""
    waiting = org.phone_numbers.waiting_for_terms()
    since = today_at(org.locations.filter(Exists(waiting.filter(location=OuterRef("pk")))))
    return move_many(
        org, waiting, S.ACTIVE, "terms_accepted", by=by, waits_for_terms=False, billing_from=since
    )


def today_at(places: Iterable[Location]) -> Case:
    """The day that it is now where a number is, for a statement that changes numbers of these locations."""
    days: dict[date, list[int]] = {}
    for place in places:
        days.setdefault(place.today, []).append(place.pk)
    return Case(
        *(When(location__in=pks, then=Value(day)) for day, pks in days.items()),
        default=Value(timezone.localdate()),
        output_field=DateField(),
    )


def move_many(
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
    org.phone_numbers.filter(Among("pk", [pk for pk, _e164, _state in found])).update(**changes)
    before = found[0][2] if found else ""
    rows.tell(
        org,
        [e164 for _pk, e164, _state in found],
        what,
        before=before,
        after=to,
        by=by,
        note=note,
    )
    return len(found)
