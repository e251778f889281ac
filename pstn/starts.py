"""The ways in which numbers come to a location, and why one of them is not open."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

import countries
from accounts.models import Organization
from pstn import trial
from pstn.models import Location


@dataclass(frozen=True)
class Start:
    """One tile. `url` starts it, by POST with the location's key if `posts`; open when `why_not` is empty."""

    title: str
    text: str
    icon: str
    url: str
    posts: bool
    why_not: str = ""
    fix_url: str = ""
    fix: str = ""


def starts(org: Organization, location: Location) -> list[Start]:
    """Order, port, type in: the ones that are not possible stay visible with the reason."""
    slug = org.slug
    return [
        Start(
            _("Order new numbers"),
            _("Choose from numbers that are free now. They are yours within minutes."),
            "shopping-cart",
            reverse("pstn:number_order_create", args=[slug]),
            True,
            *_why_not_order(org, location),
        ),
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


def _why_not_order(org: Organization, location: Location) -> tuple[str, str, str]:
    if reason := _not_connected(location) or _not_sold(location) or _not_self_service(location):
        return reason
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


def _not_self_service(location: Location) -> tuple[str, str, str] | None:
    pack = countries.get(location.country)
    if pack.sells_numbers:
        return None
    text = _("New numbers in %(country)s are ordered through PSTN support.") % {"country": pack.name}
    return text, settings.SUPPORT_URL, _("Ask support")


def _not_sold(location: Location) -> tuple[str, str, str] | None:
    connection = location.ready_connection
    if connection and connection.sells_numbers:
        return None
    text = _("%(location)s uses its own gateway: its numbers come from its provider and are typed in.")
    return text % {"location": location}, "", ""
