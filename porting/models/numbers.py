"""The numbers of port orders, each with a state of its own."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned
from lib.transitions import Table


class NumberState(models.TextChoices):
    """Where one number stands on its way here."""

    DRAFT = "draft", gettext_lazy("Not sent")
    PENDING = "pending", gettext_lazy("Being checked")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    REJECTED = "rejected", gettext_lazy("Rejected")
    FOC = "foc", gettext_lazy("Date confirmed")
    ACTIVATING = "activating", gettext_lazy("Activating")
    PORTED = "ported", gettext_lazy("Ported")
    FAILED = "failed", gettext_lazy("Activation failed")
    CANCELED = "canceled", gettext_lazy("Canceled")
    SNAPPED_BACK = "snapped_back", gettext_lazy("Back at the old carrier")


# What a carrier says may come late or out of order, so a number may skip stops, but never goes back from
# ported except by a snap-back, and never comes back once it is canceled.
ALLOWED: Table = {
    NumberState.DRAFT: frozenset({NumberState.PENDING}),
    NumberState.PENDING: frozenset(
        {NumberState.SUBMITTED, NumberState.REJECTED, NumberState.CANCELED, NumberState.DRAFT}
    ),
    NumberState.SUBMITTED: frozenset(
        {
            NumberState.FOC,
            NumberState.REJECTED,
            NumberState.ACTIVATING,
            NumberState.PORTED,
            NumberState.FAILED,
            NumberState.CANCELED,
        }
    ),
    NumberState.REJECTED: frozenset({NumberState.PENDING, NumberState.CANCELED}),
    NumberState.FOC: frozenset(
        {
            NumberState.FOC,  # the date moves
            NumberState.SUBMITTED,  # the date is lost
            NumberState.ACTIVATING,
            NumberState.PORTED,
            NumberState.FAILED,
            NumberState.REJECTED,
            NumberState.CANCELED,
        }
    ),
    NumberState.ACTIVATING: frozenset(
        {
            NumberState.FOC,  # put off
            NumberState.PORTED,
            NumberState.FAILED,
            NumberState.REJECTED,
            NumberState.CANCELED,
        }
    ),
    NumberState.FAILED: frozenset(
        {
            NumberState.ACTIVATING,
            NumberState.FOC,
            NumberState.PORTED,
            NumberState.REJECTED,
            NumberState.CANCELED,
        }
    ),
    NumberState.PORTED: frozenset({NumberState.SNAPPED_BACK}),
    NumberState.CANCELED: frozenset(),
    NumberState.SNAPPED_BACK: frozenset(),
}
# The carrier is not done with these.
OPEN = frozenset(
    {
        NumberState.PENDING,
        NumberState.SUBMITTED,
        NumberState.REJECTED,
        NumberState.FOC,
        NumberState.ACTIVATING,
        NumberState.FAILED,
    }
)


class Messaging(models.TextChoices):
    """Text messages move after calls, and have a state of their own (the carriers keep two registers)."""

    NONE = "", gettext_lazy("No messaging")
    PENDING = "pending", gettext_lazy("Messaging follows")
    ACTIVATING = "activating", gettext_lazy("Messaging is moving")
    STUCK = "stuck", gettext_lazy("Messaging is stuck at the old carrier")
    PORTED = "ported", gettext_lazy("Messaging has moved")


class Emergency(models.TextChoices):
    """Where help is sent for a number once it is ours."""

    UNKNOWN = "", gettext_lazy("Not looked at")
    MISSING = "missing", gettext_lazy("No emergency address")
    PENDING = "pending", gettext_lazy("Emergency address is being set")
    ACTIVE = "active", gettext_lazy("Emergency address in force")
    FAILED = "failed", gettext_lazy("Emergency address failed")


class PortedNumberQuerySet(models.QuerySet["PortedNumber"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def that_may(self, to: str) -> Self:
        """Those whose state may become `to`."""
        return self.filter(state__in=[before for before, goes in ALLOWED.items() if to in goes])


class PortedNumber(OrgOwned):
    """One number of a port order: what the carrier said of it when it was typed, and where it stands."""

    TONES = {
        NumberState.DRAFT: "mute",
        NumberState.PENDING: "warn",
        NumberState.SUBMITTED: "info",
        NumberState.REJECTED: "bad",
        NumberState.FOC: "info",
        NumberState.ACTIVATING: "warn",
        NumberState.PORTED: "ok",
        NumberState.FAILED: "bad",
        NumberState.CANCELED: "mute",
        NumberState.SNAPPED_BACK: "bad",
    }

    order = models.ForeignKey("porting.PortOrder", models.CASCADE, related_name="numbers")
    e164 = models.CharField(max_length=16)
    # What the carrier said when it was typed: carrier.ports.Portability
    portable = models.CharField(max_length=6, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    losing_carrier = models.CharField(max_length=80, blank=True)
    rate_center = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, blank=True)  # carrier.ports.LineKind
    is_wireless = models.BooleanField(default=False)
    interval_days = models.PositiveSmallIntegerField(default=0)  # the losing carrier's minimum, business days
    needs_pin = models.BooleanField(default=False)
    needs_account_number = models.BooleanField(default=False)
    has_messaging = models.BooleanField(default=True)
    registry_status = models.CharField(max_length=12, blank=True)  # toll-free registry
    resp_org = models.CharField(max_length=5, blank=True)
    # What people say of it
    line_kind = models.CharField(max_length=6, blank=True)  # "single" or "multi" where the country asks
    btn = models.CharField(max_length=16, blank=True)  # billed under another than the order's, if known
    part = models.PositiveSmallIntegerField(default=0, editable=False)  # see porting/splitting.py
    # Where it stands
    state = models.CharField(max_length=12, choices=NumberState, default=NumberState.DRAFT, editable=False)
    foc_date = models.DateField(null=True, editable=False)
    problem = models.CharField(max_length=40, blank=True, editable=False)  # why it was rejected, or failed
    is_named_in_reject = models.BooleanField(default=False)  # the last rejection is about this number
    ported_at = models.DateTimeField(null=True, editable=False)
    messaging = models.CharField(
        max_length=10, choices=Messaging, default=Messaging.NONE, blank=True, editable=False
    )
    emergency = models.CharField(
        max_length=10, choices=Emergency, default=Emergency.UNKNOWN, blank=True, editable=False
    )
    is_listed = models.BooleanField(default=False)  # in the inventory as porting in, for this order

    unscoped = PortedNumberQuerySet.as_manager()

    class Meta:
        ordering = ["e164"]
        constraints = [
            models.UniqueConstraint(fields=["order", "e164"], name="one_row_per_number_in_port_order"),
            models.CheckConstraint(
                name="ported_number_state_is_known",
                condition=models.Q(state__in=[state.value for state in NumberState]),
            ),
        ]

    @classmethod
    def messaging_of(cls, order_pks: Iterable[int]) -> dict[int, set[str]]:
        """Where the text messages of the numbers stand that have come, by the keys of their orders."""
        rows = cls.unscoped.filter(order__in=list(order_pks), state=NumberState.PORTED).order_by()
        found: dict[int, set[str]] = {}
        for pk, messaging in rows.values_list("order", "messaging").distinct():
            found.setdefault(pk, set()).add(messaging)
        return found

    def __str__(self) -> str:
        return self.e164

    @property
    def tone(self) -> str:
        return self.TONES[NumberState(self.state)]

    @property
    def is_toll_free(self) -> bool:
        return self.kind == "toll_free"

    @property
    def problem_words(self) -> Any:
        """Why it was rejected or failed, in words; "" when nothing is wrong with it."""
        from porting.errors import error

        return error(self.problem).title if self.problem else ""
