"""Deleted numbers that can still be had back: they rest for some days (PRODUCT N6)."""

import json
from collections.abc import Iterable
from operator import itemgetter
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Membership, Organization, Role
from accounts.scoping import OrgOwned, org_field
from lib import phone, prepared
from lib.among import Among
from pstn.models.locations import Location
from pstn.models.numbers import PhoneNumber


class RestingNumberQuerySet(models.QuerySet["RestingNumber"]):
    def within(self, membership: Membership) -> Self:
        if membership.role != Role.LOCATION_ADMIN:
            return self
        return self.filter(location__administrators__membership=membership)

    def due(self) -> Self:
        """Those whose time is over: they leave for good."""
        return self.filter(until__lte=timezone.now())


def resting(org: Organization, e164s: Iterable[str]) -> tuple[list[str], list[str]]:
    """Which of these may not be listed anew because they rest: the organization's own, which are restored
    instead, and those that are another one's and its carrier's. What is another one's own provider's may be.

    Looks across organizations: whoever shows the answer says of another one only that it cannot be had.
    """
    rows = prepared.rows("resting", _resting, [json.dumps(list(e164s))])
    found = sorted(rows, key=itemgetter(0))
    ours = [e164 for e164, owner, _of_carrier in found if owner == org.pk]
    theirs = [e164 for e164, owner, of_carrier in found if owner != org.pk and of_carrier]
    return ours, theirs


def _resting(e164s: str) -> "models.QuerySet[RestingNumber, Any]":
    rows = RestingNumber.unscoped.filter(Among("e164", e164s))
    return rows.values_list("e164", "org_id", "is_from_carrier")


class RestingNumber(OrgOwned):
    """A number that was deleted. One of the carrier's stays ours until its time is over."""

    org = org_field("resting_numbers")
    e164 = models.CharField(max_length=24)
    # Where it was; a location that is deleted takes its resting numbers along.
    location = models.ForeignKey(Location, models.CASCADE, related_name="resting_numbers")
    was = models.JSONField(default=dict)  # the other fields of the number, by name, to put it back
    is_from_carrier = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey("pstn.Job", models.SET_NULL, null=True, related_name="resting_numbers")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    unscoped = RestingNumberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["e164", "org"], name="rests_once_per_org")]
        indexes = [
            models.Index(fields=["until"], name="resting_due"),
            models.Index(fields=["org", "-at", "-id"], name="resting_of_org"),
        ]

    def __str__(self) -> str:
        return self.e164

    @property
    def national(self) -> str:
        return phone.national(self.e164)

    def as_number(self) -> PhoneNumber:
        """What it was, as far as it says where it is and of which kind; it is not in the inventory."""
        kind = self.was.get("kind", PhoneNumber.Kind.STANDARD)
        return PhoneNumber(org=self.org, e164=self.e164, location=self.location, kind=kind)
