"""Who is told: the people of an organization whom a message concerns."""

from django.conf import settings
from django.db.models import Q

from accounts.models import Organization, Role, User


def followers(org: Organization, *people: User | None) -> list[User]:
    """The organization's full and PSTN administrators, and those of `people` who still belong to it.

    Each once. Partners are told only of what they did themselves: when they are among `people`.
    """
    named = [person.pk for person in people if person is not None]
    concerned = Q(memberships__role__in=[Role.FULL_ADMIN, Role.PSTN_ADMIN]) | Q(pk__in=named)
    # One filter call, so that both conditions are about the same membership.
    return list(
        User.objects.filter(concerned, is_active=True, memberships__org=org).distinct().order_by("email")
    )


class Followers:
    """`followers`, asked once for the same organization and people: for who writes many letters at once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, frozenset[int]], list[User]] = {}

    def of(self, org: Organization, *people: User | None) -> list[User]:
        key = org.pk, frozenset(person.pk for person in people if person is not None)
        if key not in self._known:
            self._known[key] = followers(org, *people)
        return self._known[key]


def full_admins(org: Organization) -> list[User]:
    """The people who may accept terms for the organization."""
    members = User.objects.filter(is_active=True, memberships__org=org, memberships__role=Role.FULL_ADMIN)
    return list(members.order_by("email"))


def support() -> list[User | str]:
    """PSTN support: its common address, or else everybody of its staff."""
    if settings.SUPPORT_EMAIL:
        return [settings.SUPPORT_EMAIL]
    return list(User.objects.filter(is_active=True, is_staff=True).order_by("email"))
