"""Orders that bring numbers here from another carrier: what was said, and where each stands."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping import org_field
from lib import calendar
from porting.errors import PortingError, error
from porting.models import ageing, gaps
from porting.models.lead_times import LeadTime, lead_time
from porting.models.losing_account import LosingAccount
from porting.models.numbers import NumberState
from porting.models.rollup import (
    BADGES,
    ENDINGS,
    HERE,
    MOVING,
    NEEDS_ACTION,
    ON_THE_DAY,
    OPEN_MESSAGING,
    TONES,
    Standing,
    State,
    Wish,
)
from porting.models.shared import SharedFacts
from pstn.models import Order
from pstn.models.orders import OrderQuerySet

if TYPE_CHECKING:
    from porting.models.papers import PortDocument

LIMIT = 1_000  # numbers of one order
PROJECT = 100  # an order of more numbers takes the carriers longer
WISH_LETTERS = {Wish.NONE: "", Wish.CANCEL: "c", Wish.DATE: "d", Wish.DELAY: "y", Wish.SNAP_BACK: "s"}


class PortOrderQuerySet(OrderQuerySet):
    def late(self) -> Self:
        """Those that stand where they are for longer than usual."""
        return self.filter(amber_on__lt=timezone.localdate())

    def editable(self) -> Self:
        return self.filter(state__in=PortOrder.EDITABLE)

    def whole(self) -> Self:
        """With everything that a page about one order shows, in a fixed number of queries."""
        return self.select_related(
            "org", "location__connection", "location__emergency_address", "created_by", "edited_by"
        ).prefetch_related("numbers", "documents__signature", "documents__uploaded_by")


class PortOrder(LosingAccount, SharedFacts, Order):
    """A request to bring numbers here from another carrier. A draft is the unfinished wizard."""

    State = State
    Wish = Wish

    PREFIX = "P"
    MOVING = frozenset(MOVING)
    NEEDS_ACTION = frozenset(NEEDS_ACTION)
    DONE = frozenset(HERE | ENDINGS)
    HERE = frozenset(HERE)  # every number that comes has come
    EDITABLE = frozenset({State.DRAFT.value, State.REJECTED.value})
    LISTED = (
        *Order.LISTED,
        *("group", "needs_answer", "on_demand", "resp_org"),
        *("requested_date", "foc_date", "amber_on", "red_on"),
    )

    org = org_field("port_orders")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    # Of what people fill in, counted up by each save: a stale tab is told instead of overwriting.
    version = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, editable=False)
    typed_numbers = models.TextField(blank=True, editable=False)  # as typed, the unfinished lines included
    on_demand = models.BooleanField(
        gettext_lazy("we start the activation ourselves on the day"), default=False
    )
    letter_skipped_at = models.DateTimeField(null=True, editable=False)  # a paper letter follows later
    # One upload that became several orders
    group = models.ForeignKey(
        "porting.PortGroup", models.SET_NULL, null=True, editable=False, related_name="orders"
    )
    overrides = models.JSONField(default=list, editable=False)  # what it says differently from its group
    plan_aligned = models.BooleanField(gettext_lazy("same day for all orders"), default=True)
    # Until when it is usual that it stands where it stands, and until when it is not yet very late
    amber_on = models.DateField(null=True, editable=False)
    red_on = models.DateField(null=True, editable=False)
    # What happened
    stage = models.CharField(max_length=20, blank=True, editable=False)  # see models/rollup.py
    attempt = models.PositiveIntegerField(default=0, editable=False)  # how often it was submitted
    tries = models.PositiveIntegerField(default=0, editable=False)  # calls that the carrier did not answer
    next_try_at = models.DateTimeField(null=True, editable=False)
    wish = models.CharField(max_length=10, choices=Wish, blank=True, default=Wish.NONE, editable=False)
    wish_count = models.PositiveIntegerField(default=0, editable=False)
    wish_sent_at = models.DateTimeField(null=True, editable=False)
    wish_numbers = models.JSONField(default=list, editable=False)  # those to go back to the old carrier
    wished_date = models.DateField(null=True, editable=False)
    date_changes = models.PositiveSmallIntegerField(default=0, editable=False)  # asked for after the FOC
    delays = models.PositiveSmallIntegerField(default=0, editable=False)
    foc_lost = models.BooleanField(default=False, editable=False)
    wants_documents = models.BooleanField(default=False, editable=False)  # papers were asked for
    needs_answer = models.BooleanField(default=False, editable=False)  # somebody asked a question
    reject_source = models.CharField(max_length=12, blank=True, editable=False)  # PortEvent.Source
    reject_code = models.CharField(max_length=40, blank=True, editable=False)
    reject_detail = models.CharField(max_length=300, blank=True, editable=False)  # the carrier's own words
    reject_count = models.PositiveSmallIntegerField(default=0, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)  # support was asked in
    foc_date = models.DateField(null=True, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)

    unscoped = PortOrderQuerySet.as_manager()  # type: ignore[misc]  # narrows the one of Order

    class Meta:
        indexes = [
            models.Index(fields=["org", "-updated_at", "-id"], name="port_order_by_change"),
            models.Index(fields=["state", "moved_at"], name="port_order_by_state"),
            models.Index(fields=["org", "amber_on"], name="port_order_by_lateness"),
        ]
        constraints = [
            models.CheckConstraint(
                name="port_order_state_is_known",
                condition=models.Q(state__in=[state.value for state in State]),
            ),
            models.CheckConstraint(
                name="port_order_wish_is_known",
                condition=models.Q(wish__in=[wish.value for wish in Wish]),
            ),
        ]

    @classmethod
    def in_need(cls) -> models.Q:
        """Those in such a state, and those about which support has asked a question."""
        return super().in_need() | models.Q(needs_answer=True)

    def get_absolute_url(self) -> str:
        return reverse("porting:order_detail", args=[self.org.slug, self.pk])

    @property
    def kind_label(self) -> str:
        return _("Port in")

    @property
    def shown(self) -> str:
        """The word that people see."""
        return str(State(self.state).label)

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]

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
    def wish_key(self) -> str:
        """The idempotency key of what is asked of the carrier now."""
        return f"{self.key}-{WISH_LETTERS[Wish(self.wish)]}{self.wish_count}"

    @property
    def badge(self) -> str:
        """What stands beside the word, where several states share one; "" for none."""
        return str(BADGES.get(State(self.state), ""))

    @property
    def holder(self) -> str:
        """Who holds the ball: a code of models/ageing.py."""
        holder = ageing.HOLDERS.get(self.state, ageing.Holder.NOBODY)
        if self.needs_answer or (self.on_demand and self.state == State.ACTIVATING):
            return ageing.Holder.YOU
        return ageing.Holder.REGISTRY if holder == ageing.Holder.CARRIER and self.resp_org else holder

    @property
    def holder_shown(self) -> str:
        return str(ageing.HOLDER_WORDS[self.holder])

    @property
    def lateness(self) -> ageing.Lateness | None:
        """That it takes longer than usual, or None."""
        return ageing.lateness(self, timezone.localdate())

    @property
    def may_be_canceled(self) -> bool:
        """Whether something of it can still be stopped, and nothing else is being asked of the carrier."""
        ended = self.state in self.DONE or self.is_draft
        return not ended and not self.wish and self.state not in ON_THE_DAY

    @property
    def is_here(self) -> bool:
        """Whether every number that comes has come."""
        return self.state in self.HERE

    @property
    def is_toll_free(self) -> bool:
        return any(number.is_toll_free for number in self.numbers.all())

    @property
    def takes_letter(self) -> bool:
        """Whether the letter of agency may be signed or uploaded now."""
        return self.is_editable or self.state == State.AWAITING_SIGNATURE

    def waits_for(self) -> str:
        """The stage of an order that must not be sent yet; "" when nothing is in its way."""
        if self.wants_documents:
            return State.AWAITING_DOCUMENTS
        if self.letter_skipped_at and gaps.letter_lack(self):
            return State.AWAITING_SIGNATURE
        return ""

    @property
    def may_be_on_demand(self) -> bool:
        """Whether people may start the activation themselves: where carriers keep a window for it."""
        return self.pack.calling_code == "1" and not self.is_toll_free

    @property
    def has_emergency_address(self) -> bool:
        return self.location is not None and self.location.has_valid_emergency_address

    def standing(self, rows: Iterable[tuple[str, str, int]] | None = None) -> Standing:
        """The facts of models/rollup.py, in one query whatever the count of numbers.

        `rows`, where they are known: state, messaging, and how many of its numbers are in both.
        """
        if rows is None:
            found = self.numbers.filter().order_by().values_list("state", "messaging")
            rows = found.annotate(n=models.Count("pk"))
        counts: Counter[str] = Counter()
        open_messaging = False
        for state, messaging, n in rows:
            counts[state] += n
            open_messaging |= state == NumberState.PORTED and messaging in OPEN_MESSAGING
        return Standing(
            counts,
            stage=self.stage,
            wish=self.wish,
            foc_lost=self.foc_lost,
            wants_documents=self.wants_documents,
            messaging_open=open_messaging,
            verified=self.verified_at is not None,
        )

    @property
    def city_line(self) -> str:
        """City, region and postal code of the service address, as its country writes them."""
        return self.pack.city_line(self.city, self.region, self.postal_code)

    @property
    def line_counts(self) -> list[tuple[str, int]]:
        """How many of its numbers are on a single and on a multi line, where the country asks."""
        kinds = Counter(number.line_kind for number in self.numbers.all())
        words = {"single": _("Single line"), "multi": _("Multi line")}
        return [(word, kinds[kind]) for kind, word in words.items() if kinds[kind]]

    @property
    def zone(self) -> str:
        """Where its dates and cut-off times are meant."""
        return self.location.time_zone if self.location else "America/Los_Angeles"

    @property
    def today(self) -> date:
        """The day where the numbers go: the same for everybody who looks, and for the workers."""
        return timezone.localdate(timezone=ZoneInfo(self.zone))

    @property
    def project_above(self) -> int:
        """An order of more numbers is a project."""
        return PROJECT

    @property
    def is_project(self) -> bool:
        return self.number_count > self.project_above

    def lock(self) -> None:
        """Read the row anew and keep it until the transaction ends: submitting and editing take turns."""
        self.refresh_from_db(from_queryset=PortOrder._base_manager.select_for_update())

    @classmethod
    def lock_all(cls, orders: Sequence[Self]) -> None:
        """The same for many, in the order of their keys: who locks some of them never waits crosswise."""
        by_pk = {order.pk: order for order in orders}
        rows = cls._base_manager.filter(pk__in=list(by_pk)).select_for_update().order_by("pk")
        names = [field.attname for field in cls._meta.concrete_fields]
        found = {values["id"]: values for values in rows.values(*names)}
        if len(found) < len(by_pk):
            raise cls.DoesNotExist
        for pk, values in found.items():
            for name, value in values.items():
                setattr(by_pk[pk], name, value)
            by_pk[pk].__dict__.pop("_prefetched_objects_cache", None)

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

    @property
    def lead_time(self) -> LeadTime:
        """Which dates may be asked for, and why no earlier ones."""
        return lead_time(self)

    def date_choice(self, day: date | None = None) -> calendar.DateChoice | None:
        """A day, or else the requested date, as the calendar judges it now; None while there is none."""
        day = day or self.requested_date
        return None if day is None else self.lead_time.judge(day)

    def why_missing(self) -> dict[str, str]:
        """Each unfinished step of the wizard, in order, with what it lacks; empty if it may be sent."""
        return gaps.why_missing(self)

    def missing(self) -> list[str]:
        """The unfinished steps, in order: the rail, the next page and the guard in submit all ask this."""
        return list(self.why_missing())
