"""How many numbers the numbers page speaks of, from the tallies: exact, in one statement for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Subquery, Sum

from accounts.models import Membership, Organization, Role
from lib import prepared
from pstn.listing.conditions import WITHOUT_ADDRESS
from pstn.listing.filters import NumberFilter
from pstn.listing.words import REPLACED, SEGMENTS

DIMENSIONS = ("state", "kind", "is_assigned", "waits_for_terms")


@dataclass(frozen=True)
class Line:
    """So many numbers of one state, type and assignment; `bare` of them where the location has no valid
    emergency address."""

    state: str
    kind: str
    is_assigned: bool
    waits: bool
    n: int
    bare: int


@dataclass(frozen=True)
class Counts:
    """The numbers at the locations that are asked for, or at all of them. `places` are their names."""

    lines: list[Line]
    own: int  # of the bare ones so many have a validated address of their own
    places: dict[int, str]

    def total(self, asked: NumberFilter) -> int | None:
        """How many numbers the filter finds; None when the tallies cannot tell."""
        if asked.is_tallied:
            return sum(line.n for line in self.lines if _fits(line, asked))
        if set(asked.set_names) <= {"emergency", "location"} and asked.emergency == ("missing",):
            return sum(line.bare for line in self.lines if line.kind not in WITHOUT_ADDRESS) - self.own
        return None

    @property
    def waiting(self) -> int:
        """How many wait only for somebody to accept the terms."""
        return sum(line.n for line in self.lines if line.waits and line.state == "inactive")


def are_kept_for(asked: NumberFilter) -> bool:
    """Whether the tallies know anything of this question: its quick filters, if not the question itself."""
    return set(asked.set_names) <= {"location", *REPLACED}


def read(org: Organization, membership: Membership, asked: NumberFilter) -> Counts:
    """One statement; a second one if a location that is asked for has no numbers."""

    def make(org_pk: int, membership_pk: int, *places: int) -> QuerySet[Any, Any]:
        return _tallied(org_pk, Membership(pk=membership_pk, role=membership.role), places)

    key = ("counts", membership.role == Role.LOCATION_ADMIN)
    lines: list[Line] = []
    places: dict[int, str] = {}
    own = 0
    for *where, state, kind, is_assigned, waits, total, bare, count in prepared.rows(
        key, make, [org.pk, membership.pk, *asked.location]
    ):
        own = count or 0
        if where:
            places[where[0]] = where[1]
        if total:
            lines.append(Line(state, kind, bool(is_assigned), bool(waits), total, bare))
    if missing := set(asked.location) - set(places):
        found = org.locations.within(membership).filter(pk__in=missing)
        places.update(found.values_list("pk", "name"))
        if not places:  # none of them is theirs: the question is about all locations
            return read(org, membership, asked.settled({}))
    return Counts(lines, own, places)


def segments(asked: NumberFilter, counts: Counts | None) -> list[dict[str, Any]]:
    """The quick filters above the table, each with how many it finds where that is known."""
    found = []
    for title, preset in SEGMENTS:
        values: dict[str, Any] = {name: preset.get(name, ()) for name in REPLACED}
        chosen = replace(asked, **values)
        count = counts.total(chosen) if counts else None
        found.append(
            {
                "title": title,
                "query": chosen.query(),
                "current": all(getattr(asked, name) == value for name, value in values.items()),
                "count": count,
                "shown": "" if count is None else f"{count:,}",
            }
        )
    return found


def _fits(line: Line, asked: NumberFilter) -> bool:
    return (
        (not asked.state or line.state in asked.state)
        and (not asked.kind or line.kind in asked.kind)
        and (not asked.assignment or ("assigned" if line.is_assigned else "unassigned") in asked.assignment)
    )


def _tallied(org: int, membership: Membership, places: Sequence[int]) -> "QuerySet[Any, Any]":
    """Each line; with locations asked for, each location's lines after its key and name."""
    addresses: Any = Organization._meta.get_field("emergency_addresses").related_model
    valid = addresses._base_manager.filter(org=org, state="validated")
    safe = valid.filter(location__isnull=False).values("location")
    # Numbers with a validated address of their own, where their location has none.
    own = valid.filter(number__isnull=False).exclude(number__kind__in=WITHOUT_ADDRESS)
    own = own.exclude(number__location__in=safe)
    if membership.role == Role.LOCATION_ADMIN:
        own = own.filter(number__location__administrators__membership=membership)
    tallies = Organization(pk=org).number_tallies.within(membership)
    names = []
    if places:
        names = ["location", "location__name"]
        tallies, own = tallies.filter(location__in=places), own.filter(number__location__in=places)
    count = own.order_by().values("org").annotate(count=Count("pk")).values("count")
    return (
        tallies.order_by()
        .values_list(*names, *DIMENSIONS)
        .annotate(
            total=Sum("n"),
            bare=Sum("n", filter=~Q(location__in=safe), default=0),
            own=Max(Subquery(count)),
        )
    )
