"""The life of a port order: what people, our own check and the clock do. Nothing else assigns its states.

What the carrier says is in answers.py and stands here under the same names, so that callers know one place.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from lib.transitions import Refused
from porting import preflight
from porting.deadlines import RULES, why_not_cancel
from porting.models import PortEvent, PortOrder
from porting.models.ageing import Holder
from porting.models.numbers import NumberState as N
from porting.models.orders import LIMIT
from porting.models.rollup import BEFORE_SENDING, State, Wish
from porting.workflow.answers import (
    accept_by_carrier,
    begin_activation,
    begin_activation_all,
    change_date,
    change_date_all,
    complete,
    complete_all,
    confirm,
    confirm_all,
    confirm_cancel,
    fail,
    fail_all,
    lose_date,
    move_messaging,
    note,
    refuse_cancel,
    refuse_date,
    refuse_snap_back,
    reject,
    snap_back,
    want_documents,
)
from porting.workflow.moves import ALLOWED, check_attempt, drop, moving, turn, wish_for
from porting.workflow.together import Refusals, Said
from pstn.workflow import number_ports as inventory

S = State
CLOCK = PortEvent.Source.CLOCK
DELAYS = 2  # on the day itself
SNAP_BACK_WITHIN = timedelta(hours=24)

__all__ = [
    "ALLOWED",
    "Refusals",
    "Said",
    "abandon",
    "accept_by_carrier",
    "begin_activation",
    "begin_activation_all",
    "cancel",
    "change_date",
    "change_date_all",
    "chase",
    "complete",
    "complete_all",
    "confirm",
    "confirm_all",
    "confirm_cancel",
    "delay",
    "discard",
    "expire",
    "fail",
    "fail_all",
    "have_documents",
    "lose_date",
    "move_messaging",
    "note",
    "pass_check",
    "recall",
    "refuse_cancel",
    "refuse_date",
    "refuse_snap_back",
    "reject",
    "request_date",
    "request_snap_back",
    "resubmit",
    "resume",
    "snap_back",
    "submit",
    "verify",
    "want_documents",
]


# --- What people do ---------------------------------------------------------------------------------------


def submit(order: PortOrder, *, by: User, anyway: str = "") -> None:
    """Send a finished draft on its way; its numbers stand in the inventory as porting in from here on.

    `anyway` is the warning light with which a person wants it sent all the same; see preflight.hold.
    """
    with moving(order, "submit", by=by, only_from={S.DRAFT}, date=order.requested_date):
        _start_attempt(order, by, anyway)


def resubmit(order: PortOrder, *, by: User, anyway: str = "") -> None:
    """Send a rejected order again: the same order, the next attempt. `anyway` as for submit."""
    with moving(order, "resubmit", by=by, only_from={S.REJECTED}, date=order.requested_date):
        _start_attempt(order, by, anyway)
        order.reject_code = order.reject_detail = order.reject_source = ""
        order.foc_date, order.foc_lost = None, False


def resume(order: PortOrder, *, by: User | None = None) -> None:
    """What an unsent order waited for has come: it is checked and sent."""
    with moving(order, "resume", by=by, only_from={S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE}):
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
        if reason := why_not_cancel(order):
            raise Refused(reason)
        away = order.state in BEFORE_SENDING - {S.READY} or order.state == S.REJECTED
        at_once = away and not order.numbers.open().exclude(state__in=[N.PENDING, N.REJECTED]).exists()
        with moving(order, "cancel", by=by, fee=fee):
            if not at_once or order.carrier_ref:
                wish_for(order, Wish.CANCEL)
            if order.state == S.READY:
                turn(order, N.SUBMITTED)  # it may be there already: whatever it answers shall count
            if at_once:
                drop(order, S.CANCELED)


def request_date(order: PortOrder, *, day: date, by: User | None, fee: Decimal | None = None) -> None:
    """Ask the carrier for another date than the confirmed one (a SUP 2); at most three times.

    `fee` is what the person was shown and accepted, in USD; it is kept with the event.
    """
    with moving(order, "request_date", by=by, only_from={S.FOC_RECEIVED}, date=day, fee=fee):
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
        wish_for(order, Wish.DATE)
        order.wished_date = day
        order.date_changes += 1


def delay(order: PortOrder, *, by: User) -> None:
    """On the day: put off what has not moved yet to the next business day, at most twice."""
    only = {S.FOC_RECEIVED, S.ACTIVATING, S.PARTIALLY_COMPLETED}
    with moving(order, "delay", by=by, only_from=only):
        if order.wish:
            raise Refused(_("The carrier has not answered your last request yet."))
        if order.delays >= DELAYS:
            raise Refused(_("An activation can be put off %(n)s times.") % {"n": DELAYS})
        if order.state == S.FOC_RECEIVED and order.foc_date != order.today:
            raise Refused(_("It is not the day yet. Ask for another date instead."))
        wish_for(order, Wish.DELAY)
        order.delays += 1


def request_snap_back(order: PortOrder, *, e164s: Sequence[str], by: User) -> None:
    """Ask the old carrier to take numbers back, within 24 hours after they came (porting-domain 3.2)."""
    with moving(order, "request_snap_back", by=by, numbers=list(e164s)):
        if not order.is_here or order.wish:
            raise Refused(_("Numbers can go back once all of them are here, and one request at a time."))
        fresh = order.numbers.filter(e164__in=e164s, state=N.PORTED, ported_at__gte=now() - SNAP_BACK_WITHIN)
        if not e164s or fresh.count() != len(set(e164s)):
            raise Refused(_("Only numbers that came within the last 24 hours can go back this way."))
        wish_for(order, Wish.SNAP_BACK)
        order.wish_numbers = sorted(set(e164s))


def verify(order: PortOrder, *, by: User, note: str = "") -> None:
    """Test calls have shown that the numbers work, or `note` says why somebody answers for the rest."""
    with moving(order, "verify", by=by, note=note, only_from={S.COMPLETED, S.MESSAGING_PENDING}):
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


def have_documents(order: PortOrder, *, by: User | None) -> None:
    """All papers that were asked for are here."""
    with moving(order, "have_documents", by=by):
        if not order.wants_documents:
            raise Refused(_("%(order)s waits for no papers.") % {"order": order})
        order.wants_documents = False
        if order.stage == S.AWAITING_DOCUMENTS:
            order.stage = order.waits_for() or S.VALIDATING
            order.tries, order.next_try_at = 0, None


# --- What our own check and the clock do ------------------------------------------------------------------


def pass_check(order: PortOrder, *, attempt: int) -> None:
    """The preliminary check found nothing: from here on the carrier may have it."""
    with moving(order, "pass_check", source=PortEvent.Source.CHECK, only_from={S.VALIDATING}):
        check_attempt(order, attempt)
        order.stage = S.READY


def expire(order: PortOrder) -> None:
    """Nobody finished a draft: it is closed, and stays readable."""
    with moving(order, "expire", source=CLOCK, only_from={S.DRAFT}):
        order.stage = S.EXPIRED


def recall(order: PortOrder) -> None:
    """What an unsent order waited for never came: it is a draft again."""
    with moving(order, "recall", source=CLOCK, only_from={S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE}):
        if order.numbers.exclude(state__in=[N.PENDING, N.CANCELED]).exists():
            raise Refused(_("%(order)s is at the carrier already.") % {"order": order})
        inventory.forget_port(order.org, order.listed())
        order.numbers.that_may(N.DRAFT).update(state=N.DRAFT, is_listed=False)
        order.stage, order.letter_skipped_at = "", None


def abandon(order: PortOrder) -> None:
    """Nobody answered a rejection for so long that the order is closed."""
    with moving(order, "abandon", source=CLOCK, only_from={S.REJECTED}):
        if order.carrier_ref:
            wish_for(order, Wish.CANCEL)
        drop(order, S.ABANDONED)


def chase(order: PortOrder) -> None:
    """The carrier is silent for much longer than usual: support asks it, once while the order stands so."""
    with moving(order, "chase", source=CLOCK):
        if order.holder not in (Holder.CARRIER, Holder.REGISTRY) or not order.red_on:
            raise Refused(_("%(order)s waits for no carrier.") % {"order": order})
        if order.red_on >= order.today or order.events.filter(verb="chase", at__gt=order.moved_at).exists():
            raise Refused(_("%(order)s need not be chased now.") % {"order": order})


# --- Inside -------------------------------------------------------------------------------------------


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
