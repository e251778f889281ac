"""Files of numbers: those that somebody brings in, what each row of them asks for, and those to take away."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field
from pstn import typed_count
from pstn.models.jobs import Job


def private_name(row: models.Model, filename: str) -> str:
    """A name that says nothing and that nobody guesses; what a person called the file is kept as text."""
    ending = "xlsx" if filename.endswith(".xlsx") else "csv"
    return f"sheets/{get_random_string(40)}.{ending}"


def private_storage() -> Any:
    return storages["default"]


class MadeBySomebodyQuerySet(models.QuerySet[Any]):
    """Rows that a person made. A location administrator reaches their own ones only."""

    def within(self, membership: Membership) -> Self:
        if membership.role != Role.LOCATION_ADMIN:
            return self
        return self.filter(created_by=membership.user_id)


class NumberImport(OrgOwned):
    """One file, checked first (the dry run) and then, if somebody wants it, run as a job. Life: workflow."""

    class Mode(models.TextChoices):
        CREATE = "create", gettext_lazy("Add new numbers")
        UPDATE = "update", gettext_lazy("Change numbers that are here")
        UPSERT = "upsert", gettext_lazy("Add and change")
        DELETE = "delete", gettext_lazy("Delete numbers")

    class State(models.TextChoices):
        CHECKING = "checking", gettext_lazy("Being checked")
        CHECKED = "checked", gettext_lazy("Checked")
        REFUSED = "refused", gettext_lazy("Not usable")
        STARTED = "started", gettext_lazy("Started")
        EXPIRED = "expired", gettext_lazy("No longer kept")

    KEPT_DAYS = 7

    org = org_field("number_imports")
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING, editable=False)
    mode = models.CharField(gettext_lazy("what to do"), max_length=10, choices=Mode, default=Mode.CREATE)
    file = models.FileField(
        gettext_lazy("file"), upload_to=private_name, storage=private_storage, editable=False
    )
    original_name = models.CharField(max_length=200, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    # What was found out about the file: encoding, delimiter, columns by place, unknown ones, those in use.
    facts = models.JSONField(default=dict, editable=False)
    problem = models.CharField(max_length=40, blank=True, editable=False)  # why it is refused: a code
    problem_facts = models.JSONField(default=dict, editable=False)
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, editable=False, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # The check: rows of the file staged so far, and of those the last one judged.
    staged_to = models.PositiveIntegerField(default=0, editable=False)  # a line
    is_staged = models.BooleanField(default=False, editable=False)
    judged_to = models.PositiveIntegerField(default=0, editable=False)  # a line
    rows = models.PositiveIntegerField(default=0, editable=False)
    judged = models.PositiveIntegerField(default=0, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)  # a worker is at it until then
    tries = models.PositiveSmallIntegerField(default=0, editable=False)  # to check, without getting on
    # What the rows would do, once all are judged: {"c": n, "u": n, "d": n, "s": n, "x": n}.
    plan = models.JSONField(default=dict, editable=False)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, editable=False, related_name="number_import")

    unscoped = MadeBySomebodyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["org", "-id"], name="import_of_org"),
            models.Index(fields=["state", "claimed_until"], name="import_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="import_state_is_known",
                condition=models.Q(state__in=["checking", "checked", "refused", "started", "expired"]),
            )
        ]

    def __str__(self) -> str:
        return f"I-{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("pstn:import_detail", args=[self.org.slug, self.pk])

    @property
    def wanted(self) -> int:
        """How many rows change something."""
        return sum(int(self.plan.get(kind, 0)) for kind in "cud")

    @property
    def must_be_typed(self) -> bool:
        """Whether so many numbers are to be deleted that somebody types how many."""
        return self.mode == self.Mode.DELETE and self.wanted > typed_count.OVER

    @property
    def bad(self) -> int:
        return int(self.plan.get("x", 0))

    @property
    def same(self) -> int:
        return int(self.plan.get("s", 0))

    @property
    def percent(self) -> int:
        """How far the check is: reading and judging are about half of it each."""
        expected = max(int(self.facts.get("lines", 0)), self.rows, 1)
        return min(99, (50 * self.rows + 50 * self.judged) // expected)


class ImportLine(OrgOwned):
    """One row of a file while it is checked and imported: what it asks for. None: the cell said nothing.

    Filled and read by SQL over many rows at once (pstn/imports/sql.py), and emptied when the import is over.
    """

    class Plan(models.TextChoices):
        CREATE = "c"
        UPDATE = "u"
        DELETE = "d"
        SAME = "s"
        BAD = "x"

    pk = models.CompositePrimaryKey("number_import_id", "line")
    # Without a constraint: it would be asked for each of a million rows.
    number_import = models.ForeignKey(
        NumberImport, models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    line = models.PositiveIntegerField()
    plan = models.CharField(max_length=1, blank=True)  # "" until it is judged
    e164 = models.CharField(max_length=24, blank=True)
    location_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=14, null=True)
    sessions = models.PositiveSmallIntegerField(null=True)
    extension = models.CharField(max_length=10, null=True)
    owner_name = models.CharField(max_length=100, null=True)
    owner_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, null=True)
    address_id = models.BigIntegerField(null=True)  # 0 takes the number's own address away
    tags = models.CharField(max_length=500, null=True)  # names, each in order, with a newline between
    note = models.CharField(max_length=200, null=True)
    # Why it is bad: the column, a stable code, the sentence.
    column = models.CharField(max_length=40, blank=True, db_default="")
    code = models.CharField(max_length=40, blank=True, db_default="")
    text = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        ordering = ["line"]

    def __str__(self) -> str:
        return f"{self.line}: {self.e164 or self.code}"


class NumberExport(OrgOwned):
    """A file of numbers that takes long to make: a task makes it, then it is kept for a while."""

    KEPT_HOURS = 24
    FORMATS: ClassVar[dict[str, str]] = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }

    org = org_field("number_exports")
    format = models.CharField(max_length=4, editable=False)
    query = models.TextField(blank=True, editable=False)
    numbers = models.JSONField(default=list, editable=False)
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, editable=False, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    file = models.FileField(upload_to=private_name, storage=private_storage, blank=True, editable=False)
    rows = models.PositiveIntegerField(default=0, editable=False)
    ready_at = models.DateTimeField(null=True, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)
    problem = models.CharField(max_length=300, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    until = models.DateTimeField(editable=False)  # then the file is deleted

    unscoped = MadeBySomebodyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["until"], name="export_due")]

    def __str__(self) -> str:
        return f"E-{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("pstn:export_detail", args=[self.org.slug, self.pk])

    @property
    def is_over(self) -> bool:
        """Whether its time has run out."""
        return self.until <= timezone.now()
