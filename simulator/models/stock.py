"""Numbers that the carrier has to sell: thousands of them, each a row that knows which of its numbers
are free.
"""

from typing import Any
from zlib import crc32

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from simulator import plans, thousands

_SCATTER = 0x9E3779B97F4A7C15


def _indexes() -> list[models.Index]:
    """For ways to name a place and sizes that become rare: the rows that have so much in one piece.

    Tens are nearly everywhere where something is free. Each index makes every statement a little slower to
    plan, so there are no more than are needed.
    """
    ways = {"state": ["state"], "area": ["area_code"], "city": ["state", "town"]}
    served = [(1, "city"), *((size, way) for size in (1, 50, 100) for way in ("state", "area"))]
    return [
        models.Index(
            fields=["country", "kind", *ways[way], "spot"],
            name=f"sim_stock_{size}_by_{way}",
            condition=models.Q(largest__gte=size),
        )
        for size, way in served
    ]


class StockBlockQuerySet(models.QuerySet["StockBlock"]):
    def with_room(self, size: int = 1) -> "StockBlockQuerySet":
        """Blocks that have `size` numbers (1, 10, 50 or 100) in one aligned piece."""
        return self.filter(largest__gte=size)


class StockBlock(models.Model):
    """Consecutive numbers inside one thousand, the unit in which numbering plans give numbers to carriers.

    A number's block is found by cutting off its last three digits. `free_map` says which numbers are free,
    a bit for each (thousands.py); whoever changes it holds the row's lock, so two buyers of numbers in the
    same thousand take turns. `free`, `longest` and `largest` follow from the map and are written with it: a
    block of a hundred consecutive numbers is one look-up in an index of the rows that have one.
    """

    class Kind(models.TextChoices):
        LOCAL = "local", _("local")
        NATIONAL = "national", _("national")
        NON_GEOGRAPHIC = "non_geographic", _("non-geographic")
        TOLL_FREE = "toll_free", _("toll-free")

    thousand = models.CharField(
        _("thousand"),
        max_length=13,
        unique=True,
        validators=[RegexValidator(r"^\+(1[2-9][0-9]{2}[2-9][0-9]{3}|[2-9][0-9]{4,11})$")],
        help_text=_("The numbers without their last three digits, for example +14085552."),
    )
    first = models.PositiveSmallIntegerField(_("from"), default=0, validators=[MaxValueValidator(999)])
    last = models.PositiveSmallIntegerField(_("to"), default=999, validators=[MaxValueValidator(999)])
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.LOCAL)
    country = models.CharField(_("country"), max_length=2, default="US")
    state = models.CharField(_("state"), max_length=3, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    rate_center = models.CharField(_("rate center"), max_length=40, blank=True)
    area_code = models.CharField(
        _("area code"),
        max_length=6,
        blank=True,
        help_text=_(
            "As it is written in the country. Of a North American number it is read from the number."
        ),
    )
    is_broken = models.BooleanField(
        _("provisioning fails"),
        default=False,
        help_text=_("Numbers of this block fail when they are ordered."),
    )
    # What follows from the fields above.
    prefix = models.CharField(_("prefix"), max_length=10, editable=False)
    town = models.CharField(max_length=60, blank=True, editable=False)  # the city as it is compared
    digits = models.CharField(max_length=14, default="", editable=False)  # as dialed inside the country
    spot = models.BigIntegerField(default=0, editable=False)  # a place in an order that looks like none
    # What is free now. Written by simulator/stock/ledger.py only.
    free_map = models.BinaryField(default=b"", editable=False)
    free = models.PositiveSmallIntegerField(_("free"), default=0, editable=False)
    longest = models.PositiveSmallIntegerField(_("longest free run"), default=0, editable=False)
    largest = models.PositiveSmallIntegerField(_("largest block"), default=0, editable=False)

    objects = StockBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block of numbers")
        verbose_name_plural = _("blocks of numbers")
        indexes = _indexes()
        constraints = [
            models.CheckConstraint(
                name="sim_block_is_a_range", condition=models.Q(first__lte=models.F("last"), last__lte=999)
            )
        ]

    def __str__(self) -> str:
        place = self.city or self.area_code or self.country
        return f"{self.thousand}{self.first:03} – {self.last:03}, {place}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write what staff may change; what is free is counted again while nobody else can change it."""
        with transaction.atomic():
            if self.pk:
                type(self).objects.select_for_update().get(pk=self.pk)
            self.settle(self.taken_bits() if self.pk else 0)
            super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.kind == self.Kind.LOCAL and not self.city:
            raise ValidationError({"city": _t("Local numbers belong to a city.")})
        if self.first > self.last:
            raise ValidationError({"last": _t("The last number is before the first.")})

    @classmethod
    def of(cls, thousand: str, **fields: Any) -> "StockBlock":
        """An unsaved block in which everything is free, with all that follows from its fields filled in."""
        block = cls(thousand=thousand, **fields)
        block.settle(0)
        return block

    def settle(self, taken: int) -> None:
        """Fill in what follows from the other fields and from the bits that are taken."""
        self.country, self.state = self.country.upper(), self.state.strip().upper()
        self.digits = plans.national_digits(self.thousand, self.country)
        if self.country in plans.NORTH_AMERICA:
            self.area_code, self.prefix = self.digits[:3], self.digits[3:6]
        else:
            self.area_code = plans.area_as_written(self.area_code, self.country)
            self.prefix = self.digits.removeprefix(self.area_code)
        self.town = self.city.strip().casefold()
        self.spot = place_of(self.thousand)
        self.bits = self.whole & ~taken

    @property
    def bits(self) -> int:
        """Which numbers are free."""
        return thousands.unpacked(self.free_map)

    @bits.setter
    def bits(self, bits: int) -> None:
        self.free_map = thousands.packed(bits)
        self.free, self.longest = bits.bit_count(), thousands.longest(bits)
        self.largest = thousands.largest(bits)

    @property
    def whole(self) -> int:
        """All numbers of the block, free or not."""
        return thousands.span(self.first, self.last)

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def taken_bits(self) -> int:
        """The numbers that holds and orders have, as their rows say."""
        taken = 0
        for bits in self.takes.values_list("bits", flat=True):
            taken |= thousands.unpacked(bits)
        return taken

    def holds(self, e164: str) -> bool:
        """Whether a number lies in this block."""
        place = e164[-3:]
        return (
            e164[:-3] == self.thousand
            and place.isascii()
            and place.isdigit()
            and self.first <= int(place) <= self.last
        )

    def number(self, place: int) -> str:
        return f"{self.thousand}{place:03}"

    def numbers(self, bits: int) -> list[str]:
        """The numbers that these bits stand for, ascending."""
        return [self.number(place) for place in thousands.positions(bits)]


def place_of(thousand: str) -> int:
    """A thousand's place in the scattered order: multiplying by an odd number gives each one of its own."""
    return int(thousand[1:]) * _SCATTER % 2**63


def start_of(who: str) -> int:
    """A place in the scattered order of blocks, the same for the same `who`."""
    return crc32(who.encode()) * _SCATTER % 2**63
