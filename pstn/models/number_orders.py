"""The order for new numbers, its numbers one by one, its back-order, and its history."""

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned, org_field
from pstn.models import order_rule
from pstn.models.blocks import NumberBlock
from pstn.models.order_rule import LineState, Standing
from pstn.models.orders import Order, OrderEvent

S = order_rule.State


class AtCarrier(models.Model):
    """What becomes of a thing that is sent to the carrier: tries, and the wish to cancel it."""

    # Sending it: how often it was tried, and not before when again.
    tries = models.PositiveIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(null=True, editable=False)
    # The key of a cancelation that the carrier has not answered, and since when it knows of it.
    cancel_key = models.CharField(max_length=60, blank=True, editable=False)
    cancel_sent_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class NumberOrder(Order, AtCarrier):
    """An order for new numbers. A draft is the unfinished wizard. Its life: workflow/number_orders.py, and
    workflow/number_requests.py while support is busy with it."""

    State = order_rule.State

    class Kind(models.TextChoices):
        STANDARD = "standard", gettext_lazy("New numbers")
        BLOCK = "block", gettext_lazy("Consecutive block")
        TOLL_FREE = "toll_free", gettext_lazy("Toll-free numbers")
        NON_GEOGRAPHIC = "non_geographic", gettext_lazy("Non-geographic numbers")
        ASSISTED = "assisted", gettext_lazy("Request through support")

    class At(models.TextChoices):
        CONTAINS = "contains", gettext_lazy("Contains")
        ENDS = "ends", gettext_lazy("Ends with")

    class NumberType(models.TextChoices):
        LOCAL = "local", gettext_lazy("Local")
        NATIONAL = "national", gettext_lazy("National")

    PREFIX = "N"
    MOVING = frozenset({S.REQUESTED.value, S.PENDING.value, S.BACK_ORDERED.value, S.CANCEL_REQUESTED.value})
    NEEDS_ACTION = frozenset({S.ERROR.value, S.PARTLY.value, S.ASKED.value, S.OFFERED.value})
    DONE = frozenset({S.PROVISIONED.value, S.CANCELED.value})
    LISTED = (*Order.LISTED, "kind", "quantity", "back_quantity", "waits_for_terms")

    org = org_field("number_orders")
    state = models.CharField(max_length=20, choices=S, default=S.DRAFT, editable=False)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.STANDARD, editable=False)
    # What is looked for. Of toll-free numbers `area_code` is their prefix.
    region = models.CharField(gettext_lazy("state, province or region"), max_length=10, blank=True)
    area_code = models.CharField(gettext_lazy("area code"), max_length=6, blank=True)
    prefix = models.CharField(gettext_lazy("prefix"), max_length=6, blank=True)
    city = models.CharField(gettext_lazy("city"), max_length=60, blank=True)
    pattern = models.CharField(gettext_lazy("digits or letters"), max_length=20, blank=True)
    pattern_at = models.CharField(max_length=10, choices=At, default=At.CONTAINS)
    like = models.CharField(gettext_lazy("similar to"), max_length=16, blank=True)
    wanted = models.TextField(gettext_lazy("specific numbers"), blank=True)  # as typed
    quantity = models.PositiveIntegerField(gettext_lazy("how many"), default=1)
    back_quantity = models.PositiveIntegerField(default=0, editable=False)  # of these, to wait for
    block_size = models.PositiveSmallIntegerField(
        gettext_lazy("size"),
        default=0,
        choices=[(0, "–"), *((size, str(size)) for size in NumberBlock.SIZES)],
    )
    # A request through support.
    number_type = models.CharField(
        gettext_lazy("type of number"), max_length=10, choices=NumberType, default=NumberType.LOCAL
    )
    area = models.CharField(gettext_lazy("preferred area"), max_length=100, blank=True)
    details = models.TextField(gettext_lazy("details"), max_length=2_000, blank=True)
    papers = models.JSONField(gettext_lazy("documents at hand"), default=list, blank=True)
    hold_id = models.CharField(max_length=80, blank=True, editable=False)
    hold_until = models.DateTimeField(null=True, editable=False)
    hold_extended = models.BooleanField(default=False, editable=False)
    error = models.CharField(max_length=200, blank=True, editable=False)
    # Numbers of that order which the carrier could not provide are ordered anew with this one.
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="replacements"
    )
    # Numbers of it are inactive only because nobody has accepted the terms.
    waits_for_terms = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["org", "-updated_at", "-id"], name="number_order_by_change"),
            models.Index(fields=["state", "moved_at"], name="number_order_by_state"),
        ]
        constraints = [
            models.CheckConstraint(name="number_order_state_is_known", condition=models.Q(state__in=S.values))
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("pstn:number_order_detail", args=[self.org.slug, self.pk])

    @property
    def kind_label(self) -> str:
        return str(self.get_kind_display())

    @property
    def shown(self) -> str:
        """The word that people see."""
        return _("Waiting for terms") if self.only_waits_for_terms else str(self.get_state_display())

    @property
    def only_waits_for_terms(self) -> bool:
        """Everything has come, and only the terms keep it from use."""
        return self.waits_for_terms and self.state == S.PROVISIONED

    @property
    def tone(self) -> str:
        return "warn" if self.only_waits_for_terms else order_rule.TONES.get(S(self.state), "mute")

    @property
    def badge(self) -> Any:
        """What stands beside the word, where several states share one; or ""."""
        return order_rule.BADGES.get(S(self.state), "")

    @property
    def date_shown(self) -> date | None:
        """Orders for new numbers have no date that anybody waits for."""
        return None

    @property
    def is_block(self) -> bool:
        return self.kind == self.Kind.BLOCK

    @property
    def is_assisted(self) -> bool:
        return self.kind == self.Kind.ASSISTED

    @property
    def is_request(self) -> bool:
        """Whether support is busy with it, and nothing is ordered yet."""
        return self.state in order_rule.REQUEST

    @property
    def may_wait(self) -> bool:
        """Whether a carrier can wait for more of the same: not for blocks, nor for numbers near others or by
        name."""
        return not self.is_block and not self.wanted and not self.like

    @property
    def hold_is_alive(self) -> bool:
        return self.hold_until is not None and self.hold_until > timezone.now()

    @property
    def open_back_order(self) -> "BackOrder | None":
        """The back-order that still waits for numbers, or None."""
        back: BackOrder | None = getattr(self, "back_order", None)
        return back if back and back.is_open else None

    @property
    def has_failed(self) -> bool:
        """Whether something of it could not be provided, and nobody has put that aside."""
        back = BackOrder._base_manager.filter(order=self, failed=True)
        return self.state == S.ERROR or self.lines.failed().exists() or back.exists()

    @property
    def numbers_wanted(self) -> int:
        return self.quantity if self.back_quantity and self.is_moving else self.number_count

    def standing(self) -> Standing:
        """What the rule of its state looks at."""
        rows = self.lines.order_by().values_list("state").annotate(n=models.Count("pk"))
        back = BackOrder._base_manager.filter(order=self).first() if self.back_quantity else None
        return Standing(
            dict(rows),
            waits=bool(back and back.is_open),
            back_failed=bool(back and back.failed),
            wish=bool(self.cancel_key or (back and back.cancel_key)),
        )

    def missing(self, chosen: Collection[str] | None = None) -> list[str]:
        """The wizard's steps still unfinished, in order; empty means that it may be placed or sent.

        `chosen` are its numbers, if they are known already.
        """
        if self.is_assisted:
            is_said = bool(self.area) or self.number_type == self.NumberType.NATIONAL
            finished = {"location": self.location_id is not None, "request": is_said}
        else:
            only_waits = bool(self.back_quantity) and not self.hold_id
            finished = {
                "location": self.location_id is not None,
                "numbers": only_waits or (self.hold_is_alive and self._has_some(chosen)),
            }
        return [step for step, done in finished.items() if not done]

    def _has_some(self, chosen: Collection[str] | None) -> bool:
        return self.lines.chosen().exists() if chosen is None else bool(chosen)


class NumberOrderLineQuerySet(models.QuerySet["NumberOrderLine"]):
    def chosen(self) -> Self:
        return self.filter(is_chosen=True)

    def left_out(self) -> Self:
        """Numbers that were given back, and must not come with those that the order waits for."""
        return self.filter(is_chosen=False)

    def pending(self) -> Self:
        return self.filter(state=LineState.PENDING)

    def failed(self) -> Self:
        return self.filter(state=LineState.FAILED)


class NumberOrderLine(OrgOwned):
    """One number of an order: held and chosen in the draft, then ordered."""

    State = LineState

    order = models.ForeignKey(NumberOrder, models.CASCADE, related_name="lines")
    e164 = models.CharField(max_length=16)
    city = models.CharField(max_length=60, blank=True)
    rate_center = models.CharField(max_length=40, blank=True)
    is_chosen = models.BooleanField(default=True)
    is_placed = models.BooleanField(default=False, editable=False)
    state = models.CharField(max_length=12, choices=LineState, default=LineState.DRAFT, editable=False)
    reason = models.CharField(max_length=200, blank=True, editable=False)  # why it failed

    unscoped = NumberOrderLineQuerySet.as_manager()

    class Meta:
        ordering = ["e164"]
        constraints = [
            models.UniqueConstraint(fields=["order", "e164"], name="one_line_per_number_in_order"),
            # Even wrong code cannot sell one number twice.
            models.UniqueConstraint(
                fields=["e164"], condition=models.Q(is_placed=True), name="one_placed_line_per_number"
            ),
        ]

    def __str__(self) -> str:
        return self.e164

    @property
    def tone(self) -> str:
        return order_rule.LINE_TONES.get(LineState(self.state), "mute")


class BackOrder(OrgOwned, AtCarrier):
    """Numbers that were not there, and that an order waits for: at most one for each order."""

    order = models.OneToOneField(NumberOrder, models.CASCADE, related_name="back_order")
    quantity = models.PositiveIntegerField()
    came = models.PositiveIntegerField(default=0, editable=False)
    carrier_ref = models.CharField(max_length=80, blank=True, editable=False)
    failed = models.BooleanField(default=False, editable=False)  # the carrier did not take it
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["ended_at", "created_at"], name="back_order_open")]

    def __str__(self) -> str:
        return f"{self.order} · {self.quantity}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def left(self) -> int:
        """How many numbers are still to come."""
        return max(0, self.quantity - self.came)


class NumberOrderEvent(OrderEvent):
    """One move, or one thing that happened to its numbers. `code` is the verb."""

    order = models.ForeignKey(NumberOrder, models.CASCADE, related_name="events")

    class Meta(OrderEvent.Meta):
        indexes = [models.Index(fields=["handled_at", "at"], name="number_order_unhandled")]

    SENTENCES: ClassVar[dict[str, Any]] = {
        "start": gettext_lazy("Started"),
        "place": gettext_lazy("Ordered"),
        "provision": gettext_lazy("Provided by the carrier"),
        "deliver": gettext_lazy("Numbers of the back-order have come"),
        "fail": gettext_lazy("The carrier could not provide the numbers"),
        "cancel": gettext_lazy("Canceled"),
        "confirm_cancel": gettext_lazy("Canceled by the carrier, as asked"),
        "refuse_cancel": gettext_lazy("The carrier did not cancel it"),
        "close": gettext_lazy("Closed"),
        "replaced": gettext_lazy("Failed numbers are ordered anew"),
        "terms_accepted": gettext_lazy("Terms accepted: the numbers are active"),
        "submit": gettext_lazy("Sent to PSTN support"),
        "ask": gettext_lazy("PSTN support asked a question"),
        "answer": gettext_lazy("The question was answered"),
        "offer": gettext_lazy("PSTN support made an offer"),
        "accept": gettext_lazy("Offer accepted: ordered"),
        "decline": gettext_lazy("Offer declined"),
        "withdraw_offer": gettext_lazy("PSTN support withdrew its offer"),
        "expire_offer": gettext_lazy("The offer ran out"),
        "turn_down": gettext_lazy("PSTN support cannot fulfill the request"),
    }

    def __str__(self) -> str:
        return f"{self.order}: {self.before} → {self.after}"

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        if self.code == "cancel" and self.after == S.CANCEL_REQUESTED:
            return _("The carrier was asked to cancel")
        return str(self.SENTENCES.get(self.code) or S(self.after).label)

    @property
    def who(self) -> str:
        if self.code in {"ask", "offer", "withdraw_offer", "turn_down"}:
            return _("PSTN support")  # people see the office, not the person
        return str(self.by) if self.by else ""
