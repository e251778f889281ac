"""Ports that were asked for: attempt by attempt, wish by wish, and the numbers that came together."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class SimPort(models.Model):
    """One port at the carrier, with as many attempts as it took. Its life is moved by workflow/."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for an answer")
        REJECTED = "rejected", _("Rejected")
        CONFIRMED = "confirmed", _("Confirmed")
        ACTIVATING = "activating", _("Being activated")
        CANCELING = "canceling", _("Cancel requested")
        CANCELED = "canceled", _("Canceled")
        COMPLETED = "completed", _("Completed")

    ENDED = frozenset({State.CANCELED.value, State.COMPLETED.value})
    #: A date is confirmed.
    DATED = frozenset({State.CONFIRMED.value, State.ACTIVATING.value})

    reference = models.CharField(_("customer's reference"), max_length=100)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING, editable=False)
    foc_date = models.DateField(_("confirmed date (FOC)"), null=True)
    wished_date = models.DateField(_("date agreed to instead of the one requested"), null=True)
    delays = models.PositiveSmallIntegerField(_("times put off on the day"), default=0)
    wanted_document = models.CharField(_("waits for a paper"), max_length=40, blank=True)
    #: What happens only once in a scenario has happened.
    has_played = models.BooleanField(_("its scenario has been played"), default=False)
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

    def current_attempt(self) -> "SimAttempt":
        """The last request: the one that is answered, and worked when its day comes."""
        requests = self.attempts.filter(kind__in=[SimAttempt.Kind.FIRST, SimAttempt.Kind.SUPPLEMENT])
        return requests.latest("pk")


class SimAttempt(models.Model):
    """One request on a port: the first, a supplement, or a wish. `key` is the customer's."""

    class Kind(models.TextChoices):
        FIRST = "first", _("First request")
        SUPPLEMENT = "supplement", _("Supplement")
        CANCEL = "cancel", _("Cancel request")
        DATE = "date", _("Wish for another date")
        DELAY = "delay", _("Put off on the day")
        ACTIVATE = "activate", _("Activate now")
        DOCUMENTS = "documents", _("Further papers")
        TEST = "test", _("Test calls")
        SNAP_BACK = "snap_back", _("Wish to go back")

    port = models.ForeignKey(SimPort, models.CASCADE, related_name="attempts")
    key = models.CharField(_("key"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    received_at = models.DateTimeField(_("received"))
    request: Any = models.JSONField(_("what was sent"), default=dict)
    is_late = models.BooleanField(_("came too late"), default=False)
    code = models.CharField(_("answer"), max_length=40, blank=True)
    detail = models.CharField(_("in the carrier's words"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("port request")
        verbose_name_plural = _("port requests")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.port} {self.get_kind_display()}"


class SimBatch(models.Model):
    """Numbers of a port that were activated together: they are ours from then on, and have one day of their
    own in which old routes die out and the old carrier may take them back.
    """

    class Messaging(models.TextChoices):
        NONE = "", _("None")
        ACTIVATING = "activating", _("Activating")
        STUCK = "stuck", _("Stuck")
        PORTED = "ported", _("Ported")

    port = models.ForeignKey(SimPort, models.CASCADE, related_name="batches")
    key = models.CharField(_("attempt"), max_length=100)
    numbers = models.JSONField(_("numbers"), default=list)
    returned = models.JSONField(_("of these back at the old carrier"), default=list)
    messaging = models.CharField(_("messaging"), max_length=10, choices=Messaging, blank=True)
    texting = models.JSONField(_("numbers with messaging"), default=list)
    is_settled = models.BooleanField(_("the first day is over"), default=False)
    activated_at = models.DateTimeField(_("activated"), auto_now_add=True)

    class Meta:
        verbose_name = _("activated numbers")
        verbose_name_plural = _("activated numbers")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.port}: {len(self.numbers)}"
