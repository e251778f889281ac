"""From when on the numbers of an order are billed, in sentences. What they cost, a subscription says."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pstn.models import NumberOrder, PhoneNumber

S = NumberOrder.State


def sentences(order: NumberOrder, numbers: Iterable[PhoneNumber], *, is_accepted: bool) -> list[str]:
    """Of the numbers that have come, and of those that still may. `is_accepted`: the terms are."""
    found = list(numbers)
    days = sorted({row.billing_from for row in found if row.billing_from and not row.waits_for_terms})
    said = []
    if days:
        said.append(
            _("Since %(day)s.") % {"day": date_format(days[0], "DATE_FORMAT")}
            if len(days) == 1
            else _("Since %(first)s, the last one since %(last)s; each number shows its day.")
            % {"first": date_format(days[0], "DATE_FORMAT"), "last": date_format(days[-1], "DATE_FORMAT")}
        )
    if any(row.waits_for_terms for row in found):
        said.append(_("Numbers that wait for the terms are billed from the day of their acceptance on."))
    if order.is_request or (order.is_draft and order.is_assisted):
        said.append(_("Nothing is charged before you accept an offer."))
    if order.is_moving or order.is_draft or order.is_request:
        said.append(
            _("Each number is billed from the day on which the carrier provides it.")
            if is_accepted
            else _(
                "Each number is billed from the day on which it becomes active: "
                "when the carrier has provided it and the terms are accepted."
            )
        )
    return said or [_("Nothing is charged.")] * (order.state in (S.ERROR, S.CANCELED))
