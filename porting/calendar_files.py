"""Port dates as calendar files: with e-mails, for one order, and as the feed of an organization."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.ics import Entry, Method, Status, calendar_file
from notifications.outbox import Attachment
from porting.models import PortEvent, PortOrder

MEDIA_TYPE = "text/calendar; charset=utf-8"
#: Verbs that set the confirmed date, and those after which it does not hold any more.
DATING = frozenset({"confirm", "change_date"})
UNDATING = frozenset({"lose_date", "reject", "confirm_cancel", "abandon"})


def for_event(event: PortEvent) -> Attachment | None:
    """What goes with the e-mail of a move: the confirmed date, its replacement, or its removal; None else.

    All files of an order have one UID and rising sequence numbers, so each replaces the one before in the
    calendar that it was put into.
    """
    order = event.order
    if event.verb in DATING and event.date:
        entry = _entry(order, event.date, "CONFIRMED", event.at)
        return _attachment(order, entry, "PUBLISH")
    if event.verb in UNDATING:
        about = order.events.filter(verb__in=DATING | UNDATING, pk__lt=event.pk)
        last = about.order_by("-pk").first()
        if last and last.verb in DATING and last.date:
            entry = _entry(order, last.date, "CANCELLED", event.at)
            return _attachment(order, entry, "CANCEL")
    return None


def of_order(order: PortOrder) -> tuple[str, bytes] | None:
    """File name and content for an order's date, confirmed or else wished for; None while there is none."""
    if order.date_shown is None:
        return None
    return f"{order.reference}.ics", calendar_file([_of_row(order)])


def feed(orders: Iterable[PortOrder], *, name: str) -> bytes:
    """The dates of many orders, confirmed ones and wishes. Reads `org` and `location` of each."""
    return calendar_file([_of_row(order) for order in orders if order.date_shown], name=name)


def response(file: tuple[str, bytes] | None) -> HttpResponse:
    """The file as an answer; 404 when there is none."""
    if file is None:
        return HttpResponse(status=404)
    name, content = file
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)


def _of_row(order: PortOrder) -> Entry:
    assert order.date_shown, "only orders with a date are written"
    status: Status = "CONFIRMED" if order.foc_date else "TENTATIVE"
    return _entry(order, order.date_shown, status, order.updated_at)


def _entry(order: PortOrder, day: date, status: Status, stamp: datetime) -> Entry:
    host = settings.SITE_URL.split("//", 1)[-1].split("/", 1)[0].split(":")[0]
    title = {
        "TENTATIVE": _("%(order)s: port asked for"),
        "CANCELLED": _("%(order)s: no port on this day"),
    }.get(status, _("%(order)s: numbers are ported"))
    return Entry(
        f"{order.reference}@{host}",
        day,
        None,
        title % {"order": order.reference},
        stamp,
        description=ngettext(
            "%(count)s number moves to %(location)s.",
            "%(count)s numbers move to %(location)s.",
            order.number_count,
        )
        % {"count": order.number_count, "location": order.location},
        url=f"{settings.SITE_URL}{order.get_absolute_url()}",
        # Seconds rise from version to version, whichever of the three ways a version came.
        sequence=int(stamp.timestamp()),
        status=status,
    )


def _attachment(order: PortOrder, entry: Entry, method: Method) -> Attachment:
    return Attachment(f"{order.reference}.ics", "text/calendar", calendar_file([entry], method=method))
