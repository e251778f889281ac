"""Who waits for numbers that were not there: a queue, first come first served."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simulator.models.references import pk_in


class BackOrderQuerySet(models.QuerySet["BackOrder"]):
    def waiting(self) -> "BackOrderQuerySet":
        """The queue, from its head."""
        return self.filter(state=BackOrder.State.WAITING).order_by("pk")

    def rivals(self, row: "BackOrder") -> "BackOrderQuerySet":
        """Those whose place overlaps with that of `row`: a number that comes may be for either."""
        rows = self.filter(country=row.country, kind=row.kind)
        for name in ("region", "area_code", "prefix", "town"):
            if value := getattr(row, name):
                rows = rows.filter(models.Q(**{name: ""}) | models.Q(**{name: value}))
        return rows


class BackOrder(models.Model):
    """A wish for numbers of a place, kept until all of them have come. `search` is all of what was
    asked.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SERVED = "served", _("Served")
        CANCELED = "canceled", _("Canceled")

    key = models.CharField(_("key"), max_length=100, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, editable=False)
    country = models.CharField(_("country"), max_length=2)
    kind = models.CharField(_("kind"), max_length=14)
    region = models.CharField(_("state"), max_length=3, blank=True)
    area_code = models.CharField(_("area code"), max_length=6, blank=True)
    prefix = models.CharField(_("prefix"), max_length=10, blank=True)
    town = models.CharField(_("city"), max_length=60, blank=True)
    search = models.JSONField(default=dict)
    quantity = models.PositiveIntegerField(_("how many"))
    missing = models.PositiveIntegerField(_("still to come"))
    created_at = models.DateTimeField(_("received"), auto_now_add=True)

    objects = BackOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("back-order")
        verbose_name_plural = _("back-orders")
        indexes = [
            models.Index(
                fields=["country", "kind", "id"],
                name="sim_waiting_for_numbers",
                condition=models.Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"SIM-B-{self.pk}"

    @classmethod
    def pk_of(cls, reference: str) -> int:
        return pk_in(reference, "SIM-B-")

    @property
    def place(self) -> int:
        """Its place in the queue, 1 at the head; 0 once it does not wait any more."""
        if self.state != self.State.WAITING:
            return 0
        return BackOrder.objects.waiting().rivals(self).filter(pk__lte=self.pk).count()
