"""What other carriers know of their customers: accounts and lines. Also the streets that nobody knows."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.spelling import spoken


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

    class RecordAnswer(models.TextChoices):
        BY_SHARE = "by_share", _("As its number falls: 40 of 100 at once, 30 after a wait, 30 never")
        AT_ONCE = "at_once", _("At once")
        AFTER_WAIT = "after_wait", _("After one to three business days")
        NEVER = "never", _("Never")

    class Scenario(models.TextChoices):
        """What happens to ports of this account besides what follows from the record; see workflow/."""

        AS_USUAL = "", _("As usual")
        SHORT_NOTICE = "short_notice", _("Confirms for the next business day, though later was asked")
        FOC_REFUSED = "foc_refused", _("Refuses the first date, whatever it is")
        SILENT = "silent", _("Never answers, until support staff act")
        LATE_REJECT = "late_reject", _("Confirms, and rejects on the business day before")
        FOC_LOST = "foc_lost", _("Confirms, and loses the date on the next day")
        DATE_REFUSED = "date_refused", _("Refuses every change of the date")
        PARTIAL = "partial", _("Ports half of the numbers on the day, the rest on the next")
        ACTIVATION_FAILS = "activation_fails", _("One number fails on the day, and succeeds on the next")
        MESSAGING_STUCK = "messaging_stuck", _("Messaging does not move, until support staff act")
        STALE_TRANSLATIONS = "stale_translations", _("Calls from one carrier go astray for a day")
        SNAP_BACK_REFUSED = "snap_back_refused", _("Takes no number back")
        WANTS_DOCUMENT = "wants_document", _("Asks for one more paper before it answers")
        CANCELS = "cancels", _("Cancels the port by itself")

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
    state = models.CharField(_("state"), max_length=3, blank=True)
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
    scenario = models.CharField(_("scenario"), max_length=20, choices=Scenario, blank=True)
    wanted_document = models.CharField(
        _("paper that it asks for"),
        max_length=40,
        blank=True,
        help_text=_("The code of a kind of paper; for the scenario that asks for one more."),
    )
    csr_answer = models.CharField(
        _("answers to who asks for this record"),
        max_length=10,
        choices=RecordAnswer,
        default=RecordAnswer.BY_SHARE,
    )
    identifiers = models.JSONField(
        _("the country's own identifiers"),
        default=dict,
        blank=True,
        help_text=_("Register numbers and codes of the invoice, by their names in a port request."),
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

    def clean(self) -> None:
        super().clean()
        if self.scenario == self.Scenario.WANTS_DOCUMENT and not self.wanted_document.strip():
            raise ValidationError({"wanted_document": _("Say which paper it asks for.")})


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

    class RegistryStatus(models.TextChoices):
        SPARE = "spare", _("Spare")
        RESERVED = "reserved", _("Reserved")
        ASSIGNED = "assigned", _("Assigned")
        WORKING = "working", _("Working")
        SUSPENDED = "suspended", _("Suspended")
        DISCONNECTED = "disconnected", _("Disconnected")
        TRANSITIONAL = "transitional", _("Transitional")
        UNAVAILABLE = "unavailable", _("Unavailable")

    account = models.ForeignKey(ServiceAccount, models.CASCADE, related_name="lines")
    e164 = models.CharField(_("number"), max_length=16, unique=True)
    btn = models.CharField(_("billing number"), max_length=16)
    rate_center = models.CharField(_("rate center"), max_length=40)
    is_supported = models.BooleanField(_("we port from this rate center"), default=True)
    is_wireless = models.BooleanField(_("wireless"), default=False)
    has_messaging = models.BooleanField(_("sends and receives messages"), default=True)
    registry_status = models.CharField(
        _("in the toll-free registry"),
        max_length=12,
        choices=RegistryStatus,
        blank=True,
        help_text=_("Empty: not a toll-free number."),
    )
    resp_org = models.CharField(
        _("RespOrg"), max_length=5, blank=True, help_text=_("Five characters; ending in 99 it can not move.")
    )
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

    @property
    def is_toll_free(self) -> bool:
        return bool(self.registry_status)

    def has_other_request(self, now: datetime | None = None) -> bool:
        """Whether a request that is not a port of ours is open on the line."""
        if not self.other_request:
            return False
        return self.other_request_until is None or self.other_request_until > (now or timezone.now())


class UnknownStreet(models.Model):
    """A street that the emergency service has never heard of."""

    name = models.CharField(_("street"), max_length=100, help_text=_("For example Nowhere Lane."))
    spoken = models.CharField(max_length=100, unique=True, editable=False)  # as lib.spelling has it

    class Meta:
        verbose_name = _("unknown street")
        verbose_name_plural = _("unknown streets")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.spoken = spoken(self.name)
        super().save(*args, **kwargs)
