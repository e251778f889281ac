"""Numbers that the carrier has to sell: blocks of them, and a row only for those that are held or sold."""

from collections.abc import Iterator
from datetime import datetime
from math import gcd
from typing import Any

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class StockBlockQuerySet(models.QuerySet["StockBlock"]):
    def with_room(self) -> "StockBlockQuerySet":
        """Blocks that are not sold out. Numbers that are only held may still fill one for a while."""
        return self.filter(sold__lt=models.F("last") - models.F("first") + 1)


class StockBlock(models.Model):
    """Consecutive numbers inside one thousand, the unit in which numbering plans give numbers to carriers.

    A number's block is found by cutting off its last three digits. Free numbers are never stored: they are
    the block's less those that have a row, so a stock of ten million numbers is ten thousand rows.
    """

    thousand = models.CharField(
        _("thousand"),
        max_length=13,
        unique=True,
        validators=[RegexValidator(r"^\+1[2-9][0-9]{2}[2-9][0-9]{3}$")],
        help_text=_("The numbers without their last three digits, for example +14085552."),
    )
    first = models.PositiveSmallIntegerField(_("from"), default=0, validators=[MaxValueValidator(999)])
    last = models.PositiveSmallIntegerField(_("to"), default=999, validators=[MaxValueValidator(999)])
    country = models.CharField(_("country"), max_length=2, default="US")
    state = models.CharField(_("state"), max_length=3)
    city = models.CharField(_("city"), max_length=60)
    rate_center = models.CharField(_("rate center"), max_length=40)
    area_code = models.CharField(_("area code"), max_length=5, editable=False)
    prefix = models.CharField(_("prefix"), max_length=5, editable=False)
    sold = models.PositiveSmallIntegerField(_("sold"), default=0, editable=False)
    is_broken = models.BooleanField(
        _("provisioning fails"), default=False, help_text=_("Orders with numbers of this block fail.")
    )

    objects = StockBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block of numbers")
        verbose_name_plural = _("blocks of numbers")
        indexes = [
            models.Index(fields=["country", "state", "area_code", "prefix"], name="sim_stock_by_area_code"),
            models.Index(fields=["country", "state", "city"], name="sim_stock_by_city"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sim_block_is_a_range", condition=models.Q(first__lte=models.F("last"), last__lte=999)
            )
        ]

    def __str__(self) -> str:
        return f"{self.thousand}{self.first:03} – {self.last:03}, {self.city}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.area_code, self.prefix = self.thousand[2:5], self.thousand[5:8]
        super().save(*args, **kwargs)

    @classmethod
    def of(cls, thousand: str, **fields: Any) -> "StockBlock":
        """An unsaved block of a North American thousand, with its area code and prefix filled in."""
        return cls(thousand=thousand, area_code=thousand[2:5], prefix=thousand[5:8], **fields)

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def holds(self, e164: str) -> bool:
        """Whether a number lies in this block."""
        return e164[:-3] == self.thousand and self.first <= int(e164[-3:]) <= self.last

    def shuffled(self) -> Iterator[str]:
        """Every number of the block once, always in the same order, which looks picked and not counted."""
        step = next(n for n in range(max(1, round(self.size * 0.618)), 2000) if gcd(n, self.size) == 1)
        start = int(self.thousand[-4:]) % self.size
        for turn in range(self.size):
            yield f"{self.thousand}{self.first + (start + turn * step) % self.size:03}"


class StockHold(models.Model):
    """Numbers that one buyer looks at for some minutes. `key` is the buyer's."""

    key = models.CharField(_("key"), max_length=100, unique=True)
    expires_at = models.DateTimeField(_("until"))
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


class StockOrder(models.Model):
    """An order for new numbers. Its life is moved by workflow.py."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        PROVISIONED = "provisioned", _("Provisioned")
        FAILED = "failed", _("Failed")

    key = models.CharField(_("key"), max_length=100, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING, editable=False)
    asked_for = models.JSONField(_("numbers"), default=list)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("number order")
        verbose_name_plural = _("number orders")

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"SIM-N-{self.pk}"


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


class StockNumberQuerySet(models.QuerySet["StockNumber"]):
    def taken(self, now: datetime) -> "StockNumberQuerySet":
        """Sold, or held by somebody at this moment."""
        return self.filter(models.Q(held_until=None) | models.Q(held_until__gt=now))

    def lapsed(self, now: datetime) -> "StockNumberQuerySet":
        """Held once, and free again although the row is still there."""
        return self.filter(order=None, held_until__lte=now)


class StockNumber(models.Model):
    """A number of the stock that is not free. The unique `e164` is what keeps it from being sold twice."""

    e164 = models.CharField(_("number"), max_length=16, unique=True)
    block = models.ForeignKey(StockBlock, models.PROTECT, related_name="numbers")
    hold = models.ForeignKey(StockHold, models.PROTECT, null=True, related_name="numbers")
    held_until = models.DateTimeField(_("held until"), null=True)
    order = models.ForeignKey(StockOrder, models.PROTECT, null=True, related_name="numbers")

    objects = StockNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("held or sold number")
        verbose_name_plural = _("held and sold numbers")
        indexes = [models.Index(fields=["held_until"], name="sim_held_until", condition=models.Q(order=None))]
        constraints = [
            models.CheckConstraint(
                name="sim_number_is_held_or_sold",
                condition=models.Q(order=None, held_until__isnull=False)
                | models.Q(order__isnull=False, held_until=None),
            )
        ]

    def __str__(self) -> str:
        return self.e164
