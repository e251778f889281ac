"""Port-outs: numbers of ours that other carriers ask for, and how they are guarded."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SimPortOut(models.Model):
    """A request of a gaining carrier. Its life is moved by port_outs.py."""

    class State(models.TextChoices):
        BLOCKED = "blocked", _("Refused by PIN or lock")
        PENDING = "pending", _("Waiting for our answer")
        ACCEPTED = "accepted", _("Accepted")
        REJECTING = "rejecting", _("Rejected, not yet taken")
        REJECTED = "rejected", _("Rejected")
        CANCELED = "canceled", _("Withdrawn")
        COMPLETED = "completed", _("Completed")
        DISPUTED = "disputed", _("Disputed")
        RETURNED = "returned", _("Returned to us")

    class Pin(models.TextChoices):
        """What came in the place of the PIN."""

        NONE = "none", _("No PIN is set")
        OK = "ok", _("Right")
        MISSING = "missing", _("Missing")
        WRONG = "wrong", _("Wrong")

    class Window(models.TextChoices):
        """How long a completed port-out has been so: a dispute is worked accordingly."""

        HOT = "hot", _("Within a day")
        WARM = "warm", _("Within a week")
        CLOSED = "closed", _("Later")

    OPEN = frozenset({State.PENDING.value, State.ACCEPTED.value, State.REJECTING.value})

    gaining_carrier = models.CharField(_("gaining carrier"), max_length=80)
    numbers = models.JSONField(_("numbers"), default=list)
    requested_date = models.DateField(_("date"))
    pin = models.CharField(_("PIN"), max_length=8, choices=Pin, default=Pin.NONE)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING, editable=False)
    answer_by = models.DateTimeField(_("to be answered by"), null=True)
    by_silence = models.BooleanField(_("accepted by silence"), default=False)
    reason = models.CharField(_("reason of the refusal"), max_length=40, blank=True)
    answer_key = models.CharField(_("key of the answer"), max_length=100, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True)
    window = models.CharField(_("time to dispute"), max_length=8, choices=Window, blank=True)
    dispute_key = models.CharField(_("key of the dispute"), max_length=100, blank=True)
    dispute_reason = models.CharField(_("reason of the dispute"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    moved_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("port-out")
        verbose_name_plural = _("port-outs")

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"SIM-O-{self.pk}"

    @classmethod
    def pk_of(cls, reference: str) -> int:
        """The row's key in a reference that we gave out; 0, which no row has, for anything else."""
        number = reference.removeprefix("SIM-O-")
        return int(number) if number != reference and number.isascii() and number.isdigit() else 0


class NumberGuard(models.Model):
    """The port-out PIN and lock of one number, as the customer set them last."""

    e164 = models.CharField(_("number"), max_length=16, unique=True)
    pin = models.CharField(_("port-out PIN"), max_length=20, blank=True)
    is_locked = models.BooleanField(_("locked"), default=False)

    class Meta:
        verbose_name = _("guarded number")
        verbose_name_plural = _("guarded numbers")
        ordering = ["e164"]

    def __str__(self) -> str:
        return self.e164


class GuardChange(models.Model):
    """A change of guards that was taken in. The unique key makes a second time the same change."""

    key = models.CharField(_("key"), max_length=100, unique=True)
    numbers = models.JSONField(_("numbers"), default=list)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of guards")
        verbose_name_plural = _("changes of guards")

    def __str__(self) -> str:
        return self.key
