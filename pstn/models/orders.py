"""What every order is, whatever it orders, and the order for new numbers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field
from pstn.models.locations import Location


@dataclass(frozen=True)
class Next:
    """What happens next: one sentence, who acts ("you", "carrier", "us", "customer", ""), and by when."""

    sentence: str
    who: str = ""
    by: date | datetime | None = None


class OrderQuerySet(models.QuerySet[Any]):
    def within(self, membership: Membership) -> Self:
        """The orders for locations that this person may reach; a draft without a location is its maker's."""
        if membership.role != Role.LOCATION_ADMIN:
            return self
        mine = models.Q(location__administrators__membership=membership)
        return self.filter(mine | models.Q(location=None, created_by=membership.user_id))

    def drafts(self) -> Self:
        return self.filter(state="draft")

    def sent(self) -> Self:
        return self.exclude(state="draft")

    def moving(self) -> Self:
        """Orders on which somebody outside or a worker is busy: the page asks for news of these."""
        return self.filter(state__in=self.model.MOVING)

    def needing_action(self) -> Self:
        return self.filter(self.model.in_need())

    def late(self) -> Self:
        """Those that take longer than usual; of most kinds of order nobody knows what is usual."""
        return self.none()

    def done(self) -> Self:
        return self.filter(state__in=self.model.DONE)


class Order(OrgOwned):
    """An order of a customer. `state` may be richer than what people see: `shown` and `tone` are that."""

    PREFIX: ClassVar[str]
    MOVING: ClassVar[frozenset[str]]
    NEEDS_ACTION: ClassVar[frozenset[str]]
    DONE: ClassVar[frozenset[str]]

    location = models.ForeignKey(
        Location, models.PROTECT, null=True, related_name="%(class)ss", verbose_name=gettext_lazy("location")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    number_count = models.PositiveIntegerField(default=0, editable=False)
    carrier_ref = models.CharField(max_length=80, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(default=timezone.now, editable=False)  # since when it is in this state
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = OrderQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The name that people use for it: N-12, P-7."""
        return f"{self.PREFIX}-{self.pk}"

    @classmethod
    def in_need(cls) -> models.Q:
        """The orders that need somebody here, as a condition."""
        return models.Q(state__in=cls.NEEDS_ACTION)

    @property
    def is_draft(self) -> bool:
        return str(self.state) == "draft"  # type: ignore[attr-defined]

    @property
    def is_moving(self) -> bool:
        return self.state in self.MOVING  # type: ignore[attr-defined]

    @property
    def needs_action(self) -> bool:
        return self.state in self.NEEDS_ACTION  # type: ignore[attr-defined]


class OrderEvent(OrgOwned):
    """One move in an order's life: history, notification queue, idempotency key and recovery list in one."""

    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    code = models.CharField(max_length=40, blank=True)  # why, as a code: a porting error
    note = models.TextField(blank=True)  # why, in somebody's words
    carrier_event = models.CharField(max_length=80, null=True, unique=True)  # applied once
    handled_at = models.DateTimeField(null=True)  # its e-mails are written; until then the sweep comes back

    class Meta:
        abstract = True
        ordering = ["pk"]


class NumberOrder(Order):
    """An order for new numbers. A draft is the unfinished wizard. Its life: workflow/number_orders.py."""

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Draft")
        PENDING = "pending", gettext_lazy("Pending")
        PROVISIONED = "provisioned", gettext_lazy("Provisioned")
        ERROR = "error", gettext_lazy("Error")
        CANCELED = "canceled", gettext_lazy("Canceled")

    PREFIX = "N"
    MOVING = frozenset({State.PENDING.value})
    NEEDS_ACTION = frozenset({State.ERROR.value})
    DONE = frozenset({State.PROVISIONED.value, State.CANCELED.value})

    org = org_field("number_orders")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    region = models.CharField(gettext_lazy("state, province or region"), max_length=10, blank=True)
    area_code = models.CharField(gettext_lazy("area code"), max_length=6, blank=True)
    prefix = models.CharField(gettext_lazy("prefix"), max_length=6, blank=True)
    city = models.CharField(gettext_lazy("city"), max_length=60, blank=True)
    quantity = models.PositiveIntegerField(gettext_lazy("how many"), default=1)
    hold_id = models.CharField(max_length=80, blank=True, editable=False)
    hold_until = models.DateTimeField(null=True, editable=False)
    hold_extended = models.BooleanField(default=False, editable=False)
    error = models.CharField(max_length=200, blank=True, editable=False)
    # Sending it to the carrier: how often it was tried, and not before when again.
    tries = models.PositiveIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(null=True, editable=False)
    # Provisioned, and its numbers still inactive because nobody has accepted the terms.
    waits_for_terms = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["org", "-updated_at", "-id"], name="number_order_by_change"),
            models.Index(fields=["state", "moved_at"], name="number_order_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="number_order_state_is_known",
                condition=models.Q(state__in=["draft", "pending", "provisioned", "error", "canceled"]),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("pstn:number_order_detail", args=[self.org.slug, self.pk])

    @property
    def kind_label(self) -> str:
        return _("New numbers")

    @property
    def shown(self) -> str:
        """The word that people see."""
        return _("Waiting for terms") if self.waits_for_terms else str(self.get_state_display())

    @property
    def tone(self) -> str:
        if self.waits_for_terms:
            return "warn"
        return {"draft": "mute", "pending": "warn", "provisioned": "ok", "error": "bad"}.get(
            self.state, "mute"
        )

    @property
    def date_shown(self) -> date | None:
        """Orders for new numbers have no date that anybody waits for."""
        return None

    @property
    def hold_is_alive(self) -> bool:
        return self.hold_until is not None and self.hold_until > timezone.now()

    def missing(self) -> list[str]:
        """The wizard's steps still unfinished, in order; empty means that it may be placed."""
        finished = {
            "location": self.location_id is not None,
            "numbers": self.hold_is_alive and self.lines.chosen().exists(),
        }
        return [step for step, done in finished.items() if not done]


class NumberOrderLineQuerySet(models.QuerySet["NumberOrderLine"]):
    def chosen(self) -> Self:
        return self.filter(is_chosen=True)


class NumberOrderLine(OrgOwned):
    """One number of an order: held and chosen in the draft, then ordered."""

    order = models.ForeignKey(NumberOrder, models.CASCADE, related_name="lines")
    e164 = models.CharField(max_length=16)
    city = models.CharField(max_length=60, blank=True)
    rate_center = models.CharField(max_length=40, blank=True)
    is_chosen = models.BooleanField(default=True)
    is_placed = models.BooleanField(default=False, editable=False)

    unscoped = NumberOrderLineQuerySet.as_manager()

    class Meta:
        ordering = ["e164"]
        constraints = [
            models.UniqueConstraint(fields=["order", "e164"], name="one_line_per_number_in_order"),
            # Even wrong code cannot sell one number twice.
            models.UniqueConstraint(
                fields=["e164"], condition=models.Q(is_placed=True), name="one_placed_line_per_number"
            ),
        ]

    def __str__(self) -> str:
        return self.e164


class NumberOrderEvent(OrderEvent):
    order = models.ForeignKey(NumberOrder, models.CASCADE, related_name="events")

    class Meta(OrderEvent.Meta):
        indexes = [models.Index(fields=["handled_at", "at"], name="number_order_unhandled")]

    def __str__(self) -> str:
        return f"{self.order}: {self.before} → {self.after}"

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        if self.code == "terms_accepted":
            return _("Terms accepted: the numbers are active")
        return {
            "draft": _("Started"),
            "pending": _("Ordered"),
            "provisioned": _("Provided by the carrier"),
            "error": _("The carrier could not provide the numbers"),
            "canceled": _("Closed"),
        }.get(self.after, self.after)

    @property
    def who(self) -> str:
        return str(self.by) if self.by else ""
