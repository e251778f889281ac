"""What a row of a file changes on a number that is here, by the same rules as the pages.

Asked twice: for the dry run, and once more under the lock before it is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from lib.phone import international
from pstn.imports.rows import BadCell, Wish, no_sessions
from pstn.models import Location, Owner, PhoneNumber
from pstn.models import number_rules as rules
from pstn.workflow.number_edits import calls_at_once
from pstn.workflow.owners import UNTOLD

S = PhoneNumber.State
RELATED = ("location__connection", "location__emergency_address", "custom_address", "block")


@dataclass(frozen=True, slots=True)
class Told:
    """An event to be written: what happened, and what was before and is now."""

    what: str
    before: str = ""
    after: str = ""
    note: str = ""


@dataclass
class Around:
    """What is asked for many rows at once, so that a row costs no statement."""

    org: Organization
    locations: dict[int, Location] = field(default_factory=dict)
    owners: dict[str, list[Owner]] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)  # by number: names in order, a newline between
    holders: dict[tuple[int, str], int] = field(default_factory=dict)  # who has an extension at a location
    addresses: dict[int, Any] = field(default_factory=dict)


def look_around(
    org: Organization, membership: Membership, wishes: Iterable[Wish], numbers: Iterable[PhoneNumber]
) -> Around:
    """Everything that these wishes name, in a handful of statements."""
    wishes, numbers = list(wishes), list(numbers)
    around = Around(org)
    if places := {wish.location_id for wish in wishes if wish.location_id}:
        found = org.locations.within(membership).select_related("connection", "emergency_address")
        around.locations = found.in_bulk(places)
    if names := {wish.owner_name for wish in wishes if wish.owner_name}:
        for owner in org.owners.within(membership).filter(name__in=names).order_by("pk"):
            around.owners.setdefault(owner.name, []).append(owner)
    if any(wish.tags is not None for wish in wishes):
        kept: dict[int, list[str]] = {}
        taggings = org.tags.filter(taggings__number__in=[number.pk for number in numbers])
        for number_pk, name in taggings.values_list("taggings__number", "name"):
            kept.setdefault(number_pk, []).append(name)
        around.tags = {number_pk: "\n".join(sorted(names)) for number_pk, names in kept.items()}
    if extensions := {wish.extension for wish in wishes if wish.extension}:
        rows = org.phone_numbers.filter(extension__in=extensions)
        around.holders = {
            (place, extension): pk for place, extension, pk in rows.values_list("location", "extension", "pk")
        }
    if keys := {wish.address_id for wish in wishes if wish.address_id}:
        kept_addresses: Any = org.emergency_addresses  # type: ignore[attr-defined]
        around.addresses = kept_addresses.filter(state="validated").in_bulk(keys)
    return around


def change(number: PhoneNumber, wish: Wish, around: Around) -> list[Told]:
    """Change the number in memory as the row wishes; what there is to tell of it, [] when it is so already.

    BadCell: the rules say no. The order is the one in which a person could do it: taking away comes first.
    """
    told: list[Told] = []
    _unassign(number, wish, told)
    _move(number, wish, around, told)
    _retype(number, wish, told)
    _address(number, wish, around, told)
    _state(number, wish, told)
    _assign(number, wish, around, told)
    _extension(number, wish, around, told)
    if wish.note is not None and wish.note != number.note:
        told.append(Told("noted", note=wish.note))
        number.note = wish.note
    if wish.tags is not None:
        _tags(around.tags.get(number.pk, ""), wish.tags, told)
    return told


def _unassign(number: PhoneNumber, wish: Wish, told: list[Told]) -> None:
    if wish.owner_name == "" and number.is_assigned:
        told.append(Told("unassigned", before=str(number.owner_id or "")))
        number.assigned_to, number.owner_id = "", None


def _move(number: PhoneNumber, wish: Wish, around: Around, told: list[Told]) -> None:
    if wish.location_id in (None, number.location_id):
        return
    to = around.locations.get(wish.location_id or 0)
    if to is None:
        raise BadCell("location", "unknown_location", _("This is not one of your locations."))
    _refuse("location", rules.against_move(number, to), number, to)
    told.append(Told("moved", str(number.location_id), str(to.pk), to.name))
    number.location = to


def _retype(number: PhoneNumber, wish: Wish, told: list[Told]) -> None:
    kind = wish.kind or number.kind
    is_other = kind != number.kind
    if not is_other and wish.sessions in (None, number.sessions):
        return
    _refuse("type" if is_other else "sessions", rules.against_retype(number, kind), number)
    refuse_sessions(kind, bool(wish.sessions))
    told.append(Told("retyped", number.kind, kind, calls_at_once(wish.sessions) if wish.sessions else ""))
    number.kind, number.sessions = kind, wish.sessions


def refuse_sessions(kind: str, has_calls: bool) -> None:
    """A contact center's number needs its calls at once, and no other has any."""
    if has_calls and kind != PhoneNumber.Kind.CONTACT_CENTER:
        raise no_sessions()
    if kind == PhoneNumber.Kind.CONTACT_CENTER and not has_calls:
        text = _("A contact center number needs its calls at once, in the column sessions.")
        raise BadCell("sessions", "needs_sessions", text)


def _address(number: PhoneNumber, wish: Wish, around: Around, told: list[Told]) -> None:
    if wish.address_id is None:
        return
    own = number.own_address
    if wish.address_id == 0:
        if own is None:
            return
        _take_address(number, None)
        if number.state == S.ACTIVE and number.lacks_address:
            _refuse("emergency_address_id", "no_address", number)
        told.append(Told("address_cleared", number.state, number.state, str(own)))
        return
    address = around.addresses.get(wish.address_id)
    if address is None:
        sentence = _("This is not the ID of a validated emergency address.")
        raise BadCell("emergency_address_id", "unknown_address", sentence)
    if not number.takes_address:
        sentence = _("No emergency address belongs to a number of this type.")
        raise BadCell("emergency_address_id", "takes_no_address", sentence)
    if address.home.country != number.location.country:
        sentence = _("That emergency address is in another country.")
        raise BadCell("emergency_address_id", "address_abroad", sentence)
    is_same = own is not None and own.is_validated and own.fields == address.fields
    if is_same or (own is None and address.location_id == number.location_id):
        return
    _take_address(number, address)
    told.append(Told("address_set", number.state, number.state, str(address)))


def _take_address(number: PhoneNumber, address: Any) -> None:
    """For the rules that are asked next: as if it were its own already."""
    PhoneNumber._meta.get_field("custom_address").set_cached_value(number, address)  # type: ignore[union-attr]


def _state(number: PhoneNumber, wish: Wish, told: list[Told]) -> None:
    if wish.state in (None, number.state):
        return
    if wish.state == S.ACTIVE:
        _refuse("state", rules.against_activate(number), number)
        what = "activated"
    elif wish.state == S.INACTIVE:
        _refuse("state", rules.against_deactivate(number), number)
        what = "deactivated"
    else:
        raise BadCell("state", "state_by_itself", _("Only active and inactive can be asked for."))
    told.append(Told(what, number.state, wish.state or ""))
    number.state = wish.state or number.state  # in memory, for the rules that follow


def _assign(number: PhoneNumber, wish: Wish, around: Around, told: list[Told]) -> None:
    if not wish.owner_name or wish.owner_name == number.assigned_to:
        return
    _refuse(
        "assigned_to", rules.against_assign(number, owner_for(wish.owner_name, number.kind, around)), number
    )
    told.append(Told("assigned", before=str(number.owner_id or ""), note=wish.owner_name))
    number.assigned_to = wish.owner_name


def owner_for(name: str, kind: str, around: Around) -> Owner:
    """Whom a name means: somebody known who may have it, else somebody known, else somebody new."""
    known = around.owners.get(name, [])
    fit = [owner for owner in known if kind not in rules.FEATURE_KINDS or not owner.is_line]
    new = Owner(org=around.org, name=name, kind=UNTOLD.get(kind, Owner.Kind.USER))
    return (fit or [new])[0]


def _extension(number: PhoneNumber, wish: Wish, around: Around, told: list[Told]) -> None:
    if wish.extension in (None, number.extension) or number.is_extension_only:
        return
    extension = wish.extension or ""
    place = (number.location_id, extension)
    if extension and around.holders.get(place, number.pk) != number.pk:
        raise BadCell("extension", "extension_taken", extension_taken(extension, number.location.name))
    around.holders[place] = number.pk
    told.append(Told("extended", number.extension, extension))
    number.extension = extension


def extension_taken(extension: str, place: str) -> str:
    return _("Extension %(extension)s is taken at %(location)s.") % {
        "extension": extension,
        "location": place,
    }


def _tags(before: str, after: str, told: list[Told]) -> None:
    was, now = set(before.split("\n")) - {""}, set(after.split("\n")) - {""}
    if added := now - was:
        told.append(Told("tagged", note=", ".join(sorted(added))))
    if gone := was - now:
        told.append(Told("untagged", note=", ".join(sorted(gone))))


def _refuse(column: str, code: str, number: PhoneNumber, to: Location | None = None) -> None:
    if code:
        sentence = rules.sentence(code, number, to)
        raise BadCell(column, code, f"{international(number.e164)}: {sentence}")
