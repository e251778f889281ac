"""The ways in which numbers come to a location, and why one of them is not open."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

import countries
from accounts.models import Organization
from pstn import trial
from pstn.models import Location, NumberOrder

Kind = NumberOrder.Kind
ICONS = {
    Kind.STANDARD: "shopping-cart",
    Kind.BLOCK: "layers",
    Kind.TOLL_FREE: "phone-incoming",
    Kind.NON_GEOGRAPHIC: "globe",
    Kind.ASSISTED: "life-buoy",
}


@dataclass(frozen=True)
class Start:
    """One tile. `url` starts it, by POST with the location's key (and `kind`) if `posts`; open when `why_not`
    is empty."""

    title: str
    text: str
    icon: str
    url: str
    posts: bool
    why_not: str = ""
    fix_url: str = ""
    fix: str = ""
    kind: str = ""


def starts(org: Organization, location: Location) -> list[Start]:
    """Order, port, type in: the ones that are not possible stay visible with the reason."""
    slug = org.slug
    return [
        *(_order(org, location, kind) for kind in _kinds(location)),
        Start(
            _("Port numbers over"),
            _("Bring the numbers that you have with another carrier. Have your last bill at hand."),
            "arrow-right-left",
            reverse("porting:order_create", args=[slug]),
            True,
            *_why_not_port(org, location),
        ),
        Start(
            _("Add numbers by hand"),
            _("List numbers that your own provider has given you: paste them, in any writing."),
            "keyboard",
            f"{reverse('pstn:number_add', args=[slug])}?location={location.pk}",
            False,
            *_why_not_add(location),
        ),
    ]


def _kinds(location: Location) -> list[Kind]:
    """The kinds of order to show: those of the country, and the two that people look for everywhere."""
    here = countries.get(location.country).number_kinds
    shown = {*here, Kind.BLOCK.value, Kind.TOLL_FREE.value}
    return [kind for kind in Kind if kind.value in shown]


def _order(org: Organization, location: Location, kind: Kind) -> Start:
    words = {
        Kind.STANDARD: (
            _("Order new numbers"),
            _("Choose from numbers that are free now. They are yours within minutes."),
        ),
        Kind.BLOCK: (
            _("Order a consecutive block"),
            _("10, 50 or 100 numbers that follow each other, kept and released as a whole."),
        ),
        Kind.TOLL_FREE: (
            _("Order toll-free numbers"),
            _("Free for callers. For features such as a call queue, never for a user or workspace."),
        ),
        Kind.NON_GEOGRAPHIC: (
            _("Order non-geographic numbers"),
            _("Numbers that belong to no place, for the whole country."),
        ),
        Kind.ASSISTED: (
            _("Request through support"),
            _("Say what you need. PSTN support finds numbers and makes you an offer."),
        ),
    }
    title, text = words[kind]
    reason = _why_not_order(org, location, kind)
    url = reverse("pstn:number_order_create", args=[org.slug])
    return Start(title, text, ICONS[kind], url, True, *reason, kind=kind)


def _why_not_order(org: Organization, location: Location, kind: Kind) -> tuple[str, str, str]:
    if reason := _not_connected(location) or _not_sold(location):
        return reason
    pack = countries.get(location.country)
    if kind.value not in pack.number_kinds:
        return _("There are none for this country."), "", ""
    if kind in (Kind.BLOCK, Kind.TOLL_FREE) and org.is_trial:
        return trial.sentence(org), "", ""
    if kind == Kind.TOLL_FREE and not org.may_toll_free:
        return _("Needs the toll-free license. Ask your partner."), settings.SUPPORT_URL, _("Ask support")
    if trial.left(org) == 0:
        return trial.sentence(org), "", ""
    return "", "", ""


def _why_not_port(org: Organization, location: Location) -> tuple[str, str, str]:
    if reason := _not_connected(location) or _not_sold(location):
        return reason
    if org.is_trial:
        return _("Porting comes with a paid subscription."), "", ""
    return "", "", ""


def _why_not_add(location: Location) -> tuple[str, str, str]:
    if reason := _not_connected(location):
        return reason
    connection = location.ready_connection
    if connection and connection.sells_numbers:
        text = _("%(location)s uses %(provider)s: numbers are ordered or ported, not typed in.")
        provider = connection.get_kind_display()
        return text % {"location": location, "provider": provider}, "", ""
    if not location.has_valid_emergency_address:
        url = reverse("emergency:address_edit", args=[location.org.slug, location.pk])
        text = _("%(location)s has no validated emergency address.") % {"location": location}
        return text, url, _("Set it up")
    return "", "", ""


def _not_connected(location: Location) -> tuple[str, str, str] | None:
    if location.ready_connection:
        return None
    url = reverse("pstn:connection_start", args=[location.org.slug, location.pk])
    text = _("%(location)s has no PSTN connection yet.") % {"location": location}
    return text, url, _("Set up the connection")


def _not_sold(location: Location) -> tuple[str, str, str] | None:
    connection = location.ready_connection
    if connection and connection.sells_numbers:
        return None
    text = _("%(location)s uses its own gateway: its numbers come from its provider and are typed in.")
    return text % {"location": location}, "", ""
