"""Ports that were asked for, attempt by attempt."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class SimPort(models.Model):
    """One port at the carrier, with as many attempts as it took. Its life is moved by workflow.py."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for an answer")
        REJECTED = "rejected", _("Rejected")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELING = "canceling", _("Cancel requested")
        CANCELED = "canceled", _("Canceled")
        COMPLETED = "completed", _("Completed")

    ENDED = frozenset({State.CANCELED.value, State.COMPLETED.value})

    reference = models.CharField(_("customer's reference"), max_length=100)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING, editable=False)
    foc_date = models.DateField(_("confirmed date (FOC)"), null=True)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    moved_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("port")
        verbose_name_plural = _("ports")
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=~models.Q(state__in=["canceled", "completed"]),
                name="sim_one_open_port_of_a_reference",
            )
        ]

    def __str__(self) -> str:
        return self.carrier_ref

    @property
    def carrier_ref(self) -> str:
        return f"SIM-P-{self.pk}"

    @classmethod
    def pk_of(cls, carrier_ref: str) -> int:
        """The row's key in a reference that we gave out; 0, which no row has, for anything else."""
        number = carrier_ref.removeprefix("SIM-P-")
        return int(number) if number != carrier_ref and number.isascii() and number.isdigit() else 0


class SimAttempt(models.Model):
    """One request on a port: the first, a supplement, or a wish to cancel. `key` is the customer's."""

    class Kind(models.TextChoices):
        FIRST = "first", _("First request")
        SUPPLEMENT = "supplement", _("Supplement")
        CANCEL = "cancel", _("Cancel request")

    port = models.ForeignKey(SimPort, models.CASCADE, related_name="attempts")
    key = models.CharField(_("key"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    received_at = models.DateTimeField(_("received"))
    request: Any = models.JSONField(_("what was sent"), default=dict)
    is_late = models.BooleanField(_("too late to cancel"), default=False)
    code = models.CharField(_("answer"), max_length=40, blank=True)
    detail = models.CharField(_("in the carrier's words"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("port request")
        verbose_name_plural = _("port requests")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.port} {self.get_kind_display()}"
