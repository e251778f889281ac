"""Asking the carrier what numbers it has, and holding some, while somebody waits; no other module here does.

What the carrier cannot answer becomes a `Refused` with a sentence for that person.
"""

import logging
import random
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import AvailableNumber, Hold, NumberSearch, Places
from lib.transitions import Refused

__all__ = ["AvailableNumber", "Hold", "Places", "Search", "extend", "find_and_hold", "places", "release"]

log = logging.getLogger(__name__)
Search = NumberSearch
# Between finding numbers and holding them somebody else may hold some. Then we look again, more widely, and
# pick at random, so that many buyers of the same stock do not keep reaching for the same numbers.
TRIES = 4
WIDER = 8


def places(country: str, region: str) -> Places:
    """Area codes and cities of a state that have stock now."""
    with _in_words():
        return get_carrier().places(country, region)


def find_and_hold(search: Search, *, name: str) -> Hold | None:
    """Hold as many numbers as the search asks for, or as many as there are; None when there are none.

    `name` says whose hold it is in the carrier's books; every call makes a hold of its own.
    """
    with _in_words():
        carrier = get_carrier()
        for attempt in range(TRIES):
            wanted = search if attempt == 0 else replace(search, quantity=search.quantity * WIDER)
            found = [number.e164 for number in carrier.find_numbers(wanted)]
            if not found:
                return None
            picked = sorted(random.sample(found, min(search.quantity, len(found)))) if attempt else found
            hold = carrier.hold(f"{name}-{secrets.token_hex(8)}", picked, settings.HOLD_SECONDS)
            if len(hold.numbers) == len(picked) or (hold.numbers and attempt == TRIES - 1):
                return hold
            carrier.release_hold(hold.id)
        return None


def extend(hold_id: str) -> Hold:
    """Hold longer, once. Refused says whether it expired or was extended before."""
    try:
        with _in_words():
            return get_carrier().extend_hold(hold_id, settings.HOLD_SECONDS)
    except CarrierRefused as refusal:
        if str(refusal) == "extended" or refusal.code == "extended":
            raise Refused(_("The hold can be extended only once.")) from None
        raise Refused(_("The hold on these numbers has expired. Search again.")) from None


def release(hold_id: str, numbers: Sequence[str] = ()) -> None:
    """Give numbers of a hold back, or all. Without an answer they come back when the hold expires."""
    try:
        get_carrier().release_hold(hold_id, numbers)
    except (CarrierUnavailable, CarrierRefused) as error:
        log.info("a hold was not released (%s) and will expire", type(error).__name__)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except CarrierUnavailable:
        raise Refused(_("The carrier does not answer right now. Wait a moment and try again.")) from None
