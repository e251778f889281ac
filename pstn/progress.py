"""The words of progress and history, and how far an order for new numbers has come."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from pstn.models import NumberOrder, TermsAcceptance

S = NumberOrder.State


@dataclass(frozen=True)
class Mark:
    """One stop of a stepper or a wizard's rail: "done", "current", "todo" or "error"."""

    title: str | Promise
    state: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Told:
    """One line of a history."""

    sentence: str
    at: datetime
    who: str
    note: str = ""


def progress(order: NumberOrder, acceptance: TermsAcceptance | None) -> list[Mark]:
    """Ordered, Terms accepted, Provisioned, Active: each with its state and, once done, its date.

    Terms and provisioning do not wait for each other, so the first may be open while the second is done.
    """
    at = {event.after: event.at for event in order.events.all() if not event.code}
    provisioned = order.state == S.PROVISIONED
    active = provisioned and not order.waits_for_terms
    accepted = acceptance is not None and not order.waits_for_terms
    accepted_at = acceptance.at if acceptance else None
    moments = [moment for moment in (at.get(S.PROVISIONED), accepted_at) if moment]
    steps: list[tuple[str, bool, datetime | None]] = [
        (_("Ordered"), order.state != S.DRAFT, at.get(S.PENDING)),
        (_("Terms accepted"), accepted, accepted_at),
        (_("Provisioned"), provisioned, at.get(S.PROVISIONED)),
        (_("Active"), active, max(moments, default=None)),
    ]
    failed = order.state in (S.ERROR, S.CANCELED)
    open_steps = [title for title, done, _at in steps if not done]
    current = _("Provisioned") if failed else next(iter(open_steps), "")
    return [
        Mark(
            title,
            "done" if done else ("error" if failed else "current") if title == current else "todo",
            date_format(localtime(moment), "M j, H:i") if done and moment else "",
        )
        for title, done, moment in steps
    ]
