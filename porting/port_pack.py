"""What a port pack says: everything about one order that people need on its day, and nothing secret."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.documents.pack import Pack, Section, port_pack
from lib.phone import international
from porting import deadlines
from porting.models import FeeBand, PortedNumber, PortOrder
from porting.workflow.orders import SNAP_BACK_WITHIN

NOBODY = "–"


def pdf(order: PortOrder) -> bytes:
    """The pack of an order that is read with `whole()`; times are in its zone and in the reader's."""
    printed = _moment(timezone.now(), timezone.get_current_timezone_name())
    rows = list(order.numbers.all())
    owners = _owners(order, rows)
    sections = [
        _dates(order),
        _contacts(order),
        _emergency(order),
        _day_list(order, rows, owners),
        _way_back(order),
        _numbers(order, rows, owners),
    ]
    return port_pack(
        Pack(
            title=_("Port pack %(order)s") % {"order": order.reference},
            subtitle=f"{order.org} · {order.location or NOBODY}",
            at_right=(printed, _shown(order)),
            footer=_("Port pack %(order)s, %(org)s. Printed %(when)s; the order's page has what is true now.")
            % {"order": order.reference, "org": order.org, "when": printed},
            sections=sections,
        )
    )


def _shown(order: PortOrder) -> str:
    return f"{order.shown} · {order.badge}" if order.badge else order.shown


def _owners(order: PortOrder, rows: Sequence[PortedNumber]) -> dict[str, str]:
    """Number to the person or place that it is assigned to, or will be when it comes; for those that are."""
    listed = order.org.phone_numbers.filter(e164__in=[row.e164 for row in rows])
    found = listed.values_list("e164", "assigned_to", "preparation__assigned_to")
    return {e164: given or prepared for e164, given, prepared in found if given or prepared}


def _dates(order: PortOrder) -> Section:
    pairs: list[tuple[str, Sequence[str]]] = [
        (_("Confirmed date (FOC)"), (_day(order.foc_date) if order.foc_date else _("Not confirmed yet"),)),
        (_("Asked for"), (_day(order.requested_date) if order.requested_date else NOBODY,)),
    ]
    if order.requested_time:
        pairs.append((_("Time wished for"), (time_format(order.requested_time),)))
    if order.wished_date:
        pairs.append((_("Another date is asked for"), (_day(order.wished_date),)))
    pairs.append((_("Time zone of the location"), (order.zone,)))
    begins = deadlines.day_begins(order)
    if begins:
        zones = list(dict.fromkeys([order.zone, timezone.get_current_timezone_name()]))
        free = deadlines.quote(order, FeeBand.Kind.CANCEL).free_until
        pairs.append((_("The day begins"), [_moment(begins, zone) for zone in zones]))
        if free:
            pairs.append((_("Free to change until"), [_moment(free, zone) for zone in zones]))
    pairs.append((_("Current carrier"), (order.losing_carrier or NOBODY,)))
    if order.on_demand:
        pairs.append((_("Activation"), (_("You start it yourselves in the console on the day."),)))
    return Section(_("Dates"), pairs=pairs)


def _contacts(order: PortOrder) -> Section:
    maker = order.created_by
    return Section(
        _("Contacts"),
        pairs=[
            (_("Authorized name on account"), (order.authorized_name or NOBODY,)),
            (_("Created by"), (f"{maker.name or maker.email}, {maker.email}" if maker else NOBODY,)),
            (_("Status e-mails also to"), (order.notify or NOBODY,)),
            (_("PSTN support"), (settings.SUPPORT_URL.removeprefix("mailto:") or NOBODY,)),
            (_("Decides on going back"), ("________________________________",)),
        ],
    )


def _emergency(order: PortOrder) -> Section:
    address = getattr(order.location, "emergency_address", None) if order.location else None
    if address is None:
        return Section(
            _("Emergency address"), paragraphs=[_("None yet. Set it before the numbers are used.")]
        )
    return Section(
        _("Emergency address"),
        pairs=[
            (_("Help is sent to"), (str(address),)),
            (_("Status"), (str(address.get_state_display()),)),
        ],
    )


def _day_list(order: PortOrder, rows: Sequence[PortedNumber], owners: dict[str, str]) -> Section:
    without = len(rows) - len(owners)
    owned = (
        _("Every number has an owner.")
        if not without
        else ngettext(
            "%(n)s number has no owner yet: assign it.",
            "%(n)s numbers have no owner yet: assign them.",
            without,
        )
        % {"n": without}
    )
    return Section(
        _("On the day"),
        checks=[
            owned,
            _("The emergency address is validated, and the people on site know it."),
            _("Forwardings, greetings and hunt groups of the old service are written down or set up again."),
            _("The old service keeps running. Do not cancel it before every number below is ported."),
            _("When the numbers are ported: a call in from a mobile phone elsewhere, and a call out."),
            _("A text message in and out, where the number had messaging."),
            _("Main numbers, fax lines, elevators and alarms are tried one by one."),
            _("The test calls are noted on the order's page, and the order is marked as verified."),
        ],
    )


def _way_back(order: PortOrder) -> Section:
    window = int(SNAP_BACK_WITHIN.total_seconds() // 3600)
    return Section(
        _("If it goes wrong"),
        paragraphs=[
            _(
                "On the day, before a number has moved: put the activation off to the next business day, on "
                "the order's page, at most twice."
            ),
            _(
                "After a number has moved: ask for it to go back to %(carrier)s within %(hours)s hours, on "
                "the order's page. The old carrier may refuse. Until it answers, say on another number how "
                "you can be reached."
            )
            % {"carrier": order.losing_carrier or _("the old carrier"), "hours": window},
            _("A single number that failed holds up no other one; its reason is on the order's page."),
        ],
    )


def _numbers(order: PortOrder, rows: Sequence[PortedNumber], owners: dict[str, str]) -> Section:
    table = [
        (
            international(row.e164),
            str(row.get_state_display()),
            date_format(row.foc_date, "SHORT_DATE_FORMAT") if row.foc_date else "",
            owners.get(row.e164, NOBODY),
        )
        for row in rows
    ]
    title = ngettext("%(n)s phone number", "%(n)s phone numbers", len(rows)) % {"n": len(rows)}
    head = (_("Number"), _("Status"), _("Date"), _("Assigned to"))
    return Section(title, head=head, widths=(0.26, 0.26, 0.14, 0.34), rows=table)


def _day(day: date) -> str:
    return date_format(day, "l, F j, Y")


def _moment(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'D, M j, Y, H:i')} {local.tzname()}"
