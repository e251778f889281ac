"""What people write to each other about an order: every thread of the console is made of these."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned

LONGEST = 2_000  # characters


class ThreadMessage(OrgOwned):
    """What one person wrote about an `order`, or the console noted. Nobody edits it."""

    class Side(models.TextChoices):
        CUSTOMER = "customer", gettext_lazy("Customer")
        PARTNER = "partner", gettext_lazy("Partner")
        SUPPORT = "support", gettext_lazy("PSTN support")
        CONSOLE = "console", gettext_lazy("The console")

    side = models.CharField(max_length=10, choices=Side, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    text = models.TextField(gettext_lazy("message"), max_length=LONGEST)
    needs_answer = models.BooleanField(gettext_lazy("the customer must answer"), default=False)
    at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, editable=False)  # its e-mails are written

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.get_side_display()}"  # type: ignore[attr-defined]

    @property
    def who(self) -> str:
        """Who wrote it. Of support people see the office, not the person."""
        if self.side == self.Side.SUPPORT or self.by is None:
            return str(self.get_side_display())
        if self.side == self.Side.PARTNER:
            return _("%(person)s, partner") % {"person": self.by}
        return str(self.by)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once: what was said stays said."""
        if self.pk and not kwargs.get("force_insert"):
            raise TypeError("a message is never edited")
        super().save(*args, **kwargs)
