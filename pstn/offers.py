"""The ways to the telephone network that a location has, why it lacks one, and what may change later."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

import countries
from pstn.models import Connection, Location

# Of the text in templates/pstn/connection_disclaimer_text.html: raise it whenever the text changes.
DISCLAIMER_VERSION = "2026-11"

CLOUD = "cloud"  # no connection has this kind yet, so it is not one of the model's
Kind = Connection.Kind


@dataclass(frozen=True)
class Offer:
    """One way to be connected. `why_not` is empty when it can be chosen."""

    kind: str
    title: str
    lines: tuple[str, ...]
    why_not: str = ""


@dataclass(frozen=True)
class Path:
    """Whether a connected location can change to another way: by hand, or not at all."""

    title: str
    is_manual: bool
    reason: str


def offers_for(location: Location) -> list[Offer]:
    """Every way, for a location in its country: what can be had and what cannot."""
    return [
        Offer(
            Kind.CALLING_PLAN,
            str(Kind.CALLING_PLAN.label),
            (
                _("The plan's carrier bills you. Numbers are ordered and ported in this console."),
                _("Have at hand: who signs the contract, and where help should go. About 5 minutes."),
            ),
            why_not=_why_no_calling_plan(location),
        ),
        Offer(
            CLOUD,
            _("Cloud-connected provider"),
            (_("A provider of your choice bills you and brings the numbers."),),
            why_not=_("No provider is set up in this console."),
        ),
        Offer(
            Kind.PREMISES,
            str(Kind.PREMISES.label),
            (
                _("Your own gateway and its carrier. You are billed as today, and type your numbers in."),
                _("Have at hand: the name of the trunk or route group. About 3 minutes."),
            ),
        ),
    ]


def why_not(location: Location, kind: str) -> str:
    """The reason why a location cannot have this kind of connection, or ""."""
    return next(
        (offer.why_not for offer in offers_for(location) if offer.kind == kind),
        _("There is no such connection."),
    )


def _why_no_calling_plan(location: Location) -> str:
    """A calling plan is offered where there is a country pack; what it can do there, the pack says."""
    try:
        countries.get(location.country)
    except countries.UnknownCountry:
        return _("Not offered in this country yet.")
    return ""


def paths(connection: Connection) -> list[Path]:
    """What a connected location can become (UI P12b): every other way, in the order of the offers."""
    cloud, premises, plan = _("Cloud-connected provider"), Kind.PREMISES.label, Kind.CALLING_PLAN.label
    if connection.sells_numbers:
        reason = _(
            "Numbers of a calling plan cannot change to this while they are in use. "
            "Ask support before you plan a move."
        )
        return [Path(cloud, False, reason), Path(str(premises), False, reason)]
    by_hand = _(
        "By hand: add a new location with the other connection, move numbers and users to it, "
        "and set up their features again. Expect an interruption."
    )
    return [Path(str(plan), True, by_hand), Path(cloud, False, _("No provider is set up in this console."))]
