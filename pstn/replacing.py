"""Numbers that the carrier could not provide are looked for anew: a draft like the order, for as many."""

from django.utils.translation import gettext as _

from accounts.models import User
from lib.transitions import Refused
from pstn.models import NumberOrder
from pstn.workflow import number_drafts as drafts

SAME = ("region", "area_code", "prefix", "city", "pattern", "pattern_at", "block_size", "number_type", "area")


def begin(order: NumberOrder, *, by: User) -> NumberOrder:
    """The draft, with numbers held that are near those that failed if the carrier has any now."""
    failed = list(order.lines.failed().values_list("e164", flat=True))
    fields = {name: getattr(order, name) for name in SAME}
    if not order.has_failed:
        raise Refused(_("No number of %(order)s has failed.") % {"order": order})
    back = getattr(order, "back_order", None)
    fields["quantity"] = len(failed) + (back.left if back and back.failed else 0) or order.quantity
    fields["replaces"] = order
    # What is left of a block stays; others take the place of those that failed.
    broken = order.is_block and order.state != NumberOrder.State.ERROR
    kind = NumberOrder.Kind.STANDARD if broken else order.kind
    draft = drafts.start(order.org, by=by, location=order.location, kind=kind, **fields)
    if failed and not (draft.is_block or draft.is_assisted):  # support finds the numbers of a request
        try:
            drafts.similar(draft, failed[0])
        except Refused:
            return draft  # the carrier does not answer: the draft is there, and looks when it does
    return draft
