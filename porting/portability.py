"""Asking the carrier whether numbers can be ported: the only module of the pages that talks to it."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carrier import CarrierUnavailable, get_carrier
from carrier.base import LineKind, Portability, Portable

__all__ = ["REASONS", "LineKind", "Portability", "Portable", "ask", "ask_gently"]

# What people read for a reason of carrier.base.Portability.
REASONS: dict[str, str | Promise] = {
    "no_carrier": _("No carrier has this number in service."),
    "inactive": _("The number is suspended or disconnected at its carrier."),
    "rate_center": _("Its rate center is outside our footprint."),
    "ours": _("We serve this number already."),
    # Of the toll-free registry.
    "spare": _("The registry has nobody who uses this number: it can be ordered, not ported."),
    "unavailable": _("The registry does not give this number to anybody."),
    "transitional": _("The registry holds it after a disconnection: a person must look."),
    "resp_org_99": _("Its RespOrg belongs to the registry's own desk, which does not release it this way."),
}


def ask(country: str, numbers: Sequence[str]) -> dict[str, Portability]:
    """The carrier's answer for each number, in one call whatever their count. Raises CarrierUnavailable."""
    if not numbers:
        return {}
    return {answer.e164: answer for answer in get_carrier().check_portability(country, tuple(numbers))}


def ask_gently(country: str, numbers: Sequence[str]) -> dict[str, Portability] | None:
    """The same for a page: None while the carrier does not answer, because the draft can be saved without."""
    try:
        return ask(country, numbers)
    except CarrierUnavailable:
        return None
