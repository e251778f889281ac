"""Requests for customer service records. What a record says is never kept here: it is read when asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SimRecordRequest(models.Model):
    """Somebody asked for the record of an account that numbers are on. Its life is moved by csr.py."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ANSWERED = "answered", _("Answered")
        SILENT = "silent", _("Will never be answered")

    key = models.CharField(_("key"), max_length=100, unique=True)
    country = models.CharField(_("country"), max_length=2)
    losing_carrier = models.CharField(_("carrier"), max_length=80)
    btn = models.CharField(_("billing telephone number (BTN)"), max_length=16, blank=True)
    numbers = models.JSONField(_("numbers"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, editable=False)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("request for a record")
        verbose_name_plural = _("requests for records")

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"SIM-R-{self.pk}"

    @classmethod
    def pk_of(cls, reference: str) -> int:
        """The row's key in a reference that we gave out; 0, which no row has, for anything else."""
        number = reference.removeprefix("SIM-R-")
        return int(number) if number != reference and number.isascii() and number.isdigit() else 0
