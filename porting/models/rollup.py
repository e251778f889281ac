"""The rule by which a port order's state follows from its numbers and from what its people asked for.

Nothing else decides it. The order's own part is small: what it waits for before it is sent and how it ended
(`stage`), what was asked of the carrier and is not answered (`wish`), and three facts (a lost date, wanted
papers, verified calls). Whatever needs somebody comes first: one rejected number makes a rejected order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy

from porting.models.numbers import OPEN, Messaging
from porting.models.numbers import NumberState as N


class State(models.TextChoices):
    """Where an order stands. Customers see the word; several states share one, and a badge tells them apart
    (porting-domain: six words, richer states behind them)."""

    DRAFT = "draft", gettext_lazy("Draft")
    VALIDATING = "validating", gettext_lazy("Pending")
    AWAITING_DOCUMENTS = "awaiting_documents", gettext_lazy("Action required")
    AWAITING_SIGNATURE = "awaiting_signature", gettext_lazy("Action required")
    READY = "ready", gettext_lazy("Pending")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    REJECTED = "rejected", gettext_lazy("Rejected")
    FOC_RECEIVED = "foc_received", gettext_lazy("FOC received")
    FOC_LOST = "foc_lost", gettext_lazy("Submitted")
    SUP_REQUESTED = "sup_requested", gettext_lazy("FOC received")
    CANCEL_REQUESTED = "cancel_requested", gettext_lazy("Cancel requested")
    ACTIVATING = "activating", gettext_lazy("FOC received")
    PARTIALLY_COMPLETED = "partially_completed", gettext_lazy("FOC received")
    ACTIVATION_FAILED = "activation_failed", gettext_lazy("FOC received")
    COMPLETED = "completed", gettext_lazy("Completed")
    MESSAGING_PENDING = "messaging_pending", gettext_lazy("Completed")
    VERIFIED = "verified", gettext_lazy("Completed")
    DISPUTED = "disputed", gettext_lazy("Completed")
    CANCELED = "canceled", gettext_lazy("Canceled")
    ABANDONED = "abandoned", gettext_lazy("Canceled")
    EXPIRED = "expired", gettext_lazy("Canceled")


class Wish(models.TextChoices):
    """What was asked of the carrier and is not answered yet: at most one thing at a time."""

    NONE = "", gettext_lazy("nothing")
    CANCEL = "cancel", gettext_lazy("cancel")
    DATE = "date", gettext_lazy("another date")
    DELAY = "delay", gettext_lazy("a delay on the day")
    SNAP_BACK = "snap_back", gettext_lazy("back to the old carrier")


BEFORE_SENDING = frozenset(
    {State.VALIDATING, State.AWAITING_DOCUMENTS, State.AWAITING_SIGNATURE, State.READY}
)
ENDINGS = frozenset({State.CANCELED, State.ABANDONED, State.EXPIRED})
# Somebody outside or a worker is busy with it.
MOVING = frozenset(
    {
        State.VALIDATING,
        State.READY,
        State.SUBMITTED,
        State.FOC_RECEIVED,
        State.FOC_LOST,
        State.SUP_REQUESTED,
        State.CANCEL_REQUESTED,
        State.ACTIVATING,
        State.PARTIALLY_COMPLETED,
        State.ACTIVATION_FAILED,
        State.MESSAGING_PENDING,
        State.DISPUTED,
    }
)
# A person must do something.
NEEDS_ACTION = frozenset(
    {
        State.REJECTED,
        State.AWAITING_DOCUMENTS,
        State.AWAITING_SIGNATURE,
        State.ACTIVATION_FAILED,
    }
)
# Every number that comes has come.
HERE = frozenset(
    {
        State.COMPLETED,
        State.MESSAGING_PENDING,
        State.VERIFIED,
        State.DISPUTED,
    }
)
# The FOC day has begun: nothing can be stopped any more.
ON_THE_DAY = frozenset({State.ACTIVATING, State.PARTIALLY_COMPLETED, State.ACTIVATION_FAILED})
TONES = {
    State.DRAFT: "mute",
    State.VALIDATING: "warn",
    State.AWAITING_DOCUMENTS: "bad",
    State.AWAITING_SIGNATURE: "bad",
    State.READY: "warn",
    State.SUBMITTED: "info",
    State.REJECTED: "bad",
    State.FOC_RECEIVED: "info",
    State.FOC_LOST: "warn",
    State.SUP_REQUESTED: "info",
    State.CANCEL_REQUESTED: "warn",
    State.ACTIVATING: "info",
    State.PARTIALLY_COMPLETED: "info",
    State.ACTIVATION_FAILED: "bad",
    State.COMPLETED: "ok",
    State.MESSAGING_PENDING: "ok",
    State.VERIFIED: "ok",
    State.DISPUTED: "warn",
    State.CANCELED: "mute",
    State.ABANDONED: "mute",
    State.EXPIRED: "mute",
}
# What stands beside the word, where several states share one.
BADGES = {
    State.SUP_REQUESTED: gettext_lazy("Change requested"),
    State.FOC_LOST: gettext_lazy("Date lost"),
    State.ACTIVATING: gettext_lazy("Activating"),
    State.ACTIVATION_FAILED: gettext_lazy("Activation failed"),
    State.MESSAGING_PENDING: gettext_lazy("Messaging follows"),
    State.VERIFIED: gettext_lazy("Verified"),
    State.DISPUTED: gettext_lazy("Disputed"),
    State.ABANDONED: gettext_lazy("Closed unanswered"),
    State.EXPIRED: gettext_lazy("Draft expired"),
    State.AWAITING_DOCUMENTS: gettext_lazy("Document missing"),
    State.AWAITING_SIGNATURE: gettext_lazy("Signature missing"),
    State.PARTIALLY_COMPLETED: gettext_lazy("Partly ported"),
}
OPEN_MESSAGING = frozenset({Messaging.PENDING, Messaging.ACTIVATING, Messaging.STUCK})


@dataclass(frozen=True)
class Standing:
    """Everything that the rule looks at. `numbers` counts the order's numbers by state."""

    numbers: Mapping[str, int]
    stage: str = ""
    wish: str = Wish.NONE
    foc_lost: bool = False
    wants_documents: bool = False
    messaging_open: bool = False
    verified: bool = False

    def has(self, *states: str) -> bool:
        return any(self.numbers.get(state, 0) for state in states)


def state_of(order: Standing) -> State:
    """The state of an order: total, and the same for the same facts."""
    present = {state for state, count in order.numbers.items() if count}
    if present <= {N.DRAFT}:
        return State(order.stage) if order.stage in ENDINGS else State.DRAFT
    if present <= {N.CANCELED}:
        return State(order.stage) if order.stage in ENDINGS else State.CANCELED
    if order.has(*OPEN):
        return _under_way(order)
    if order.wish == Wish.SNAP_BACK or order.has(N.SNAPPED_BACK):
        return State.DISPUTED
    if order.verified:
        return State.VERIFIED
    return State.MESSAGING_PENDING if order.messaging_open else State.COMPLETED


def _under_way(order: Standing) -> State:
    if order.wish == Wish.CANCEL:
        return State.CANCEL_REQUESTED
    if order.has(N.REJECTED):
        return State.REJECTED
    if order.has(N.PENDING):
        return State(order.stage) if order.stage in BEFORE_SENDING else State.VALIDATING
    if order.wish in (Wish.DATE, Wish.DELAY):
        return State.SUP_REQUESTED
    if order.has(N.FAILED) and not order.has(N.ACTIVATING):
        return State.ACTIVATION_FAILED
    if order.has(N.PORTED):
        return State.PARTIALLY_COMPLETED
    if order.has(N.ACTIVATING):
        return State.ACTIVATING
    if order.has(N.SUBMITTED):
        if order.wants_documents:
            return State.AWAITING_DOCUMENTS
        return State.FOC_LOST if order.foc_lost else State.SUBMITTED
    return State.FOC_RECEIVED
