"""Fills an empty console with the people and places of the guides, by the same verbs that people use."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import acting
from accounts.acting import Actor
from accounts.models import Membership, Organization, Role, User
from config import demo_inventory
from config.management.commands.up import DEMO_PASSWORD
from emergency import workflow as addresses
from lib.transitions import Refused
from porting.models import FeeBand
from pstn.models import Location
from pstn.workflow import connections, locations, numbers

PARTNER = "northwind"
CUSTOMERS = {"acme": ("Acme", False), "globex": ("Globex", True)}  # name, whether it is a trial
# Who is where. An organization's first person is the one in whose name its places are made.
PEOPLE: dict[str, list[tuple[str, str, Role]]] = {
    "acme": [
        ("ada@acme.example", "Ada Park", Role.FULL_ADMIN),
        ("eli@acme.example", "Eli Stone", Role.PSTN_ADMIN),
        ("vic@acme.example", "Vic Lund", Role.READ_ONLY),
        ("paula@partner.example", "Paula Kern", Role.PARTNER_ADMIN),
    ],
    "globex": [
        ("mallory@globex.example", "Mallory Voss", Role.FULL_ADMIN),
        ("paula@partner.example", "Paula Kern", Role.PARTNER_ADMIN),
    ],
}
STAFF = ("staff@pstnhub.example", "Sam Staff")
# What giving a confirmed port up, or moving its date, costs a number: kind, fewer hours left than, US$.
FEES = [
    ("cancel", 72, "25.00"),
    ("cancel", 48, "50.00"),
    ("cancel", 24, "100.00"),
    ("change", 72, "10.00"),
    ("change", 48, "20.00"),
    ("change", 24, "40.00"),
]


@dataclass(frozen=True)
class Place:
    """A location, how far it is set up, and the numbers typed in there; the first is the main one."""

    name: str
    line1: str
    city: str
    state: str
    postal_code: str
    time_zone: str
    connection: str = ""
    numbers: tuple[str, ...] = ()
    country: str = "US"

    @property
    def address(self) -> dict[str, str]:
        return {"line1": self.line1, "city": self.city, "postal_code": self.postal_code}


PLACES = {
    "acme": [
        # Not connected yet: with it the story of a newcomer begins.
        Place("San Jose HQ", "100 Main Street", "San Jose", "CA", "95112", "America/Los_Angeles"),
        Place(
            "Austin office", "500 Congress Avenue", "Austin", "TX", "78701", "America/Chicago", "calling_plan"
        ),
        Place(
            "Portland warehouse",
            *("2200 Harbor Drive", "Portland", "OR", "97209", "America/Los_Angeles", "premises"),
            numbers=tuple(f"+150355501{n}" for n in range(70, 76)),
        ),
        # With what there is to see of numbers: config/demo_inventory.py.
        Place(
            "Denver office",
            *("1600 Wynkoop Street", "Denver", "CO", "80202", "America/Denver", "premises"),
            numbers=("+13035550100",),
        ),
        Place(
            "Hamburg office",
            *("Speicherweg 8", "Hamburg", "", "20457", "Europe/Berlin", "calling_plan"),
            country="DE",
        ),
    ],
    "globex": [
        Place(
            "Seattle office",
            "88 Pine Street",
            "Seattle",
            "WA",
            "98101",
            "America/Los_Angeles",
            "calling_plan",
        ),
    ],
}


class Command(BaseCommand):
    """`manage.py demo`. What exists already is left as people have made it: run it as often as you like."""

    help = "Adds the demonstration's organizations, people and places, and the simulated carrier's records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help=_("Add them beside organizations of your own.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_beside_real_customers(options["force"])
        if settings.CARRIER_IS_SIMULATED:
            call_command("simulator_demo", stdout=self.stdout)
        try:
            with transaction.atomic():
                made = [slug for slug in CUSTOMERS if self._customer(slug)]
                self._staff()
                if made:
                    self._fees()
        except Refused as refusal:  # the carrier does not answer, or somebody has the numbers already
            raise CommandError(str(refusal)) from refusal
        names = ", ".join(CUSTOMERS[slug][0] for slug in made)
        self.stdout.write(
            _("The demonstration is ready: added %(names)s.") % {"names": names}
            if made
            else _("The demonstration was there already; nothing is changed.")
        )

    def _refuse_beside_real_customers(self, force: bool) -> None:
        """A console in use must not get people with a known password by a slip of the hand."""
        own = {PARTNER, *CUSTOMERS}
        here = set(Organization.objects.values_list("slug", flat=True))
        if here and not here & own and not force:
            raise CommandError(
                _(
                    "This console has organizations of its own, so the demonstration is not added. "
                    "Start it with DEMO=0, or run `manage.py demo --force` if you want it all the same."
                )
            )

    def _customer(self, slug: str) -> bool:
        """One customer with its people and places; False when it is there already."""
        if Organization.objects.filter(slug=slug).exists():
            return False
        name, is_trial = CUSTOMERS[slug]
        partner, _is_new = Organization.objects.get_or_create(
            slug=PARTNER, defaults={"name": "Northwind Partners", "kind": Organization.Kind.PARTNER}
        )
        org = Organization.objects.create(name=name, slug=slug, partner=partner, is_trial=is_trial)
        members = [
            Membership.objects.create(org=org, user=_person(email, person), role=role)
            for email, person, role in PEOPLE[slug]
        ]
        with acting.acting(Actor(members[0].user, members[0].role)):
            for place in PLACES[slug]:
                _set_up(org, place, members[0])
            if slug == "acme":
                demo_inventory.fill(org, members[0])
        return True

    def _staff(self) -> None:
        email, name = STAFF
        if not User.objects.filter(email=email).exists():
            User.objects.create_superuser(email, password=DEMO_PASSWORD, name=name)

    def _fees(self) -> None:
        """Amounts to show what late changes look like; each page says that they are examples."""
        if not FeeBand.objects.exists():
            FeeBand.objects.bulk_create(
                FeeBand(kind=kind, under_hours=hours, amount=Decimal(amount), is_example=True)
                for kind, hours, amount in FEES
            )


def _person(email: str, name: str) -> User:
    known = User.objects.filter(email=email).first()
    return known or User.objects.create_user(email, name=name, password=DEMO_PASSWORD)


def _set_up(org: Organization, place: Place, admin: Membership) -> None:
    """The location, and what people would do to connect it, as far as the place goes."""
    own = {**place.address, "name": place.name, "state": place.state, "time_zone": place.time_zone}
    location = locations.add(org, {**own, "country": place.country})
    if not place.connection:
        return
    connections.fill(location, {"kind": place.connection, **_contract(org, place, admin)})
    if place.connection == "calling_plan":
        connections.accept_disclaimer(
            location, contact=str(admin.user), title="Office manager", membership=admin
        )
    typed = {**place.address, "line2": "", "state_code": place.state}
    addresses.check(location, typed, by=admin.user)
    location = org.locations.get(pk=location.pk)
    connections.connect(location.connection, by=admin.user)
    if place.numbers:
        _add_numbers(location, place.numbers, admin.user)


def _contract(org: Organization, place: Place, admin: Membership) -> dict[str, str]:
    """What the connection's wizard asks for its kind."""
    if place.connection == "premises":
        return {"routing": "trunk", "routing_name": f"{place.city} gateway"}
    first_name, last_name = str(admin.user).split(" ", 1)
    person = {"first_name": first_name, "last_name": last_name, "email": admin.user.email}
    return {"company": org.name, **person}


def _add_numbers(location: Location, e164s: tuple[str, ...], by: User) -> None:
    numbers.add(location, e164s, kind="standard", active=True, by=by)
    locations.set_main_number(location, location.phone_numbers.get(e164=e164s[0]))
