"""What happens next with a port order, how far it is, and what has happened: for its page and the lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import calendar
from porting.errors import error
from porting.models import PortEvent, PortOrder
from pstn.models.orders import Next

S = PortOrder.State
USUAL_DAYS = 5  # business days until the current carrier answers


@dataclass(frozen=True)
class Mark:
    """One stop of the order's progress; the stepper's vocabulary."""

    title: str
    state: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Told:
    """One line of the history."""

    sentence: str
    at: datetime
    who: str
    note: str = ""


def what_next(order: PortOrder) -> Next:
    """The sentence of the order's first card: what happens next, who acts, by when."""
    usual = calendar.add_business_days(order.moved_at.date(), USUAL_DAYS, order.pack.holidays)
    match order.state:
        case S.DRAFT:
            return Next(_("Finish the draft and submit it. Nothing is sent before that."), "you")
        case S.CHECKING:
            if order.tries:
                return Next(_("The carrier does not answer at the moment. We keep trying."), "us")
            return Next(_("We check the order once more and send it to the current carrier."), "us")
        case S.SUBMITTED:
            return Next(
                _("The current carrier compares the order with its record and confirms a date."),
                "carrier",
                usual,
            )
        case S.REJECTED:
            return Next(_("Correct what is marked above and send the order again."), "you")
        case S.FOC_RECEIVED:
            return Next(
                _(
                    "The numbers move on the confirmed date. Assign them now, and keep the old service "
                    "running until then."
                ),
                "carrier",
                order.foc_date,
            )
        case S.CANCELING:
            return Next(_("The current carrier must agree to cancel."), "carrier", usual)
        case S.COMPLETED:
            return Next(_("The numbers are yours. The service at the previous carrier can end."))
        case _:
            return Next(_("The order was canceled. The numbers stay where they are."))


def who_acts(step: Next) -> str:
    return {
        "you": _("You"),
        "us": _("Us"),
        "carrier": _("Current carrier"),
        "customer": _("Customer"),
    }.get(step.who, "")


def progress(order: PortOrder, events: Sequence[PortEvent]) -> list[Mark]:
    """The stops from draft to completed, each with its date once it is reached (UI P4)."""
    stops = [
        (S.DRAFT, _("Draft")),
        (S.CHECKING, _("Submitted for check")),
        (S.SUBMITTED, _("Accepted")),
        (S.FOC_RECEIVED, _("FOC received")),
        (S.COMPLETED, _("Completed")),
    ]
    # A resubmitted order starts again: what was reached before the last attempt is history.
    began = max((at for at, event in enumerate(events) if event.after == S.CHECKING), default=0)
    reached = {event.after: event for event in events[began:]}
    here = order.cancel_from if order.state == S.CANCELING else order.state
    marks, passed = [], True
    for state, title in stops:
        event = reached.get(state)
        done = (state == S.DRAFT and not order.is_draft) or event is not None
        day = order.created_at if state == S.DRAFT else event.at if event else None
        note = date_format(localtime(day), "M j, H:i") if day and done else ""
        if state == here and state != S.COMPLETED:
            marks.append(Mark(title, "current", note))
            passed = False
        elif not done and passed and order.state in (S.REJECTED, S.CANCELED):
            marks.append(Mark(title, "error" if order.state == S.REJECTED else "todo", order.shown))
            passed = False
        else:
            marks.append(Mark(title, "done" if done and passed else "todo", note if passed else ""))
    return marks


def history(order: PortOrder, events: Sequence[PortEvent]) -> list[Told]:
    """What happened, newest first."""
    told = [Told(_sentence(event), event.at, _who(event), event.note) for event in reversed(events)]
    told.append(Told(_("Draft begun"), order.created_at, str(order.created_by or "")))
    return told


def _sentence(event: PortEvent) -> str:
    if event.after == S.CANCELING and event.before == S.CANCELING:
        return _("Meanwhile: %(what)s") % {
            "what": error(event.code).title if event.code else _("date confirmed")
        }
    if event.before == S.CANCELING and event.after not in (S.CANCELED, S.COMPLETED):
        return _("The carrier did not agree to cancel")
    match event.after:
        case S.CHECKING:
            return _("Submitted again") if event.before == S.REJECTED else _("Submitted")
        case S.SUBMITTED:
            return _("Check passed, sent to the current carrier")
        case S.REJECTED:
            return _("Rejected: %(why)s") % {"why": error(event.code).title}
        case S.FOC_RECEIVED:
            return _("FOC received for %(date)s") % {"date": _day(event.date)}
        case S.CANCELING:
            return _("Cancellation asked for")
        case S.COMPLETED:
            return _("Completed: the numbers are active")
        case _:
            return _("Canceled")


def _who(event: PortEvent) -> str:
    if event.by:
        return str(event.by)
    return _("Current carrier") if event.source == PortEvent.Source.CARRIER else _("Preliminary check")


def _day(day: date | None) -> str:
    return date_format(day) if day else ""


def cancel_risk(order: PortOrder) -> str:
    """How risky it is to change a confirmed order now (UI P4): by the time left before the FOC date."""
    if order.foc_date is None or order.state != S.FOC_RECEIVED:
        return ""
    hours = (order.foc_date - order.today).days * 24
    if hours > 72:
        return _("The date is more than 72 hours away: a cancellation usually still works.")
    left = ngettext("%(n)s day", "%(n)s days", max(hours // 24, 0)) % {"n": max(hours // 24, 0)}
    return _("The date is %(left)s away: the numbers may move all the same.") % {"left": left}
