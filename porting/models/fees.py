"""What changing one's mind late costs: amounts an operator keeps, by the hours left before the FOC day."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class FeeBand(models.Model):
    """Of the bands of a kind, the one with the smallest `under_hours` above the hours left counts.

    Earlier than deadlines.RULES.free_hours, and without any band, nothing costs anything.
    """

    class Kind(models.TextChoices):
        CANCEL = "cancel", _("Cancel a confirmed port")
        CHANGE = "change", _("Change a confirmed date")

    kind = models.CharField(_("for"), max_length=6, choices=Kind)
    under_hours = models.PositiveSmallIntegerField(
        _("fewer hours left than"), help_text=_("Hours until the FOC day begins at the location.")
    )
    amount = models.DecimalField(
        _("amount for each number, in US dollars"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )
    is_example = models.BooleanField(
        _("only an example"), default=False, help_text=_("Pages say that the amount is an example.")
    )

    class Meta:
        verbose_name = _("fee band")
        ordering = ["kind", "under_hours"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "under_hours"], name="one_fee_band_per_hours"),
            models.CheckConstraint(
                name="fee_band_kind_is_known", condition=models.Q(kind__in=["cancel", "change"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} < {self.under_hours} h: {self.amount}"
