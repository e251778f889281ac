"""Orders that bring numbers here from another carrier: what was said, and where each stands."""

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import countries
from accounts.scoping import OrgOwned, org_field
from lib import calendar
from porting.errors import PortingError, error
from porting.models import gaps
from pstn.models import Order
from pstn.models.orders import OrderQuerySet

if TYPE_CHECKING:
    from porting.models.papers import PortDocument

LIMIT = 1_000  # numbers of one order
PROJECT = 100  # an order of more numbers takes the carriers longer
# What the letter of agency says beside the numbers.
LETTER_FIELDS = (*gaps.ACCOUNT_FIELDS, "address_line2", "account_number", "full_port")


class PortOrderQuerySet(OrderQuerySet):
    def editable(self) -> Self:
        return self.filter(state__in=PortOrder.EDITABLE)

    def whole(self) -> Self:
        """With everything that a page about one order shows, in a fixed number of queries."""
        return self.select_related(
            "org", "location__connection", "location__emergency_address", "created_by", "edited_by"
        ).prefetch_related("numbers", "documents__signature", "documents__uploaded_by")


class PortOrder(Order):
    """A request to bring numbers here from another carrier. A draft is the unfinished wizard."""

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Draft")
        CHECKING = "checking", gettext_lazy("Pending")
        SUBMITTED = "submitted", gettext_lazy("Submitted")
        REJECTED = "rejected", gettext_lazy("Rejected")
        FOC_RECEIVED = "foc_received", gettext_lazy("FOC received")
        CANCELING = "canceling", gettext_lazy("Cancel requested")
        COMPLETED = "completed", gettext_lazy("Completed")
        CANCELED = "canceled", gettext_lazy("Canceled")

    class Remaining(models.TextChoices):
        KEEP = "keep", gettext_lazy("Keep the remaining numbers")
        DISCONNECT = "disconnect", gettext_lazy("Disconnect the remaining numbers")

    TONES = {
        State.DRAFT: "mute",
        State.CHECKING: "warn",
        State.SUBMITTED: "info",
        State.REJECTED: "bad",
        State.FOC_RECEIVED: "info",
        State.CANCELING: "warn",
        State.COMPLETED: "ok",
        State.CANCELED: "mute",
    }
    PREFIX = "P"
    MOVING = frozenset(
        {State.CHECKING.value, State.SUBMITTED.value, State.FOC_RECEIVED.value, State.CANCELING.value}
    )
    NEEDS_ACTION = frozenset({State.REJECTED.value})
    DONE = frozenset({State.COMPLETED.value, State.CANCELED.value})
    EDITABLE = frozenset({State.DRAFT.value, State.REJECTED.value})

    org = org_field("port_orders")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    country = models.CharField(max_length=2, default="US", editable=False)
    # Of what people fill in, counted up by each save: a stale tab is told instead of overwriting.
    version = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, editable=False)
    typed_numbers = models.TextField(blank=True, editable=False)  # as typed, the unfinished lines included
    # When
    requested_date = models.DateField(gettext_lazy("port complete date"), null=True, blank=True)
    notify = models.CharField(gettext_lazy("also send status e-mails to"), max_length=300, blank=True)
    # The account at the current carrier, as its record has it
    losing_carrier = models.CharField(gettext_lazy("current carrier"), max_length=80, blank=True)
    btn = models.CharField(gettext_lazy("billing telephone number (BTN)"), max_length=16, blank=True)
    account_number = models.CharField(gettext_lazy("account number"), max_length=40, blank=True)
    pin = models.CharField(gettext_lazy("PIN"), max_length=20, blank=True)
    company_name = models.CharField(
        gettext_lazy("company name with previous carrier"), max_length=100, blank=True
    )
    authorized_name = models.CharField(gettext_lazy("authorized name on account"), max_length=100, blank=True)
    address_line1 = models.CharField(gettext_lazy("service address"), max_length=100, blank=True)
    address_line2 = models.CharField(gettext_lazy("floor, suite"), max_length=60, blank=True)
    city = models.CharField(gettext_lazy("city"), max_length=60, blank=True)
    region = models.CharField(gettext_lazy("state"), max_length=40, blank=True)
    postal_code = models.CharField(gettext_lazy("ZIP code"), max_length=12, blank=True)
    full_port = models.BooleanField(gettext_lazy("all numbers of the account are ported"), default=True)
    remaining = models.CharField(
        gettext_lazy("remaining numbers"), max_length=10, choices=Remaining, blank=True
    )
    new_btn = models.CharField(gettext_lazy("new billing number for the rest"), max_length=16, blank=True)
    # What happened
    attempt = models.PositiveIntegerField(default=0, editable=False)  # how often it was submitted
    # The attempt that passed our check: from here on the carrier may have it.
    checked_attempt = models.PositiveIntegerField(default=0, editable=False)
    tries = models.PositiveIntegerField(default=0, editable=False)  # calls that the carrier did not answer
    next_try_at = models.DateTimeField(null=True, editable=False)
    cancel_attempt = models.PositiveIntegerField(default=0, editable=False)
    cancel_from = models.CharField(max_length=20, blank=True, editable=False)  # a refused cancel leads back
    cancel_sent_at = models.DateTimeField(null=True, editable=False)
    reject_source = models.CharField(max_length=12, blank=True, editable=False)  # PortEvent.Source
    reject_code = models.CharField(max_length=40, blank=True, editable=False)
    reject_detail = models.CharField(max_length=300, blank=True, editable=False)  # the carrier's own words
    foc_date = models.DateField(null=True, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)

    unscoped = PortOrderQuerySet.as_manager()  # type: ignore[misc]  # narrows the one of Order

    class Meta:
        indexes = [
            models.Index(fields=["org", "-updated_at", "-id"], name="port_order_by_change"),
            models.Index(fields=["state", "moved_at"], name="port_order_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="port_order_state_is_known",
                condition=models.Q(
                    state__in=[
                        "draft",
                        "checking",
                        "submitted",
                        "rejected",
                        "foc_received",
                        "canceling",
                        "completed",
                        "canceled",
                    ]
                ),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("porting:order_detail", args=[self.org.slug, self.pk])

    @property
    def kind_label(self) -> str:
        return _("Port in")

    @property
    def shown(self) -> str:
        """The word that people see."""
        return str(self.get_state_display())

    @property
    def tone(self) -> str:
        return self.TONES[self.State(self.state)]

    @property
    def date_shown(self) -> date | None:
        return self.foc_date or self.requested_date

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE

    @property
    def key(self) -> str:
        """The idempotency key of the present attempt at the carrier."""
        return f"port-{self.pk}-{self.attempt}"

    @property
    def rejection(self) -> PortingError | None:
        """Why it stands rejected, or None."""
        return error(self.reject_code) if self.state == self.State.REJECTED else None

    @property
    def cancel_key(self) -> str:
        """The idempotency key of the present wish to cancel."""
        return f"{self.key}-c{self.cancel_attempt}"

    @property
    def pack(self) -> countries.Country:
        return countries.get(self.country)

    @property
    def zone(self) -> str:
        """Where its dates and cut-off times are meant."""
        return self.location.time_zone if self.location else "America/Los_Angeles"

    @property
    def today(self) -> date:
        """The day where the numbers go: the same for everybody who looks, and for the workers."""
        return timezone.localdate(timezone=ZoneInfo(self.zone))

    @property
    def is_project(self) -> bool:
        return self.number_count > PROJECT

    @property
    def btn_is_ported(self) -> bool:
        return bool(self.btn) and any(number.e164 == self.btn for number in self.numbers.all())

    def lock(self) -> None:
        """Read the row anew and keep it until the transaction ends: submitting and editing take turns."""
        self.refresh_from_db(from_queryset=PortOrder._base_manager.select_for_update())

    def listed(self) -> list[str]:
        """The numbers that stand in the inventory as porting in for this order."""
        return list(self.numbers.filter(is_listed=True).values_list("e164", flat=True))

    def paper(self, kind: str) -> "PortDocument | None":
        """The document of a kind that counts now; older ones stay on the order as history."""
        return next(
            (paper for paper in self.documents.all() if paper.kind == kind and paper.superseded_at is None),
            None,
        )

    @property
    def papers(self) -> "dict[str, PortDocument]":
        """The documents that count now, by kind; for templates, which cannot pass an argument."""
        return {kind: paper for kind in ("bill", "loa") if (paper := self.paper(kind))}

    def covers(self) -> str:
        """Digest of what the letter of agency says of numbers and account: a signature is for this."""
        said = [
            sorted(number.e164 for number in self.numbers.all()),
            *(getattr(self, name) for name in LETTER_FIELDS),
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    def date_choice(self) -> calendar.DateChoice | None:
        """The requested date as the calendar judges it now; None while there is none."""
        if self.requested_date is None:
            return None
        pack = self.pack
        return calendar.is_legal_date(
            self.requested_date,
            timezone.now(),
            self.zone,
            pack.holidays,
            pack.port_lead_business_days,
            pack.port_latest_days,
        )

    def why_missing(self) -> dict[str, str]:
        """Each unfinished step of the wizard, in order, with what it lacks; empty if it may be sent."""
        return gaps.why_missing(self)

    def missing(self) -> list[str]:
        """The unfinished steps, in order: the rail, the next page and the guard in submit all ask this."""
        return list(self.why_missing())


class PortedNumber(OrgOwned):
    """One number of a port order, with what the carrier said of it when it was typed."""

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="numbers")
    e164 = models.CharField(max_length=16)
    portable = models.CharField(max_length=6, blank=True)  # carrier.base.Portable
    reason = models.CharField(max_length=20, blank=True)  # carrier.base.Portability.reason
    losing_carrier = models.CharField(max_length=80, blank=True)
    rate_center = models.CharField(max_length=40, blank=True)
    is_wireless = models.BooleanField(default=False)
    is_named_in_reject = models.BooleanField(default=False)  # the last rejection is about this number
    is_listed = models.BooleanField(default=False)  # in the inventory as porting in, for this order

    class Meta:
        ordering = ["e164"]
        constraints = [
            models.UniqueConstraint(fields=["order", "e164"], name="one_row_per_number_in_port_order")
        ]

    def __str__(self) -> str:
        return self.e164
