"""The rule by which the state of an order for new numbers follows from its numbers, once it is placed.

Before that a person moves it: a draft is placed, or becomes a request that support answers with an offer.
Afterwards nothing else decides: what still comes goes before what has come, and a wish to cancel before both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy


class State(models.TextChoices):
    """Where an order stands. Several states share a word; the order's badge tells them apart."""

    DRAFT = "draft", gettext_lazy("Draft")
    PENDING = "pending", gettext_lazy("Pending")
    BACK_ORDERED = "back_ordered", gettext_lazy("Back-ordered")
    CANCEL_REQUESTED = "cancel_requested", gettext_lazy("Cancel requested")
    PROVISIONED = "provisioned", gettext_lazy("Provisioned")
    PARTLY = "partly", gettext_lazy("Provisioned in part")
    ERROR = "error", gettext_lazy("Error")
    CANCELED = "canceled", gettext_lazy("Canceled")
    REQUESTED = "requested", gettext_lazy("Pending")
    ASKED = "asked", gettext_lazy("Action required")
    OFFERED = "offered", gettext_lazy("Action required")


class LineState(models.TextChoices):
    """Where one number of an order stands."""

    DRAFT = "draft", gettext_lazy("Held")
    PENDING = "pending", gettext_lazy("Pending")
    PROVISIONED = "provisioned", gettext_lazy("Provisioned")
    FAILED = "failed", gettext_lazy("Failed")
    REPLACED = "replaced", gettext_lazy("Put aside")
    CANCELED = "canceled", gettext_lazy("Canceled")


# With support, before anything is ordered at the carrier.
REQUEST = frozenset({State.REQUESTED, State.ASKED, State.OFFERED})
# The carrier owes something.
ON_ITS_WAY = frozenset({State.PENDING, State.BACK_ORDERED, State.CANCEL_REQUESTED})
TONES = {
    State.REQUESTED: "warn",
    State.ASKED: "bad",
    State.OFFERED: "bad",
    State.PENDING: "warn",
    State.BACK_ORDERED: "info",
    State.CANCEL_REQUESTED: "warn",
    State.PROVISIONED: "ok",
    State.PARTLY: "bad",
    State.ERROR: "bad",
}
LINE_TONES = {
    LineState.PENDING: "warn",
    LineState.PROVISIONED: "ok",
    LineState.FAILED: "bad",
}
BADGES = {
    State.REQUESTED: gettext_lazy("With support"),
    State.ASKED: gettext_lazy("Question"),
    State.OFFERED: gettext_lazy("Offer"),
}


@dataclass(frozen=True)
class Standing:
    """Everything that the rule looks at. `lines` counts the order's numbers by state; `waits` says that a
    back-order is open, `back_failed` that the carrier took none, `wish` that a cancelation is unanswered."""

    lines: Mapping[str, int]
    waits: bool = False
    back_failed: bool = False
    wish: bool = False


def state_of(order: Standing) -> State:
    """The state of a placed order: total, and the same for the same facts."""
    pending = order.lines.get(LineState.PENDING, 0)
    if pending or order.waits:
        if order.wish:
            return State.CANCEL_REQUESTED
        return State.PENDING if pending else State.BACK_ORDERED
    failed = order.lines.get(LineState.FAILED, 0) or order.back_failed
    if order.lines.get(LineState.PROVISIONED, 0):
        return State.PARTLY if failed else State.PROVISIONED
    return State.ERROR if failed else State.CANCELED
