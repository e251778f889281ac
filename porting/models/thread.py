"""Messages about a port order: between the customer, its partner and PSTN support. Nobody edits them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy

from porting.models.orders import PortOrder
from pstn.models.messages import ThreadMessage


class PortMessageQuerySet(models.QuerySet["PortMessage"]):
    def public(self) -> Self:
        """Those that the customer may read."""
        return self.filter(is_internal=False)


class PortMessage(ThreadMessage):
    """What one person wrote, or the console noted for support. An internal one only support reads."""

    order = models.ForeignKey(
        PortOrder, models.CASCADE, related_name="messages", verbose_name=gettext_lazy("order")
    )
    is_internal = models.BooleanField(gettext_lazy("only for support"), default=False)

    unscoped = PortMessageQuerySet.as_manager()

    class Meta(ThreadMessage.Meta):
        indexes = [models.Index(fields=["at"], name="port_message_untold", condition=models.Q(told_at=None))]
