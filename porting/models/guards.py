"""What guards numbers against being taken away: a port-out PIN and a lock, of an organization or of one
number."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Organization
from accounts.scoping import OrgOwned, org_field
from pstn.models import Connection, PhoneNumber

# Numbers are looked at again for a while: a change may have been saved by a transaction that ended later.
FOLLOW_AGAIN = timedelta(minutes=1)
FRESH = timedelta(days=7)  # a PIN that was changed this recently is worth a look when a request comes


class OrganizationGuard(OrgOwned):
    """The PIN and lock of all numbers of an organization that have none of their own."""

    org = models.OneToOneField(Organization, models.CASCADE, related_name="port_out_guard", editable=False)
    pin = models.CharField(max_length=10, blank=True)
    is_locked = models.BooleanField(default=False)
    # Numbers that changed after this may not have been guarded yet: newly ordered, newly ported in.
    covered_until = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.org}"

    @classmethod
    def locked_of(cls, org: Organization) -> "OrganizationGuard":
        """The organization's guard, locked; made when there is none."""
        guard: OrganizationGuard = cls.unscoped.select_for_update().get_or_create(org=org)[0]
        return guard

    @classmethod
    def watched(cls) -> "models.QuerySet[OrganizationGuard]":
        """Those that say something: new numbers need it too."""
        return cls.unscoped.select_related("org").exclude(pin="", is_locked=False)


class NumberGuard(OrgOwned):
    """The PIN and lock of one number, instead of its organization's. It ends with the number."""

    org = org_field("number_guards")
    number = models.OneToOneField(PhoneNumber, models.CASCADE, related_name="port_out_guard", editable=False)
    pin = models.CharField(max_length=10, blank=True)
    is_locked = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.number.e164


class GuardChange(OrgOwned):
    """One change of PINs or locks: on record, and told to the carrier until it has heard.

    It says whose guard changed and never what the PIN is: what is sent is what holds at that moment.
    """

    org = org_field("guard_changes")
    number = models.CharField(max_length=16, blank=True)  # "" is the organization's
    # Which numbers the carrier must hear of; none named means all that follow the organization.
    numbers = models.JSONField(default=list)
    changes_pin = models.BooleanField(default=False)
    is_new_numbers = models.BooleanField(default=False)  # nobody changed anything: numbers came in
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["told_at", "at"], name="guard_change_untold")]

    def __str__(self) -> str:
        return self.number or f"{self.org}"

    @property
    def key(self) -> str:
        """The idempotency key at the carrier."""
        return f"guard-{self.pk}"


def followers_of(org: Organization) -> "models.QuerySet[PhoneNumber]":
    """The numbers at the carrier that follow the organization's guard."""
    return org.phone_numbers.filter(
        state__in=[PhoneNumber.State.ACTIVE, PhoneNumber.State.INACTIVE],
        location__connection__kind=Connection.Kind.CALLING_PLAN,
        port_out_guard=None,
    )


def guard_of(number: PhoneNumber) -> OrganizationGuard | NumberGuard | None:
    """What guards a number now: its own guard, else its organization's, else nothing."""
    own: NumberGuard | None = getattr(number, "port_out_guard", None)
    return own or getattr(number.org, "port_out_guard", None)


def fresh_pin_changes(
    org: Organization, e164s: list[str], before: datetime
) -> "models.QuerySet[GuardChange]":
    """Changes of a PIN that guarded these numbers, in the days before a moment."""
    return org.guard_changes.filter(
        changes_pin=True, number__in=["", *e164s], at__lte=before, at__gt=before - FRESH
    )
