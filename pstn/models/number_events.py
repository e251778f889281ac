"""What happened to each number, told by rows that outlive it; and the numbers that go back to the carrier."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from accounts.scoping import OrgOwned, org_field
from pstn.models.numbers import PhoneNumber


class ReturnedNumber(OrgOwned):
    """A number of the carrier's that a customer deleted: the carrier is told until it has heard."""

    org = org_field("returned_numbers")
    e164 = models.CharField(max_length=24)
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

    # Only the indexes below: there are many more of these than numbers.
    org = models.ForeignKey(
        Organization, models.CASCADE, related_name="number_events", editable=False, db_index=False
    )
    e164 = models.CharField(max_length=24)
    what = models.CharField(max_length=40)  # the verb: added, ordered, provisioned, activated, …
    # The state; or what else the verb changes: the key of a location, a type, the key of an owner.
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=200, blank=True)
    # A job that did it to many at once: what undoing it reads.
    job = models.ForeignKey(
        "pstn.Job", models.SET_NULL, null=True, editable=False, related_name="number_events", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["org", "e164", "-id"], name="story_of_number"),
            models.Index(fields=["job", "e164"], name="story_of_job", condition=models.Q(job__isnull=False)),
        ]

    SENTENCES: ClassVar[dict[str, Any]] = {
        "added": gettext_lazy("Added by hand"),
        "imported": gettext_lazy("Added from a file"),
        "activated": gettext_lazy("Activated"),
        "deactivated": gettext_lazy("Deactivated"),
        "deleted": gettext_lazy("Deleted"),
        "ordered": gettext_lazy("Ordered"),
        "provisioned": gettext_lazy("Provided by the carrier"),
        "order_failed": gettext_lazy("The carrier could not provide it"),
        "order_canceled": gettext_lazy("Its order was canceled"),
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
        "moved": gettext_lazy("Moved to another location"),
        "retyped": gettext_lazy("Type changed"),
        "extended": gettext_lazy("Extension changed"),
        "noted": gettext_lazy("Note changed"),
        "tagged": gettext_lazy("Tags added"),
        "untagged": gettext_lazy("Tags taken off"),
        "owner_renamed": gettext_lazy("Its owner has another name"),
        "restored": gettext_lazy("Restored"),
        "released": gettext_lazy("Left for good: its time among the deleted numbers was over"),
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
    def detail(self) -> str:
        """What exactly, where a sentence is not enough: "Standard → Service"; else what the verb noted."""
        if self.what == "retyped":
            words = dict(PhoneNumber.Kind.choices)
            change = f"{words.get(self.before, self.before)} → {words.get(self.after, self.after)}"
            return f"{change} · {self.note}" if self.note else change
        return self.note

    @property
    def who(self) -> str:
        return str(self.by) if self.by else ""
