"""The e-mails of a port order's moves: which move is worth one, who receives it, what it carries."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from lib.ics import calendar_event
from notifications.outbox import Attachment, post
from notifications.recipients import followers
from porting.errors import error
from porting.models import PortEvent, PortOrder

S = PortOrder.State


def write(event: PortEvent) -> None:
    """Write the e-mails of one event, each recipient's once however often this runs."""
    kind = kind_of(event)
    if not kind:
        return
    order = event.order
    post(
        kind,
        event=f"port-event:{event.pk}",
        org=order.org,
        to=_recipients(event),
        context={
            "order": order,
            "event": event,
            "error": error(event.code) if event.code else None,
            "detail": event.note,
        },
        attachment=_calendar(event) if kind == "port_foc_received" else None,
    )


def kind_of(event: PortEvent) -> str:
    """The template of an event's e-mail, or "" when nobody needs one."""
    if event.before == S.CANCELING and event.after != S.CANCELED and event.after != S.COMPLETED:
        return ""  # noted while a cancel waits, or the cancel was refused: the order's page says it
    if event.after == S.REJECTED and event.source == PortEvent.Source.CHECK:
        return "port_check_failed"
    return {
        S.SUBMITTED: "port_submitted",
        S.REJECTED: "port_rejected",
        S.FOC_RECEIVED: "port_foc_received",
        S.COMPLETED: "port_completed",
        S.CANCELED: "port_canceled",
    }.get(S(event.after), "")


def _recipients(event: PortEvent) -> list[User | str]:
    order = event.order
    extra = [address for address in order.notify.replace(",", " ").split() if address]
    return [*followers(order.org, order.created_by, event.by), *extra]


def _calendar(event: PortEvent) -> Attachment | None:
    order = event.order
    if event.date is None:
        return None
    host = settings.SITE_URL.split("//", 1)[-1].split("/", 1)[0].split(":")[0]
    content = calendar_event(
        f"{order.reference}@{host}",
        event.date,
        None,
        _("%(order)s: numbers are ported") % {"order": order.reference},
        description=_("%(count)s numbers move to %(location)s.")
        % {"count": order.number_count, "location": order.location},
        url=f"{settings.SITE_URL}{order.get_absolute_url()}",
        stamp=event.at,
        sequence=event.pk,
    )
    return Attachment(f"{order.reference}.ics", "text/calendar", content)
