"""What the carrier says of a port order: each of its answers is one verb."""

from datetime import date
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from lib.transitions import Refused
from porting.models import PortEvent, PortOrder
from porting.models.numbers import Emergency, Messaging
from porting.models.numbers import NumberState as N
from porting.models.rollup import State, Wish
from porting.workflow.moves import (
    check_attempt,
    drop,
    forget_wish,
    moving,
    set_date,
    take_answer,
    told_by_carrier,
    turn,
)
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
    with moving(order, "confirm", **told_by_carrier(detail, numbers, carrier_event), date=foc_date):
        set_date(order, foc_date, numbers)


def change_date(
    order: PortOrder, *, foc_date: date, detail: str = "", carrier_event: str | None = None
) -> None:
    """The carrier agrees to another date."""
    with moving(order, "change_date", **told_by_carrier(detail, (), carrier_event), date=foc_date):
        take_answer(order, Wish.DATE, Wish.DELAY)
        set_date(order, foc_date, ())


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
    with moving(order, "begin_activation", **told_by_carrier("", numbers, carrier_event)):
        turn(order, N.ACTIVATING, numbers)


def complete(
    order: PortOrder,
    *,
    numbers: tuple[str, ...] = (),
    detail: str = "",
    carrier_event: str | None = None,
) -> None:
    """Numbers are ours: active in the inventory in the same transaction. Without `numbers` it is all."""
    with moving(order, "complete", **told_by_carrier(detail, numbers, carrier_event)):
        came = turn(order, N.PORTED, numbers, ported_at=now(), problem="")
        here = order.numbers.filter(pk__in=came)
        if order.pack.moves_messaging:
            here.filter(has_messaging=True).update(messaging=Messaging.PENDING)
        here.exclude(kind="toll_free").update(emergency=Emergency.ACTIVE)
        listed = [*here.filter(is_listed=True).values_list("e164", flat=True)]
        bare = inventory.finish_port(order.org, listed)
        here.filter(e164__in=bare).update(emergency=Emergency.MISSING)
        if not order.numbers.open().exists():
            order.completed_at = now()
            forget_wish(order)


def fail(
    order: PortOrder,
    *,
    code: str,
    detail: str = "",
    numbers: tuple[str, ...] = (),
    carrier_event: str | None = None,
) -> None:
    """The activation of these numbers failed at the carrier."""
    with moving(order, "fail", **told_by_carrier(detail, numbers, carrier_event), code=code):
        turn(order, N.FAILED, numbers, problem=code)


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
