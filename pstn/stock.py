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
from carrier.base import (
    AvailableBlock,
    AvailableNumber,
    Hold,
    NumberKind,
    NumberSearch,
    Places,
    QueuePlace,
)
from lib import memorable
from lib.transitions import Refused
from pstn.models import NumberOrder

__all__ = [
    "AvailableBlock",
    "AvailableNumber",
    "Hold",
    "Places",
    "QueuePlace",
    "Search",
    "blocks",
    "extend",
    "find",
    "find_and_hold",
    "hold_these",
    "others",
    "places",
    "queue_place",
    "rehold",
    "release",
    "search_of",
]

log = logging.getLogger(__name__)
Search = NumberSearch
# Between finding numbers and holding them somebody else may hold some. Then we look again, more widely, and
# pick at random, so that many buyers of the same stock do not keep reaching for the same numbers.
TRIES = 4
WIDER = 8
KINDS = {
    NumberOrder.Kind.TOLL_FREE: NumberKind.TOLL_FREE,
    NumberOrder.Kind.NON_GEOGRAPHIC: NumberKind.NON_GEOGRAPHIC,
}


def search_of(order: NumberOrder, quantity: int | None = None) -> Search:
    """What a draft or an order looks for, as a question to the carrier."""
    kind = KINDS.get(NumberOrder.Kind(order.kind), NumberKind.LOCAL)
    if order.is_assisted:
        kind = NumberKind(order.number_type)
    digits = memorable.digits_of(order.pattern)
    ends = order.pattern_at == order.At.ENDS
    return Search(
        country=order.location.country if order.location else "US",
        state="" if kind == NumberKind.TOLL_FREE else order.region,
        area_code=order.area_code,
        prefix=order.prefix,
        city=order.city,
        quantity=order.quantity if quantity is None else quantity,
        kind=kind,
        contains="" if ends else digits,
        ends_with=digits if ends else "",
        like=order.like,
    )


def places(country: str, region: str) -> Places:
    """Area codes and cities of a state that have stock now."""
    with _in_words():
        return get_carrier().places(country, region)


def find(search: Search) -> tuple[AvailableNumber, ...]:
    """Numbers that nobody has or holds, and that this does not hold either."""
    with _in_words():
        return get_carrier().find_numbers(search)


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


def hold_these(e164s: Sequence[str], *, name: str, seconds: int | None = None) -> Hold:
    """Hold those of these numbers that are still free, for so long or as long as a cart."""
    with _in_words():
        key = f"{name}-{secrets.token_hex(8)}"
        return get_carrier().hold(key, list(e164s), seconds or settings.HOLD_SECONDS)


def others(search: Search, avoid: Sequence[str]) -> list[str]:
    """As many free numbers as the search asks for, picked at random, none of `avoid`."""
    wider = replace(search, quantity=search.quantity * WIDER + len(avoid))
    left_out = set(avoid)
    found = [number.e164 for number in find(wider) if number.e164 not in left_out]
    return sorted(random.sample(found, min(search.quantity, len(found))))


def rehold(former: str, e164s: Sequence[str], *, name: str, seconds: int | None = None) -> Hold:
    """Change what is held: the numbers of the hold `former` go back, and these are held in one new hold, for
    so long or as long as a cart.

    A hold cannot grow, so for a moment nobody holds the numbers that are in both. The answer says which of
    them it got.
    """
    release(former)
    return hold_these(e164s, name=name, seconds=seconds)


def blocks(search: Search, size: int) -> tuple[AvailableBlock, ...]:
    """Free blocks of this size; when there is none, of the nearest smaller size that there is."""
    with _in_words():
        return get_carrier().find_blocks(search, size)


def queue_place(carrier_ref: str) -> QueuePlace | None:
    """Where a back-order stands; None when the carrier does not say."""
    try:
        return get_carrier().queue_place(carrier_ref) if carrier_ref else None
    except (CarrierUnavailable, CarrierRefused):
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
