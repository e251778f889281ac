"""What happened to port orders, and the carrier's events that could not be applied."""

from django.db import models

from porting.models.orders import PortOrder
from pstn.models import OrderEvent


class PortEvent(OrderEvent):
    """One move in a port order's life."""

    class Source(models.TextChoices):
        PERSON = "person"
        CHECK = "preliminary"  # our own check before anything is sent
        CARRIER = "carrier"

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="events")
    source = models.CharField(max_length=12, choices=Source, default=Source.PERSON)
    numbers = models.JSONField(default=list)  # the numbers that it is about, where not all
    date = models.DateField(null=True)  # the FOC date that it brought
    swept_at = models.DateTimeField(null=True)  # when the sweep last queued it: it is not queued in piles

    class Meta(OrderEvent.Meta):
        indexes = [models.Index(fields=["handled_at", "at"], name="port_order_unhandled")]

    def __str__(self) -> str:
        return f"{self.order}: {self.before} → {self.after}"


class StuckEvent(models.Model):
    """A carrier's event that broke our own code: kept and tried again, while the feed goes on."""

    carrier_event = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    date = models.DateField(null=True)
    numbers = models.JSONField(default=list)
    error = models.CharField(max_length=200)  # the exception's name, never its text: it may quote data
    tries = models.PositiveIntegerField(default=1)
    tried_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
