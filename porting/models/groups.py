"""One upload that became several orders: what they share, and how they stand together."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field
from porting.models.orders import PortOrder
from porting.models.shared import SharedFacts

# What orders of a group share, as far as an order does not say something else itself.
SHARED = ("location", *(field.name for field in SharedFacts._meta.local_fields))


class GroupStatus(models.TextChoices):
    """How the orders of a group stand together."""

    DRAFT = "draft", gettext_lazy("Draft")
    IN_PROGRESS = "in_progress", gettext_lazy("In progress")
    NEEDS_ATTENTION = "needs_attention", gettext_lazy("Needs attention")
    PARTIAL = "partial", gettext_lazy("Partly completed")
    COMPLETED = "completed", gettext_lazy("Completed")
    CANCELED = "canceled", gettext_lazy("Canceled")

    @property
    def tone(self) -> str:
        return {
            GroupStatus.IN_PROGRESS: "info",
            GroupStatus.NEEDS_ATTENTION: "bad",
            GroupStatus.PARTIAL: "info",
            GroupStatus.COMPLETED: "ok",
        }.get(self, "mute")


def status_of(states: Iterable[str]) -> GroupStatus:
    """The status of a group from the states of its orders; the first line that fits.

    One that needs somebody makes the group need somebody; canceled ones count only if nothing else is left.
    """
    present = set(states)
    here, ended = present & PortOrder.HERE, present & (PortOrder.DONE - PortOrder.HERE)
    drafts, going = present & {PortOrder.State.DRAFT.value}, present & PortOrder.MOVING - PortOrder.HERE
    if present & PortOrder.NEEDS_ACTION:
        return GroupStatus.NEEDS_ATTENTION
    if here:
        return GroupStatus.PARTIAL if going or drafts or ended else GroupStatus.COMPLETED
    if going:
        return GroupStatus.IN_PROGRESS
    return GroupStatus.CANCELED if ended and not drafts else GroupStatus.DRAFT


class PortGroupQuerySet(models.QuerySet["PortGroup"]):
    def within(self, membership: Membership) -> Self:
        """The groups of which this person may reach every order: what is shared concerns them all."""
        if membership.role != Role.LOCATION_ADMIN:
            return self
        mine = PortOrder.unscoped.filter(org=membership.org_id).within(membership)
        beyond = PortOrder.unscoped.filter(org=membership.org_id, group__isnull=False).exclude(
            pk__in=mine.values("pk")
        )
        return self.filter(pk__in=mine.filter(group__isnull=False).values("group")).exclude(
            pk__in=beyond.values("group")
        )


class PortGroup(SharedFacts, OrgOwned):
    """The parent of orders that belong together. Its status follows from theirs and is never stored."""

    org = org_field("port_groups")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    is_aligned = models.BooleanField(default=True)  # all orders are moved to the latest of their FOC dates
    # Of what they share, counted up by each save: a stale tab is told instead of overwriting.
    version = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, editable=False)
    # What they share, by the names that an order has for it
    country = models.CharField(max_length=2, default="US", editable=False)
    location = models.ForeignKey(
        "pstn.Location", models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("location")
    )

    unscoped = PortGroupQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"G-{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("porting:group_detail", args=[self.org.slug, self.pk])

    def lock(self) -> None:
        """Read the row anew and keep it until the transaction ends."""
        self.refresh_from_db(from_queryset=PortGroup._base_manager.select_for_update())

    def differing(self, order: PortOrder) -> list[str]:
        """The shared things that an order says differently."""
        return [name for name in SHARED if getattr(order, _column(name)) != getattr(self, _column(name))]

    def shared(self) -> dict[str, Any]:
        """What orders of the group have in common, by field."""
        return {name: getattr(self, name) for name in SHARED}


class GroupEvent(OrgOwned):
    """What happened to a group as a whole; what happened to its orders is in theirs."""

    class Verb(models.TextChoices):
        MAKE = "make", gettext_lazy("Divided into several orders")
        CHANGE = "change", gettext_lazy("Shared data changed")
        DETACH = "detach", gettext_lazy("Taken out of the group")
        ALIGN_ON = "align_on", gettext_lazy("Same day for all: on")
        ALIGN_OFF = "align_off", gettext_lazy("Same day for all: off")
        ALIGN = "align", gettext_lazy("Moved to the day of the others")
        NOT_ALIGNED = "not_aligned", gettext_lazy("Could not be moved to the day of the others")

    group = models.ForeignKey(PortGroup, models.CASCADE, related_name="events")
    order = models.ForeignKey(PortOrder, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=12, choices=Verb)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    date = models.DateField(null=True)  # the day to which orders are moved
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            # An order is moved to one day at most once, and its refusal told once.
            models.UniqueConstraint(
                fields=["group", "order", "date"],
                condition=models.Q(verb__in=["align", "not_aligned"]),
                name="port_group_aligns_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.verb}"

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        said = self.get_verb_display()
        if self.order_id is None:
            return str(said)
        return _("P-%(order)s: %(what)s") % {"order": self.order_id, "what": said}

    @property
    def who(self) -> str:
        return str(self.by) if self.by else _("The console")


def _column(name: str) -> str:
    return "location_id" if name == "location" else name
