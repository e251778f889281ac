"""The locations that a file may name, as its sender may reach them; and what numbers may do there."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Membership, Organization
from pstn.models import Connection, Location


@dataclass(frozen=True, slots=True)
class Place:
    """A location, and whether numbers are typed in there and help can be sent there."""

    pk: int
    name: str
    country: str
    is_connected: bool
    takes_numbers: bool
    provider: str
    has_address: bool
    address_id: int | None


class Places:
    """All locations of a person's reach, by key and by name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.by_pk = {place.pk: place for place in places}
        self._exact = {place.name: place for place in self.by_pk.values()}
        self._folded: dict[str, list[Place]] = {}
        for place in self.by_pk.values():
            self._folded.setdefault(_fold(place.name), []).append(place)

    def named(self, name: str) -> Place | None:
        """The one that is called so; in any case of letters, unless that is several."""
        if name in self._exact:
            return self._exact[name]
        found = self._folded.get(_fold(name), [])
        return found[0] if len(found) == 1 else None

    @property
    def countries(self) -> list[str]:
        return sorted({place.country for place in self.by_pk.values()})


def reached(org: Organization, membership: Membership) -> Places:
    """One statement, however many there are."""
    rows = org.locations.within(membership).select_related("connection", "emergency_address")
    return Places(_place(row) for row in rows)


def _place(location: Location) -> Place:
    connection = location.ready_connection
    address = getattr(location, "emergency_address", None)
    return Place(
        location.pk,
        location.name,
        location.country,
        connection is not None,
        connection is not None and connection.kind == Connection.Kind.PREMISES,
        str(connection.get_kind_display()) if connection else "",
        location.has_valid_emergency_address,
        address.pk if address else None,
    )


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())
