"""What the carrier says of a port order: each of its answers is one verb.

A verb whose name ends in `_all` takes what was said of many orders at once (together.py); the same verb for
one order is a batch of one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from lib.transitions import Refused
from porting.models import PortEvent, PortOrder
from porting.models.numbers import OPEN, Emergency, Messaging
from porting.models.numbers import NumberState as N
from porting.models.rollup import State, Wish
from porting.workflow.moves import (
    check_attempt,
    drop,
    forget_wish,
    moving,
    take_answer,
    told_by_carrier,
    turn,
)
from porting.workflow.together import Move, Refusals, Said, move_all, move_one
from pstn.workflow import number_ports as inventory

S = State
CARRIER = PortEvent.Source.CARRIER


def accept_by_carrier(order: PortOrder, *, attempt: int, carrier_ref: str) -> None:
    """The carrier has the present attempt. Refused when the order has moved on meanwhile."""
    with moving(order, "accept_by_carrier", source=CARRIER, only_from={S.READY}):
        check_attempt(order, attempt)
        turn(order, N.SUBMITTED)
        order.carrier_ref = carrier_ref
        order.wants_documents = False


def reject(
    order: PortOrder,
    *,
    code: str,
    detail: str = "",
    numbers: tuple[str, ...] = (),
    source: str = CARRIER,
    carrier_event: str | None = None,
) -> None:
    """Our own check or the carrier says no, for one reason. While a cancel is open it is only noted."""
    told: dict[str, Any] = {"source": source, "code": code, "note": detail, "numbers": list(numbers)}
    with moving(order, "reject", carrier_event=carrier_event, **told):
        turn(order, N.REJECTED, foc_date=None)
        order.reject_code, order.reject_detail, order.reject_source = code, detail[:300], source
        order.reject_count += 1
        order.foc_date, order.foc_lost = None, False
        if order.wish in (Wish.DATE, Wish.DELAY):
            forget_wish(order)
        order.numbers.update(is_named_in_reject=False)
        named = order.numbers.filter(e164__in=numbers) if numbers else order.numbers.filter(state=N.REJECTED)
        named.update(problem=code)
        order.numbers.filter(e164__in=numbers).update(is_named_in_reject=True)
        inventory.set_port_date(order.org, order.listed(), None)


def confirm(
    order: PortOrder,
    *,
    foc_date: date,
    detail: str = "",
    numbers: tuple[str, ...] = (),
    carrier_event: str | None = None,
) -> None:
    """The FOC: the carrier names the day, for all numbers or some. A second one moves the day."""
    move_one(confirm_all, Said(order, numbers, detail, carrier_event, foc_date))


def confirm_all(said: Sequence[Said]) -> Refusals:
    """The FOCs of many orders; each says its `day`."""
    return move_all("confirm", said, _set_date, _date_inventory)


def change_date(
    order: PortOrder, *, foc_date: date, detail: str = "", carrier_event: str | None = None
) -> None:
    """The carrier agrees to another date."""
    move_one(change_date_all, Said(order, (), detail, carrier_event, foc_date))


def change_date_all(said: Sequence[Said]) -> Refusals:
    """The other dates to which the carrier agrees for many orders."""
    return move_all("change_date", said, _change_date, _date_inventory)


def _set_date(move: Move) -> None:
    day = move.said.day
    move.turn(N.FOC, foc_date=day, problem="")
    move.order.foc_date, move.order.foc_lost = day, False


def _change_date(move: Move) -> None:
    take_answer(move.order, Wish.DATE, Wish.DELAY)
    _set_date(move)


def _date_inventory(org: Organization, moves: Sequence[Move]) -> None:
    listed: dict[date | None, list[str]] = {}
    for move in moves:
        listed.setdefault(move.said.day, []).extend(move.listed)
    for day, e164s in listed.items():
        inventory.set_port_date(org, e164s, day)


def refuse_date(order: PortOrder, *, detail: str = "", carrier_event: str | None = None) -> None:
    """The carrier keeps the old date."""
    with moving(order, "refuse_date", **told_by_carrier(detail, (), carrier_event)):
        take_answer(order, Wish.DATE, Wish.DELAY)


def lose_date(
    order: PortOrder, *, code: str = "foc_lost", detail: str = "", carrier_event: str | None = None
) -> None:
    """The confirmed date does not hold any more; the carrier owes another."""
    with moving(order, "lose_date", **told_by_carrier(detail, (), carrier_event), code=code):
        if not order.numbers.filter(state=N.FOC).update(state=N.SUBMITTED, foc_date=None):
            raise Refused(_("%(order)s has no date to lose.") % {"order": order})
        if order.wish in (Wish.DATE, Wish.DELAY):
            forget_wish(order)
        order.foc_date, order.foc_lost = None, True
        inventory.set_port_date(order.org, order.listed(), None)


def begin_activation(
    order: PortOrder, *, numbers: tuple[str, ...] = (), carrier_event: str | None = None
) -> None:
    """The day has come."""
    move_one(begin_activation_all, Said(order, numbers, carrier_event=carrier_event))


def begin_activation_all(said: Sequence[Said]) -> Refusals:
    """The day of many orders has come."""
    return move_all("begin_activation", said, lambda move: move.turn(N.ACTIVATING))


def complete(
    order: PortOrder,
    *,
    numbers: tuple[str, ...] = (),
    detail: str = "",
    carrier_event: str | None = None,
) -> None:
    """Numbers are ours: active in the inventory in the same transaction. Without `numbers` it is all."""
    move_one(complete_all, Said(order, numbers, detail, carrier_event))


def complete_all(said: Sequence[Said]) -> Refusals:
    """Numbers of many orders are ours."""
    return move_all("complete", said, _come, _activate)


def _come(move: Move) -> None:
    order = move.order
    move.turn(N.PORTED, ported_at=move.at, problem="")
    for number in move.turned:
        if number.has_messaging and order.pack.moves_messaging:
            number.change(messaging=Messaging.PENDING)
        if number.kind != "toll_free":
            number.change(emergency=Emergency.ACTIVE)
    if not any(number.state in OPEN for number in move.numbers):
        order.completed_at = move.at
        forget_wish(order)


def _activate(org: Organization, moves: Sequence[Move]) -> None:
    bare = set(inventory.finish_port(org, *(move.listed for move in moves)))
    for move in moves:
        for number in move.turned:
            if number.e164 in bare:
                number.change(emergency=Emergency.MISSING)


def fail(
    order: PortOrder,
    *,
    code: str,
    detail: str = "",
    numbers: tuple[str, ...] = (),
    carrier_event: str | None = None,
) -> None:
    """The activation of these numbers failed at the carrier."""
    move_one(fail_all, Said(order, numbers, detail, carrier_event, code=code))


def fail_all(said: Sequence[Said]) -> Refusals:
    """Activations of many orders failed, each for the reason `code`."""
    return move_all("fail", said, lambda move: move.turn(N.FAILED, problem=move.said.code))


def move_messaging(
    order: PortOrder,
    *,
    to: str,
    numbers: tuple[str, ...] = (),
    detail: str = "",
    carrier_event: str | None = None,
) -> None:
    """Text messages of ported numbers have come further, or are stuck."""
    with moving(order, "move_messaging", **told_by_carrier(detail, numbers, carrier_event), code=to):
        rows = order.numbers.filter(state=N.PORTED).exclude(messaging__in=[Messaging.NONE, Messaging.PORTED])
        if numbers:
            rows = rows.filter(e164__in=numbers)
        if to not in (Messaging.ACTIVATING, Messaging.STUCK, Messaging.PORTED) or not rows.update(
            messaging=to
        ):
            raise Refused(_("The messaging of %(order)s does not change.") % {"order": order})


def want_documents(
    order: PortOrder,
    *,
    kind: str,
    detail: str = "",
    source: str = CARRIER,
    by: User | None = None,
    carrier_event: str | None = None,
) -> None:
    """The carrier or support asks for one more paper."""
    told = {**told_by_carrier(detail, (), carrier_event), "source": source}
    with moving(order, "want_documents", **told, code=kind, by=by):
        if order.is_draft or not order.numbers.open().exists():
            raise Refused(_("%(order)s takes no papers now.") % {"order": order})
        order.wants_documents = True
        if order.state == S.VALIDATING:
            order.stage = S.AWAITING_DOCUMENTS


def note(order: PortOrder, *, text: str, carrier_event: str | None = None) -> None:
    """The carrier's desk writes something about the order."""
    with moving(order, "note", **told_by_carrier(text, (), carrier_event)):
        pass


def confirm_cancel(order: PortOrder, *, carrier_event: str | None = None) -> None:
    """The carrier has canceled: the numbers that have not come stay where they are."""
    with moving(order, "confirm_cancel", **told_by_carrier("", (), carrier_event)):
        drop(order, S.CANCELED)
        order.wish_sent_at = order.wish_sent_at or now()
        if order.numbers.filter(state=N.PORTED).exists():
            forget_wish(order)


def refuse_cancel(order: PortOrder, *, detail: str = "", carrier_event: str | None = None) -> None:
    """The carrier goes on with the port: where it is now, with what has happened meanwhile."""
    with moving(order, "refuse_cancel", **told_by_carrier(detail, (), carrier_event)):
        if order.state != S.CANCEL_REQUESTED:
            raise Refused(_("No cancellation of %(order)s is open.") % {"order": order})
        forget_wish(order)


def snap_back(order: PortOrder, *, numbers: tuple[str, ...] = (), carrier_event: str | None = None) -> None:
    """The old carrier has taken numbers back: they leave the inventory."""
    with moving(order, "snap_back", **told_by_carrier("", numbers, carrier_event)):
        gone = turn(order, N.SNAPPED_BACK, numbers or tuple(order.wish_numbers), messaging=Messaging.NONE)
        rows = order.numbers.filter(pk__in=gone)
        inventory.undo_port(order.org, [*rows.values_list("e164", flat=True)])
        rows.update(is_listed=False)
        forget_wish(order)


def refuse_snap_back(order: PortOrder, *, detail: str = "", carrier_event: str | None = None) -> None:
    """The old carrier does not take the numbers back."""
    with moving(order, "refuse_snap_back", **told_by_carrier(detail, (), carrier_event)):
        take_answer(order, Wish.SNAP_BACK)
