"""What people do on the day that numbers come: activations, test calls, and what they tick on that day."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned
from porting.models.orders import PortOrder

WHO = settings.AUTH_USER_MODEL


class CutoverDay(OrgOwned):
    """What is known of an order's day beside its numbers: one row an order, made when it is first needed."""

    order = models.OneToOneField(PortOrder, models.CASCADE, related_name="cutover_day")
    forwards_removed_at = models.DateTimeField(null=True, editable=False)  # a person says so
    forwards_removed_by = models.ForeignKey(WHO, models.PROTECT, null=True, editable=False, related_name="+")
    # Text messages: since when some are stuck, and which e-mails about them are written.
    stuck_since = models.DateTimeField(null=True, editable=False)
    stuck_told_at = models.DateTimeField(null=True, editable=False)
    moved_told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["stuck_told_at", "stuck_since"], name="messaging_stuck_untold")]

    def __str__(self) -> str:
        return str(self.order)

    @classmethod
    def locked_of(cls, order: PortOrder) -> Self:
        """The order's row, locked until the transaction ends; made when there is none."""
        cls.unscoped.get_or_create(order=order)
        day: Self = cls.unscoped.select_for_update().get(order=order)
        return day

    @classmethod
    def of_orders(cls, order_pks: Iterable[int]) -> dict[int, Self]:
        """The rows that there are, by the keys of their orders."""
        return {day.order_id: day for day in cls.unscoped.filter(order__in=list(order_pks))}


class ActivationQuerySet(models.QuerySet["Activation"]):
    def untold(self) -> Self:
        """Those that the carrier has not heard of yet."""
        return self.filter(told_at=None)


class Activation(OrgOwned):
    """Somebody pressed *Activate now* for these numbers. The carrier's answer comes as events."""

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="activations")
    attempt = models.PositiveIntegerField(editable=False)
    numbers = models.JSONField(default=list, editable=False)
    by = models.ForeignKey(WHO, models.PROTECT, editable=False, related_name="+")
    at = models.DateTimeField(editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    refused = models.CharField(max_length=300, blank=True, editable=False)  # the carrier's own words

    unscoped = ActivationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["told_at", "at"], name="activation_untold")]

    def __str__(self) -> str:
        return f"{self.order} a{self.pk}"

    @property
    def key(self) -> str:
        """The idempotency key at the carrier."""
        return f"port-{self.order_id}-{self.attempt}-a{self.pk}"


class TestRunQuerySet(models.QuerySet["TestRun"]):
    __test__ = False  # pytest collects what is called Test…

    def untold(self) -> Self:
        """Those that the carrier has not heard of yet."""
        return self.filter(told_at=None)


class TestRun(OrgOwned):
    """Test calls and messages of some numbers of an order; what they showed is kept as evidence."""

    __test__ = False

    class Scope(models.TextChoices):
        AUTOMATIC = "automatic", gettext_lazy("Automatic, after the port")
        SAMPLE = "sample", gettext_lazy("Sample")
        ALL = "all", gettext_lazy("All numbers")
        FAILED = "failed", gettext_lazy("Failed ones again")

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="test_runs")
    attempt = models.PositiveIntegerField(editable=False)
    scope = models.CharField(max_length=10, choices=Scope, editable=False)
    numbers = models.JSONField(default=list, editable=False)
    by = models.ForeignKey(WHO, models.PROTECT, null=True, editable=False, related_name="+")
    at = models.DateTimeField(editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    refused = models.CharField(max_length=300, blank=True, editable=False)

    unscoped = TestRunQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["told_at", "at"], name="test_run_untold")]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(scope="automatic"),
                name="one_automatic_test_run_per_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} t{self.pk}"

    @property
    def key(self) -> str:
        """The idempotency key at the carrier."""
        return f"port-{self.order_id}-{self.attempt}-t{self.pk}"


class TestCall(OrgOwned):
    """One call or message of a run, and whether it got through. A second telling changes nothing."""

    __test__ = False

    class Test(models.TextChoices):
        INBOUND = "inbound", gettext_lazy("Call in")
        OUTBOUND = "outbound", gettext_lazy("Call out")
        SMS_IN = "sms_in", gettext_lazy("Text in")
        SMS_OUT = "sms_out", gettext_lazy("Text out")
        EMERGENCY = "933", gettext_lazy("933")

    run = models.ForeignKey(TestRun, models.CASCADE, related_name="calls")
    e164 = models.CharField(max_length=16)
    test = models.CharField(max_length=10, choices=Test)
    via = models.CharField(max_length=60, blank=True)  # the carrier from which it was called
    passed = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)  # the carrier's own words
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "e164", "test", "via"], name="one_result_per_test_call")
        ]

    def __str__(self) -> str:
        return f"{self.e164} {self.test} {self.via}"
