"""The carrier's clock, one row, and what it has promised itself to do and when."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib import prepared


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

    @classmethod
    def line_is_down(cls) -> bool:
        """Asked with every call of the carrier, so as little as possible is done for it."""
        found = prepared.rows(
            "simulator_line", lambda pk: cls.objects.filter(pk=pk).values_list("is_down"), [1]
        )
        return any(is_down for (is_down,) in found)

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
        DATE = "date", _("Answer a wish for another date")
        LATE_NO = "late_no", _("Reject a confirmed port")
        LOSE = "lose", _("Lose a confirmed date")
        DROP = "drop", _("Cancel a port at the losing carrier")
        BEGIN = "begin", _("Begin an activation day")
        REST = "rest", _("Activate what is left")
        MESSAGING = "messaging", _("Move messaging")
        SETTLE = "settle", _("End the first day after an activation")
        TEST = "test", _("Place test calls")
        SNAP_BACK = "snap_back", _("Answer a wish to go back")
        RECORD = "record", _("Answer who asks for a record")
        OUT_DUE = "out_due", _("Take silence about a port-out as consent")
        OUT_REFUSED = "out_refuse", _("Have a port-out's refusal taken")
        OUT_MOVE = "out_move", _("Complete a port-out")
        OUT_WINDOW = "out_window", _("End a time to dispute a port-out")
        OUT_DISPUTE = "out_disp", _("Answer a dispute about a port-out")

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    attempt = models.ForeignKey("SimAttempt", models.CASCADE, null=True, related_name="appointments")
    port = models.ForeignKey("SimPort", models.CASCADE, null=True, related_name="appointments")
    batch = models.ForeignKey("SimBatch", models.CASCADE, null=True, related_name="appointments")
    order = models.ForeignKey("StockOrder", models.CASCADE, null=True, related_name="appointments")
    cancel = models.ForeignKey("StockCancel", models.CASCADE, null=True, related_name="appointments")
    record = models.ForeignKey("SimRecordRequest", models.CASCADE, null=True, related_name="appointments")
    port_out = models.ForeignKey("SimPortOut", models.CASCADE, null=True, related_name="appointments")
    days = models.FloatField(_("business days ahead"), help_text=_("When it was made."))
    day = models.DateField(_("business date"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    due_at = models.DateTimeField(_("due"))
    real_at = models.DateTimeField(_("due with real days"), null=True)  # empty: clock.py knows by the kind
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
        about = self.port or self.order or self.cancel or self.record or self.port_out or ""
        return f"{self.get_kind_display()} {about}".strip()
