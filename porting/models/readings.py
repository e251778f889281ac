"""What was read on a bill, as a row that a worker fills: how far it is, and each finding with its place."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned
from porting.models.papers import PortDocument


class BillReading(OrgOwned):
    """The reading of one document. It lives and goes with it; what it found stands nowhere else."""

    class Stage(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        READING = "reading", gettext_lazy("Reading")
        DONE = "done", gettext_lazy("Read")
        FAILED = "failed", gettext_lazy("Could not be read")

    class Engine(models.TextChoices):
        NONE = "", gettext_lazy("Not read")
        TEXT = "text", gettext_lazy("Text of the PDF")
        OCR = "ocr", gettext_lazy("Text recognition")
        BOTH = "both", gettext_lazy("Text of the PDF and text recognition")

    document = models.OneToOneField(PortDocument, models.CASCADE, related_name="reading")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.WAITING, editable=False)
    engine = models.CharField(max_length=5, choices=Engine, blank=True, default=Engine.NONE, editable=False)
    pages_read = models.PositiveIntegerField(default=0, editable=False)  # looked at, so far
    unread = models.JSONField(default=list, editable=False)  # pages of these without words that we could get
    findings = models.JSONField(default=list, editable=False)  # lib.reading.Finding as objects, page by page
    sizes = models.JSONField(
        default=dict, editable=False
    )  # page to [width, height], any unit: its proportions
    reason = models.CharField(max_length=20, blank=True, editable=False)  # lib.sandbox's word for a failure
    tries = models.PositiveIntegerField(default=0, editable=False)
    queued_at = models.DateTimeField(default=timezone.now, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=models.Q(stage__in=["waiting", "reading"]),
                name="bill_reading_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_stage_display()}"

    @property
    def is_going_on(self) -> bool:
        return self.stage in (self.Stage.WAITING, self.Stage.READING)
