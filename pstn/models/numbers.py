"""Telephone numbers of customers, and what happened to each."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field
from lib import phone
from pstn.models.locations import Connection, Location

CALLER_NAME_LIMIT = 15  # characters that the name registers of the carriers hold
# Where a number is given to somebody only if help can be sent to them: 47 CFR 9.11; CRTC 2005-21.
ADDRESS_BEFORE_ASSIGNMENT = frozenset({"US", "CA"})


class Capability(models.TextChoices):
    """What a number is used for."""

    VOICE = "voice", gettext_lazy("Calls")
    SMS = "sms", gettext_lazy("Text messages")
    FAX = "fax", gettext_lazy("Fax")

    @classmethod
    def words(cls, given: Iterable[str]) -> str:
        """Calls, Text messages: in the order of the vocabulary."""
        known = set(given)
        return ", ".join(str(one.label) for one in cls if one.value in known)


def voice_only() -> list[str]:
    return [Capability.VOICE.value]


class PhoneNumberQuerySet(models.QuerySet["PhoneNumber"]):
    def within(self, membership: Membership) -> Self:
        """The numbers at locations that this person may reach."""
        if membership.role != Role.LOCATION_ADMIN:
            return self
        return self.filter(location__administrators__membership=membership)

    def assignable(self) -> Self:
        return self.filter(state=PhoneNumber.State.ACTIVE)

    def waiting_for_terms(self) -> Self:
        """Provisioned by a number order, and kept from use only because nobody has accepted the terms."""
        return self.filter(state=PhoneNumber.State.INACTIVE, waits_for_terms=True)

    def matching(self, digits: str) -> Self:
        """Numbers that begin or end with these digits (country code or not), or have this extension.

        Each way of asking is a range on an index of its own. They are joined by UNION, because an OR makes
        SQLite read all numbers of the organization instead.
        """
        ways = [
            self.filter(condition).order_by().values("pk")
            for condition in (
                _starting("e164", f"+{digits}"),
                _starting("e164", f"+1{digits}"),
                _starting("tail", digits[::-1]),
                models.Q(extension=digits),
            )
        ]
        return self.filter(pk__in=ways[0].union(*ways[1:]))


def _starting(column: str, prefix: str) -> models.Q:
    """A prefix as a half-open range: unlike LIKE it uses a plain index on every database."""
    return models.Q(**{f"{column}__gte": prefix, f"{column}__lt": prefix[:-1] + chr(ord(prefix[-1]) + 1)})


def taken(e164s: Iterable[str]) -> dict[str, int]:
    """Which of these numbers are in the console already, each with the primary key of its organization.

    A number exists once in the world, so this looks across organizations. Whoever shows the answer says
    nothing of another organization than that the number cannot be had.
    """
    rows = PhoneNumber.unscoped.filter(e164__in=list(e164s)).values_list("e164", "org_id")
    return dict(rows)


class PhoneNumber(OrgOwned):
    """One number, once in the whole console. Its life is in workflow/numbers.py."""

    class State(models.TextChoices):
        PENDING = "pending", gettext_lazy("Pending")
        PORTING = "porting", gettext_lazy("Porting in")
        INACTIVE = "inactive", gettext_lazy("Inactive")
        ACTIVE = "active", gettext_lazy("Active")

    class Kind(models.TextChoices):
        STANDARD = "standard", gettext_lazy("Standard")
        TOLL_FREE = "toll_free", gettext_lazy("Toll-free")
        MOBILE = "mobile", gettext_lazy("Mobile")
        SERVICE = "service", gettext_lazy("Service")

    TONES = {
        State.PENDING: "warn",
        State.PORTING: "warn",
        State.INACTIVE: "mute",
        State.ACTIVE: "ok",
    }

    org = org_field("phone_numbers")
    e164 = models.CharField(gettext_lazy("phone number"), max_length=16, unique=True)
    tail = models.CharField(
        max_length=16, editable=False
    )  # the digits backwards: "ends with" becomes a prefix
    location = models.ForeignKey(Location, models.PROTECT, related_name="phone_numbers")
    state = models.CharField(max_length=10, choices=State, editable=False)
    kind = models.CharField(gettext_lazy("type"), max_length=10, choices=Kind, default=Kind.STANDARD)
    extension = models.CharField(gettext_lazy("extension"), max_length=10, blank=True)
    assigned_to = models.CharField(gettext_lazy("assigned to"), max_length=100, blank=True)
    caller_name = models.CharField(gettext_lazy("caller ID name"), max_length=CALLER_NAME_LIMIT, blank=True)
    capabilities = models.JSONField(gettext_lazy("capabilities"), default=voice_only, blank=True)
    number_order = models.ForeignKey(
        "pstn.NumberOrder", models.SET_NULL, null=True, editable=False, related_name="phone_numbers"
    )
    waits_for_terms = models.BooleanField(default=False, editable=False)
    port_date = models.DateField(null=True, editable=False)  # the FOC date while it is porting in
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = PhoneNumberQuerySet.as_manager()

    class Meta:
        ordering = ["e164"]
        indexes = [
            models.Index(fields=["org", "e164"], name="number_of_org"),
            models.Index(fields=["org", "tail"], name="number_by_tail"),
            models.Index(fields=["org", "state", "e164"], name="number_by_state"),
            models.Index(fields=["org", "location", "e164"], name="number_by_location"),
            models.Index(fields=["org", "-updated_at", "-id"], name="number_by_change"),
            models.Index(fields=["org", "extension"], name="number_by_extension"),
        ]
        constraints = [
            models.CheckConstraint(
                name="number_state_is_known",
                condition=models.Q(state__in=["pending", "porting", "inactive", "active"]),
            )
        ]

    def __str__(self) -> str:
        return self.e164

    def save(self, *args: object, **kwargs: object) -> None:
        self.tail = self.e164.lstrip("+")[::-1]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("pstn:number_detail", args=[self.org.slug, self.e164])

    @property
    def tone(self) -> str:
        if self.waits_for_terms:
            return "warn"
        return self.TONES[self.State(self.state)]

    @property
    def shown(self) -> str:
        """The word that people see: with the date of a port, or what the number waits for."""
        if self.state == self.State.PORTING and self.port_date:
            day = date_format(self.port_date, "j M")
            return _("Porting in · %(day)s") % {"day": day}
        if self.waits_for_terms:
            return _("Waiting for terms")
        return str(self.get_state_display())

    @property
    def national(self) -> str:
        return phone.national(self.e164)

    @property
    def is_main(self) -> bool:
        return self.location.main_number_id == self.pk

    @property
    def is_assigned(self) -> bool:
        return bool(self.assigned_to)

    @property
    def capability_words(self) -> str:
        return Capability.words(self.capabilities)

    @property
    def takes_address(self) -> bool:
        """Whether an emergency address belongs to it; to toll-free numbers none does."""
        return self.kind != self.Kind.TOLL_FREE

    @property
    def own_address(self) -> Any:
        """Its custom emergency address, validated or not, or None."""
        return getattr(self, "custom_address", None)

    @property
    def address_in_force(self) -> Any:
        """The emergency address that counts for it: its own once that is validated, else the location's."""
        own = self.own_address
        return own if own and own.is_validated else getattr(self.location, "emergency_address", None)

    @property
    def has_valid_emergency_address(self) -> bool:
        address = self.address_in_force
        return bool(address and address.is_validated)

    @property
    def lacks_address(self) -> bool:
        return self.takes_address and not self.has_valid_emergency_address

    def why_not_assign(self) -> str:
        """The reason why nobody can be given the number now, or ""."""
        if self.state in (self.State.PENDING, self.State.PORTING):
            return _("It is not in service here yet.")
        if self.lacks_address and self.location.country in ADDRESS_BEFORE_ASSIGNMENT:
            return _(
                "Nobody would know where to send help: neither the number nor %(location)s has a validated "
                "emergency address."
            ) % {"location": self.location}
        return ""

    def why_not_activate(self) -> str:
        """The reason why the number cannot be activated now, or "" (M-12: a disabled action says why)."""
        if self.state == self.State.ACTIVE:
            return _("It is active already.")
        if self.state == self.State.PENDING:
            return _("The carrier is still providing it.")
        if self.state == self.State.PORTING:
            return _("It is still at the other carrier until the port completes.")
        if self.waits_for_terms:
            return _("The terms of service must be accepted first.")
        if self.lacks_address:
            # 47 CFR 9.11: where help is sent must be known before the service starts.
            return _("%(location)s has no validated emergency address.") % {"location": self.location}
        return ""

    def why_not_deactivate(self) -> str:
        if self.state != self.State.ACTIVE:
            return _("It is not active.")
        if self.is_main:
            return _("Main number of %(location)s.") % {"location": self.location}
        if self.assigned_to:
            return _("Assigned to %(owner)s. Unassign it first.") % {"owner": self.assigned_to}
        return ""

    def why_not_delete(self) -> str:
        if self.is_main:
            return _("Main number of %(location)s.") % {"location": self.location}
        if self.assigned_to:
            return _("Assigned to %(owner)s. Unassign it first.") % {"owner": self.assigned_to}
        if self.state == self.State.PENDING:
            return _("The carrier is still providing it.")
        if self.state == self.State.PORTING:
            return _("Part of a port. Cancel the port order instead.")
        return ""

    @property
    def is_from_carrier(self) -> bool:
        """Whether giving it up also gives it back to the carrier."""
        connection = getattr(self.location, "connection", None)
        return bool(connection and connection.kind == Connection.Kind.CALLING_PLAN)


class ReturnedNumber(OrgOwned):
    """A number of the carrier's that a customer deleted: the carrier is told until it has heard."""

    org = org_field("returned_numbers")
    e164 = models.CharField(max_length=16)
    at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["told_at", "at"], name="returned_untold")]

    def __str__(self) -> str:
        return self.e164

    @property
    def key(self) -> str:
        """The idempotency key at the carrier."""
        return f"number-return-{self.pk}"


class NumberEvent(OrgOwned):
    """One thing that happened to a number; it outlives it, so a number ordered again keeps its story."""

    org = org_field("number_events")
    e164 = models.CharField(max_length=16)
    what = models.CharField(max_length=40)  # the verb: added, ordered, provisioned, activated, …
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org", "e164", "-id"], name="story_of_number")]

    SENTENCES: ClassVar[dict[str, Any]] = {
        "added": gettext_lazy("Added by hand"),
        "activated": gettext_lazy("Activated"),
        "deactivated": gettext_lazy("Deactivated"),
        "deleted": gettext_lazy("Deleted"),
        "ordered": gettext_lazy("Ordered"),
        "provisioned": gettext_lazy("Provided by the carrier"),
        "order_failed": gettext_lazy("The carrier could not provide it"),
        "terms_accepted": gettext_lazy("Active: the terms were accepted"),
        "port_started": gettext_lazy("Listed as porting in"),
        "port_dated": gettext_lazy("The date of the port changed"),
        "ported_in": gettext_lazy("Ported in: active here"),
        "prepared": gettext_lazy("Prepared for the day it comes"),
        "assigned": gettext_lazy("Assigned"),
        "unassigned": gettext_lazy("Unassigned"),
        "named": gettext_lazy("Caller ID name set"),
        "made_main": gettext_lazy("Main number of its location"),
        "took_over": gettext_lazy("Took over from the temporary number"),
        "stood_in": gettext_lazy("No temporary number any more"),
        "temporary_gone": gettext_lazy("The temporary number was not available any more"),
        "address_set": gettext_lazy("Own emergency address checked"),
        "address_passed": gettext_lazy("Own emergency address taken over"),
        "address_cleared": gettext_lazy("Emergency address of the location again"),
        "port_stopped": gettext_lazy("Stayed with the other carrier"),
        "port_undone": gettext_lazy("Went back to the other carrier"),
        "ported_out": gettext_lazy("Ported out to another carrier"),
        "port_out_returned": gettext_lazy("Returned by the other carrier"),
    }

    def __str__(self) -> str:
        return f"{self.e164} {self.what}"

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        return str(self.SENTENCES.get(self.what, self.what))

    @property
    def who(self) -> str:
        return str(self.by) if self.by else ""
