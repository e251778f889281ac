"""Where help is sent: the emergency service address of each location, and the own ones of some numbers."""

import hashlib
import json
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

import countries
from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field
from pstn.models import Location, PhoneNumber

ADDRESS_FIELDS = ("line1", "line2", "city", "state_code", "postal_code")


class EmergencyAddressQuerySet(models.QuerySet["EmergencyAddress"]):
    def within(self, membership: Membership) -> Self:
        if membership.role != Role.LOCATION_ADMIN:
            return self
        return self.filter(
            models.Q(location__administrators__membership=membership)
            | models.Q(number__location__administrators__membership=membership)
        )


class EmergencyAddress(OrgOwned):
    """Where help goes for a location, the default of all its numbers; or for one number that has its own.

    An own address counts once it is validated; until then, and after it is cleared, the location's does.
    Its life is in workflow.py.
    """

    class State(models.TextChoices):
        UNCHECKED = "unchecked", _("Not validated")
        SUGGESTED = "suggested", _("Suggested")
        VALIDATED = "validated", _("Validated")
        REJECTED = "rejected", _("Rejected")

    TONES = {
        State.UNCHECKED: "warn",
        State.SUGGESTED: "info",
        State.VALIDATED: "ok",
        State.REJECTED: "bad",
    }

    org = org_field("emergency_addresses")
    location = models.OneToOneField(
        Location, models.CASCADE, null=True, related_name="emergency_address", editable=False
    )
    number = models.OneToOneField(
        PhoneNumber, models.CASCADE, null=True, related_name="custom_address", editable=False
    )
    line1 = models.CharField(_("street address"), max_length=150)
    # 20 characters are what every call taker's screen shows; more is cut off there.
    line2 = models.CharField(_("floor, suite"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=50)
    state_code = models.CharField(_("state, province or region"), max_length=40)
    postal_code = models.CharField(_("postal code"), max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.UNCHECKED, editable=False)
    # {"typed", "found", "reasons"} while a suggestion waits; a validated address stays in force meanwhile.
    suggestion = models.JSONField(default=dict, editable=False)
    reasons = models.JSONField(default=list, editable=False)  # codes of carrier.base.AddressVerdict
    checked_at = models.DateTimeField(null=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = EmergencyAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency address")
        verbose_name_plural = _("emergency addresses")
        constraints = [
            models.CheckConstraint(
                name="emergency_address_state_is_known",
                condition=models.Q(state__in=["unchecked", "suggested", "validated", "rejected"]),
            ),
            models.CheckConstraint(
                name="emergency_address_of_one_thing",
                condition=models.Q(location__isnull=False, number__isnull=True)
                | models.Q(location__isnull=True, number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return countries.address_line(
            self.home.country, self.line1, self.line2, self.city, self.state_code, self.postal_code
        )

    @property
    def home(self) -> Location:
        """The location that it is about, directly or by its number."""
        if self.location is not None:
            return self.location
        assert self.number is not None, "an address is of a location or of a number"
        return self.number.location

    @property
    def is_validated(self) -> bool:
        return self.state == self.State.VALIDATED

    @property
    def is_kept(self) -> bool:
        """Saved as somebody typed it, without a verdict against it."""
        return self.state == self.State.UNCHECKED

    @property
    def fields(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ADDRESS_FIELDS}

    @property
    def suggestion_mark(self) -> str:
        """A short digest of the stored suggestion: who accepts one says by this which one they saw."""
        text = json.dumps(self.suggestion, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16] if self.suggestion else ""

    @property
    def tone(self) -> str:
        return self.TONES[self.State(self.state)]


class EmergencyAddressEvent(OrgOwned):
    """One change of an emergency address: what it was, what it became, how the service judged it."""

    address = models.ForeignKey(EmergencyAddress, models.CASCADE, related_name="events")
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    text = models.CharField(max_length=330)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.address}: {self.before} → {self.after}"
