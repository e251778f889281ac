"""What the current carrier has on record of an account (CSR), and who sent an order against our advice."""

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned

if TYPE_CHECKING:
    from porting.models.orders import PortOrder


class CsrRequest(OrgOwned):
    """One question for a customer service record. It is personal data: it stands here and nowhere else, and
    goes with the order, or with the question when another one takes its place.
    """

    class State(models.TextChoices):
        UNTOLD = "untold", gettext_lazy("Being asked for")
        WAITING = "waiting", gettext_lazy("Asked for")
        READY = "ready", gettext_lazy("Here")
        NONE = "none", gettext_lazy("Not available")

    order = models.ForeignKey("porting.PortOrder", models.CASCADE, related_name="record_requests")
    asked = models.CharField(max_length=64, editable=False)  # digest of what it was asked with
    losing_carrier = models.CharField(max_length=80, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.UNTOLD, editable=False)
    carrier_ref = models.CharField(max_length=60, blank=True, editable=False)
    record = models.JSONField(default=dict, editable=False)  # carrier.ports.CustomerRecord as an object
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "asked"], name="one_csr_request_per_question")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["untold", "waiting"]),
                name="csr_request_unanswered",
            )
        ]

    def __str__(self) -> str:
        return f"CSR {self.pk}"

    @property
    def key(self) -> str:
        """The idempotency key of the question at the carrier."""
        return f"csr-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.UNTOLD, self.State.WAITING)

    def answers(self, order: "PortOrder") -> bool:
        """Whether it is (or answers) the question that the order would ask now.

        A record that has the order's billing number need not be asked for again because of that number.
        """
        carrier = carrier_of(order)
        if self.asked == question(order, carrier):
            return True
        return bool(order.btn) and self.losing_carrier == carrier and order.btn in self._billing_numbers()

    def _billing_numbers(self) -> set[str]:
        btns: dict[str, str] = self.record.get("btns", {})
        return {self.record["btn"], *btns.values()} if self.record else set()


class PreflightOverride(OrgOwned):
    """Somebody sent an order although it may or will be rejected: who, when, and what was shown."""

    order = models.ForeignKey("porting.PortOrder", models.CASCADE, related_name="preflight_overrides")
    attempt = models.PositiveIntegerField(editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    light = models.CharField(max_length=4, editable=False)  # porting.preflight.score.LIGHTS
    score = models.PositiveSmallIntegerField(editable=False)
    reasons = models.JSONField(default=list, editable=False)  # [code, source]; never what was compared

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.attempt}"


def carrier_of(order: "PortOrder") -> str:
    """Whom to ask: the carrier that has the numbers now, if they all have the same; else the one typed in."""
    found = {row.losing_carrier for row in order.numbers.all()} - {""}
    return found.pop() if len(found) == 1 else order.losing_carrier


def question(order: "PortOrder", carrier: str) -> str:
    """Digest of what a record is asked for with: the billing number, or the numbers while there is none."""
    about: Any = order.btn or ",".join(sorted(row.e164 for row in order.numbers.all()))
    return hashlib.sha256("|".join((order.country, carrier, about)).encode()).hexdigest()


def may_ask(order: "PortOrder") -> bool:
    """Whether enough is known to ask for the record."""
    return bool(carrier_of(order)) and (bool(order.btn) or any(True for _row in order.numbers.all()))
