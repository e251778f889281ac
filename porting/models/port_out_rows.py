"""What a port-out consists of: its numbers, and what happened to it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from accounts.scoping import OrgOwned
from porting.models.port_outs import PortOut
from pstn.models import Location, OrderEvent, PhoneNumber


class PortOutNumber(OrgOwned):
    """One number of a request: where it is, and what takes its place as a main number."""

    port_out = models.ForeignKey(PortOut, models.CASCADE, related_name="numbers")
    e164 = models.CharField(max_length=16, db_index=True)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=PhoneNumber.Kind, default=PhoneNumber.Kind.STANDARD)
    # Chosen with the answer, in force once the number has left.
    replacement = models.ForeignKey(PhoneNumber, models.SET_NULL, null=True, related_name="+")
    left_at = models.DateTimeField(null=True)
    left_without_main = models.BooleanField(default=False)  # its location has no main number since

    class Meta:
        ordering = ["e164"]
        constraints = [
            models.UniqueConstraint(fields=["port_out", "e164"], name="one_row_per_number_in_port_out")
        ]

    def __str__(self) -> str:
        return self.e164

    @classmethod
    def near(cls, port_out: PortOut, e164s: Iterable[str], since: datetime) -> "list[PortOutNumber]":
        """These numbers in other requests of the same carrier, also of other customers: a slip of a finger
        does not know whose number it hits. Whoever shows the answer names no other customer's number."""
        rows = cls.unscoped.filter(
            e164__in=list(e164s),
            port_out__gaining_carrier=port_out.gaining_carrier,
            port_out__requested_at__gt=since,
        )
        return list(rows.exclude(port_out=port_out).select_related("port_out").order_by("e164")[:10])

    @property
    def is_main(self) -> bool:
        main = self.location.main_number
        return main is not None and main.e164 == self.e164


class PortOutEvent(OrderEvent):
    """One move in a request's life."""

    order = models.ForeignKey(PortOut, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=20)  # which move it was, where the states do not tell
    date = models.DateField(null=True)  # the date that it brought
    acting_as = models.CharField(max_length=40, blank=True)  # the role of the person, or "carrier"
    swept_at = models.DateTimeField(null=True)

    class Meta(OrderEvent.Meta):
        indexes = [models.Index(fields=["handled_at", "at"], name="port_out_unhandled")]

    def __str__(self) -> str:
        return f"{self.order}: {self.before} → {self.after}"
