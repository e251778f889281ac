"""The life of a port order and of each of its numbers. Nothing else assigns their states.

A verb changes the numbers, and what the order itself knows; the order's state then follows by the rule of
models/rollup.py, and ALLOWED must know the way. Every verb is one transaction: lock, check, change, event
row, audit entry; what leaves the building is queued after it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from lib.queue import later
from lib.transitions import Refused, Table, settle
from porting import preflight
from porting.deadlines import RULES
from porting.models import PortEvent, PortOrder, ageing
from porting.models.ageing import Holder
from porting.models.numbers import Emergency, Messaging
from porting.models.numbers import NumberState as N
from porting.models.orders import LIMIT
from porting.models.rollup import BEFORE_SENDING, State, Wish, state_of
from pstn.workflow import numbers as inventory

S = State
CARRIER = PortEvent.Source.CARRIER
CLOCK = PortEvent.Source.CLOCK
DELAYS = 2  # on the day itself
SNAP_BACK_WITHIN = timedelta(hours=24)

_ENDED_HERE = {S.COMPLETED, S.MESSAGING_PENDING, S.VERIFIED, S.DISPUTED}
# Where the carrier may take an order that it has: told in any order, perhaps not all numbers at once.
_AT_CARRIER = {
    S.SUBMITTED,
    S.AWAITING_DOCUMENTS,
    S.REJECTED,
    S.FOC_RECEIVED,
    S.FOC_LOST,
    S.ACTIVATING,
    S.PARTIALLY_COMPLETED,
    S.ACTIVATION_FAILED,
    S.CANCEL_REQUESTED,
    S.COMPLETED,
    S.MESSAGING_PENDING,
    S.CANCELED,
}
_DATED = _AT_CARRIER | {S.SUP_REQUESTED}
_PENDING = {S.VALIDATING, S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE}
ALLOWED: Table = {
    before: frozenset(after - {before})
    for before, after in {
        S.DRAFT: {*_PENDING, S.EXPIRED},  # a draft that is given up is deleted
        S.VALIDATING: {S.READY, S.REJECTED, S.CANCELED, S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE},
        S.AWAITING_SIGNATURE: {*_PENDING, S.DRAFT, S.CANCELED},
        # Before it is sent, or at the carrier that asks for one more paper.
        S.AWAITING_DOCUMENTS: {*_PENDING, *_AT_CARRIER, S.DRAFT},
        S.READY: {S.SUBMITTED, S.REJECTED, S.CANCELED, S.CANCEL_REQUESTED},
        S.SUBMITTED: _AT_CARRIER,
        S.REJECTED: {*_PENDING, *_AT_CARRIER, S.ABANDONED},
        S.FOC_RECEIVED: _DATED,
        S.FOC_LOST: _AT_CARRIER,
        S.SUP_REQUESTED: _DATED,
        S.CANCEL_REQUESTED: _AT_CARRIER,
        S.ACTIVATING: _DATED,
        S.PARTIALLY_COMPLETED: _DATED,
        S.ACTIVATION_FAILED: _DATED,
        S.COMPLETED: _ENDED_HERE,
        S.MESSAGING_PENDING: _ENDED_HERE,
        S.VERIFIED: _ENDED_HERE,
        S.DISPUTED: _ENDED_HERE,
        S.CANCELED: set(),
        S.ABANDONED: set(),
        S.EXPIRED: set(),
    }.items()
}


# --- What people do ---------------------------------------------------------------------------------------


def submit(order: PortOrder, *, by: User, anyway: str = "") -> None:
    """Send a finished draft on its way; its numbers stand in the inventory as porting in from here on.

    `anyway` is the warning light with which a person wants it sent all the same; see preflight.hold.
    """
    with _move(order, "submit", by=by, only_from={S.DRAFT}, date=order.requested_date):
        _start_attempt(order, by, anyway)


def resubmit(order: PortOrder, *, by: User, anyway: str = "") -> None:
    """Send a rejected order again: the same order, the next attempt. `anyway` as for submit."""
    with _move(order, "resubmit", by=by, only_from={S.REJECTED}, date=order.requested_date):
        _start_attempt(order, by, anyway)
        order.reject_code = order.reject_detail = order.reject_source = ""
        order.foc_date, order.foc_lost = None, False


def resume(order: PortOrder, *, by: User | None = None) -> None:
    """What an unsent order waited for has come: it is checked and sent."""
    with _move(order, "resume", by=by, only_from={S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE}):
        if order.numbers.exclude(state__in=[N.PENDING, N.CANCELED]).exists():
            raise Refused(_("%(order)s is at the carrier already.") % {"order": order})
        order.stage = order.waits_for() or S.VALIDATING
        order.tries, order.next_try_at = 0, None


def cancel(order: PortOrder, *, by: User, fee: Decimal | None = None) -> None:
    """Give a sent order up: at once while nothing can have left, otherwise once the carrier agrees.

    `fee` is what the person was shown and accepted, in USD; it is kept with the event.
    """
    with transaction.atomic():
        order.lock()
        if order.is_draft:
            raise Refused(_("%(order)s was never sent. Discard the draft instead.") % {"order": order})
        if order.wish == Wish.CANCEL:
            raise Refused(_("The cancellation of %(order)s is under way.") % {"order": order})
        if order.wish:
            raise Refused(_("The carrier has not answered your last request yet. Cancel after that."))
        if not order.numbers.open().exists():
            raise Refused(_("%(order)s has ended; there is nothing to cancel.") % {"order": order})
        away = order.state in BEFORE_SENDING - {S.READY} or order.state == S.REJECTED
        at_once = away and not order.numbers.open().exclude(state__in=[N.PENDING, N.REJECTED]).exists()
        with _move(order, "cancel", by=by, fee=fee):
            if not at_once or order.carrier_ref:
                _wish(order, Wish.CANCEL)
            if order.state == S.READY:
                _turn(order, N.SUBMITTED)  # it may be there already: whatever it answers shall count
            if at_once:
                _drop(order, S.CANCELED)


def request_date(order: PortOrder, *, day: date, by: User | None, fee: Decimal | None = None) -> None:
    """Ask the carrier for another date than the confirmed one (a SUP 2); at most three times.

    `fee` is what the person was shown and accepted, in USD; it is kept with the event.
    """
    with _move(order, "request_date", by=by, only_from={S.FOC_RECEIVED}, date=day, fee=fee):
        if order.date_changes >= RULES.date_changes:
            raise Refused(
                _("The date can be changed %(n)s times. Ask PSTN support.") % {"n": RULES.date_changes}
            )
        choice = order.date_choice(day)
        assert choice is not None
        if not choice.is_open:
            raise Refused(choice.sentence)
        if day == order.foc_date:
            raise Refused(_("That is the confirmed date already."))
        _wish(order, Wish.DATE)
        order.wished_date = day
        order.date_changes += 1


def delay(order: PortOrder, *, by: User) -> None:
    """On the day: put off what has not moved yet to the next business day, at most twice."""
    only = {S.FOC_RECEIVED, S.ACTIVATING, S.PARTIALLY_COMPLETED}
    with _move(order, "delay", by=by, only_from=only):
        if order.wish:
            raise Refused(_("The carrier has not answered your last request yet."))
        if order.delays >= DELAYS:
            raise Refused(_("An activation can be put off %(n)s times.") % {"n": DELAYS})
        if order.state == S.FOC_RECEIVED and order.foc_date != order.today:
            raise Refused(_("It is not the day yet. Ask for another date instead."))
        _wish(order, Wish.DELAY)
        order.delays += 1


def request_snap_back(order: PortOrder, *, e164s: Sequence[str], by: User) -> None:
    """Ask the old carrier to take numbers back, within 24 hours after they came (porting-domain 3.2)."""
    with _move(order, "request_snap_back", by=by, numbers=list(e164s)):
        if not order.is_here or order.wish:
            raise Refused(_("Numbers can go back once all of them are here, and one request at a time."))
        fresh = order.numbers.filter(e164__in=e164s, state=N.PORTED, ported_at__gte=now() - SNAP_BACK_WITHIN)
        if not e164s or fresh.count() != len(set(e164s)):
            raise Refused(_("Only numbers that came within the last 24 hours can go back this way."))
        _wish(order, Wish.SNAP_BACK)
        order.wish_numbers = sorted(set(e164s))


def verify(order: PortOrder, *, by: User, note: str = "") -> None:
    """Test calls have shown that the numbers work, or `note` says why somebody answers for the rest."""
    with _move(order, "verify", by=by, note=note, only_from={S.COMPLETED, S.MESSAGING_PENDING}):
        order.verified_at = now()


def discard(order: PortOrder, *, by: User) -> None:
    """Delete a draft with its papers. Nothing of it has left the building."""
    with transaction.atomic():
        order.lock()
        if not order.is_draft:
            raise Refused(_("%(order)s was sent. Cancel it instead.") % {"order": order})
        audit.record("port_order.discard", order, before={"state": order.state})
        papers = list(order.documents.all())
        order.delete()
        for paper in papers:
            transaction.on_commit(paper.delete_files, robust=True)


# --- What our own check and the clock do ------------------------------------------------------------------


def pass_check(order: PortOrder, *, attempt: int) -> None:
    """The preliminary check found nothing: from here on the carrier may have it."""
    with _move(order, "pass_check", source=PortEvent.Source.CHECK, only_from={S.VALIDATING}):
        _same_attempt(order, attempt)
        order.stage = S.READY


def expire(order: PortOrder) -> None:
    """Nobody finished a draft: it is closed, and stays readable."""
    with _move(order, "expire", source=CLOCK, only_from={S.DRAFT}):
        order.stage = S.EXPIRED


def recall(order: PortOrder) -> None:
    """What an unsent order waited for never came: it is a draft again."""
    with _move(order, "recall", source=CLOCK, only_from={S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE}):
        if order.numbers.exclude(state__in=[N.PENDING, N.CANCELED]).exists():
            raise Refused(_("%(order)s is at the carrier already.") % {"order": order})
        inventory.forget_port(order.org, order.listed())
        order.numbers.that_may(N.DRAFT).update(state=N.DRAFT, is_listed=False)
        order.stage, order.letter_skipped_at = "", None


def abandon(order: PortOrder) -> None:
    """Nobody answered a rejection for so long that the order is closed."""
    with _move(order, "abandon", source=CLOCK, only_from={S.REJECTED}):
        if order.carrier_ref:
            _wish(order, Wish.CANCEL)
        _drop(order, S.ABANDONED)


# --- What the carrier says --------------------------------------------------------------------------------


def accept_by_carrier(order: PortOrder, *, attempt: int, carrier_ref: str) -> None:
    """The carrier has the present attempt. Refused when the order has moved on meanwhile."""
    with _move(order, "accept_by_carrier", source=CARRIER, only_from={S.READY}):
        _same_attempt(order, attempt)
        _turn(order, N.SUBMITTED)
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
    with _move(order, "reject", carrier_event=carrier_event, **told):
        _turn(order, N.REJECTED, foc_date=None)
        order.reject_code, order.reject_detail, order.reject_source = code, detail[:300], source
        order.reject_count += 1
        order.foc_date, order.foc_lost = None, False
        if order.wish in (Wish.DATE, Wish.DELAY):
            _forget_wish(order)
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
    with _move(order, "confirm", **_told(detail, numbers, carrier_event), date=foc_date):
        _dated(order, foc_date, numbers)


def change_date(
    order: PortOrder, *, foc_date: date, detail: str = "", carrier_event: str | None = None
) -> None:
    """The carrier agrees to another date."""
    with _move(order, "change_date", **_told(detail, (), carrier_event), date=foc_date):
        _answered(order, Wish.DATE, Wish.DELAY)
        _dated(order, foc_date, ())


def refuse_date(order: PortOrder, *, detail: str = "", carrier_event: str | None = None) -> None:
    """The carrier keeps the old date."""
    with _move(order, "refuse_date", **_told(detail, (), carrier_event)):
        _answered(order, Wish.DATE, Wish.DELAY)


def lose_date(
    order: PortOrder, *, code: str = "foc_lost", detail: str = "", carrier_event: str | None = None
) -> None:
    """The confirmed date does not hold any more; the carrier owes another."""
    with _move(order, "lose_date", **_told(detail, (), carrier_event), code=code):
        if not order.numbers.filter(state=N.FOC).update(state=N.SUBMITTED, foc_date=None):
            raise Refused(_("%(order)s has no date to lose.") % {"order": order})
        if order.wish in (Wish.DATE, Wish.DELAY):
            _forget_wish(order)
        order.foc_date, order.foc_lost = None, True
        inventory.set_port_date(order.org, order.listed(), None)


def begin_activation(
    order: PortOrder, *, numbers: tuple[str, ...] = (), carrier_event: str | None = None
) -> None:
    """The day has come."""
    with _move(order, "begin_activation", **_told("", numbers, carrier_event)):
        _turn(order, N.ACTIVATING, numbers)


def complete(
    order: PortOrder,
    *,
    numbers: tuple[str, ...] = (),
    detail: str = "",
    carrier_event: str | None = None,
) -> None:
    """Numbers are ours: active in the inventory in the same transaction. Without `numbers` it is all."""
    with _move(order, "complete", **_told(detail, numbers, carrier_event)):
        came = _turn(order, N.PORTED, numbers, ported_at=now(), problem="")
        here = order.numbers.filter(pk__in=came)
        if order.pack.moves_messaging:
            here.filter(has_messaging=True).update(messaging=Messaging.PENDING)
        here.exclude(kind="toll_free").update(emergency=Emergency.ACTIVE)
        listed = [*here.filter(is_listed=True).values_list("e164", flat=True)]
        bare = inventory.finish_port(order.org, listed)
        here.filter(e164__in=bare).update(emergency=Emergency.MISSING)
        if not order.numbers.open().exists():
            order.completed_at = now()
            _forget_wish(order)


def fail(
    order: PortOrder,
    *,
    code: str,
    detail: str = "",
    numbers: tuple[str, ...] = (),
    carrier_event: str | None = None,
) -> None:
    """The activation of these numbers failed at the carrier."""
    with _move(order, "fail", **_told(detail, numbers, carrier_event), code=code):
        _turn(order, N.FAILED, numbers, problem=code)


def move_messaging(
    order: PortOrder,
    *,
    to: str,
    numbers: tuple[str, ...] = (),
    detail: str = "",
    carrier_event: str | None = None,
) -> None:
    """Text messages of ported numbers have come further, or are stuck."""
    with _move(order, "move_messaging", **_told(detail, numbers, carrier_event), code=to):
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
    told = {**_told(detail, (), carrier_event), "source": source}
    with _move(order, "want_documents", **told, code=kind, by=by):
        if order.is_draft or not order.numbers.open().exists():
            raise Refused(_("%(order)s takes no papers now.") % {"order": order})
        order.wants_documents = True
        if order.state == S.VALIDATING:
            order.stage = S.AWAITING_DOCUMENTS


def have_documents(order: PortOrder, *, by: User | None) -> None:
    """All papers that were asked for are here."""
    with _move(order, "have_documents", by=by):
        if not order.wants_documents:
            raise Refused(_("%(order)s waits for no papers.") % {"order": order})
        order.wants_documents = False
        if order.stage == S.AWAITING_DOCUMENTS:
            order.stage = order.waits_for() or S.VALIDATING
            order.tries, order.next_try_at = 0, None


def note(order: PortOrder, *, text: str, carrier_event: str | None = None) -> None:
    """The carrier's desk writes something about the order."""
    with _move(order, "note", **_told(text, (), carrier_event)):
        pass


def chase(order: PortOrder) -> None:
    """The carrier is silent for much longer than usual: support asks it, once while the order stands so."""
    with _move(order, "chase", source=CLOCK):
        if order.holder not in (Holder.CARRIER, Holder.REGISTRY) or not order.red_on:
            raise Refused(_("%(order)s waits for no carrier.") % {"order": order})
        if order.red_on >= order.today or order.events.filter(verb="chase", at__gt=order.moved_at).exists():
            raise Refused(_("%(order)s need not be chased now.") % {"order": order})


def confirm_cancel(order: PortOrder, *, carrier_event: str | None = None) -> None:
    """The carrier has canceled: the numbers that have not come stay where they are."""
    with _move(order, "confirm_cancel", **_told("", (), carrier_event)):
        _drop(order, S.CANCELED)
        order.wish_sent_at = order.wish_sent_at or now()
        if order.numbers.filter(state=N.PORTED).exists():
            _forget_wish(order)


def refuse_cancel(order: PortOrder, *, detail: str = "", carrier_event: str | None = None) -> None:
    """The carrier goes on with the port: where it is now, with what has happened meanwhile."""
    with _move(order, "refuse_cancel", **_told(detail, (), carrier_event)):
        if order.state != S.CANCEL_REQUESTED:
            raise Refused(_("No cancellation of %(order)s is open.") % {"order": order})
        _forget_wish(order)


def snap_back(order: PortOrder, *, numbers: tuple[str, ...] = (), carrier_event: str | None = None) -> None:
    """The old carrier has taken numbers back: they leave the inventory."""
    with _move(order, "snap_back", **_told("", numbers, carrier_event)):
        gone = _turn(order, N.SNAPPED_BACK, numbers or tuple(order.wish_numbers), messaging=Messaging.NONE)
        rows = order.numbers.filter(pk__in=gone)
        inventory.undo_port(order.org, [*rows.values_list("e164", flat=True)])
        rows.update(is_listed=False)
        _forget_wish(order)


def refuse_snap_back(order: PortOrder, *, detail: str = "", carrier_event: str | None = None) -> None:
    """The old carrier does not take the numbers back."""
    with _move(order, "refuse_snap_back", **_told(detail, (), carrier_event)):
        _answered(order, Wish.SNAP_BACK)


# --- Inside -----------------------------------------------------------------------------------------------


def _start_attempt(order: PortOrder, by: User, anyway: str) -> None:
    """What must hold before anything is sent, and the inventory's rows, under the lock of the move."""
    if order.org.is_trial:
        raise Refused(_("Trial organizations cannot port numbers. Porting comes with a paid subscription."))
    if missing := order.why_missing():
        raise Refused(" ".join(missing.values()))
    if order.number_count > LIMIT:
        raise Refused(_("An order carries at most %(limit)s numbers.") % {"limit": LIMIT})
    preflight.hold(order, by=by, anyway=anyway)
    assert order.location, "an order with nothing missing has a location"
    going = order.numbers.that_may(N.PENDING)
    unlisted = list(going.filter(is_listed=False).values_list("e164", flat=True))
    inventory.list_as_porting(order.location, unlisted, by=by)
    going.update(state=N.PENDING, is_listed=True, is_named_in_reject=False, problem="", foc_date=None)
    order.attempt += 1
    order.stage = order.waits_for() or S.VALIDATING
    order.tries, order.next_try_at = 0, None


def _same_attempt(order: PortOrder, attempt: int) -> None:
    if order.attempt != attempt:
        raise Refused(_("%(order)s has been changed meanwhile.") % {"order": order})


def _turn(order: PortOrder, to: str, e164s: Sequence[str] = (), **fields: Any) -> list[int]:
    """Move numbers, all or those named, as far as their table lets them. Refused if none moves."""
    rows = order.numbers.that_may(to)
    if e164s:
        rows = rows.filter(e164__in=e164s)
    found = list(rows.values_list("pk", flat=True))
    if not found:
        raise Refused(_("Nothing of %(order)s changes by that.") % {"order": order})
    order.numbers.filter(pk__in=found).update(state=to, **fields)
    return found


def _drop(order: PortOrder, ending: str) -> None:
    """The numbers that have not come will not come."""
    lost = _turn(order, N.CANCELED, foc_date=None)
    rows = order.numbers.filter(pk__in=lost, is_listed=True)
    inventory.forget_port(order.org, [*rows.values_list("e164", flat=True)])
    rows.update(is_listed=False)
    order.stage = ending


def _dated(order: PortOrder, day: date, e164s: Sequence[str]) -> None:
    turned = _turn(order, N.FOC, e164s, foc_date=day, problem="")
    order.foc_date, order.foc_lost = day, False
    rows = order.numbers.filter(pk__in=turned, is_listed=True)
    inventory.set_port_date(order.org, [*rows.values_list("e164", flat=True)], day)


def _wish(order: PortOrder, wish: Wish) -> None:
    if order.wish:
        raise Refused(_("The carrier has not answered your last request yet."))
    order.wish, order.wish_sent_at = wish, None
    order.wish_count += 1
    order.next_try_at = None


def _forget_wish(order: PortOrder) -> None:
    order.wish, order.wish_sent_at, order.wished_date, order.wish_numbers = Wish.NONE, None, None, []


def _answered(order: PortOrder, *wishes: Wish) -> None:
    """An answer to something that nobody waits for any more changes nothing."""
    if order.wish not in wishes:
        raise Refused(_("%(order)s waits for no such answer.") % {"order": order})
    _forget_wish(order)


def _told(detail: str, numbers: Sequence[str], carrier_event: str | None) -> dict[str, Any]:
    return {"source": CARRIER, "note": detail, "numbers": list(numbers), "carrier_event": carrier_event}


@contextmanager
def _move(
    order: PortOrder, verb: str, *, by: User | None = None, only_from: set[State] | None = None, **told: Any
) -> Iterator[None]:
    """One verb: lock, check, body, rule, event row, audit entry in one transaction; delivery after it."""
    from porting.tasks import orders as tasks  # tasks call back into this module

    def follow() -> State:
        to = state_of(order.standing())
        if to != order.state:
            order.moved_at = now()
        order.amber_on, order.red_on = ageing.limits(order, to)
        return to

    with transaction.atomic():
        with settle(order, follow, ALLOWED) as before:
            if only_from is not None and before not in only_from:
                raise Refused(
                    _("%(order)s is %(state)s; that is not possible now.")
                    % {"order": order, "state": order.shown}
                )
            yield
        after = order.state
        event = order.events.create(before=before, after=after, verb=verb, by=by, **told)
        audit.record(
            f"port_order.{verb}",
            order,
            before={"state": before},
            after={"state": after, "code": event.code, "attempt": order.attempt}
            | ({"fee": str(event.fee)} if event.fee is not None else {}),
            acting_as="" if by else "carrier" if event.source == CARRIER else "system",
        )
        later(tasks.handle_event, event.pk)
