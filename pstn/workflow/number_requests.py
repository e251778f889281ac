"""A request for new numbers through support: asked for, talked about, offered, accepted or given up.

Until an offer is accepted nothing is ordered, so people move the state; then workflow/number_orders.py
takes over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership, User
from lib.each import insert_for_each
from lib.queue import later
from lib.transitions import Refused, lock
from pstn import stock
from pstn.models import NumberOffer, NumberOrder, NumberOrderLine, NumberOrderMessage
from pstn.models.order_rule import REQUEST
from pstn.workflow.number_checks import ASKED, ORDER_LIMIT, check_trial, why_not_place
from pstn.workflow.number_orders import order_now, settled, trial_turn

S = NumberOrder.State
Side = NumberOrderMessage.Side
Outcome = NumberOffer.Outcome
# An offer keeps its numbers from everybody else, so it does not last for ever.
LONGEST_OFFER_DAYS = 30


# --- The customer


def submit(order: NumberOrder, *, by: User) -> None:
    """Send the request to support."""
    with settled(order, "submit", {S.DRAFT}, rule=lambda: S.REQUESTED, by=by):
        if order.missing():
            raise Refused(_("Something is still missing. Finish the steps first."))
        location = order.location
        if not (location and location.ready_connection and location.ready_connection.sells_numbers):
            raise Refused(_("%(location)s has no calling plan.") % {"location": location or order})
        check_trial(order, order.quantity)
        order.number_count = order.quantity


def say(order: NumberOrder, text: str, *, by: Membership) -> None:
    """The customer or its partner writes; it answers what support asked."""
    side = Side.PARTNER if by.is_partner else Side.CUSTOMER
    with transaction.atomic():
        lock(order)
        if not order.is_request:
            raise Refused(_("%(order)s is not with PSTN support any more.") % {"order": order})
        _write(order, text, side=side, by=by.user)
        if order.state == S.ASKED:
            with settled(order, "answer", {S.ASKED}, rule=lambda: S.REQUESTED, by=by.user):
                pass


def accept(order: NumberOrder, *, by: User, seen: str | None = None) -> None:
    """Take the offer: its numbers are ordered at the carrier. Refused when it ran out meanwhile, and when it
    is not the one that was `seen`."""
    with (
        trial_turn(order.org),
        settled(order, "accept", {S.OFFERED}, rule=lambda: S.PENDING, by=by, beside=ASKED),
    ):
        offer = _open_offer(order, seen)
        if not offer.is_valid:
            raise Refused(_("This offer has run out. PSTN support makes another one."))
        if reason := why_not_place(order):
            raise Refused(reason)
        check_trial(order, len(offer.numbers))
        _close_offer(offer, Outcome.ACCEPTED, by=by)
        order.hold_id, order.hold_until = offer.hold_id, offer.valid_until
        insert_for_each(NumberOrderLine(order=order), offer.numbers, e164="one")
        order_now(order, offer.numbers, by=by)


def decline(order: NumberOrder, *, reason: str, by: User, seen: str | None = None) -> None:
    """The offer that was `seen` is not wanted; support looks again."""
    with settled(order, "decline", {S.OFFERED}, rule=lambda: S.REQUESTED, by=by, note=reason):
        _close_offer(_open_offer(order, seen), Outcome.DECLINED, by=by, reason=reason)


def withdraw(order: NumberOrder, *, by: User) -> None:
    """The customer does not want the numbers any more. Nothing was ordered, so it ends at once."""
    with settled(order, "cancel", REQUEST, rule=lambda: S.CANCELED, by=by):
        _close_open_offers(order, Outcome.DECLINED, by=by)


# --- Support


def ask(order: NumberOrder, text: str, *, by: User) -> NumberOrderMessage:
    """Support asks; the order needs the customer until somebody answers."""
    states = {S.REQUESTED, S.ASKED}
    with settled(order, "ask", states, rule=lambda: S.ASKED, by=by, acting_as="staff"):
        return _write(order, text, side=Side.SUPPORT, by=by, needs_answer=True)


def reply(order: NumberOrder, text: str, *, by: User) -> NumberOrderMessage:
    """Support writes something that needs no answer."""
    with transaction.atomic():
        lock(order)
        if not order.is_assisted or order.is_draft:
            raise Refused(_("%(order)s is no request through support.") % {"order": order})
        return _write(order, text, side=Side.SUPPORT, by=by)


def offer(
    order: NumberOrder, numbers: Sequence[str], *, price: str, valid_until: datetime, hold_id: str, by: User
) -> NumberOffer:
    """Support offers numbers that the carrier holds under `hold_id` for as long as the offer is valid."""
    if not numbers or len(numbers) > ORDER_LIMIT:
        raise Refused(_("An offer has 1 to %(most)s numbers.") % {"most": ORDER_LIMIT})
    if reason := why_not_until(valid_until):
        raise Refused(reason)
    states = {S.REQUESTED, S.ASKED}
    with settled(order, "offer", states, rule=lambda: S.OFFERED, by=by, acting_as="staff"):
        made: NumberOffer = order.offers.create(
            numbers=list(numbers), price=price, valid_until=valid_until, hold_id=hold_id, by=by
        )
    return made


def why_not_until(valid_until: datetime) -> str:
    """Why no offer can be valid until then, or ""."""
    now = timezone.now()
    if valid_until <= now:
        return _("The offer must be valid for some time.")
    if valid_until > now + timedelta(days=LONGEST_OFFER_DAYS):
        text = _("At most %(days)s days from now: until then nobody else can have the numbers.")
        return text % {"days": LONGEST_OFFER_DAYS}
    return ""


def withdraw_offer(order: NumberOrder, *, reason: str, by: User) -> None:
    """Support takes its offer back."""
    with settled(
        order,
        "withdraw_offer",
        {S.OFFERED},
        rule=lambda: S.REQUESTED,
        by=by,
        note=reason,
        acting_as="staff",
    ):
        _close_offer(_open_offer(order), Outcome.WITHDRAWN, by=by, reason=reason)


def expire_offer(order: NumberOrder) -> None:
    """Nobody took the offer in time."""
    with settled(order, "expire_offer", {S.OFFERED}, rule=lambda: S.REQUESTED, acting_as="system"):
        found = _open_offer(order)
        if found.is_valid:
            raise Refused(_("The offer is still valid."))
        _close_offer(found, Outcome.EXPIRED)


def turn_down(order: NumberOrder, *, reason: str, by: User) -> None:
    """Support cannot fulfill the request; the customer reads the reason."""
    if not reason.strip():
        raise Refused(_("Say why. The customer reads it."))
    with settled(order, "turn_down", REQUEST, rule=lambda: S.ERROR, by=by, note=reason, acting_as="staff"):
        order.error = reason[:200]
        _close_open_offers(order, Outcome.WITHDRAWN, by=by)


# --- What the verbs change


def _write(
    order: NumberOrder, text: str, *, side: str, by: User, needs_answer: bool = False
) -> NumberOrderMessage:
    from pstn.tasks import tell_message  # tasks lead back to the workflows

    message: NumberOrderMessage = order.messages.create(
        side=side, text=text, by=by, needs_answer=needs_answer
    )
    acting_as = "staff" if side == Side.SUPPORT else ""
    audit.record(
        "number_order.message", order, after={"message": message.pk, "side": side}, acting_as=acting_as
    )
    later(tell_message, message.pk)
    return message


def _open_offer(order: NumberOrder, seen: str | None = None) -> NumberOffer:
    found: NumberOffer | None = order.offers.filter(outcome=Outcome.OPEN).first()
    if found is None:
        raise Refused(_("There is no offer any more."))
    if seen is not None and seen != str(found.pk):
        raise Refused(_("PSTN support has made another offer meanwhile. Look at it first."))
    return found


def _close_open_offers(order: NumberOrder, outcome: str, *, by: User) -> None:
    for found in order.offers.filter(outcome=Outcome.OPEN):
        _close_offer(found, outcome, by=by)


def _close_offer(found: NumberOffer, outcome: str, *, by: User | None = None, reason: str = "") -> None:
    found.outcome, found.reason = outcome, reason[:300]
    found.answered_by, found.answered_at = by, timezone.now()
    found.save()
    if outcome != Outcome.ACCEPTED:
        transaction.on_commit(partial(stock.release, found.hold_id))
