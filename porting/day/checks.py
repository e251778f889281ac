"""What should be ready before the numbers of an order move, each with where it is mended."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from porting.day import preparing
from porting.models import CutoverDay, PortOrder
from pstn.workflow import terms


@dataclass(frozen=True)
class Check:
    """One thing that should be ready. `tone` is ok, warn or bad; `url` leads to where it is mended."""

    code: str
    title: str
    tone: str
    sentence: str
    url: str = ""
    link: str = ""


def checks(order: PortOrder, day: CutoverDay | None) -> list[Check]:
    """What should be ready before numbers move, in three queries however many numbers there are."""
    slug, location = order.org.slug, order.location
    assert location, "an order with a date has a location"
    ready = preparing.summary(order)
    main = (
        location.main_number_id is not None
        or order.org.preparations.filter(number__location=location, becomes_main=True).exists()
    )
    connection = getattr(location, "connection", None)
    place = reverse("pstn:location_pstn", args=[slug, location.pk])
    prepare = reverse("porting:order_prepare", args=[slug, order.pk])
    return [
        _assigned(ready, prepare),
        _emergency(order, ready),
        _check(
            "main_number",
            _("Main number"),
            main,
            _("%(location)s has a main number, or gets one with this port.") % {"location": location},
            _("%(location)s has none: without it nobody there can call out.") % {"location": location},
            f"{place}#main-number",
            _("Choose a main number"),
        ),
        _check(
            "connection",
            _("PSTN connection"),
            connection is not None and connection.is_ready,
            _("The connection of %(location)s is ready.") % {"location": location},
            _("The connection of %(location)s is not ready.") % {"location": location},
            place,
            _("See the connection"),
        ),
        _check(
            "terms",
            _("Terms of service"),
            terms.acceptance(order.org) is not None,
            _("Accepted."),
            _("Nobody has accepted the terms in force."),
            reverse("pstn:terms_detail", args=[slug]),
            _("See the terms"),
        ),
        _check(
            "forwards",
            _("Old forwards removed"),
            bool(day and day.forwards_removed_at),
            _("A person has said so."),
            _("Call forwarding at the old carrier ends or goes astray with the port. Remove it there first."),
        ),
    ]


def _check(code: str, title: str, is_ready: bool, yes: str, no: str, url: str = "", link: str = "") -> Check:
    return Check(code, title, "ok", yes) if is_ready else Check(code, title, "bad", no, url, link)


def _assigned(ready: preparing.Summary, url: str) -> Check:
    title = _("Numbers assigned")
    if not ready.unassigned:
        return Check("assigned", title, "ok", _("Each number has somebody who answers it."))
    sentence = ngettext(
        "%(n)s of %(all)s numbers is not assigned: calls to it reach nobody.",
        "%(n)s of %(all)s numbers are not assigned: calls to them reach nobody.",
        ready.unassigned,
    ) % {"n": ready.unassigned, "all": ready.total}
    return Check("assigned", title, "bad", sentence, url, _("Assign them"))


def _emergency(order: PortOrder, ready: preparing.Summary) -> Check:
    title, location = _("Emergency address"), order.location
    assert location, "an order with a date has a location"
    lacking = ngettext(
        "%(n)s number has no validated emergency address: help could not be sent.",
        "%(n)s numbers have no validated emergency address: help could not be sent.",
        ready.without_address,
    ) % {"n": ready.without_address}
    return _check(
        "emergency",
        title,
        not ready.without_address,
        _("Toll-free numbers need none.") if order.is_toll_free else _("In force for each number."),
        lacking,
        reverse("emergency:address_edit", args=[order.org.slug, location.pk]),
        _("Set the address"),
    )
