"""The warnings that went out before an order is closed because nobody acts."""

from django.db import models

from accounts.scoping import OrgOwned
from porting.models.orders import PortOrder


class PortWarning(OrgOwned):
    """One warning: its row makes it go out once. `since` is when the wait began, `day` which of its warnings
    this is."""

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="warnings")
    since = models.DateTimeField()
    day = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["order", "since", "day"], name="one_warning_of_a_day")]

    def __str__(self) -> str:
        return f"{self.order} {self.day}"
