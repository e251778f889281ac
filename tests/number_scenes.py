"""What the pictures of the numbers page and of its files show: an inventory with something of everything.

`tests.scenes` runs `fill`, together with what waits around the inventory: waiting_scenes.py.
"""

from datetime import timedelta
from itertools import count
from typing import Any

FIRST = (
    "Anita", "Bruno", "Carla", "Dewi", "Elif", "Farid", "Grace",
    "Hugo", "Imani", "Jonas", "Kavya", "Lucia", "Mateo", "Nadia",
)  # fmt: skip
LAST = (
    "Perez", "Okafor", "Lindqvist", "Tanaka", "Moreau", "Silva",
    "Novak", "Haddad", "Reyes", "Fischer", "Castro", "Ivanova",
)  # fmt: skip
FEATURES = (
    ("call_queue", "Sales queue"),
    ("auto_attendant", "Main menu"),
    ("workspace", "Lobby telephone"),
    ("hunt_group", "Night desk"),
    ("contact_center", "Customer care"),
    ("voicemail_group", "Facilities mailbox"),
    ("workspace", "Boardroom 4"),
)
# The first numbers of the page, because those are what a picture shows: owner, what differs from the usual.
HEAD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Main menu", {}),
    ("Anita Perez", {"note": "Printed on her business cards"}),
    ("", {}),
    ("Lobby telephone", {}),
    ("Customer care", {"kind": "contact_center", "sessions": 40}),
    ("Hugo Novak", {}),
    ("", {"state": "inactive"}),
    ("", {"state": "inactive", "kind": "reserved", "note": "For the new floor"}),
    ("Facilities mailbox", {"kind": "service"}),
    ("", {"kind": "elin"}),
    ("", {"state": "pending"}),
    ("", {"state": "porting"}),
    ("Grace Okafor", {}),
)
FILE = """number;location;type;extension;assigned_to;state;tags;note
+1 503 555 0180;Portland warehouse;standard;3180;Jonas Silva;active;Dock;Front row
(503) 555-0181;Portland warehouse;standard;3181;Nadia Castro;active;Dock, VIP;
503.555.0182;Portland warehouse;service;;;inactive;;Gate
4.08555E+09;Portland warehouse;standard;;;active;;
'+15035550183;Portland warehouse;standard;3183;Farid Reyes;active;;
503 555 01;Portland warehouse;standard;;;active;;
+1 503 555 0184;Houston office;standard;;;active;;
+44 20 7946 0900;Portland warehouse;standard;;;active;;
+1 503 555 0180;Portland warehouse;standard;;;active;;
+1 503 555 0185;Portland warehouse;pager;;;active;;
+1 503 555 0170;Portland warehouse;;3170;Carla Haddad;;;
+1 503 555 0171;Portland warehouse;;3181;;;;
"""


def places() -> dict[str, Any]:
    """The locations of the pictures; those that are missing are made."""
    from accounts.models import Organization
    from tests.factories import make_connected_location

    acme = Organization.objects.get(slug="acme")
    for name, address in {
        "London": ("GB", "14 Lantern Yard", "London", "EC1A 1BB", "", "Europe/London"),
        "Berlin": ("DE", "Lindenstraße 12", "Berlin", "10969", "", "Europe/Berlin"),
        "Dallas office": ("US", "1900 Elm Street", "Dallas", "75201", "TX", "America/Chicago"),
    }.items():
        if not acme.locations.filter(name=name).exists():
            names = ("country", "line1", "city", "postal_code", "state", "time_zone")
            make_connected_location(acme, name=name, **dict(zip(names, address, strict=True)))
    acme.locations.filter(name="Dallas office").update(routing_prefix="8")
    return {it.name: it for it in acme.locations.all()}


def fill() -> dict[str, str]:
    from accounts.models import Organization
    from pstn.models import NumberBlock

    at = places()
    acme = Organization.objects.get(slug="acme")
    Organization.objects.filter(slug="acme").update(may_toll_free=True)
    owners = _owners(acme, at["Dallas office"])
    block = NumberBlock._base_manager.create(org=acme, first="+12145550120", last="+12145550129", size=10)
    rows = [
        *_head(at["Dallas office"], owners),
        *_row_of(at["Dallas office"], "+1214555", range(113, 400), owners),
        *_row_of(at["Austin office"], "+1512555", range(400, 820), owners),
        *_row_of(at["Austin office"], "+1800555", range(140, 152), owners, kind="toll_free"),
        *_row_of(at["London"], "+44207946", range(100, 300), owners),
        *_row_of(at["London"], "+44330159", range(200, 206), owners, kind="non_geographic"),
        *_row_of(at["Berlin"], "+493023125", range(200, 320), owners),
        *_extensions(at["Dallas office"], owners),
    ]
    for row in rows:
        if "+12145550120" <= row.e164 <= "+12145550129":
            row.block = block
    acme.phone_numbers.bulk_create(rows)
    _touches(acme, at["Dallas office"])
    _views(acme)
    return _pages(acme, at["Dallas office"], block)


def _owners(acme: Any, place: Any) -> dict[str, Any]:
    from pstn.models import Owner
    from pstn.workflow import owners

    people = [("user", f"{first} {last}") for last in LAST for first in FIRST]
    Owner._base_manager.bulk_create(
        Owner(org=acme, kind=kind, name=name, location=place) for kind, name in (*FEATURES, *people)
    )
    found = {owner.name: owner for owner in acme.owners.all()}
    owners.index(acme, found.values())
    return found


def _new(place: Any, e164: str, owner: Any = None, **fields: Any) -> Any:
    from pstn.models import PhoneNumber

    given = {"state": "active", "assigned_to": owner.name if owner else "", "owner": owner, **fields}
    return PhoneNumber(org=place.org, location=place, e164=e164, tail=e164.lstrip("+")[::-1], **given)


def _head(place: Any, owners: dict[str, Any]) -> list[Any]:
    from django.utils import timezone

    rows = []
    for n, (name, fields) in enumerate(HEAD, 100):
        owner = owners.get(name)
        more = {"extension": f"4{n}"} if owner and owner.is_line else {}
        if fields.get("state") == "porting":
            more["port_date"] = timezone.localdate() + timedelta(days=9)
        rows.append(_new(place, f"+12145550{n}", owner, **fields, **more))
    return rows


def _row_of(place: Any, start: str, numbers: range, owners: dict[str, Any], **fields: Any) -> list[Any]:
    """A run of numbers: most have somebody, some nobody, a few are inactive."""
    people = [owner for owner in owners.values() if owner.kind == "user"]
    feature = owners["Sales queue"]
    rows = []
    for n in numbers:
        more: dict[str, Any] = {}
        owner = people[n * 11 % len(people)] if n % 5 else None
        if fields:
            owner = feature if n % 2 else None
        elif owner:
            more["extension"] = f"{n + 4000}"
        elif n % 3 == 0:
            more["state"] = "inactive"
        digits = f"{n:04}" if start.startswith("+1") else f"{n}"
        rows.append(_new(place, f"{start}{digits}", owner, **more, **fields))
    return rows


def _extensions(place: Any, owners: dict[str, Any]) -> list[Any]:
    names = ("Lobby telephone", "Boardroom 4")
    return [
        _new(
            place,
            f"x{place.pk}-{extension}",
            owners[name],
            kind="extension",
            state="na",
            extension=str(extension),
        )
        for name, extension in zip(names * 6, count(4900), strict=False)
    ]


def _touches(acme: Any, place: Any) -> None:
    """A main number, an address of its own, tags; one number with a story."""
    from pstn.workflow import number_edits, numbers
    from tests.factories import make_own_address

    ada = person()
    get = acme.phone_numbers.get
    place.main_number = get(e164="+12145550100")
    place.save()
    own = get(e164="+12145550103")
    dallas = {"city": "Dallas", "state_code": "TX", "postal_code": "75201"}
    make_own_address(own, line1="1900 Elm Street", line2="Loading dock", **dallas)
    it = get(e164="+12145550101")
    numbers.unassign(it, by=ada.user)
    numbers.assign(it, by=ada.user, assigned_to="Anita Perez", extension="4101", caller_name="ACME DALLAS")
    number_edits.describe(it, note=it.note, tags=["Sales", "VIP"], by=ada.user)


def _views(acme: Any) -> None:
    from pstn.models import SavedView

    ada = person().user
    for name, query, user in (
        ("Free in Dallas", "?assignment=unassigned&state=active", ada),
        ("Toll-free", "?type=toll_free&columns=number,assigned,status,tags", None),
        ("VIP", "?tag=VIP", ada),
    ):
        SavedView.unscoped.create(org=acme, name=name, query=query, user=user, made_by=ada)


def person() -> Any:
    from accounts.models import Membership

    return Membership.objects.select_related("user", "org").get(
        org__slug="acme", user__email="ada@acme.example"
    )


def _pages(acme: Any, place: Any, block: Any) -> dict[str, str]:
    owner = acme.owners.get(name="Anita Perez")
    return {
        "owner": owner.get_absolute_url(),
        "block": block.get_absolute_url(),
        "dallas": str(place.pk),
        "main": acme.phone_numbers.get(e164="+12145550100").get_absolute_url(),
        "number": acme.phone_numbers.get(e164="+12145550101").get_absolute_url(),
    }
