"""The life of a request to take numbers away. Nothing else assigns PortOut.state.

People answer and dispute; the carrier decides. Its words arrive as events, perhaps late, twice or after our
answer: what it says has happened is believed, what no longer fits is refused and changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import acting, audit
from accounts.models import Organization, User
from lib.queue import later
from lib.transitions import Refused, Table, move
from porting.models import PortOut, PortOutEvent, PortOutNumber
from pstn.models import PhoneNumber
from pstn.workflow import number_ports as inventory

S = PortOut.State

ALLOWED: Table = {
    S.PENDING: frozenset(
        {S.PENDING, S.ACCEPTED, S.AUTO_ACCEPTED, S.REJECT_PENDING, S.REJECTED, S.PORTED_OUT, S.CANCELED}
    ),
    S.ACCEPTED: frozenset({S.ACCEPTED, S.PENDING, S.REJECTED, S.PORTED_OUT, S.CANCELED}),
    S.AUTO_ACCEPTED: frozenset({S.AUTO_ACCEPTED, S.REJECTED, S.PORTED_OUT, S.CANCELED}),
    S.REJECT_PENDING: frozenset(
        {S.REJECT_PENDING, S.PENDING, S.AUTO_ACCEPTED, S.REJECTED, S.PORTED_OUT, S.CANCELED}
    ),
    # Numbers that leave all the same are gone, whatever was agreed: then there is something to dispute.
    S.REJECTED: frozenset({S.PORTED_OUT}),
    S.CANCELED: frozenset({S.PORTED_OUT}),
    S.PORTED_OUT: frozenset({S.PORTED_OUT, S.DISPUTED, S.RETURNED}),
    S.DISPUTED: frozenset({S.RETURNED, S.DISPUTE_REFUSED}),
    S.RETURNED: frozenset(),
    S.DISPUTE_REFUSED: frozenset(),
}


@dataclass(frozen=True)
class Request:
    """What another carrier asks for, as our carrier passes it on."""

    reference: str
    numbers: tuple[str, ...]
    gaining_carrier: str
    requested_date: date | None
    requested_at: datetime
    answer_by: datetime | None = None
    pin_given: str = ""
    blocked_by: str = ""  # PortOut.Block when the carrier refused it without asking


# --- It begins


def receive(request: Request, *, carrier_event: str) -> list[PortOut]:
    """A request has come: one port-out for each organization that has some of its numbers, once.

    Answers those that are new; numbers that nobody has here are nobody's to answer for.
    """
    made = []
    with transaction.atomic():
        for org, numbers in PortOut.numbers_here(request.numbers).items():
            port_out, is_new = _listed(request, org, numbers)
            if is_new:
                _begin(port_out, request, numbers, carrier_event)
                made.append(port_out)
    return made


def _listed(request: Request, org: Organization, numbers: Sequence[PhoneNumber]) -> tuple[PortOut, bool]:
    """The row, or the one that another worker made of the same event."""
    places = {number.location_id: number.location for number in numbers}
    row: tuple[PortOut, bool] = org.port_outs.get_or_create(
        carrier_ref=request.reference,
        defaults={
            "state": S.REJECTED if request.blocked_by else S.PENDING,
            "location": next(iter(places.values())) if len(places) == 1 else None,
            "number_count": len(numbers),
            "gaining_carrier": request.gaining_carrier,
            "requested_date": request.requested_date,
            "requested_at": request.requested_at,
            "answer_by": request.answer_by,
            "pin_given": request.pin_given,
            "blocked_by": request.blocked_by,
        },
    )
    return row


def _begin(port_out: PortOut, request: Request, numbers: Sequence[PhoneNumber], carrier_event: str) -> None:
    PortOutNumber._base_manager.bulk_create(
        PortOutNumber(port_out=port_out, e164=number.e164, location=number.location, kind=number.kind)
        for number in numbers
    )
    verb = "block" if request.blocked_by else "request"
    _note(port_out, verb, "", code=request.blocked_by, date=request.requested_date, of=carrier_event)


# --- What people do


def accept(port_out: PortOut, *, by: User, replacements: Mapping[str, PhoneNumber | None]) -> None:
    """Let the numbers go. For a location's main number `replacements` says which number takes its place.

    None as a replacement is knowing that there is none: only possible where no other number can be chosen.
    """
    with _move(port_out, "accept", S.ACCEPTED, by=by, only_from={S.PENDING}):
        for row in port_out.main_numbers():
            row.replacement = _replacement(port_out, row, replacements)
            row.save(update_fields=["replacement"])
        _answer(port_out)


def reject(port_out: PortOut, *, by: User, reason: str) -> None:
    """Refuse, for a lawful reason that can be true of this request."""
    with _move(port_out, "reject", S.REJECT_PENDING, by=by, only_from={S.PENDING}, code=reason):
        if reason not in port_out.lawful_reasons():
            raise Refused(_("Choose one of the lawful reasons that can be true of this request."))
        port_out.reason = reason
        _answer(port_out)


def dispute(port_out: PortOut, *, by: User, reason: str) -> None:
    """Say that nobody here agreed: within a day it is worked at once, within seven days as a case."""
    with _move(port_out, "dispute", S.DISPUTED, by=by, note=reason):
        if port_out.dispute_window() == "closed":
            raise Refused(
                _(
                    "The numbers left more than seven days ago. They can only be won back (a winback): order "
                    "a port from %(carrier)s, with the usual intervals."
                )
                % {"carrier": port_out.gaining_carrier}
            )
        port_out.dispute_reason = reason[:300]
        _to_be_told(port_out)


def _replacement(
    port_out: PortOut, row: PortOutNumber, replacements: Mapping[str, PhoneNumber | None]
) -> PhoneNumber | None:
    choices = port_out.replacements_for(row.location)
    chosen = replacements.get(row.e164)
    if chosen is None and row.e164 in replacements and not choices.exists():
        return None
    if chosen is None or not choices.filter(pk=chosen.pk).exists():
        raise Refused(
            _("%(number)s is the main number of %(location)s. Choose another main number first.")
            % {"number": row.e164, "location": row.location}
        )
    return chosen


def _answer(port_out: PortOut) -> None:
    port_out.answer_attempt += 1
    _to_be_told(port_out)


def _to_be_told(port_out: PortOut) -> None:
    port_out.untold, port_out.tries, port_out.next_try_at = True, 0, None


# --- What the carrier says


def accept_by_carrier(port_out: PortOut, *, by_silence: bool, carrier_event: str) -> None:
    """It is accepted: because nobody answered, or because our refusal came too late. A yes of ours is old
    news."""
    with transaction.atomic():
        port_out.refresh_from_db(from_queryset=PortOut._base_manager.select_for_update())
        if port_out.state in (S.ACCEPTED, S.AUTO_ACCEPTED):
            return
        # Who answered at the carrier's own desk said yes; silence, or a yes against our no, is its doing.
        to = S.ACCEPTED if port_out.is_pending and not by_silence else S.AUTO_ACCEPTED
        with _move(port_out, "auto_accept" if by_silence else "accept", to, of=carrier_event):
            port_out.untold = False


def reject_by_carrier(port_out: PortOut, *, code: str = "", detail: str = "", carrier_event: str) -> None:
    """The gaining carrier has taken the refusal: the numbers stay."""
    with _move(port_out, "reject", S.REJECTED, code=code, note=detail, of=carrier_event):
        port_out.untold = False


def change_date(port_out: PortOut, *, day: date, carrier_event: str) -> None:
    """The gaining carrier names another date."""
    with transaction.atomic():
        port_out.refresh_from_db(from_queryset=PortOut._base_manager.select_for_update())
        if port_out.state not in PortOut.LEAVING:
            raise Refused(_("%(order)s has ended; its date does not change.") % {"order": port_out})
        with _move(port_out, "date", port_out.state, date=day, of=carrier_event):
            port_out.requested_date = day


def withdraw(port_out: PortOut, *, detail: str = "", carrier_event: str) -> None:
    """The gaining carrier gives up: the numbers stay."""
    with _move(port_out, "withdraw", S.CANCELED, note=detail, of=carrier_event):
        port_out.untold = False


def complete(port_out: PortOut, *, numbers: Sequence[str], carrier_event: str) -> None:
    """Numbers are gone, all of them or those named: they leave the inventory in the same transaction."""
    with _move(port_out, "complete", S.PORTED_OUT, of=carrier_event):
        rows = [row for row in port_out.numbers.all() if row.left_at is None]
        leaving = [row for row in rows if not numbers or row.e164 in numbers]
        if not leaving:
            raise Refused(_("These numbers of %(order)s have left already.") % {"order": port_out})
        successors = {row.e164: row.replacement_id for row in leaving if row.replacement_id}
        note = port_out.reference
        gone = [row.e164 for row in leaving]
        bare = inventory.hand_over(port_out.org, gone, successors=successors, note=note)
        port_out.numbers.filter(e164__in=gone).update(left_at=now())
        port_out.numbers.filter(e164__in=bare).update(left_without_main=True)
        port_out.left_at = port_out.left_at or now()
        port_out.untold = False


def give_back(port_out: PortOut, *, detail: str = "", carrier_event: str) -> None:
    """A dispute was won: the numbers are in the inventory again, at their locations."""
    with _move(port_out, "return", S.RETURNED, note=detail, of=carrier_event):
        rows = [row for row in port_out.numbers.all() if row.left_at]
        for location in {row.location for row in rows}:
            back = [row.e164 for row in rows if row.location == location]
            inventory.take_back(location, back, note=port_out.reference)
        port_out.untold = False


def refuse_dispute(port_out: PortOut, *, detail: str = "", carrier_event: str | None = None) -> None:
    """A dispute was lost, or came too late."""
    with _move(port_out, "refuse_dispute", S.DISPUTE_REFUSED, note=detail, of=carrier_event):
        port_out.untold = False


def reopen(port_out: PortOut, *, attempt: int, detail: str) -> None:
    """The carrier did not take our answer as it is: somebody must answer again."""
    with _move(port_out, "reopen", S.PENDING, note=detail, only_from={S.ACCEPTED, S.REJECT_PENDING}):
        if port_out.answer_attempt != attempt or not port_out.untold:
            raise Refused(_("%(order)s has been changed meanwhile.") % {"order": port_out})
        port_out.reason, port_out.untold = "", False


# --- Every move


@contextmanager
def _move(
    port_out: PortOut,
    verb: str,
    to: str,
    *,
    by: User | None = None,
    only_from: set[S] | None = None,
    of: str | None = None,
    **told: Any,
) -> Iterator[None]:
    """One move: lock, check, body, event row, audit entry in one transaction; delivery is queued after it."""
    with move(port_out, to, ALLOWED) as before:
        if only_from and before not in only_from:
            raise Refused(
                _("%(order)s is %(state)s; that is not possible now.")
                % {"order": port_out, "state": port_out.shown}
            )
        yield
        if before != to:
            port_out.moved_at = now()
        _note(port_out, verb, before, after=to, by=by, of=of, **told)


def _note(
    port_out: PortOut,
    verb: str,
    before: str,
    *,
    after: str = "",
    by: User | None = None,
    of: str | None = None,
    **told: Any,
) -> None:
    from porting.tasks import port_outs as tasks  # tasks call back into this module

    event: PortOutEvent = port_out.events.create(
        before=before,
        after=after or port_out.state,
        verb=verb,
        by=by,
        acting_as=acting.current().acting_as if by else "carrier",
        # One event of the carrier may move the requests of several organizations.
        carrier_event=f"{of}/{port_out.pk}" if of else None,
        **told,
    )
    audit.record(
        f"port_out.{verb}",
        port_out,
        before={"state": before},
        after={"state": event.after, "code": event.code},
        acting_as="" if by else "carrier",
    )
    later(tasks.handle_event, event.pk)
