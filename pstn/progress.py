"""The words of progress and history, and how far an order for new numbers has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from pstn.models import NumberOrder, NumberOrderEvent, TermsAcceptance

S = NumberOrder.State
ENDED = frozenset({S.ERROR, S.CANCELED})  # before it has come to the last stop


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


def progress(
    order: NumberOrder, acceptance: TermsAcceptance | None, events: Sequence[NumberOrderEvent]
) -> list[Mark]:
    """The stops of an order: each with its state and, once done, its date."""
    at: dict[str, datetime] = {}
    for event in reversed(events):  # the first time, but the latest offer: the ones before are gone
        if event.before != event.after and (event.after not in at or event.after == S.OFFERED):
            at[event.after] = event.at
    released_at = next((event.at for event in events if event.code == "terms_accepted"), None)
    return _of_request(order, at) if order.is_assisted else _of_order(order, acceptance, at, released_at)


def _of_order(
    order: NumberOrder,
    acceptance: TermsAcceptance | None,
    at: Mapping[str, datetime],
    released_at: datetime | None,
) -> list[Mark]:
    """Ordered, Terms accepted, Provisioned, Active. Terms and provisioning do not wait for each other, so the
    first may be open while the second is done. What is active stays so when there are new terms; numbers
    that waited for an acceptance were active at `released_at`."""
    provisioned = order.state in (S.PROVISIONED, S.PARTLY)
    active = provisioned and not order.waits_for_terms
    accepted = active or (acceptance is not None and not order.waits_for_terms)
    provisioned_at = at.get(order.state) if provisioned else None
    before = acceptance and (provisioned_at is None or acceptance.at <= provisioned_at)
    accepted_at = released_at or (acceptance.at if acceptance and before else None)
    moments = [moment for moment in (provisioned_at, released_at) if moment]
    ordered_at = at.get(S.PENDING) or at.get(S.BACK_ORDERED)
    steps = [
        (_("Ordered"), order.state != S.DRAFT, ordered_at),
        (_("Terms accepted"), accepted, accepted_at),
        (_("Provisioned"), provisioned, provisioned_at),
        (_("Active"), active, max(moments, default=None)),
    ]
    return _marks(order, steps, _("Provisioned") if order.state in ENDED else "")


def _of_request(order: NumberOrder, at: Mapping[str, datetime]) -> list[Mark]:
    """Requested, Action required (only while support waits for an answer), Offered, Provisioned."""
    provisioned = order.state in (S.PROVISIONED, S.PARTLY)
    accepted = order.state not in (S.DRAFT, S.REQUESTED, S.ASKED, S.OFFERED) and S.PENDING in at
    asked = [(_("Action required"), False, None)] if order.state == S.ASKED else []
    steps = [
        (_("Requested"), order.state != S.DRAFT, at.get(S.REQUESTED)),
        *asked,
        (_("Offered"), accepted or order.state == S.OFFERED, at.get(S.OFFERED)),
        (_("Provisioned"), provisioned, at.get(order.state) if provisioned else None),
    ]
    where = _("Provisioned") if accepted else _("Offered")
    return _marks(order, steps, where if order.state in ENDED else _("Action required") if asked else "")


def _marks(
    order: NumberOrder, steps: Sequence[tuple[str, bool, datetime | None]], stuck_at: str
) -> list[Mark]:
    """The first open stop is the current one; or the one at which it is stuck, or was canceled."""
    here = stuck_at or next((title for title, done, _at in steps if not done), "")
    state, note = {S.ERROR: ("error", ""), S.CANCELED: ("todo", order.shown)}.get(
        S(order.state), ("current", "")
    )
    marks = []
    for title, done, moment in steps:
        if done:
            marks.append(Mark(title, "done", date_format(localtime(moment), "M j, H:i") if moment else ""))
        else:
            marks.append(Mark(title, state, note) if title == here else Mark(title, "todo"))
    return marks
