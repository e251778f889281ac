"""Requests of other carriers to take numbers of ours away: who asks, for which numbers, and until when to
answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

import countries
from accounts.models import Organization
from accounts.scoping import org_field
from lib import business_hours
from lib.bundle import Wanted
from pstn.models import Location, Order, PhoneNumber, RestingNumber
from pstn.models.orders import OrderQuerySet

if TYPE_CHECKING:
    from datetime import date

    from porting.models.port_out_rows import PortOutNumber

# How long after the numbers left a dispute is possible, and until when it is worked at once.
HOT = timedelta(hours=24)
WARM = timedelta(days=7)
SOON = timedelta(hours=2)  # business time left that is shown in red and brings the last reminder
HALF, SHORT = 1, 2  # which reminder was sent: at half of the time, or when it is short


class Reason(models.TextChoices):
    """The lawful reasons to reject a port-out. A losing provider may not refuse for any other."""

    ACCOUNT_CODE_MISSING = "account_code_missing", gettext_lazy("The account number is missing")
    ACCOUNT_CODE_INVALID = "account_code_invalid", gettext_lazy("The account number is wrong")
    PIN_MISSING = "pin_missing", gettext_lazy("The port-out PIN is missing")
    PIN_INVALID = "pin_invalid", gettext_lazy("The port-out PIN is wrong")
    ZIP_MISSING = "zip_missing", gettext_lazy("The ZIP code is missing")
    ZIP_INVALID = "zip_invalid", gettext_lazy("The ZIP code is wrong")
    CUSTOMER_MISMATCH = "customer_mismatch", gettext_lazy("The customer information does not match")
    INVALID_REQUEST = "invalid_request", gettext_lazy("Nobody here asked for this: the request is not valid")
    NUMBER_INACTIVE = "number_inactive", gettext_lazy("A number of the request is not active")
    DUPLICATE = "duplicate", gettext_lazy("Another request for the same number is open")


class PortOutQuerySet(OrderQuerySet):
    def pending(self) -> Self:
        """Those that wait for an answer: silence is consent."""
        return self.filter(state=PortOut.State.PENDING)

    def first_numbers(self, most: int) -> Wanted:
        """One number of each, the first, and what an alert says of both; of the `most` that are due first."""
        rows = apps.get_model("porting", "PortOutNumber")._base_manager
        first = rows.filter(port_out=models.OuterRef("pk")).order_by("e164").values("pk")[:1]
        urgent = self.order_by(models.F("answer_by").asc(nulls_last=True), "pk")
        return Wanted(
            rows.filter(pk__in=urgent.values(first=models.Subquery(first))[:most]),
            (
                *("e164", "location__country", "location__time_zone"),
                *("port_out__number_count", "port_out__gaining_carrier", "port_out__answer_by"),
            ),
        )

    def whole(self) -> Self:
        """With everything that a page about one request shows, in a fixed number of queries."""
        return self.select_related("org", "location").prefetch_related(
            "numbers__location__main_number", "numbers__replacement"
        )


class PortOut(Order):
    """A request for numbers of one organization. Its life: workflow/port_outs.py."""

    class State(models.TextChoices):
        PENDING = "pending", gettext_lazy("Pending")
        ACCEPTED = "accepted", gettext_lazy("Accepted")
        AUTO_ACCEPTED = "auto_accepted", gettext_lazy("Accepted automatically")
        REJECT_PENDING = "reject_pending", gettext_lazy("Reject pending")
        REJECTED = "rejected", gettext_lazy("Rejected")
        PORTED_OUT = "ported_out", gettext_lazy("Ported out")
        CANCELED = "canceled", gettext_lazy("Canceled")
        DISPUTED = "disputed", gettext_lazy("Disputed")
        RETURNED = "returned", gettext_lazy("Returned")
        DISPUTE_REFUSED = "dispute_refused", gettext_lazy("Dispute refused")

    class Block(models.TextChoices):
        """Why the carrier refused by itself, without asking anybody."""

        PIN_MISSING = "pin_missing", gettext_lazy("it came without the PIN")
        PIN_WRONG = "pin_wrong", gettext_lazy("the PIN was wrong")
        LOCK = "lock", gettext_lazy("the number is locked")

    TONES = {
        State.PENDING: "bad",
        State.ACCEPTED: "info",
        State.AUTO_ACCEPTED: "warn",
        State.REJECT_PENDING: "warn",
        State.REJECTED: "ok",
        State.PORTED_OUT: "mute",
        State.CANCELED: "mute",
        State.DISPUTED: "warn",
        State.RETURNED: "ok",
        State.DISPUTE_REFUSED: "bad",
    }
    PREFIX = "O"
    MOVING = frozenset(
        {
            State.ACCEPTED.value,
            State.AUTO_ACCEPTED.value,
            State.REJECT_PENDING.value,
            State.DISPUTED.value,
        }
    )
    NEEDS_ACTION = frozenset({State.PENDING.value})
    # What is asked for may leave.
    LEAVING = NEEDS_ACTION | frozenset(
        {State.ACCEPTED.value, State.AUTO_ACCEPTED.value, State.REJECT_PENDING.value}
    )
    DONE = frozenset(
        {
            State.REJECTED.value,
            State.PORTED_OUT.value,
            State.CANCELED.value,
            State.RETURNED.value,
            State.DISPUTE_REFUSED.value,
        }
    )
    LISTED = (*Order.LISTED, "requested_date")

    org = org_field("port_outs")
    state = models.CharField(max_length=20, choices=State, default=State.PENDING, editable=False)
    # What the gaining carrier says
    gaining_carrier = models.CharField(gettext_lazy("gaining carrier"), max_length=80, editable=False)
    requested_date = models.DateField(gettext_lazy("requested date"), null=True, editable=False)
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    answer_by = models.DateTimeField(null=True, editable=False)  # after it, silence has accepted
    pin_given = models.CharField(max_length=10, blank=True, editable=False)  # ok, missing, wrong, none
    blocked_by = models.CharField(max_length=12, choices=Block, blank=True, editable=False)
    reminded = models.PositiveSmallIntegerField(default=0, editable=False)
    # What we answer
    reason = models.CharField(
        gettext_lazy("reason"), max_length=24, choices=Reason, blank=True, editable=False
    )
    answer_attempt = models.PositiveIntegerField(default=0, editable=False)
    dispute_reason = models.CharField(max_length=300, blank=True, editable=False)
    untold = models.BooleanField(default=False, editable=False)  # an answer or dispute is on its way out
    tries = models.PositiveIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(null=True, editable=False)
    left_at = models.DateTimeField(null=True, editable=False)  # when the first number was gone

    unscoped = PortOutQuerySet.as_manager()  # type: ignore[misc]  # narrows the one of Order

    class Meta:
        indexes = [
            models.Index(fields=["org", "-updated_at", "-id"], name="port_out_by_change"),
            models.Index(fields=["state", "answer_by"], name="port_out_by_state"),
            models.Index(fields=["carrier_ref"], name="port_out_by_ref"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["org", "carrier_ref"], name="one_port_out_per_request_and_org"),
            models.CheckConstraint(
                name="port_out_state_is_known",
                condition=models.Q(
                    state__in=[
                        "pending",
                        "accepted",
                        "auto_accepted",
                        "reject_pending",
                        "rejected",
                        "ported_out",
                        "canceled",
                        "disputed",
                        "returned",
                        "dispute_refused",
                    ]
                ),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("porting:port_out_detail", args=[self.org.slug, self.pk])

    @classmethod
    def of_request(cls, reference: str) -> "models.QuerySet[PortOut]":
        """What a request of the carrier became: one row for each organization that had numbers in it."""
        return cls.unscoped.whole().filter(carrier_ref=reference).order_by("pk")

    @classmethod
    def numbers_here(cls, e164s: Iterable[str]) -> "dict[Organization, list[PhoneNumber]]":
        """Who has which of these numbers in use, or has deleted it and could still have it back: until its
        rest is over it is theirs at the carrier. What is only on its way here is not ours to give."""
        in_use = [PhoneNumber.State.ACTIVE, PhoneNumber.State.INACTIVE]
        rows = PhoneNumber.unscoped.filter(e164__in=list(e164s), state__in=in_use)
        resting = RestingNumber.unscoped.filter(e164__in=list(e164s), is_from_carrier=True)
        numbers = [
            *rows.select_related("org", "location"),
            *(row.as_number() for row in resting.select_related("org", "location")),
        ]
        found: dict[Organization, list[PhoneNumber]] = {}
        for number in sorted(numbers, key=lambda number: (number.org_id, number.e164)):
            found.setdefault(number.org, []).append(number)
        return found

    @classmethod
    def others_undecided(cls, port_out: "PortOut") -> bool:
        """Whether another organization has not answered the same request: one yes must not be for all."""
        same = cls.unscoped.filter(carrier_ref=port_out.carrier_ref).exclude(pk=port_out.pk)
        return bool(same.filter(state=cls.State.PENDING).exists())

    @property
    def kind_label(self) -> str:
        return _("Port out")

    @property
    def shown(self) -> str:
        """The word that people see."""
        return str(self.get_state_display())

    @property
    def tone(self) -> str:
        return self.TONES[self.State(self.state)]

    @property
    def is_pending(self) -> bool:
        return self.state == self.State.PENDING

    @property
    def is_moving(self) -> bool:
        """Whether it may change while somebody looks; a pending one accepts itself."""
        return self.is_pending or super().is_moving

    @property
    def foc_date(self) -> "date | None":
        """The date, once it is more than a wish."""
        wished = self.is_pending or self.state in (self.State.REJECT_PENDING, self.State.REJECTED)
        return None if wished else self.requested_date

    @property
    def date_shown(self) -> "date | None":
        return self.requested_date

    @cached_property
    def place(self) -> Location | None:
        """The location whose zone and holidays count: its own, or that of its first number."""
        if self.location:
            return self.location
        return next((row.location for row in self.numbers.all()), None)

    @property
    def zone(self) -> str:
        return self.place.time_zone if self.place else "America/Los_Angeles"

    @property
    def answer_key(self) -> str:
        """The idempotency key of the present answer at the carrier."""
        return f"port-out-{self.pk}-{self.answer_attempt}"

    @property
    def dispute_key(self) -> str:
        return f"port-out-{self.pk}-d"

    def time_left(self, moment: datetime | None = None) -> timedelta:
        """The business time until silence accepts it. On a compressed clock, hours shrink with the days."""
        moment = moment or timezone.now()
        if self.answer_by is None or self.answer_by <= moment:
            return timedelta()
        if settings.CARRIER_IS_SIMULATED and settings.CARRIER_DAY_SECONDS:
            days = (self.answer_by - moment).total_seconds() / settings.CARRIER_DAY_SECONDS
            return business_hours.BUSINESS_DAY * days
        return self._business_time(moment, self.answer_by)

    @property
    def left_in_words(self) -> str:
        """How much business time is left to answer, rounded down: never more than there is."""
        minutes = int(self.time_left().total_seconds() // 60)
        if minutes >= 60:
            hours = minutes // 60
            return ngettext("%(n)s business hour left", "%(n)s business hours left", hours) % {"n": hours}
        if minutes:
            said = ngettext("%(n)s business minute left", "%(n)s business minutes left", minutes)
            return said % {"n": minutes}
        return _("No business time left")

    @property
    def is_short(self) -> bool:
        """Whether the countdown is shown in red."""
        return self.time_left() < SOON

    def time_given(self) -> timedelta:
        """The business time that there was at the beginning."""
        return self.time_left(self.requested_at)

    def _business_time(self, since: datetime, until: datetime) -> timedelta:
        country = self.place.country if self.place else "US"
        return business_hours.left(since, until, self.zone, countries.get(country).holidays)

    def reminder_due(self, moment: datetime) -> int:
        """Which reminder it is time for: 1 when half of the time is gone, 2 when two hours are left; else
        0."""
        if not self.is_pending or self.answer_by is None:
            return 0
        remaining = self.time_left(moment)
        if remaining <= SOON:
            return SHORT if self.reminded < SHORT else 0
        return HALF if remaining * 2 <= self.time_given() and self.reminded < HALF else 0

    def main_numbers(self) -> "list[PortOutNumber]":
        """The numbers that are still the main number of their location."""
        return [row for row in self.numbers.all() if row.is_main and row.left_at is None]

    def replacements_for(self, location: Location) -> "models.QuerySet[PhoneNumber]":
        """The numbers that can become a location's main number: active there, and asked for by nobody."""
        asked_for = self.numbers.model.unscoped.filter(
            port_out__org=self.org, port_out__state__in=self.LEAVING
        )
        return location.phone_numbers.filter(state=PhoneNumber.State.ACTIVE).exclude(
            e164__in=asked_for.order_by().values("e164")
        )

    def lawful_reasons(self) -> list[Reason]:
        """The reasons that can be true of this request: a refusal with any other is not lawful."""
        kept_out = set()
        if self.pin_given in ("ok", "none"):  # it was right, or there is none that could be wrong
            kept_out |= {Reason.PIN_MISSING, Reason.PIN_INVALID}
        elif self.pin_given == "missing":
            kept_out.add(Reason.PIN_INVALID)
        elif self.pin_given == "wrong":
            kept_out.add(Reason.PIN_MISSING)
        e164s = [row.e164 for row in self.numbers.all()]
        numbers = self.org.phone_numbers.filter(e164__in=e164s, state=PhoneNumber.State.ACTIVE)
        if numbers.count() == len(e164s):
            kept_out.add(Reason.NUMBER_INACTIVE)
        others = self.org.port_outs.filter(state__in=self.LEAVING, numbers__e164__in=e164s)
        if not others.exclude(pk=self.pk).exists():
            kept_out.add(Reason.DUPLICATE)
        return [reason for reason in Reason if reason not in kept_out]

    def dispute_window(self, moment: datetime | None = None) -> str:
        """Whether a dispute is possible now: "hot" for 24 hours, "warm" for 7 days, "closed" after that, ""
        before the numbers left."""
        if self.left_at is None or self.state != self.State.PORTED_OUT:
            return ""
        age = (moment or timezone.now()) - self.left_at
        return "hot" if age <= HOT else "warm" if age <= WARM else "closed"
