"""What every order is, whatever it orders: drafts and moves, who may see it, what happens next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role
from accounts.scoping import OrgOwned
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
    # What a row of a list needs to know of it, beside its organization; every kind adds its own.
    LISTED: ClassVar[tuple[str, ...]] = (
        "state",
        "number_count",
        "moved_at",
        "updated_at",
        "location__name",
        "created_by__name",
        "created_by__email",
    )

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

    @property
    def numbers_wanted(self) -> int:
        """How many numbers it is about: a back-order waits for some that nobody knows yet."""
        return self.number_count

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
