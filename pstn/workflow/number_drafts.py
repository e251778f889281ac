"""The draft of an order for new numbers: what is looked for, what is held and chosen. It changes no state."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import Organization, User
from lib import prepared, writing
from lib.each import insert_for_each
from lib.transitions import Refused, lock
from pstn import stock
from pstn.models import Location, NumberOrder, NumberOrderEvent, NumberOrderLine
from pstn.models.number_orders import S
from pstn.workflow.number_checks import why_not_fit

Kind = NumberOrder.Kind


@prepared.statements()
def start(
    org: Organization, *, by: User, location: Location | None = None, kind: str = Kind.STANDARD, **fields: Any
) -> NumberOrder:
    """A new draft of this kind; `fields` are what is known of the search."""
    defaults = {"region": location.state if location and kind != Kind.ASSISTED else ""}
    with transaction.atomic():
        order = writing.insert(
            NumberOrder(org=org, location=location, kind=kind, created_by=by, **{**defaults, **fields})
        )
        told = {"before": "", "after": S.DRAFT, "code": "start", "by": by, "handled_at": timezone.now()}
        writing.insert(NumberOrderEvent(order=order, **told))
        audit.record("number_order.start", order, after={"location": location, "kind": kind})
    return order


def go_to(order: NumberOrder, location: Location) -> bool:
    """Where the numbers will be used. What was looked for in another country stays behind, and what is held
    there is given back: whether that is so."""
    held = ""
    with _draft(order):
        former = order.location
        if former and former.country != location.country:
            held = order.hold_id
            order.lines.all().delete()
            order.hold_id, order.hold_until, order.hold_extended, order.back_quantity = "", None, False, 0
            order.region = order.area_code = order.city = order.prefix = order.like = order.wanted = ""
            order.papers = []
            if held:
                transaction.on_commit(partial(stock.release, held))
        elif former and order.region == former.state and not order.hold_id:
            order.region = ""
        if not order.is_assisted and order.kind != Kind.TOLL_FREE:
            order.region = order.region or location.state
        order.location = location
        order.save()
    return bool(held)


def look(order: NumberOrder, search: stock.Search, **asked: Any) -> int:
    """Find numbers and hold them for the draft; answers how many there are. `asked` is what was typed, by
    the draft's fields.

    What the draft held before stays until the carrier has answered: when it does not, nothing is lost. Only
    when the search comes out short are those given back, and counted in.
    """
    name = _name(order)
    hold = stock.find_and_hold(search, name=name)
    if order.hold_id and (hold is None or len(hold.numbers) < search.quantity):
        for held in [order.hold_id, hold.id if hold else ""]:
            if held:
                stock.release(held)
        hold = stock.find_and_hold(search, name=name)
    _keep(order, hold, {**_criteria(search), **asked})
    return len(hold.numbers) if hold else 0


def _criteria(search: stock.Search) -> dict[str, Any]:
    """What a draft knows of its search."""
    place = {"region": search.state, "area_code": search.area_code, "city": search.city}
    known = {**place, "prefix": search.prefix, "like": search.like, "quantity": search.quantity}
    return {"pattern": "", "wanted": "", **known}


def look_again(order: NumberOrder) -> tuple[int, int]:
    """Hold the draft's own numbers again after their hold ran out: how many of how many are still free."""
    wanted = list(order.lines.chosen().values_list("e164", flat=True))
    if not wanted:
        raise Refused(_("There is nothing to look for again. Search for numbers."))
    # Where the carrier did not hear that the old hold was given up, it still keeps them from us.
    hold = stock.rehold(order.hold_id, wanted, name=_name(order))
    whole = len(hold.numbers) == len(wanted)
    if not hold.numbers or (order.is_block and not whole):
        stock.release(hold.id)
        raise Refused(
            _("The block is not whole any more. Choose another one.")
            if order.is_block
            else _("None of these numbers is free any more. Search again.")
        )
    _keep(order, hold, {}, are_same=True)
    return len(hold.numbers), len(wanted)


def search_blocks(order: NumberOrder, **asked: Any) -> None:
    """Keep what block is looked for; whatever block was held before goes back."""
    _keep(order, None, asked)


def take_block(order: NumberOrder, first: str, size: int) -> None:
    """Hold a whole block for the draft. Refused when somebody else has taken some of it meanwhile, and when
    it is none: a block begins at a multiple of its size."""
    if int(first) % size:
        raise Refused(_("Choose one of the blocks."))
    _check_fits(order, first)
    block = stock.AvailableBlock(first, size, order.city, order.region, "")
    hold = stock.hold_these(block.numbers, name=_name(order))
    if len(hold.numbers) < size:
        stock.release(hold.id)
        raise Refused(_("Somebody else has just taken this block. Choose another one."))
    _keep(order, hold, {"block_size": size, "quantity": size})


def choose(order: NumberOrder, e164s: frozenset[str], *, wait_for_rest: bool = False) -> None:
    """Keep these numbers of the draft and give the others back; wait for those that were not there, if so
    wished, but not for those that are given back. Of certain numbers it stays known which were."""
    with _draft(order):
        held = order.lines.chosen().count()
        short = max(0, order.quantity - held) if wait_for_rest and order.may_wait else 0
        others = order.lines.exclude(e164__in=e164s)
        dropped = list(others.chosen().values_list("e164", flat=True))
        if short or order.wanted:
            others.update(is_chosen=False)
        else:
            others.delete()
        order.back_quantity = short
        if dropped:
            order.quantity = held - len(dropped) + short
            transaction.on_commit(partial(stock.release, order.hold_id, dropped))
        order.save(update_fields=["quantity", "back_quantity", "updated_at"])


def wait_for_all(order: NumberOrder) -> None:
    """Nothing is there: order what was looked for as a back-order."""
    with _draft(order):
        if not order.may_wait or order.lines.chosen().exists():
            raise Refused(_("There is nothing to wait for. Search for numbers."))
        order.back_quantity = order.quantity
        order.save(update_fields=["back_quantity", "updated_at"])


def let_go(order: NumberOrder) -> None:
    """All or nothing, and not all are there: give back what is held, and look for something else."""
    _keep(order, None, {})


def swap(order: NumberOrder, keep: frozenset[str]) -> int:
    """Change the numbers that are not kept for others like them, for what is left of the hold's time.

    Answers how many were changed. Refused when there are no others.
    """
    if not order.hold_is_alive or order.hold_until is None:
        raise Refused(_("The hold on these numbers has expired. Search again."))
    held = list(order.lines.chosen().values_list("e164", flat=True))
    kept = [e164 for e164 in held if e164 in keep]
    leaving = [e164 for e164 in held if e164 not in keep]
    if not leaving:
        raise Refused(_("Clear the numbers that you want to change for others first."))
    found = stock.others(stock.search_of(order, len(leaving)), avoid=held)
    if not found:
        raise Refused(_("There are no other numbers with these criteria."))
    # Those for which there is no other stay.
    kept += leaving[len(found) :]
    seconds = max(1, int((order.hold_until - timezone.now()).total_seconds()))
    try:
        hold = stock.rehold(order.hold_id, [*kept, *found], name=_name(order), seconds=seconds)
    except Refused:
        _lose_hold(order)
        raise
    _keep(order, hold, {"hold_extended": order.hold_extended})
    lost = set(kept) - {number.e164 for number in hold.numbers}
    if lost:
        text = ngettext(
            "Somebody else took %(n)s of the numbers that you kept.",
            "Somebody else took %(n)s of the numbers that you kept.",
            len(lost),
        )
        raise Refused(text % {"n": len(lost)})
    return len(found)


def extend(order: NumberOrder) -> None:
    """Hold the draft's numbers longer, once."""
    if order.hold_extended:
        raise Refused(_("The hold can be extended only once."))
    hold = stock.extend(order.hold_id)
    with _draft(order):
        if order.hold_id == hold.id:
            order.hold_until, order.hold_extended = hold.expires_at, True
            order.save(update_fields=["hold_until", "hold_extended"])  # what the review has shown is the same


def discard(order: NumberOrder, *, by: User) -> None:
    """Throw a draft away and give its numbers back."""
    with _draft(order):
        audit.record("number_order.discard", order, before={"location": order.location})
        if order.hold_id:
            transaction.on_commit(partial(stock.release, order.hold_id))
        order.delete()


def similar(order: NumberOrder, e164: str) -> int:
    """Look for as many numbers as now, nearest to this one. What is held stays until they are found, and the
    number itself, if it is held, is one of them."""
    _check_fits(order, e164)
    search = replace(stock.search_of(order), like=e164, contains="", ends_with="", exactly=())
    search = replace(search, area_code="", city="", prefix="")
    asked = {"area_code": order.area_code, "city": order.city, "prefix": order.prefix}
    if not (order.hold_is_alive and order.lines.chosen().filter(e164=e164).exists()):
        return look(order, search, like=e164, **asked)
    near = stock.find(replace(search, quantity=order.quantity - 1)) if order.quantity > 1 else ()
    try:
        hold = stock.rehold(order.hold_id, [e164, *(one.e164 for one in near)], name=_name(order))
    except Refused:
        _lose_hold(order)
        raise
    _keep(order, hold, {**_criteria(search), **asked})
    return len(hold.numbers)


@prepared.statements()
def _keep(
    order: NumberOrder, hold: stock.Hold | None, asked: dict[str, Any], *, are_same: bool = False
) -> None:
    """Put the numbers of a hold (or none) on the draft in place of those it had, which go back. If they
    `are_same`, it stays known which others were left out."""
    changes = {"hold_extended": False, "back_quantity": 0, **asked, "updated_at": timezone.now()}
    changes["hold_id"], changes["hold_until"] = (hold.id, hold.expires_at) if hold else ("", None)
    with transaction.atomic():
        # Compared and set: most of the time nobody else has changed what it holds.
        while not writing.change(
            NumberOrder, {"pk": order.pk, "state": S.DRAFT, "hold_id": order.hold_id}, **changes
        ):
            _read_again(order)
        former = order.hold_id
        if former:
            (order.lines.chosen() if are_same else order.lines.all()).delete()
        if hold:
            _list(order, hold.numbers)
        if former and former != changes["hold_id"]:
            transaction.on_commit(partial(stock.release, former))
    for name, value in changes.items():
        setattr(order, name, value)


def _check_fits(order: NumberOrder, e164: str) -> None:
    if reason := why_not_fit(order, e164):
        raise Refused(reason)


def _list(order: NumberOrder, found: Sequence[stock.AvailableNumber]) -> None:
    """The draft's lines: there are some only while it has a hold."""
    places = {"city": [one.city for one in found], "rate_center": [one.rate_center for one in found]}
    insert_for_each(NumberOrderLine(order=order), [one.e164 for one in found], places, e164="one")


def _lose_hold(order: NumberOrder) -> None:
    """The carrier holds the draft's numbers no more; they can be looked for again."""
    with _draft(order):
        order.hold_until = timezone.now()
        order.save(update_fields=["hold_until", "updated_at"])


def _name(order: NumberOrder) -> str:
    return f"number-order-{order.pk}"


@contextmanager
def _draft(order: NumberOrder) -> Iterator[None]:
    """Lock a draft and re-read it; Refused when it was placed meanwhile."""
    with transaction.atomic():
        _read_again(order)
        yield


def _read_again(order: NumberOrder) -> None:
    """The draft as it is, locked; Refused when it was placed or thrown away meanwhile."""
    org = order.org
    try:
        lock(order)
    except NumberOrder.DoesNotExist:
        raise Refused(_("This draft was thrown away meanwhile.")) from None
    order.org = org  # it was forgotten when the order was read again, and never changes
    if not order.is_draft:
        raise Refused(_("%(order)s is placed already.") % {"order": order})
