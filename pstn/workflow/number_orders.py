"""The life of an order for new numbers once somebody places it. Nothing else assigns NumberOrder.state, but
workflow/number_requests.py for the time in which support is busy with a request.

A placed order's state follows from its numbers (models/order_rule.py): the verbs here change these.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, User
from lib import prepared, writing
from lib.each import insert_for_each
from lib.queue import later
from lib.transitions import Refused, Table, settle
from pstn.models import (
    BackOrder,
    NumberBlock,
    NumberOrder,
    NumberOrderEvent,
    NumberOrderLine,
    PhoneNumber,
)
from pstn.models.order_rule import ON_ITS_WAY, LineState, Standing, state_of
from pstn.workflow import numbers, terms
from pstn.workflow.number_checks import ASKED, ORDER_LIMIT, checked, why_not_place
from pstn.workflow.number_drafts import discard, extend, look, start

__all__ = [
    "ALLOWED",
    "ORDER_LIMIT",
    "cancel",
    "close",
    "confirm_cancel",
    "deliver",
    "discard",
    "extend",
    "fail",
    "look",
    "place",
    "provision",
    "refuse_back_order",
    "refuse_cancel",
    "start",
    "why_not_place",
]

S = NumberOrder.State
ENDS = {S.PROVISIONED, S.PARTLY, S.ERROR, S.CANCELED}

ALLOWED: Table = {
    S.DRAFT: frozenset({S.REQUESTED, S.PENDING, S.BACK_ORDERED}),
    S.REQUESTED: frozenset({S.ASKED, S.OFFERED, S.ERROR, S.CANCELED}),
    S.ASKED: frozenset({S.REQUESTED, S.OFFERED, S.ERROR, S.CANCELED}),
    S.OFFERED: frozenset({S.REQUESTED, S.PENDING, S.ERROR, S.CANCELED}),
    S.PENDING: frozenset({S.BACK_ORDERED, S.CANCEL_REQUESTED, *ENDS}),
    S.BACK_ORDERED: frozenset({S.CANCEL_REQUESTED, *ENDS}),
    S.CANCEL_REQUESTED: frozenset({S.PENDING, S.BACK_ORDERED, *ENDS}),
    S.PROVISIONED: frozenset(),
    S.PARTLY: frozenset({S.PROVISIONED}),
    S.ERROR: frozenset({S.CANCELED}),
    S.CANCELED: frozenset(),
}


# --- By a person


def place(order: NumberOrder, *, by: User) -> None:
    """Order the chosen numbers: one order, however often the button is pressed.

    Refused when a step is unfinished (an expired hold is one), when the location cannot take numbers, when a
    trial would have too many, or when a number is gone.
    """

    def rule() -> str:
        """What the rule says of an order of which everything has just been asked of the carrier."""
        return str(state_of(Standing({LineState.PENDING: order.number_count}, waits=order.back_quantity > 0)))

    with trial_turn(order.org), settled(order, "place", {S.DRAFT}, rule=rule, by=by, beside=ASKED):
        e164s = checked(order)
        if order.back_quantity:
            BackOrder._base_manager.create(order=order, quantity=order.back_quantity)
        order_now(order, e164s, by=by)
        if order.replaces and order.replaces.has_failed:
            _put_aside(order.replaces, "replaced", by=by, note=order.reference)


def cancel(order: NumberOrder, *, by: User) -> None:
    """Give up what has not come yet. What the carrier cannot have heard of ends at once; of the rest it is
    asked, and until it answers the order stands as "Cancel requested"."""
    with settled(order, "cancel", {S.PENDING, S.BACK_ORDERED}, by=by):
        key = f"number-order-{order.pk}-cancel-{order.events.filter(code='cancel').count() + 1}"
        if order.lines.pending().exists():
            if order.carrier_ref or order.tries:
                order.cancel_key, order.cancel_sent_at = key, None
            else:
                _stop_pending(order)
        if back := _open_back_order(order):
            if back.carrier_ref or back.tries:
                back.cancel_key, back.cancel_sent_at = f"{key}-back", None
            else:
                back.ended_at = timezone.now()
            back.save()


def close(order: NumberOrder, *, by: User) -> None:
    """Put what failed aside: the order needs nobody any more."""
    _put_aside(order, "close", by=by)


# --- By the carrier


def provision(order: NumberOrder, *, e164s: Sequence[str] = (), carrier_event: str | None = None) -> None:
    """The carrier has provided these numbers, or all that it owes: active, or inactive until somebody
    accepts the terms."""
    with transaction.atomic():
        terms.lock(order.org)
        with settled(order, "provision", ON_ITS_WAY, carrier_event=carrier_event):
            _take_in(order, _pending(order, e164s))


def deliver(order: NumberOrder, e164s: Sequence[str], *, carrier_event: str | None = None) -> None:
    """Numbers that the order waited for have come."""
    with transaction.atomic():
        terms.lock(order.org)
        with settled(order, "deliver", ON_ITS_WAY, carrier_event=carrier_event, count=len(e164s)):
            back = _open_back_order(order)
            if back is None:
                raise Refused(_("%(order)s waits for no numbers.") % {"order": order})
            order.lines.left_out().filter(e164__in=e164s).delete()
            insert_for_each(NumberOrderLine(order=order), sorted(e164s), e164="one")
            order.number_count += len(e164s)
            _list_pending(order, e164s, by=None)
            _take_in(order, e164s)
            back.came += len(e164s)
            if back.left == 0:
                back.ended_at, back.cancel_key = timezone.now(), ""
            back.save()


def fail(
    order: NumberOrder, *, reason: str, e164s: Sequence[str] = (), carrier_event: str | None = None
) -> None:
    """The carrier cannot provide these numbers, or none: they leave the inventory, anybody may order them."""
    with settled(order, "fail", ON_ITS_WAY, note=reason, carrier_event=carrier_event):
        gone = _pending(order, e164s)
        order.error = reason[:200]
        _end(order, gone, LineState.FAILED, "order_failed", reason=reason[:200])


def refuse_back_order(order: NumberOrder, *, reason: str) -> None:
    """The carrier has no queue for such numbers."""
    with settled(order, "fail", ON_ITS_WAY, note=reason):
        order.error = reason[:200]
        BackOrder._base_manager.filter(order=order, ended_at=None).update(
            ended_at=timezone.now(), failed=True, cancel_key=""
        )


def confirm_cancel(order: NumberOrder, *, back: bool = False, carrier_event: str | None = None) -> None:
    """The carrier will not provide what had not come yet, of the order or of its back-order."""
    with settled(order, "confirm_cancel", ON_ITS_WAY, carrier_event=carrier_event):
        if back:
            _open_backs(order).update(ended_at=timezone.now(), cancel_key="")
        else:
            _stop_pending(order)


def refuse_cancel(
    order: NumberOrder, *, back: bool = False, reason: str = "", carrier_event: str | None = None
) -> None:
    """The carrier goes on: what had not come yet still comes, or has come meanwhile."""
    ever = frozenset({*ON_ITS_WAY, *ENDS})
    with settled(order, "refuse_cancel", ever, note=reason, carrier_event=carrier_event):
        if back:
            BackOrder._base_manager.filter(order=order).update(cancel_key="")
        else:
            order.cancel_key = ""


# --- What the verbs change


def order_now(order: NumberOrder, e164s: Sequence[str], *, by: User | None) -> None:
    """The numbers of an order are asked of the carrier, in the transaction of the verb that says so."""
    order.number_count = len(e164s)
    if not e164s:
        return
    block = None
    if order.is_block:
        ends = {"first": min(e164s), "last": max(e164s), "size": len(e164s)}
        block = writing.insert(NumberBlock(org=order.org, number_order=order, **ends))
    # The inventory first, in order of the number: who wants the same ones waits here, not crosswise.
    _list_pending(order, e164s, by=by, block=block)


def _list_pending(
    order: NumberOrder, e164s: Sequence[str], *, by: User | None, block: NumberBlock | None = None
) -> None:
    fixed = order.kind == NumberOrder.Kind.NON_GEOGRAPHIC
    kind = PhoneNumber.Kind.NON_GEOGRAPHIC if fixed else PhoneNumber.Kind.STANDARD
    numbers.list_as_pending(order, e164s, by=by, kind=kind, block=block)
    try:
        with transaction.atomic(savepoint=False):
            drafted = {"order_id": order.pk, "is_chosen": True, "state": LineState.DRAFT}
            writing.change(NumberOrderLine, drafted, is_placed=True, state=LineState.PENDING)
    except IntegrityError:
        raise Refused(_("Somebody else has just ordered one of these numbers. Search again.")) from None


def _take_in(order: NumberOrder, e164s: Sequence[str]) -> None:
    """Numbers that have come: in use at once, or when somebody accepts the terms."""
    if e164s:
        usable = terms.acceptance(order.org) is not None
        numbers.settle(order, e164s, usable=usable)
        order.lines.filter(e164__in=e164s).update(state=LineState.PROVISIONED)
        order.waits_for_terms = not usable


def _end(order: NumberOrder, e164s: Sequence[str], state: str, what: str, reason: str = "") -> None:
    """Numbers that will not come."""
    numbers.forget_pending(order, e164s, what)
    order.lines.filter(e164__in=e164s).update(state=state, reason=reason, is_placed=False)
    if order.is_block:
        NumberBlock._base_manager.filter(number_order=order, phone_numbers=None).delete()
    if not order.lines.pending().exists():
        order.cancel_key = ""


def _stop_pending(order: NumberOrder) -> None:
    _end(order, _pending(order, ()), LineState.CANCELED, "order_canceled")


def _put_aside(order: NumberOrder, verb: str, *, by: User, note: str = "") -> None:
    with settled(order, verb, {S.ERROR, S.PARTLY, *ON_ITS_WAY}, by=by, note=note):
        if not order.has_failed:
            raise Refused(_("No number of %(order)s has failed.") % {"order": order})
        aside = LineState.REPLACED if verb == "replaced" else LineState.CANCELED
        order.lines.failed().update(state=aside)
        BackOrder._base_manager.filter(order=order).update(failed=False)


def _pending(order: NumberOrder, e164s: Sequence[str]) -> list[str]:
    """Those of the numbers that the carrier still owes; all of those when none is named."""
    lines = order.lines.pending()
    lines = lines.filter(e164__in=e164s) if e164s else lines
    return list(lines.values_list("e164", flat=True))


def _open_backs(order: NumberOrder) -> Any:
    return BackOrder._base_manager.filter(order=order, ended_at=None)


def _open_back_order(order: NumberOrder) -> BackOrder | None:
    back: BackOrder | None = _open_backs(order).select_for_update().first()
    return back


# --- Moving


@contextmanager
def settled(
    order: NumberOrder,
    verb: str,
    only_from: frozenset[str] | set[Any],
    *,
    rule: Callable[[], str] | None = None,
    by: User | None = None,
    note: str = "",
    count: int = 0,
    carrier_event: str | None = None,
    acting_as: str = "",
    beside: Sequence[str] = (),
) -> Iterator[None]:
    """Lock the order, let the verb change its facts, take the state from the rule; an event and an audit
    entry say so, and their delivery is queued. Refused unless the order is in one of the states named.
    `beside` is read together with the order."""
    from pstn import tasks  # tasks call back into this module

    org = order.org

    def after() -> str:
        state = rule() if rule else str(state_of(order.standing()))
        if state != order.state:
            order.moved_at = timezone.now()
        return state

    def tell(before: str) -> None:
        told = {"before": before, "after": order.state, "code": verb, "by": by, "note": note}
        event = writing.insert(NumberOrderEvent(order=order, **told, carrier_event=carrier_event))
        changes = {"state": order.state, "why": note} | ({"numbers": count} if count else {})
        audit.record(
            f"number_order.{verb}",
            order,
            before={"state": before},
            after=changes,
            acting_as=acting_as or ("" if by else "carrier"),
        )
        later(tasks.handle_event, event.pk)

    with prepared.statements(), settle(order, after, ALLOWED, last=tell, beside=beside) as before:
        order.org = org  # it was forgotten when the order was read again, and never changes
        if before not in only_from:
            raise Refused(
                _("%(order)s is %(state)s; that is not possible now.")
                % {"order": order, "state": order.shown}
            )
        yield


@contextmanager
def trial_turn(org: Organization) -> Iterator[None]:
    """Orders of a trial take turns, so that each sees how many numbers there are; others do not wait."""
    if not org.is_trial:
        yield
        return
    with transaction.atomic():
        terms.lock(org)
        yield
