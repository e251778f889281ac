"""Messages about a port order: between the customer, its partner and PSTN support. Nobody edits them."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned
from porting.models.orders import PortOrder

LONGEST = 2_000  # characters


class PortMessageQuerySet(models.QuerySet["PortMessage"]):
    def public(self) -> Self:
        """Those that the customer may read."""
        return self.filter(is_internal=False)


class PortMessage(OrgOwned):
    """What one person wrote, or the console noted for support. An internal one only support reads."""

    class Side(models.TextChoices):
        CUSTOMER = "customer", gettext_lazy("Customer")
        PARTNER = "partner", gettext_lazy("Partner")
        SUPPORT = "support", gettext_lazy("PSTN support")
        CONSOLE = "console", gettext_lazy("The console")

    order = models.ForeignKey(
        PortOrder, models.CASCADE, related_name="messages", verbose_name=gettext_lazy("order")
    )
    side = models.CharField(max_length=10, choices=Side, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    text = models.TextField(gettext_lazy("message"), max_length=LONGEST)
    is_internal = models.BooleanField(gettext_lazy("only for support"), default=False)
    needs_answer = models.BooleanField(gettext_lazy("the customer must answer"), default=False)
    at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, editable=False)  # its e-mails are written

    unscoped = PortMessageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"], name="port_message_untold", condition=models.Q(told_at=None))]

    def __str__(self) -> str:
        return f"{self.order} {self.get_side_display()}"

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
