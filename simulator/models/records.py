"""What other carriers know of their customers: accounts and lines. Also the streets that nobody knows."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from simulator.spelling import spoken


def dates(text: str) -> None:
    """A validator: one ISO date a line."""
    for line in filter(str.strip, text.splitlines()):
        try:
            date.fromisoformat(line.strip())
        except ValueError:
            raise ValidationError(
                _("“%(line)s” is not a date as 2031-12-24."), params={"line": line}
            ) from None


class ServiceAccount(models.Model):
    """A customer service record (CSR). A port is compared with it as it is when the answer falls due."""

    class SignerRule(models.TextChoices):
        ANYBODY = "anybody", _("Anybody may sign the letter of agency")
        AUTHORIZED = "authorized", _("Only a person authorized on the account may sign")

    carrier_name = models.CharField(_("carrier"), max_length=80)
    account_number = models.CharField(_("account number"), max_length=40)
    requires_account_number = models.BooleanField(_("a port needs the account number"), default=False)
    btn = models.CharField(_("billing telephone number (BTN)"), max_length=16)
    company_name = models.CharField(_("company"), max_length=100)
    authorized_names = models.TextField(_("authorized people"), help_text=_("One name a line."))
    pin = models.CharField(
        _("port-out PIN"), max_length=20, blank=True, help_text=_("Asked for where it is set.")
    )
    country = models.CharField(_("country"), max_length=2, default="US")
    line1 = models.CharField(_("service address"), max_length=100)
    line2 = models.CharField(_("floor, suite"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=60)
    state = models.CharField(_("state"), max_length=3)
    postal_code = models.CharField(_("ZIP code"), max_length=12)
    bill_cycle_day = models.PositiveSmallIntegerField(
        _("bills are dated on day"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(28)],
        help_text=_("Day of the month, 1 to 28. Empty: a bill of any day is accepted."),
    )
    accepted_titles = models.TextField(
        _("titles that may sign"), blank=True, help_text=_("One a line. Empty: any title.")
    )
    signer_rule = models.CharField(_("signer"), max_length=12, choices=SignerRule, default=SignerRule.ANYBODY)
    answer_days = models.FloatField(_("business days until an answer"), default=1)
    minimum_lead_days = models.PositiveSmallIntegerField(
        _("business days before a port"),
        default=3,
        help_text=_("Counted from the business day on which the request arrived."),
    )
    closed_dates = models.TextField(
        _("dates on which it ports nothing"),
        blank=True,
        validators=[dates],
        help_text=_("One a line, as 2031-12-24."),
    )
    is_frozen = models.BooleanField(
        _("frozen"), default=False, help_text=_("Every request is refused, and no reason is given.")
    )

    class Meta:
        verbose_name = _("customer service record")
        verbose_name_plural = _("customer service records")
        constraints = [
            models.UniqueConstraint(fields=["carrier_name", "account_number"], name="sim_one_account_number")
        ]

    def __str__(self) -> str:
        return f"{self.company_name} ({self.carrier_name})"


class ServiceLineQuerySet(models.QuerySet["ServiceLine"]):
    def on_account(self) -> "ServiceLineQuerySet":
        """Lines that the account still has."""
        return self.exclude(status__in=[ServiceLine.Status.DISCONNECTED, ServiceLine.Status.PORTED])


class ServiceLine(models.Model):
    """A number of an account. `btn` is that of its sub-account; a small account has only one."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        DISCONNECTED = "disconnected", _("Disconnected")
        PORTED = "ported", _("Ported to us")

    account = models.ForeignKey(ServiceAccount, models.CASCADE, related_name="lines")
    e164 = models.CharField(_("number"), max_length=16, unique=True)
    btn = models.CharField(_("billing number"), max_length=16)
    rate_center = models.CharField(_("rate center"), max_length=40)
    is_supported = models.BooleanField(_("we port from this rate center"), default=True)
    is_wireless = models.BooleanField(_("wireless"), default=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    feature = models.CharField(
        _("special feature"), max_length=60, blank=True, help_text=_("For example remote call forwarding.")
    )
    other_request = models.CharField(
        _("other open request"), max_length=60, blank=True, help_text=_("For example a change of address.")
    )
    other_request_until = models.DateTimeField(
        _("which ends"), null=True, blank=True, help_text=_("Empty: when this field's neighbor is emptied.")
    )
    port = models.ForeignKey(
        "SimPort",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="lines",
        verbose_name=_("in port request"),
    )

    objects = ServiceLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["e164"]
        indexes = [models.Index(fields=["account", "btn"], name="sim_line_by_btn")]

    def __str__(self) -> str:
        return self.e164

    def has_other_request(self, now: datetime | None = None) -> bool:
        """Whether a request that is not a port of ours is open on the line."""
        if not self.other_request:
            return False
        return self.other_request_until is None or self.other_request_until > (now or timezone.now())


class UnknownStreet(models.Model):
    """A street that the emergency service has never heard of."""

    name = models.CharField(_("street"), max_length=100, help_text=_("For example Nowhere Lane."))
    spoken = models.CharField(max_length=100, unique=True, editable=False)  # as simulator.spelling has it

    class Meta:
        verbose_name = _("unknown street")
        verbose_name_plural = _("unknown streets")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.spoken = spoken(self.name)
        super().save(*args, **kwargs)
