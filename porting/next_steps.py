"""What happens next with a port order, how far it is, and what has happened: for its page and the lists."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from porting import resp_org
from porting.errors import error
from porting.models import PortEvent, PortOrder
from porting.reasons import Resend
from pstn.models.orders import Next
from pstn.progress import Mark

S = PortOrder.State


def what_next(order: PortOrder) -> Next:
    """The sentence of the order's first card: what happens next, who acts, by when."""
    usual = _usual_next(order)
    said = resp_org.sentence(order)
    return replace(usual, sentence=said) if said else usual


def _usual_next(order: PortOrder) -> Next:
    usual = order.amber_on
    if order.needs_answer:
        return Next(_("PSTN support asked you a question. Answer it under Messages."), "you")
    match order.state:
        case S.DRAFT:
            return Next(_("Finish the draft and submit it. Nothing is sent before that."), "you")
        case S.VALIDATING | S.READY:
            if order.tries:
                return Next(_("The carrier does not answer at the moment. We keep trying."), "us")
            return Next(_("We check the order once more and send it to the current carrier."), "us")
        case S.AWAITING_SIGNATURE:
            return Next(_("The letter of agency must be signed before anything is sent."), "you")
        case S.AWAITING_DOCUMENTS:
            return Next(_("A document was asked for. Add it, then the order goes on."), "you")
        case S.SUBMITTED:
            return Next(
                _("The current carrier compares the order with its record and confirms a date."),
                "carrier",
                usual,
            )
        case S.REJECTED:
            if order.rejection and order.rejection.resend == Resend.NONE:
                return Next(str(order.rejection.fix), "us")
            return Next(_("Correct what is marked above and send the order again."), "you")
        case S.FOC_LOST:
            return Next(_("The date does not hold. The carrier must name another."), "carrier", usual)
        case S.SUP_REQUESTED:
            return Next(
                _("The current carrier answers the request for another date. Until then the old one stands."),
                "carrier",
                order.foc_date,
            )
        case S.FOC_RECEIVED:
            return Next(
                _(
                    "The numbers move on the confirmed date. Assign them now, and keep the old service "
                    "running until then."
                ),
                "carrier",
                order.foc_date,
            )
        case S.ACTIVATING | S.PARTIALLY_COMPLETED:
            if order.on_demand:
                return Next(_("It is the day: activate the numbers when ready."), "you", order.foc_date)
            return Next(_("The numbers are moving. Keep the old service running."), "carrier", order.foc_date)
        case S.ACTIVATION_FAILED:
            return Next(
                _("Some numbers did not move. The carriers work on it; the others are not affected."),
                "carrier",
                usual,
            )
        case S.CANCEL_REQUESTED:
            return Next(_("The current carrier must agree to cancel."), "carrier", usual)
        case S.COMPLETED | S.MESSAGING_PENDING:
            return Next(_("The numbers are yours. Call them once, then end the old service."), "you")
        case S.VERIFIED:
            return Next(_("The numbers are yours and work. The service at the previous carrier can end."))
        case S.DISPUTED:
            if order.wish:
                return Next(_("The old carrier was asked to take numbers back."), "carrier")
            return Next(_("Some numbers went back to the old carrier. Port them again when that is settled."))
        case S.ABANDONED:
            return Next(_("Nobody answered the rejection, so the order was closed. The numbers stay there."))
        case S.EXPIRED:
            return Next(_("The draft was never finished, so it was closed. Start a new one."))
        case _:
            return Next(_("The order was canceled. The numbers stay where they are."))


# Where each state stands on the way from draft to completed.
STOPS = (S.DRAFT, S.VALIDATING, S.SUBMITTED, S.FOC_RECEIVED, S.COMPLETED)
STANDS_AT = {
    S.AWAITING_SIGNATURE: S.VALIDATING,
    S.READY: S.VALIDATING,
    S.FOC_LOST: S.SUBMITTED,
    S.SUP_REQUESTED: S.FOC_RECEIVED,
    S.ACTIVATING: S.FOC_RECEIVED,
    S.PARTIALLY_COMPLETED: S.FOC_RECEIVED,
    S.ACTIVATION_FAILED: S.FOC_RECEIVED,
    S.MESSAGING_PENDING: S.COMPLETED,
    S.VERIFIED: S.COMPLETED,
    S.DISPUTED: S.COMPLETED,
}


def progress(order: PortOrder, events: Sequence[PortEvent]) -> list[Mark]:
    """The stops from draft to completed, each with its date once it is reached (UI P4)."""
    titles = (
        _("Draft"),
        _("Submitted for check"),
        _("Accepted"),
        _("FOC received"),
        _("Completed"),
    )
    # A resubmitted order starts again: what was reached before the last attempt is history.
    began = max((at for at, event in enumerate(events) if event.verb in ATTEMPTS), default=0)
    reached: dict[str, PortEvent] = {}
    for event in events[began:]:
        reached[str(STANDS_AT.get(S(event.after), event.after))] = event
    here = _stop_of(order, reached)
    marks, passed = [], True
    for state, title in zip(STOPS, titles, strict=True):
        event_there = reached.get(state)
        done = (state == S.DRAFT and not order.is_draft) or event_there is not None
        day = order.created_at if state == S.DRAFT else event_there.at if event_there else None
        note = date_format(localtime(day), "M j, H:i") if day and done else ""
        if state == here and state != S.COMPLETED:
            marks.append(Mark(title, "current", note))
            passed = False
        elif not done and passed and here == "":
            marks.append(Mark(title, "error" if order.state == S.REJECTED else "todo", order.shown))
            passed = False
        else:
            marks.append(Mark(title, "done" if done and passed else "todo", note if passed else ""))
    return marks


def _stop_of(order: PortOrder, reached: dict[str, PortEvent]) -> str:
    """The stop at which an order stands; "" for one that left the way (rejected, closed)."""
    state = str(STANDS_AT.get(S(order.state), order.state))
    if state in (S.CANCEL_REQUESTED, S.AWAITING_DOCUMENTS):
        return str(next((stop for stop in reversed(STOPS) if stop in reached), S.VALIDATING))
    return state if state in STOPS else ""


ATTEMPTS = frozenset({"submit", "resubmit"})


def sentence(event: PortEvent) -> str:
    """What happened, in words."""
    said = _sentence(event)
    if event.before == event.after == S.CANCEL_REQUESTED:
        return _("Meanwhile: %(what)s") % {"what": said}
    return said


def _sentence(event: PortEvent) -> str:
    n = len(event.numbers)
    some = ngettext("%(n)s number", "%(n)s numbers", n) % {"n": n} if n else _("All numbers")
    why = error(event.code).title if event.code else ""
    words = {
        "submit": _("Submitted"),
        "resubmit": _("Submitted again"),
        "resume": _("What was missing is here"),
        "pass_check": _("Check passed"),
        "accept_by_carrier": _("Sent to the current carrier"),
        "reject": _("Rejected: %(why)s") % {"why": why},
        "confirm": _("FOC received for %(date)s") % {"date": _day(event.date)},
        "request_date": _("Another date asked for: %(date)s") % {"date": _day(event.date)},
        "change_date": _("The carrier agreed to %(date)s") % {"date": _day(event.date)},
        "refuse_date": _("The carrier keeps the date"),
        "delay": _("Put off on the day, as asked"),
        "lose_date": _("The confirmed date was lost"),
        "begin_activation": _("Activation has begun"),
        "complete": _("Ported: %(numbers)s") % {"numbers": some},
        "fail": _("Activation failed: %(numbers)s") % {"numbers": some},
        "move_messaging": {
            "activating": _("Messaging is moving"),
            "ported": _("Messaging has moved"),
            "stuck": _("Messaging is stuck at the old carrier"),
        }.get(event.code, _("Messaging changed")),
        "want_documents": _("A document was asked for"),
        "have_documents": _("The documents are here"),
        "note": _("The carrier's desk wrote"),
        "chase": _("No answer for much longer than usual: PSTN support asks the carrier"),
        "cancel": _("Cancellation asked for"),
        "confirm_cancel": _("Canceled by the carrier"),
        "refuse_cancel": _("The carrier did not agree to cancel"),
        "request_snap_back": _("The old carrier was asked to take numbers back"),
        "snap_back": _("Back at the old carrier: %(numbers)s") % {"numbers": some},
        "refuse_snap_back": _("The old carrier does not take the numbers back"),
        "activate": _("Activation started: %(numbers)s") % {"numbers": some},
        "verify": _("Confirmed: the numbers work") if event.note else _("Verified by test calls"),
        "expire": _("Draft closed: it was never finished"),
        "recall": _("A draft again: what was missing never came"),
        "abandon": _("Closed: nobody answered the rejection"),
    }
    if event.verb == "cancel" and event.after == S.CANCELED:
        return _("Canceled")
    return str(words.get(event.verb, event.after))


def who(event: PortEvent) -> str:
    """Who did it: a person, the carrier, support, or the console itself."""
    if event.by:
        return str(event.by)
    return {
        PortEvent.Source.CARRIER: _("Current carrier"),
        PortEvent.Source.CHECK: _("Preliminary check"),
        PortEvent.Source.SUPPORT: _("PSTN support"),
        PortEvent.Source.CLOCK: _("A time limit"),
    }.get(PortEvent.Source(event.source), _("The console"))


def _day(day: date | None) -> str:
    return date_format(day) if day else ""
