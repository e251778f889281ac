"""The carrier's clock, one row, and what it has promised itself to do and when."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Clock(models.Model):
    """How long a business day lasts, whether time stands still, whether the line to the carrier is down."""

    day_seconds = models.FloatField(
        _("length of a business day in seconds"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0.01), MaxValueValidator(86_400)],
        help_text=_("Empty: real days, with weekends and holidays."),
    )
    paused_at = models.DateTimeField(_("standing still since"), null=True, editable=False)
    is_down = models.BooleanField(
        _("the line is down"),
        default=False,
        help_text=_("Every question and order is answered with “unavailable”. Work goes on behind the line."),
    )

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clock")
        constraints = [models.CheckConstraint(name="one_clock", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(_("Clock"))

    @classmethod
    def current(cls) -> "Clock":
        """The one row. Settings say how fast it runs on first use; after that support staff do."""
        return cls.objects.get_or_create(pk=1, defaults={"day_seconds": settings.CARRIER_DAY_SECONDS})[0]

    @property
    def moment(self) -> datetime:
        """Now, or the moment at which the clock was stopped."""
        return self.paused_at or timezone.now()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def waiting(self) -> "AppointmentQuerySet":
        """What is still to be done, in the order in which it falls due."""
        return self.filter(ended_at=None).order_by("due_at", "pk")


class Appointment(models.Model):
    """Something that the carrier will do, once, at a real instant that stands for a business date."""

    class Kind(models.TextChoices):
        PROVISION = "provision", _("Provision a number order")
        ANSWER = "answer", _("Answer a port request")
        COMPLETE = "complete", _("Activate a port")
        CANCEL = "cancel", _("Answer a cancel request")

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    attempt = models.ForeignKey("SimAttempt", models.CASCADE, null=True, related_name="appointments")
    port = models.ForeignKey("SimPort", models.CASCADE, null=True, related_name="appointments")
    order = models.ForeignKey("StockOrder", models.CASCADE, null=True, related_name="appointments")
    days = models.FloatField(_("business days ahead"), help_text=_("When it was made."))
    day = models.DateField(_("business date"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    due_at = models.DateTimeField(_("due"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="sim_waiting_by_due", condition=models.Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.port or self.order or ''}".strip()
