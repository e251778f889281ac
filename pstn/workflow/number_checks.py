"""Whether an order for new numbers may be placed, and why not. It changes nothing."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import phone, prepared
from lib.numbering import Kind
from lib.transitions import Refused
from pstn import trial
from pstn.models import NumberOrder

# What is asked of an order that is to be placed: best read together with it.
ASKED = ("location__connection", "location__emergency_address")
# New standard numbers in one order.
ORDER_LIMIT = 100
# The kinds of numbers that have an order of their own.
KINDS = {
    NumberOrder.Kind.TOLL_FREE.value: Kind.TOLL_FREE,
    NumberOrder.Kind.NON_GEOGRAPHIC.value: Kind.NON_GEOGRAPHIC,
}


def why_not_place(order: NumberOrder) -> str:
    """Why the order cannot be placed although its steps are done, or ""."""
    location = order.location
    if location is None:
        return _("Choose a location first.")
    if not (location.ready_connection and location.ready_connection.sells_numbers):
        return _("%(location)s has no calling plan.") % {"location": location}
    if not location.has_valid_emergency_address:
        return _("%(location)s has no validated emergency address.") % {"location": location}
    return why_not_kind(order)


def why_not_kind(order: NumberOrder) -> str:
    """Why the organization cannot have numbers of this kind, or ""."""
    if order.org.is_trial and order.kind in (NumberOrder.Kind.BLOCK, NumberOrder.Kind.TOLL_FREE):
        return _("Blocks and toll-free numbers come with a paid subscription.")
    if order.kind == NumberOrder.Kind.TOLL_FREE and not order.org.may_toll_free:
        return _("Toll-free numbers need the toll-free license.")
    return ""


def why_not_fit(order: NumberOrder, e164: str) -> str:
    """Why this number is none that an order of this kind, for this country, may hold, or ""."""
    found = phone.parse(e164, order.location.country if order.location else "US")
    if isinstance(found, phone.Reason):
        return found.sentence
    number, wanted = {"number": phone.national(e164)}, KINDS.get(order.kind)
    if found.kind == wanted or (wanted is None and found.kind not in KINDS.values()):
        return ""
    if wanted == Kind.TOLL_FREE:
        return _("%(number)s is not toll-free.") % number
    if found.kind == Kind.TOLL_FREE:
        return _("%(number)s is toll-free: order it with toll-free numbers.") % number
    if found.kind == Kind.NON_GEOGRAPHIC:
        return _("%(number)s is non-geographic: order it with non-geographic numbers.") % number
    return _("%(number)s is not non-geographic: order it with new numbers.") % number


def check_trial(order: NumberOrder, count: int) -> None:
    """Refused when a trial would have more numbers than it may."""
    left = trial.left(order.org)
    if left is not None and count > left:
        text = ngettext(
            "Your trial can order %(left)s more number.", "Your trial can order %(left)s more numbers.", left
        )
        raise Refused(text % {"left": left})


def _is_block(order: NumberOrder, e164s: list[str]) -> bool:
    places = sorted(int(e164) for e164 in e164s)
    return len(places) == order.block_size and places[-1] - places[0] == order.block_size - 1


def _chosen(order_pk: int) -> QuerySet[Any, Any]:
    return NumberOrder(pk=order_pk).lines.chosen().values_list("e164")


def checked(order: NumberOrder) -> list[str]:
    """The numbers to order, or Refused."""
    e164s = [e164 for (e164,) in prepared.rows("chosen_lines", _chosen, [order.pk])]
    if missing := order.missing(e164s):
        raise Refused(
            _("The hold on these numbers has expired. Nothing was ordered. Look for them again.")
            if "numbers" in missing and order.hold_id and not order.hold_is_alive
            else _("Something is still missing. Finish the steps first.")
        )
    if reason := why_not_place(order):
        raise Refused(reason)
    count = len(e164s) + order.back_quantity
    if count > ORDER_LIMIT:
        raise Refused(_("At most %(most)s numbers per order.") % {"most": ORDER_LIMIT})
    if order.is_block and not _is_block(order, e164s):
        raise Refused(_("The block is not whole any more. Choose another one."))
    check_trial(order, count)
    return e164s
