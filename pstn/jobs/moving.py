"""Jobs that move numbers from their locations to another; one at a time between the same two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from lib.among import Among
from lib.transitions import Refused
from pstn.jobs.activating import EXTENSION_ONLY, IN_USE, ON_THE_WAY, OWN_ADDRESS, TAKES_ADDRESS
from pstn.jobs.base import UNDO_MINUTES, Params, register
from pstn.jobs.numbers import CAN, NumberKind, Refusals, first
from pstn.models import Job, Location, PhoneNumber
from pstn.models.numbers import PhoneNumberQuerySet
from pstn.selection import Selection
from pstn.workflow import many

ANY = "*"  # in the name of a lane: numbers of several locations


@dataclass(frozen=True)
class Target:
    """A location that numbers might move to; `why_not` is "" where they may."""

    location: Location
    why_not: str


def targets(org: Organization, membership: Membership, numbers: PhoneNumberQuerySet) -> list[Target]:
    """Every location within reach, and why none of these numbers can go there. Two statements."""
    found = set(_sources(org, numbers).values_list("country", "connection__kind", "pk"))
    countries = {country for country, _kind, _place in found}
    kinds = {(country, kind) for country, kind, _place in found}
    places = org.locations.within(membership).select_related("connection", "emergency_address")
    return [
        Target(place, _why_not(place, countries, kinds, {pk for _c, _k, pk in found}))
        for place in places.order_by("name", "pk")
    ]


def _sources(org: Organization, numbers: PhoneNumberQuerySet) -> QuerySet[Location]:
    """The locations of these numbers. The index is asked once a location, not once a number."""
    places: QuerySet[Location] = org.locations.filter(Exists(numbers.filter(location=OuterRef("pk"))))
    return places


def _why_not(place: Location, countries: set[str], kinds: set[Any], here: set[int]) -> str:
    connection = place.ready_connection
    if here == {place.pk}:
        return _("They are there already.")
    if place.country not in countries:
        return _("In another country.")
    if connection is None:
        return _("No PSTN connection yet.")
    if (place.country, connection.kind) not in kinds:
        return _("Another kind of PSTN connection.")
    return ""


@register
class Move(NumberKind):
    slug = Job.Kind.MOVE
    undo_minutes = UNDO_MINUTES
    whole_blocks = True

    def clean(self, org: Organization, membership: Membership, params: Params) -> dict[str, Any]:
        places = org.locations.within(membership)
        if not (target := places.filter(pk=_key(params.get("location"))).first()):
            raise Refused(_("Choose the location that the numbers move to."))
        return {"location": target.pk}

    def is_within_reach(self, job: Job) -> bool:
        """The target: it may have been taken from a location administrator. Back is where they came from."""
        assert job.membership, "a job without a person's reach does not run"
        reached = job.org.locations.within(job.membership)
        beyond = job.org.locations.filter(pk=job.params["location"]).exclude(pk__in=reached.values("pk"))
        return bool(job.undoes_id) or not beyond.exists()

    def lane(self, org: Organization, membership: Membership, selection: Selection, params: Params) -> str:
        places = _sources(org, selection.apply(org, membership)).exclude(pk=params["location"])
        sources = list(places.order_by("pk").values_list("pk", flat=True)[:2])
        return f"{sources[0] if len(sources) == 1 else ANY}>{params['location']}"

    def rivals(self, lane: str) -> Q:
        """Moves between the same two locations, whichever way; from several, those that touch the target."""
        source, _arrow, target = lane.partition(">")
        if source == ANY:
            return Q(lane__endswith=f">{target}") | Q(lane__startswith=f"{target}>") | Q(lane__startswith=ANY)
        back = f"{target}>{source}"
        return Q(lane__in=[lane, back, f"{ANY}>{target}", f"{ANY}>{source}"])

    def same(self, org: Organization, params: Params) -> Q:
        return Q(location=params["location"]) & ~EXTENSION_ONLY

    def refusals(self, org: Organization, params: Params) -> Refusals:
        places = org.locations.select_related("connection", "emergency_address")
        return [
            ("extension_only", EXTENSION_ONLY),
            ("not_here", ON_THE_WAY),
            ("inactive", ~Q(state=PhoneNumber.State.ACTIVE)),
            *IN_USE,
            *against_place(places.filter(pk=params["location"]).first()),
        ]

    def clashes(self, org: Organization, params: Params, pks: Sequence[int]) -> dict[int, str]:
        """Of two numbers with the same extension the first can go; a location has each extension once."""
        rows = (
            org.phone_numbers.filter(Among("pk", pks))
            .exclude(extension="")
            .exclude(location=params["location"])
        )
        seen, clashing = set[str](), dict[int, str]()
        for pk, extension in rows.order_by("e164").values_list("pk", "extension"):
            if extension in seen:
                clashing[pk] = "extension_there"
            seen.add(extension)
        return clashing

    def change(self, job: Job, pks: Sequence[int]) -> None:
        place = job.org.locations.get(pk=job.params["location"])
        many.set_fields(job, pks, "moved", {"location_id": place.pk}, of="location_id", note=place.name)

    def refusals_back(self, job: Job) -> Refusals:
        return list(IN_USE)

    def refused_back(self, job: Job, before: str, pks: Sequence[int]) -> dict[int, str]:
        """Where they were may not be what it was: it is asked as any target is."""
        places = job.org.locations.select_related("connection", "emergency_address")
        refusals = against_place(places.filter(pk=int(before)).first())
        rows = job.org.phone_numbers.filter(Among("pk", pks)).annotate(verdict=first(refusals))
        return dict(rows.exclude(verdict=CAN).values_list("pk", "verdict"))

    def put_back(self, job: Job, before: str, pks: Sequence[int]) -> None:
        place = job.org.locations.get(pk=int(before))
        many.set_fields(job, pks, "moved", {"location_id": place.pk}, of="location_id", note=place.name)


def against_place(to: Location | None) -> Refusals:
    """What speaks against this target, whatever the state of a number."""
    everyone = Q(pk__isnull=False)
    if to is None:
        return [("not_connected", everyone)]
    abroad = ("other_country", ~Q(location__country=to.country))
    if (there := to.ready_connection) is None:
        return [abroad, ("not_connected", everyone)]
    namesake = to.phone_numbers.filter(extension=OuterRef("extension"))
    refusals: Refusals = [abroad, ("other_provider", ~Q(location__connection__kind=there.kind))]
    if not to.has_valid_emergency_address:
        refusals.append(("no_address_there", TAKES_ADDRESS & ~OWN_ADDRESS))
    return [*refusals, ("extension_there", ~Q(extension="") & Q(Exists(namesake)))]


def _key(given: Any) -> int:
    """A key from a form; 0, which nothing has, for anything else."""
    return int(given) if str(given).isascii() and str(given).isdigit() and len(str(given)) < 19 else 0
