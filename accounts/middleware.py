"""The fence at the door: which organization a request is about, and whether this person may come in."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts import acting
from accounts.models import Membership, Organization, Right, User
from lib import prepared

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
GetResponse = Callable[[HttpRequest], HttpResponse]


class LocaleAndZoneMiddleware:
    """Show times in the person's zone, and let nobody keep a signed-in page in a shared cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(_zone(request.user.time_zone)):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class OrgMiddleware:
    """Put `request.org` and `request.membership` on every request under `/<org_slug>/`.

    Outsiders get 404, so they cannot tell that an organization exists. Reading needs VIEW and writing
    needs EDIT unless the view asks for something else with @needs(Right.…).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting.acting(_actor(request)):
            return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: list[Any], kwargs: dict[str, Any]) -> None:
        if getattr(view, "staff_only", False) and not request.user.is_staff:
            raise Http404
        if "org_slug" not in kwargs or not request.user.is_authenticated:
            return
        membership = membership_of(request.user, kwargs.pop("org_slug"))
        default = Right.VIEW if request.method in SAFE_METHODS else Right.EDIT
        if not membership.may(getattr(view, "needs_right", default)):
            raise PermissionDenied
        request.org, request.membership = membership.org, membership
        acting.take_role(membership)


def membership_of(user: User, slug: str) -> Membership:
    """Somebody's membership with its organization, in one statement that every page asks; else Http404."""
    own, theirs = ([field.attname for field in it._meta.concrete_fields] for it in (Membership, Organization))

    def make(user_pk: int, org_slug: str) -> QuerySet[Membership, tuple[Any, ...]]:
        found = Membership.objects.filter(user=user_pk, org__slug=org_slug)
        return found.values_list(*own, *(f"org__{name}" for name in theirs))

    for row in prepared.rows("membership", make, [user.pk, slug]):
        membership = Membership.from_db("default", own, row[: len(own)])
        membership.org = Organization.from_db("default", theirs, row[len(own) :])
        membership.user = user  # known already
        return membership
    raise Http404


def _zone(name: str) -> zoneinfo.ZoneInfo:
    """The person's zone; one that this machine does not know must not close the console to them."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def _actor(request: HttpRequest) -> acting.Actor:
    user = request.user if request.user.is_authenticated else None
    return acting.Actor(
        user=user,
        acting_as="staff" if user and user.is_staff else "person" if user else "system",
        ip=request.META.get("REMOTE_ADDR") or None,
        user_agent=request.headers.get("User-Agent", ""),
    )
