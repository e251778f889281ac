"""The demonstration's inventory: numbers of every type, whose they are, tasks, views and orders that wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.models import Membership, Organization, User
from emergency import workflow as addresses
from pstn import stock
from pstn.listing import saved_views
from pstn.models import Job, Location, NumberOrder, Owner, PhoneNumber
from pstn.selection import Selection
from pstn.workflow import (
    extensions,
    jobs,
    number_drafts,
    number_edits,
    number_orders,
    number_requests,
    numbers,
    owners,
)

K, Who = PhoneNumber.Kind, Owner.Kind
OWNERS = [
    *((Who.USER, name) for name in ("Rosa Delgado", "Omar Yilmaz", "Freya Jensen", "Kenji Mori")),
    *((Who.USER, name) for name in ("Leila Karimi", "Pavel Dvorak", "Chloe Martin", "Samuel Adeyemi")),
    (Who.WORKSPACE, "Reception telephone"),
    (Who.WORKSPACE, "Meeting room Aspen"),
    (Who.VIRTUAL_LINE, "Press line"),
    (Who.AUTO_ATTENDANT, "Denver menu"),
    (Who.CALL_QUEUE, "Support queue"),
    (Who.HUNT_GROUP, "After hours"),
    (Who.VOICEMAIL_GROUP, "Building mailbox"),
    (Who.CONTACT_CENTER, "Customer line"),
]


@dataclass(frozen=True)
class Given:
    """One of the first numbers: who has it, of which type it is, what is written about it."""

    owner: str = ""
    kind: str = K.STANDARD
    note: str = ""
    tags: tuple[str, ...] = ()

    @property
    def sessions(self) -> int | None:
        return 40 if self.kind == K.CONTACT_CENTER else None


HEAD = (
    Given("Denver menu"),
    Given("Rosa Delgado", note="Printed on her business cards", tags=("Sales", "VIP")),
    Given("Omar Yilmaz", tags=("Sales",)),
    Given("Reception telephone", tags=("Ground floor",)),
    Given("Customer line", kind=K.CONTACT_CENTER),
    Given("Freya Jensen"),
    Given("Building mailbox", kind=K.SERVICE, note="Leaks, locks and light bulbs"),
    Given(kind=K.RESERVED, note="For the new floor"),
    Given(kind=K.ELIN),
    Given("Kenji Mori", tags=("VIP",)),
    Given("Meeting room Aspen"),
    Given("Press line", note="Only during business hours"),
    Given("Leila Karimi"),
    Given("Support queue", tags=("Sales",)),
    Given("Pavel Dvorak"),
    Given("After hours"),
    Given("Chloe Martin"),
    Given("Samuel Adeyemi"),
)
VIEWS = [  # name, question, whether it is for everybody
    ("Free in Denver", "?location={denver}&assignment=unassigned&state=active", False),
    ("Emergency addresses to mend", "?emergency=missing&emergency=unchecked", True),
    ("Important", "?tag=VIP&columns=number,extension,assigned,tags,note", True),
]


def fill(org: Organization, admin: Membership) -> None:
    """Numbers at Denver as people would have left them, and what waits for somebody elsewhere."""
    denver, user = org.locations.get(name="Denver office"), admin.user
    known = {name: owners.add(org, kind=kind, name=name, location=denver, by=user) for kind, name in OWNERS}
    _add(denver, user)
    for n, given in enumerate(HEAD, 100):
        _give(denver.phone_numbers.get(e164=_e164(n)), given, known, f"4{n}", user)
    for extension, name in (("4900", "Reception telephone"), ("4901", "Meeting room Aspen")):
        extensions.add(denver, extension, owner=known[name], by=user)
    numbers.assign(org.phone_numbers.get(e164="+18445550142"), owner=known["Support queue"], by=user)
    _move_in(denver, user)
    for n in (148, 149):
        numbers.delete(denver.phone_numbers.get(e164=_e164(n)), by=user)
    for name, query, is_shared in VIEWS:
        query = query.format(denver=denver.pk)
        saved_views.save(org, name=name, query=query, is_shared=is_shared, membership=admin)
    _work(org, admin)
    if settings.CARRIER_IS_SIMULATED:  # another one would take these orders in earnest
        _order(org, user)


def _e164(n: int) -> str:
    return f"+13035550{n}"


def _add(denver: Location, by: User) -> None:
    """Most are in service; some rest, and some are mobile or toll-free."""
    numbers.add(denver, [_e164(n) for n in range(101, 140)], kind=K.STANDARD, active=True, by=by)
    numbers.add(denver, [_e164(n) for n in range(140, 150)], kind=K.STANDARD, active=False, by=by)
    numbers.add(denver, [f"+17205550{n}" for n in (160, 161)], kind=K.MOBILE, active=True, by=by)
    numbers.add(denver, [f"+18445550{n}" for n in (142, 143)], kind=K.TOLL_FREE, active=True, by=by)


def _give(number: PhoneNumber, given: Given, known: dict[str, Owner], extension: str, by: User) -> None:
    if given.kind != number.kind:
        number_edits.retype(number, given.kind, sessions=given.sessions, by=by)
    if given.owner:
        owner = known[given.owner]
        numbers.assign(number, owner=owner, by=by, **({"extension": extension} if owner.is_line else {}))
    if given.note or given.tags:
        number_edits.describe(number, note=given.note, tags=given.tags, by=by)


def _move_in(denver: Location, by: User) -> None:
    """The main number, and two that stand elsewhere: one address is known, the other is not."""
    for n, line1 in ((103, "1701 Wynkoop Street"), (110, "1701 Nowhere Lane")):
        typed = {
            "line1": line1,
            "line2": "",
            "city": "Denver",
            "state_code": "CO",
            "postal_code": denver.postal_code,
        }
        addresses.check(denver.phone_numbers.get(e164=_e164(n)), typed, by=by)


def _work(org: Organization, admin: Membership) -> None:
    """A task that has ended, with a refusal; and one that is paused."""

    def begin(work: str, chosen: Iterable[int], **params: Any) -> Job:
        selection, key = Selection("", tuple(_e164(n) for n in chosen)), f"demonstration-{work}"
        return jobs.start(org, work, selection, params, membership=admin, by=admin.user, key=key)

    ended = begin(Job.Kind.DEACTIVATE, [100, *range(130, 138)])
    goes_on = jobs.begin(ended)
    while goes_on:
        goes_on = jobs.advance(ended)
    jobs.seen(ended)
    jobs.pause(begin(Job.Kind.RETYPE, range(120, 126), kind=K.SERVICE), by=admin.user)


def _order(org: Organization, by: User) -> None:
    """A back-order, for which nothing is there, and a request that waits for support's offer."""
    austin, hamburg = org.locations.get(name="Austin office"), org.locations.get(name="Hamburg office")
    back = number_drafts.start(org, by=by, location=austin)
    search = stock.Search(
        country="US", state=austin.state, area_code="512", city="", prefix="777", quantity=5
    )
    number_drafts.look(back, search)
    number_drafts.wait_for_all(back)
    number_orders.place(back, by=by)
    asked = number_drafts.start(
        org,
        by=by,
        location=hamburg,
        kind=NumberOrder.Kind.ASSISTED,
        area="Hamburg 040",
        quantity=10,
        details="In a row, if that is possible. They replace the lines of our old office.",
    )
    number_requests.submit(asked, by=by)
