"""Whom numbers are for: added, renamed, deleted; the name in the rows of their numbers is kept in step."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, User
from lib.transitions import Refused, lock
from pstn.models import Location, NumberEvent, Owner, OwnerWord, PhoneNumber
from pstn.models.number_rules import FEATURE_KINDS
from pstn.models.owners import words_of

K = Owner.Kind
# Somebody of whom only a name is known is a user; where a number is for features only, one of these.
UNTOLD = {"toll_free": K.AUTO_ATTENDANT, "contact_center": K.CONTACT_CENTER}


def add(
    org: Organization, *, kind: str, name: str, location: Location | None = None, by: User | None = None
) -> Owner:
    """A new owner. Refused when there is one of this kind and name."""
    try:
        with transaction.atomic():
            owner: Owner = org.owners.create(kind=kind, name=name, location=location)
            audit.record("owner.add", owner, after={"kind": kind, "location": location, "by": by})
    except IntegrityError:
        raise Refused(_is_there(kind, name)) from None
    return owner


def edit(owner: Owner, *, name: str, location: Location | None, by: User) -> None:
    """Another name or place. Its numbers carry the new name from the same moment on, an event each."""
    try:
        with transaction.atomic():
            lock(owner)
            before = {"name": owner.name, "location": owner.location}
            after = {"name": name, "location": location}
            if before == after:
                return
            owner.name, owner.location = name, location
            owner.save()
            if before["name"] != name:
                _carry_name(owner, by)
            audit.record("owner.edit", owner, before=before, after=after)
    except IntegrityError:
        owner.refresh_from_db()
        raise Refused(_is_there(owner.kind, name)) from None


def delete(owner: Owner, *, by: User) -> None:
    """Refused while it has numbers."""
    with transaction.atomic():
        lock(owner)
        if reason := owner.why_not_delete():
            raise Refused(reason)
        audit.record("owner.delete", owner, before={"kind": owner.kind, "name": owner.name, "by": by})
        owner.delete()


def hold(owner: Owner) -> None:
    """Before numbers are given to it, in the same transaction: nobody renames or deletes it meanwhile."""
    try:
        lock(owner)
    except Owner.DoesNotExist:
        raise Refused(_("This owner is not there any more.")) from None


def named(number: PhoneNumber, name: str) -> Owner:
    """Whom a name means for this number: an owner who may have it, the oldest first; else a new one."""
    kind = number.kind
    return named_many(number.org, [(name, kind, number.location_id)])[name, kind in FEATURE_KINDS]


def named_many(
    org: Organization, wanted: Iterable[tuple[str, str, int | None]]
) -> dict[tuple[str, bool], Owner]:
    """The owners of many names at once, by name and whether the number is for features only.

    `wanted` tells the name, the number's type, and the key of the location where somebody new is. Four
    statements, however many; call it in the transaction in which the numbers are given.
    """
    asked: dict[tuple[str, bool], tuple[str, int | None]] = {}
    for name, kind, location in wanted:
        asked.setdefault((name, kind in FEATURE_KINDS), (UNTOLD.get(kind, K.USER).value, location))
    found = _known(org, {name for name, _feature in asked})
    missing = {key: made for key, made in asked.items() if key not in found}
    if missing:
        Owner._base_manager.bulk_create(
            [
                Owner(org=org, name=name, kind=kind, location_id=location)
                for (name, _feature), (kind, location) in missing.items()
            ],
            ignore_conflicts=True,  # somebody else may be adding the same one
            batch_size=500,
        )
        found = _known(org, {name for name, _feature in asked})
        index(org, {found[key] for key in missing})
    return {key: found[key] for key in asked}


def index(org: Organization, owners: Iterable[Owner]) -> None:
    """Write down the words of new owners, by which they are found."""
    fresh = list(owners)
    OwnerWord._base_manager.filter(owner__in=[owner.pk for owner in fresh]).delete()
    OwnerWord._base_manager.bulk_create(
        [OwnerWord(org=org, owner=owner, word=word) for owner in fresh for word in words_of(owner.name)],
        batch_size=1000,
    )


def _known(org: Organization, names: set[str]) -> dict[tuple[str, bool], Owner]:
    """The oldest owner of each name for most numbers, and the oldest that is a feature for the others."""
    found: dict[tuple[str, bool], Owner] = {}
    for owner in org.owners.filter(name__in=names).order_by("pk"):
        found.setdefault((owner.name, False), owner)
        if not owner.is_line:
            found.setdefault((owner.name, True), owner)
    return found


def _carry_name(owner: Owner, by: User) -> None:
    numbers = owner.org.phone_numbers.filter(owner=owner)
    e164s = list(numbers.select_for_update().order_by("e164").values_list("e164", flat=True))
    numbers.update(assigned_to=owner.name, updated_at=timezone.now())
    events: list[Any] = [
        NumberEvent(org=owner.org, e164=e164, what="owner_renamed", by=by, note=owner.name) for e164 in e164s
    ]
    NumberEvent._base_manager.bulk_create(events, batch_size=1000)


def _is_there(kind: str, name: str) -> str:
    return _("There is already an owner of the kind “%(kind)s” with the name %(name)s.") % {
        "kind": K(kind).label,
        "name": name,
    }
