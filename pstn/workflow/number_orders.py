"""The life of an order for new numbers. Nothing else in the codebase assigns NumberOrder.state."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import Organization, User
from lib.queue import later
from lib.transitions import Refused, Table, move
from pstn import stock, trial
from pstn.models import Location, NumberOrder, NumberOrderLine
from pstn.workflow import numbers, terms

S = NumberOrder.State

ALLOWED: Table = {
    S.DRAFT: frozenset({S.PENDING}),
    S.PENDING: frozenset({S.PROVISIONED, S.ERROR}),
    S.PROVISIONED: frozenset(),
    S.ERROR: frozenset({S.CANCELED}),
    S.CANCELED: frozenset(),
}
# New standard numbers in one order.
ORDER_LIMIT = 100


# --- The draft


def start(org: Organization, *, by: User, location: Location | None = None) -> NumberOrder:
    """A new draft."""
    with transaction.atomic():
        region = location.state if location else ""
        order: NumberOrder = org.number_orders.create(location=location, region=region, created_by=by)
        order.events.create(before="", after=S.DRAFT, by=by, handled_at=timezone.now())
        audit.record("number_order.start", order, after={"location": location})
    return order


def look(order: NumberOrder, search: stock.Search) -> int:
    """Find numbers and hold them for the draft; answers how many there are.

    What the draft held before stays until the carrier has answered: when it does not, nothing is lost. Only
    when the search comes out short are those given back, and counted in.
    """
    name = f"number-order-{order.pk}"
    hold = stock.find_and_hold(search, name=name)
    if order.hold_id and (hold is None or len(hold.numbers) < search.quantity):
        for held in [order.hold_id, hold.id if hold else ""]:
            if held:
                stock.release(held)
        hold = stock.find_and_hold(search, name=name)
    _keep(order, hold, search)
    return len(hold.numbers) if hold else 0


def _keep(order: NumberOrder, hold: stock.Hold | None, search: stock.Search) -> None:
    """Put the numbers of a hold (or none) on the draft in place of those it had, which go back."""
    with _draft(order):
        former = order.hold_id
        order.region, order.area_code, order.city = search.state, search.area_code, search.city
        order.prefix, order.quantity = search.prefix, search.quantity
        order.hold_id, order.hold_until = (hold.id, hold.expires_at) if hold else ("", None)
        order.hold_extended = False
        order.save()
        order.lines.all().delete()
        NumberOrderLine._base_manager.bulk_create(
            NumberOrderLine(order=order, e164=found.e164, city=found.city, rate_center=found.rate_center)
            for found in (hold.numbers if hold else ())
        )
        if former and former != order.hold_id:
            transaction.on_commit(partial(stock.release, former))


def choose(order: NumberOrder, e164s: frozenset[str]) -> None:
    """Keep these numbers of the draft and give the others back."""
    with _draft(order):
        others = order.lines.exclude(e164__in=e164s)
        dropped = list(others.values_list("e164", flat=True))
        others.delete()
        if dropped:
            order.quantity = order.lines.count()
            order.save(update_fields=["quantity", "updated_at"])
            transaction.on_commit(partial(stock.release, order.hold_id, dropped))


def extend(order: NumberOrder) -> None:
    """Hold the draft's numbers longer, once."""
    if order.hold_extended:
        raise Refused(_("The hold can be extended only once."))
    hold = stock.extend(order.hold_id)
    with _draft(order):
        if order.hold_id == hold.id:
            order.hold_until, order.hold_extended = hold.expires_at, True
            order.save()


def discard(order: NumberOrder, *, by: User) -> None:
    """Throw a draft away and give its numbers back."""
    with _draft(order):
        audit.record("number_order.discard", order, before={"location": order.location})
        if order.hold_id:
            transaction.on_commit(partial(stock.release, order.hold_id))
        order.delete()


# --- The order


def place(order: NumberOrder, *, by: User) -> None:
    """Order the chosen numbers: one order, however often the button is pressed.

    Refused when a step is unfinished (an expired hold is one), when the location cannot take numbers, when a
    trial would have too many, or when a number is gone.
    """
    with transaction.atomic():
        terms.lock(order.org)
        with _move(order, S.PENDING, "place", by=by):
            e164s = _checked(order)
            order.number_count = len(e164s)
            # The inventory first, in order of the number: who wants the same ones waits here, not crosswise.
            numbers.list_as_pending(order, e164s, by=by)
            _mark_placed(order, e164s)


def provision(order: NumberOrder, *, carrier_event: str | None = None) -> None:
    """The carrier has provided the numbers: active, or inactive until somebody accepts the terms."""
    with transaction.atomic():
        terms.lock(order.org)
        with _move(order, S.PROVISIONED, "provision", carrier_event=carrier_event):
            usable = terms.acceptance(order.org) is not None
            numbers.settle(order, usable=usable)
            order.waits_for_terms = not usable


def fail(order: NumberOrder, *, reason: str, carrier_event: str | None = None) -> None:
    """The carrier cannot provide the numbers: they leave the inventory and anybody may order them again."""
    with _move(order, S.ERROR, "fail", note=reason, carrier_event=carrier_event):
        order.error = reason[:200]
        numbers.forget_pending(order)
        order.lines.update(is_placed=False)


def close(order: NumberOrder, *, by: User) -> None:
    """Put a failed order aside: it needs nobody any more."""
    with _move(order, S.CANCELED, "close", by=by):
        pass


def why_not_place(order: NumberOrder) -> str:
    """Why the order cannot be placed although its steps are done, or ""."""
    location = order.location
    if location is None:
        return _("Choose a location first.")
    if not (location.ready_connection and location.ready_connection.sells_numbers):
        return _("%(location)s has no calling plan.") % {"location": location}
    if not location.has_valid_emergency_address:
        return _("%(location)s has no validated emergency address.") % {"location": location}
    return ""


def _checked(order: NumberOrder) -> list[str]:
    """The numbers to order, or Refused."""
    if missing := order.missing():
        raise Refused(
            _("The hold on these numbers has expired. Search again.")
            if "numbers" in missing and order.hold_id and not order.hold_is_alive
            else _("Something is still missing. Finish the steps first.")
        )
    if reason := why_not_place(order):
        raise Refused(reason)
    e164s = list(order.lines.chosen().values_list("e164", flat=True))
    if len(e164s) > ORDER_LIMIT:
        raise Refused(_("At most %(most)s numbers per order.") % {"most": ORDER_LIMIT})
    left = trial.left(order.org)
    if left is not None and len(e164s) > left:
        text = ngettext(
            "Your trial can order %(left)s more number.", "Your trial can order %(left)s more numbers.", left
        )
        raise Refused(text % {"left": left})
    return e164s


def _mark_placed(order: NumberOrder, e164s: list[str]) -> None:
    order.lines.exclude(e164__in=e164s).delete()
    try:
        with transaction.atomic():
            order.lines.update(is_placed=True)
    except IntegrityError:
        raise Refused(_("Somebody else has just ordered one of these numbers. Search again.")) from None


@contextmanager
def _draft(order: NumberOrder) -> Iterator[None]:
    """Lock a draft and re-read it; Refused when it was placed meanwhile."""
    with transaction.atomic():
        try:
            order.refresh_from_db(from_queryset=NumberOrder._base_manager.select_for_update())
        except NumberOrder.DoesNotExist:
            raise Refused(_("This draft was thrown away meanwhile.")) from None
        if not order.is_draft:
            raise Refused(_("%(order)s is placed already.") % {"order": order})
        yield


@contextmanager
def _move(
    order: NumberOrder,
    to: str,
    verb: str,
    *,
    by: User | None = None,
    note: str = "",
    carrier_event: str | None = None,
) -> Iterator[None]:
    from pstn import tasks  # tasks call back into this module

    with move(order, to, ALLOWED) as before:
        yield
        order.moved_at = timezone.now()
        event = order.events.create(before=before, after=to, by=by, note=note, carrier_event=carrier_event)
        audit.record(
            f"number_order.{verb}",
            order,
            before={"state": before},
            after={"state": to, "why": note},
            acting_as="" if by else "carrier",
        )
        later(tasks.handle_event, event.pk)
