"""Background jobs: one change over many numbers, its progress, and what could not be done."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field

# How long a job runs before anybody is told how long it will take.
PACE_SECONDS = 10


class JobQuerySet(models.QuerySet["Job"]):
    def within(self, membership: Membership) -> Self:
        """All jobs; of a location administrator those that they started."""
        if membership.role != Role.LOCATION_ADMIN:
            return self
        return self.filter(created_by=membership.user_id)

    def moving(self) -> Self:
        return self.filter(state__in=Job.MOVING)


class Job(OrgOwned):
    """One job. What it works on is a query (or a list), not rows in a page. Its life: workflow/jobs.py."""

    class Kind(models.TextChoices):
        ACTIVATE = "activate", gettext_lazy("Activate numbers")
        DEACTIVATE = "deactivate", gettext_lazy("Deactivate numbers")
        MOVE = "move", gettext_lazy("Move numbers")
        RETYPE = "retype", gettext_lazy("Change the type of numbers")
        ASSIGN = "assign", gettext_lazy("Assign numbers")
        UNASSIGN = "unassign", gettext_lazy("Unassign numbers")
        TAG = "tag", gettext_lazy("Tag numbers")
        NOTE = "note", gettext_lazy("Write a note on numbers")
        ADDRESS = "address", gettext_lazy("Set the emergency address of numbers")
        DELETE = "delete", gettext_lazy("Delete numbers")
        RESTORE = "restore", gettext_lazy("Restore deleted numbers")
        IMPORT = "import", gettext_lazy("Import numbers")
        EXPORT = "export", gettext_lazy("Export numbers")

    class State(models.TextChoices):
        QUEUED = "queued", gettext_lazy("Waiting")
        RUNNING = "running", gettext_lazy("Running")
        PAUSED = "paused", gettext_lazy("Paused")
        DONE = "done", gettext_lazy("Completed")
        STOPPED = "stopped", gettext_lazy("Stopped")
        FAILED = "failed", gettext_lazy("Failed")

    TONES: ClassVar[dict[str, str]] = {
        State.QUEUED: "info",
        State.RUNNING: "info",
        State.PAUSED: "warn",
        State.DONE: "ok",
        State.STOPPED: "mute",
        State.FAILED: "bad",
    }
    MOVING: ClassVar[frozenset[str]] = frozenset({State.QUEUED.value, State.RUNNING.value})
    OVER: ClassVar[frozenset[str]] = frozenset({State.DONE.value, State.STOPPED.value, State.FAILED.value})

    org = org_field("jobs")
    kind = models.CharField(max_length=12, choices=Kind, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED, editable=False)
    # One press of a button is one job, however often it is pressed.
    key = models.CharField(max_length=64, editable=False)
    # What to do, as the kind needs it: the target's key, the new type, a tag's name …; never personal data.
    params = models.JSONField(default=dict, editable=False)
    # Which numbers: the query string of the numbers page, or these very numbers if there are any.
    query = models.TextField(blank=True, editable=False)
    numbers = models.JSONField(default=list, editable=False)
    # Numbers that came after the job was made are not its business.
    last_pk = models.BigIntegerField(default=0, editable=False)
    # Whose reach it has; a location administrator's job never leaves their locations.
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, editable=False, related_name="+")
    # Jobs in one lane run one after the other (moves between the same two locations).
    lane = models.CharField(max_length=60, blank=True, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)  # changed
    same = models.PositiveIntegerField(default=0, editable=False)  # as wished already, nothing to do
    failed = models.PositiveIntegerField(default=0, editable=False)  # could not be, see errors
    cursor = models.CharField(max_length=40, blank=True, editable=False)  # the last number it has looked at
    result = models.JSONField(default=dict, editable=False)  # facts of the kind for its page
    undoes = models.OneToOneField(
        "self", models.SET_NULL, null=True, editable=False, related_name="undone_by"
    )
    retries = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="retried_by")
    claimed_until = models.DateTimeField(null=True, editable=False)  # a worker is at it until then
    # Workers that took it up and never finished a slice: one that kills its workers is given up.
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    # Since when it has run without a rest, and how many it had looked at then: its pace.
    paced_at = models.DateTimeField(null=True, editable=False)
    paced = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    undo_until = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)  # its end was shown or e-mailed

    unscoped = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["org", "-id"], name="job_of_org"),
            models.Index(fields=["state", "claimed_until"], name="job_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["org", "key"], name="job_once_per_key"),
            models.CheckConstraint(
                name="job_state_is_known",
                condition=models.Q(state__in=["queued", "running", "paused", "done", "stopped", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"T-{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("pstn:job_detail", args=[self.org.slug, self.pk])

    @property
    def worked(self) -> int:
        """How many numbers it has looked at."""
        return self.done + self.same + self.failed

    @property
    def percent(self) -> int:
        return min(100, 100 * self.worked // self.total) if self.total else (100 if self.is_over else 0)

    @property
    def is_moving(self) -> bool:
        return self.state in self.MOVING

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def eta(self) -> int | None:
        """Seconds until it is done at its present pace; None until ten seconds of running have shown one."""
        if self.state != self.State.RUNNING or self.paced_at is None:
            return None
        seconds = (timezone.now() - self.paced_at).total_seconds()
        looked_at = self.worked - self.paced
        if seconds < PACE_SECONDS or not looked_at:
            return None
        return max(0, round((self.total - self.worked) * seconds / looked_at))

    @property
    def may_be_undone(self) -> bool:
        """Whether the time for it has not run out; which numbers can still go back is asked for each."""
        return bool(self.undo_until and self.undo_until > timezone.now() and not hasattr(self, "undone_by"))


class JobError(OrgOwned):
    """One number (or line of a file) that a job could not do, and why."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="errors", db_index=False)
    e164 = models.CharField(max_length=24, blank=True)
    line = models.PositiveIntegerField(null=True)  # of an imported file
    column = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=300, blank=True)  # the sentence, where a code alone does not say it

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["job", "code"], name="job_errors_by_code"),
            models.Index(fields=["job", "e164"], name="job_errors_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.e164 or self.line}: {self.code}"


class JobWas(OrgOwned):
    """What a number was before a job changed it, where its history does not tell all: for the way back."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="befores", db_index=False)
    e164 = models.CharField(max_length=24)
    was = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "e164"], name="job_was_once_per_number")]

    def __str__(self) -> str:
        return f"{self.e164} before {self.job}"
