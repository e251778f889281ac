"""Asking the carrier whether numbers can be ported: the only module of the pages that talks to it."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carrier import CarrierUnavailable, get_carrier
from carrier.base import Portability, Portable

__all__ = ["REASONS", "Portability", "Portable", "ask", "ask_gently"]

# What people read for a reason of carrier.base.Portability.
REASONS: dict[str, str | Promise] = {
    "no_carrier": _("No carrier has this number in service."),
    "inactive": _("The number is suspended or disconnected at its carrier."),
    "rate_center": _("Its rate center is outside our footprint."),
    "ours": _("We serve this number already."),
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
