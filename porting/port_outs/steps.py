"""What a page or a mail says of a port-out: what happens next, how far it is, what happened, what is odd."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from lib.phone import international
from porting.models import PortOut, PortOutEvent, PortOutNumber
from porting.models.guards import fresh_pin_changes
from porting.models.port_outs import Reason
from pstn.models.orders import Next
from pstn.progress import Mark, Told

S = PortOut.State
RECENT = timedelta(days=30)  # requests that a typing error is looked for in
MOST = 20  # numbers of one request that are compared digit by digit


def reason_words(port_out: PortOut) -> str:
    """Our reason to refuse, in words; "" while there is none."""
    return str(Reason(port_out.reason).label) if port_out.reason else ""


def what_next(port_out: PortOut) -> Next:
    """The sentence of the first card: what happens next, who acts, by when."""
    gaining, day = port_out.gaining_carrier, port_out.requested_date
    match port_out.state:
        case S.PENDING:
            return Next(
                _("Accept or reject it. Without an answer it is accepted automatically."),
                "you",
                port_out.answer_by,
            )
        case S.ACCEPTED | S.AUTO_ACCEPTED:
            sentence = _("The numbers move to %(carrier)s. Until then they work as before.")
            return Next(sentence % {"carrier": gaining}, "carrier", day)
        case S.REJECT_PENDING:
            sentence = _("The rejection is on its way; %(carrier)s takes it, usually within an hour.")
            return Next(sentence % {"carrier": gaining}, "carrier")
        case S.REJECTED if port_out.blocked_by:
            sentence = _("Nothing. The carrier refused it by itself: %(why)s. The numbers stay.")
            return Next(sentence % {"why": PortOut.Block(port_out.blocked_by).label})
        case S.REJECTED:
            return Next(_("Nothing. The request was rejected and the numbers stay."))
        case S.CANCELED:
            sentence = _("Nothing. %(carrier)s took the request back and the numbers stay.")
            return Next(sentence % {"carrier": gaining})
        case S.PORTED_OUT:
            return _after_leaving(port_out)
        case S.DISPUTED:
            return Next(_("The carriers look into it. You get an e-mail with the outcome."), "carrier")
        case S.RETURNED:
            return Next(_("The numbers are back in your inventory. Assign them again."), "you")
        case _state:
            sentence = _(
                "The numbers stay with %(carrier)s. They can be won back (a winback) by a port order."
            )
            return Next(sentence % {"carrier": gaining})


def _after_leaving(port_out: PortOut) -> Next:
    left = port_out.left_at or now()
    match port_out.dispute_window():
        case "hot":
            return Next(
                _("The numbers are gone. If nobody here agreed, dispute it: within 24 hours it is urgent."),
                "you",
                left + timedelta(hours=24),
            )
        case "warm":
            return Next(
                _("The numbers are gone. If nobody here agreed, it can be disputed within 7 days."),
                "you",
                left + timedelta(days=7),
            )
        case _window:
            return Next(_("Nothing. The numbers are gone, and it is too late for a dispute."))


def who_acts(step: Next) -> str:
    return {"you": _("You"), "carrier": _("Carrier")}.get(step.who, "")


def progress(port_out: PortOut, events: Sequence[PortOutEvent]) -> list[Mark]:
    """Requested, answered, ported out; or where it ended instead."""
    reached = {event.after: event.at for event in events}
    asked = Mark(_("Requested"), "done", _short(port_out.requested_at, port_out.zone))
    state = port_out.state
    if state == S.PENDING:
        return [
            Mark(_("Requested"), "current", asked.note),
            Mark(_("Answer"), "todo", _("by %(when)s") % {"when": _short(port_out.answer_by, port_out.zone)}),
            Mark(_("Ported out"), "todo"),
        ]
    if state in (S.REJECT_PENDING, S.REJECTED, S.CANCELED):
        mark = "current" if state == S.REJECT_PENDING else "done"
        return [asked, Mark(port_out.shown, mark, _short(reached.get(state), port_out.zone))]
    answer = S.AUTO_ACCEPTED if S.AUTO_ACCEPTED in reached else S.ACCEPTED
    accepted = Mark(str(answer.label), "done", _short(reached.get(answer), port_out.zone))
    if state in (S.ACCEPTED, S.AUTO_ACCEPTED):
        day = date_format(port_out.requested_date) if port_out.requested_date else ""
        return [asked, Mark(accepted.title, "current", accepted.note), Mark(_("Ported out"), "todo", day)]
    gone = Mark(_("Ported out"), "done", _short(port_out.left_at, port_out.zone))
    stops = [asked, accepted, gone] if answer in reached else [asked, gone]
    if state != S.PORTED_OUT:
        mark = "current" if state == S.DISPUTED else "error" if state == S.DISPUTE_REFUSED else "done"
        stops.append(Mark(port_out.shown, mark, _short(reached.get(state), port_out.zone)))
    return stops


def _short(moment: datetime | None, zone: str) -> str:
    return date_format(localtime(moment, ZoneInfo(zone)), "M j, H:i") if moment else ""


def history(port_out: PortOut, events: Iterable[PortOutEvent]) -> list[Told]:
    """What happened, newest first."""
    return [Told(_sentence(port_out, event), event.at, _who(event), event.note) for event in events][::-1]


def _sentence(port_out: PortOut, event: PortOutEvent) -> str:
    gaining = port_out.gaining_carrier
    day = date_format(event.date) if event.date else ""
    why = str(Reason(event.code).label) if event.code in Reason.values else ""
    match event.verb:
        case "request":
            return _("%(carrier)s asked for the numbers, for %(date)s") % {"carrier": gaining, "date": day}
        case "block":
            said = {"carrier": gaining, "why": PortOut.Block(event.code).label}
            return _("%(carrier)s asked for the numbers; refused by itself: %(why)s") % said
        case "accept":
            return _("Accepted")
        case "auto_accept":
            return _("Accepted automatically: nobody answered in time")
        case "reject" if event.after == S.REJECT_PENDING:
            return _("Rejected: %(why)s") % {"why": why}
        case "reject":
            return _("The gaining carrier took the rejection")
        case "reopen":
            return _("The carrier did not take the answer; it needs another")
        case "date":
            return _("The date is now %(date)s") % {"date": day}
        case "withdraw":
            return _("%(carrier)s took the request back") % {"carrier": gaining}
        case "complete":
            return _("The numbers left for %(carrier)s") % {"carrier": gaining}
        case "dispute":
            return _("Disputed")
        case "return":
            return _("The numbers were returned")
        case _verb:
            return _("The dispute was refused")


def _who(event: PortOutEvent) -> str:
    if event.by is None:
        return _("Carrier")
    if event.acting_as.startswith("partner"):
        return _("%(name)s (partner)") % {"name": event.by}
    return str(event.by)


# --- What is odd about a request


def hints(port_out: PortOut) -> list[str]:
    """Plain facts that deserve a look before somebody says yes. Two queries, however many numbers."""
    e164s = [row.e164 for row in port_out.numbers.all()]
    said = []
    change = fresh_pin_changes(port_out.org, e164s, port_out.requested_at).select_related("by").first()
    if change:
        said.append(
            _("The port-out PIN was changed on %(when)s by %(who)s, not long before the request.")
            % {"when": date_format(localtime(change.at)), "who": change.by or _("the system")}
        )
    for mine, other, where in _one_digit_off(port_out, e164s):
        said.append(
            _("%(mine)s differs in one digit from %(other)s, which %(carrier)s asked for in %(order)s.")
            % {
                "mine": international(mine),
                "other": international(other),
                "carrier": port_out.gaining_carrier,
                "order": where,
            }
            if where
            else _(
                "%(mine)s differs in one digit from a number of another customer that %(carrier)s asked for. "
                "It may be a typing error."
            )
            % {"mine": international(mine), "carrier": port_out.gaining_carrier}
        )
    if port_out.is_pending and port_out.pin_given == "ok":
        said.append(_("The request came with the right port-out PIN."))
    if port_out.is_pending and port_out.pin_given == "none":
        said.append(_("No port-out PIN guards what is asked for: anybody could ask."))
    return said


def _one_digit_off(port_out: PortOut, e164s: Sequence[str]) -> list[tuple[str, str, str]]:
    """Numbers of other requests of the same carrier that are one slip of a finger away."""
    near = {
        f"{e164[:at]}{digit}{e164[at + 1 :]}": e164
        for e164 in e164s[:MOST]
        for at in range(2, len(e164))
        for digit in "0123456789"
        if digit != e164[at]
    }
    since = port_out.requested_at - RECENT
    rows = PortOutNumber.near(port_out, near, since)
    return [
        (near[row.e164], row.e164, row.port_out.reference if row.port_out.org_id == port_out.org_id else "")
        for row in rows
        if row.e164 not in e164s
    ][:3]
