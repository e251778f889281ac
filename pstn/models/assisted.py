"""What goes back and forth about a request through support: messages, and offers of numbers."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned
from pstn.models.messages import ThreadMessage
from pstn.models.number_orders import NumberOrder


class NumberOrderMessage(ThreadMessage):
    """What one person wrote about a request."""

    order = models.ForeignKey(
        NumberOrder, models.CASCADE, related_name="messages", verbose_name=gettext_lazy("order")
    )

    class Meta(ThreadMessage.Meta):
        indexes = [
            models.Index(fields=["at"], name="number_message_untold", condition=models.Q(told_at=None))
        ]


class NumberOffer(OrgOwned):
    """Numbers that support offers for a request, held at the carrier until `valid_until`."""

    class Outcome(models.TextChoices):
        OPEN = "", gettext_lazy("Open")
        ACCEPTED = "accepted", gettext_lazy("Accepted")
        DECLINED = "declined", gettext_lazy("Declined")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
        EXPIRED = "expired", gettext_lazy("Expired")

    order = models.ForeignKey(
        NumberOrder, models.CASCADE, related_name="offers", verbose_name=gettext_lazy("order")
    )
    numbers = models.JSONField(gettext_lazy("numbers"), default=list)  # E.164
    price = models.CharField(gettext_lazy("price"), max_length=200, blank=True)
    valid_until = models.DateTimeField(gettext_lazy("valid until"))
    hold_id = models.CharField(max_length=80, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(
        max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True, editable=False
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(gettext_lazy("reason"), max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(outcome=""), name="one_open_offer_per_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}: {len(self.numbers)}"

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN

    @property
    def is_valid(self) -> bool:
        return self.is_open and self.valid_until > timezone.now()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.numbers = sorted(self.numbers)
        super().save(*args, **kwargs)
