"""Port-outs: another carrier asks for numbers of ours; each change of such a request is one function here.

A request without the PIN of a guarded number, or for a locked one, is refused by itself; the customer only
hears of the attempt. Any other waits one business day for an answer, and silence counts as consent. What was
accepted leaves on its date. A dispute brings numbers back at once within a day, after two business days
within a week, and never later. Every verb locks the request first, then lines, and writes its event last.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from carrier.base import CarrierRefused, EventKind, Topic
from lib.calendar import add_business_days
from simulator import deadlines, guards, stock
from simulator.clock import ZONE
from simulator.events import emit
from simulator.models import ServiceAccount, ServiceLine, SimPortOut

State, Window = SimPortOut.State, SimPortOut.Window
#: A request that names no date asks for the one so many business days ahead.
USUAL_DAYS = 3
#: Business days until a dispute is answered, by how late it comes.
ANSWERED_AFTER = {Window.HOT: 0.2, Window.WARM: 2, Window.CLOSED: 0.2}


# --- The gaining side ---------------------------------------------------------------------------------------


@transaction.atomic
def request(
    numbers: Sequence[str], gaining_carrier: str, pin: str = "", day: date | None = None
) -> SimPortOut:
    """Another carrier asks for numbers. Raises CarrierRefused("not_ours" or "busy"), and nothing is asked.

    `pin` is what the customer told the gaining carrier. `day` may be any date from today on.
    """
    wanted = sorted(set(numbers))
    foreign = set(wanted) - _locked_ours(wanted)
    if foreign or not wanted:
        raise CarrierRefused(
            f"Not in service with us: {', '.join(sorted(foreign)) or 'nothing'}.", "not_ours"
        )
    busy = {e164 for row in SimPortOut.objects.filter(state__in=SimPortOut.OPEN) for e164 in row.numbers}
    if busy := busy & set(wanted):
        raise CarrierRefused(f"Another request is open for {', '.join(sorted(busy))}.", "busy")
    today = timezone.localdate(timezone=ZONE)
    row = SimPortOut(
        gaining_carrier=gaining_carrier,
        numbers=wanted,
        requested_date=day or add_business_days(today, USUAL_DAYS, deadlines.COUNTRY),
    )
    code, row.pin = guards.why_refused(wanted, pin.strip())
    row.state = State.BLOCKED if code else State.PENDING
    row.save()
    facts = {"gaining_carrier": gaining_carrier, "pin": str(row.pin)}
    if code:
        _tell(row, EventKind.PORT_OUT_REJECTED, code=code, facts=facts)
        return row
    row.answer_by = deadlines.of_consent(row).due_at
    row.save(update_fields=["answer_by"])
    _tell(row, EventKind.PORT_OUT_REQUESTED, facts={**facts, "answer_by": row.answer_by.isoformat()})
    return row


@transaction.atomic
def change_date(row: SimPortOut, day: date) -> bool:
    """The gaining carrier wants another date. False when it is too late for that."""
    row = _locked(row.reference)
    if row.state not in (State.PENDING, State.ACCEPTED):
        return False
    row.requested_date = day
    row.save(update_fields=["requested_date", "moved_at"])
    if row.state == State.ACCEPTED:
        deadlines.withdraw(row)
        deadlines.of_departure(row)
    _tell(row, EventKind.PORT_OUT_CHANGED)
    return True


@transaction.atomic
def withdraw(row: SimPortOut) -> bool:
    """The gaining carrier takes its request back. False when it has ended."""
    row = _locked(row.reference)
    if row.state not in SimPortOut.OPEN:
        return False
    deadlines.withdraw(row)
    _move(row, State.CANCELED)
    _tell(row, EventKind.PORT_OUT_CANCELED)
    return True


# --- The customer's side ------------------------------------------------------------------------------------


@transaction.atomic
def answer(carrier_ref: str, key: str, accept: bool, reason: str) -> None:
    """Accept or reject. The same key again: nothing. Refused as "too_late" once it is decided."""
    row = _locked(carrier_ref)
    if key == row.answer_key:
        return
    if row.state != State.PENDING:
        raise CarrierRefused("This request is decided already.", "too_late")
    if not accept and not reason:
        raise CarrierRefused("A refusal needs a reason.", "reason")
    deadlines.withdraw(row)
    row.answer_key = key
    if accept:
        _accept(row)
    else:
        row.reason = reason
        row.save(update_fields=["answer_key", "reason"])
        _move(row, State.REJECTING)
        deadlines.of_refusal(row)


@transaction.atomic
def dispute(carrier_ref: str, key: str, reason: str) -> None:
    """Say that a completed port-out was not authorized; an event answers. The same key again: nothing."""
    row = _locked(carrier_ref)
    if key == row.dispute_key:
        return
    if row.state != State.COMPLETED:
        raise CarrierRefused("Only a port-out that was completed can be disputed.", "not_completed")
    deadlines.withdraw(row)
    row.dispute_key, row.dispute_reason = key, reason[:300]
    row.save(update_fields=["dispute_key", "dispute_reason"])
    _move(row, State.DISPUTED)
    deadlines.of_dispute(row, ANSWERED_AFTER[Window(row.window)])


# --- What falls due: called with the row locked -------------------------------------------------------------


def consent(row: SimPortOut) -> None:
    """Nobody answered in time."""
    row.by_silence = True
    _accept(row)


def take_refusal(row: SimPortOut) -> None:
    """The gaining carrier takes the refusal."""
    _move(row, State.REJECTED)
    _tell(row, EventKind.PORT_OUT_REJECTED, code=row.reason)


def complete(row: SimPortOut) -> None:
    """The date has come: the numbers go to a record of the gaining carrier, and can be ported from there."""
    going = sorted(_locked_ours(row.numbers))
    account = _new_account(row, going)
    ServiceLine.objects.bulk_create(
        [
            ServiceLine(account=account, e164=e164, btn=account.btn, rate_center=account.city)
            for e164 in going
        ],
        update_conflicts=True,
        unique_fields=["e164"],
        update_fields=["account", "btn", "status", "port"],
    )
    guards.drop(going)
    row.completed_at, row.window = timezone.now(), Window.HOT
    row.save(update_fields=["completed_at", "window"])
    _move(row, State.COMPLETED)
    deadlines.of_window(row, days=1, real_days=1)
    _tell(row, EventKind.PORT_OUT_COMPLETED)


def end_window(row: SimPortOut) -> None:
    """A day after completion a dispute takes longer; a week after it, five business days, none is heard."""
    is_first = row.window == Window.HOT
    row.window = Window.WARM if is_first else Window.CLOSED
    row.save(update_fields=["window"])
    if is_first:
        deadlines.of_window(row, days=4, real_days=6)


def answer_dispute(row: SimPortOut) -> None:
    """The numbers are ours again; or it was too late, and the customer must win them back by a port."""
    if row.window == Window.CLOSED:
        _move(row, State.COMPLETED)
        detail = "More than seven days have passed; the numbers can only come back by a port (winback)."
        _tell(row, EventKind.PORT_OUT_DISPUTE_REFUSED, code="winback", detail=detail)
        return
    there = ServiceLine.objects.filter(e164__in=row.numbers).order_by("e164").select_for_update()
    ServiceLine.objects.filter(pk__in=[line.pk for line in there]).update(
        status=ServiceLine.Status.PORTED, port=None
    )
    _move(row, State.RETURNED)
    _tell(row, EventKind.PORT_OUT_RETURNED)


# --- Inside -------------------------------------------------------------------------------------------------


def _locked(carrier_ref: str) -> SimPortOut:
    row = SimPortOut.objects.select_for_update().filter(pk=SimPortOut.pk_of(carrier_ref)).first()
    if row is None:
        raise CarrierRefused("There is no port-out with this reference.")
    return row


def _locked_ours(numbers: Sequence[str]) -> set[str]:
    """Those of `numbers` that are in service with us: ported here, or of our stock and not gone since."""
    lines = ServiceLine.objects.filter(e164__in=numbers).order_by("e164").select_for_update(of=("self",))
    status = {line.e164: line.status for line in lines}
    ported = {e164 for e164, now in status.items() if now == ServiceLine.Status.PORTED}
    return ported | (stock.in_service(numbers, lock=True).keys() - status.keys())


def _accept(row: SimPortOut) -> None:
    row.save(update_fields=["answer_key", "by_silence"])
    _move(row, State.ACCEPTED)
    deadlines.of_departure(row)
    _tell(row, EventKind.PORT_OUT_ACCEPTED, code="silence" if row.by_silence else "")


def _move(row: SimPortOut, state: SimPortOut.State) -> None:
    row.state = state
    row.save(update_fields=["state", "moved_at"])


def _tell(
    row: SimPortOut,
    kind: EventKind,
    *,
    code: str = "",
    detail: str = "",
    facts: dict[str, str] | None = None,
) -> None:
    emit(
        Topic.PORT_OUTS,
        kind,
        row.reference,
        code=code,
        detail=detail,
        day=row.requested_date,
        numbers=row.numbers,
        facts=facts or {},
    )


def _new_account(row: SimPortOut, going: Sequence[str]) -> ServiceAccount:
    """The gaining carrier's record: the customer's data where they were on a record before."""
    known = ServiceAccount.objects.filter(lines__e164__in=going).order_by("pk").first()
    block = next(iter(stock.blocks_of(sorted(going)).values()), None)
    account = ServiceAccount(
        carrier_name=row.gaining_carrier,
        account_number=row.reference,
        btn=row.numbers[0],
        company_name=known.company_name if known else f"Customer of {row.gaining_carrier}",
        authorized_names=known.authorized_names if known else "",
        line1=known.line1 if known else "1 Main Street",
        line2=known.line2 if known else "",
        city=known.city if known else block.city if block else "",
        state=known.state if known else block.state if block else "",
        postal_code=known.postal_code if known else "",
    )
    account.save()
    return account
