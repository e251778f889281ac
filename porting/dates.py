"""What pages say about an order's dates: asked for, confirmed, moved; until when a change is free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership
from porting import deadlines
from porting.models import FeeBand, PortEvent, PortOrder

S = PortOrder.State


@dataclass(frozen=True)
class DateTold:
    """One thing that happened to the date. `day` is the date that it is about, None for one that was lost."""

    sentence: str
    day: date | None
    at: datetime
    who: str


#: The verbs of workflow/orders.py that are about the date.
VERBS = ("submit", "resubmit", "confirm", "request_date", "change_date", "refuse_date", "lose_date", "delay")


def history(order: PortOrder, events: Iterable[PortEvent] | None = None) -> list[DateTold]:
    """What was asked for and what was confirmed, oldest first. One query unless `events` are given."""
    if events is None:
        events = order.events.filter(verb__in=VERBS).select_related("by").order_by("pk")
    told = []
    for event in events:
        if sentence := _sentence(event):
            who = str(event.by) if event.by else ""
            told.append(DateTold(sentence, event.date, event.at, who))
    return told


def _sentence(event: PortEvent) -> str:
    match event.verb:
        case "submit" | "resubmit" if event.date:
            return _("Asked for")
        case "confirm":
            return _("Confirmed by the carrier")
        case "request_date":
            return _("Another date asked for")
        case "change_date":
            return _("Changed by the carrier as asked")
        case "refuse_date":
            return _("The carrier keeps the old date")
        case "lose_date":
            return _("The confirmed date was lost")
        case "delay":
            return _("Put off to the next business day")
        case _:
            return ""


def facts(order: PortOrder, membership: Membership) -> dict[str, Any] | None:
    """The card of an order that was sent: its dates, how often they can change, until when that is free."""
    if order.is_draft:
        return None
    quote = deadlines.quote(order, FeeBand.Kind.CANCEL)
    confirmed = order.foc_date is not None and order.state in deadlines.CONFIRMED
    may_change = membership.may_edit and confirmed and not deadlines.why_not_change(order)
    return {
        "history": history(order),
        "quote": quote if confirmed else None,
        "left": deadlines.changes_left(order),
        "most": deadlines.RULES.date_changes,
        "may_change": may_change,
        "locked": deadlines.why_not_cancel(order) if confirmed else "",
        "wished": order.wished_date,
    }
