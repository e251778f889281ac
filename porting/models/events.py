"""What happened to port orders."""

from django.db import models

from porting.models.orders import PortOrder
from pstn.models import OrderEvent


class PortEvent(OrderEvent):
    """One move in a port order's life."""

    class Source(models.TextChoices):
        PERSON = "person"
        CHECK = "preliminary"  # our own check before anything is sent
        CARRIER = "carrier"
        CLOCK = "clock"  # a date or a wait of ours ran out
        SUPPORT = "support"

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="events")
    source = models.CharField(max_length=12, choices=Source, default=Source.PERSON)
    verb = models.CharField(max_length=24, blank=True)  # the function of workflow/orders.py
    numbers = models.JSONField(default=list)  # the numbers that it is about, where not all
    fee = models.DecimalField(max_digits=10, decimal_places=2, null=True)  # accepted with a cancel, in USD
    date = models.DateField(null=True)  # the FOC date that it brought
    swept_at = models.DateTimeField(null=True)  # when the sweep last queued it: it is not queued in piles

    class Meta(OrderEvent.Meta):
        indexes = [models.Index(fields=["handled_at", "at"], name="port_order_unhandled")]

    def __str__(self) -> str:
        return f"{self.order}: {self.before} → {self.after}"
