"""Who has numbers of the stock: holds, orders, what they have of each block, returns and wishes to
cancel.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simulator import thousands
from simulator.models.references import pk_in
from simulator.models.stock import StockBlock
from simulator.models.waiting import BackOrder


class StockHold(models.Model):
    """Numbers that one buyer looks at for some minutes. `key` is the buyer's."""

    key = models.CharField(_("key"), max_length=100, unique=True)
    expires_at = models.DateTimeField(_("until"), db_index=True)
    is_extended = models.BooleanField(_("extended"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"HOLD-{self.pk}"

    @classmethod
    def pk_of(cls, reference: str) -> int:
        return pk_in(reference, "HOLD-")


class StockOrder(models.Model):
    """An order for new numbers, or one delivery to a back-order. Its life is moved by
    workflow/orders.py.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        PROVISIONED = "provisioned", _("Provisioned")
        FAILED = "failed", _("Failed")
        CANCELING = "canceling", _("Cancel requested")
        CANCELED = "canceled", _("Canceled")

    key = models.CharField(_("key"), max_length=100, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING, editable=False)
    asked_for = models.JSONField(_("numbers"), default=list)
    back_order = models.ForeignKey(BackOrder, models.PROTECT, null=True, related_name="deliveries")
    created_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("number order")
        verbose_name_plural = _("number orders")

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"SIM-N-{self.pk}"

    @classmethod
    def pk_of(cls, reference: str) -> int:
        return pk_in(reference, "SIM-N-")

    @property
    def answers(self) -> str:
        """The key that its events answer."""
        return self.back_order.key if self.back_order else self.key


class StockTake(models.Model):
    """The numbers of one block that one hold or order has. No number is in two of them."""

    block = models.ForeignKey(StockBlock, models.PROTECT, verbose_name=_("block"), related_name="takes")
    hold = models.ForeignKey(StockHold, models.PROTECT, null=True, related_name="takes")
    order = models.ForeignKey(StockOrder, models.PROTECT, null=True, related_name="takes")
    held_until = models.DateTimeField(_("held until"), null=True)  # as its hold says; empty once it is sold
    bits = models.BinaryField()

    class Meta:
        verbose_name = _("held or sold numbers")
        verbose_name_plural = _("held and sold numbers")
        indexes = [models.Index(fields=["held_until"], name="sim_held_until", condition=models.Q(order=None))]
        constraints = [
            models.CheckConstraint(
                name="sim_take_is_held_or_sold",
                condition=models.Q(order=None, hold__isnull=False, held_until__isnull=False)
                | models.Q(order__isnull=False, held_until=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.block.thousand}, {self.order or self.hold}"

    @property
    def numbers(self) -> list[str]:
        return self.block.numbers(thousands.unpacked(self.bits))


class StockReturn(models.Model):
    """Numbers that a customer gave up. The unique key makes a second time the same return."""

    key = models.CharField(_("key"), max_length=100, unique=True)
    numbers = models.JSONField(_("numbers"), default=list)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("return of numbers")
        verbose_name_plural = _("returns of numbers")

    def __str__(self) -> str:
        return self.key


class StockCancel(models.Model):
    """A wish to cancel a number order or a back-order. The unique key makes a second time the same wish."""

    key = models.CharField(_("key"), max_length=100, unique=True)
    order = models.ForeignKey(StockOrder, models.PROTECT, null=True, related_name="cancels")
    back_order = models.ForeignKey(BackOrder, models.PROTECT, null=True, related_name="cancels")
    created_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("wish to cancel numbers")
        verbose_name_plural = _("wishes to cancel numbers")

    def __str__(self) -> str:
        return self.key
