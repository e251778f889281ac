"""The preliminary check of a submitted order: what the carrier would refuse anyway, found beforehand."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from porting import portability
from porting.models import PortOrder
from porting.portability import Portable


@dataclass(frozen=True)
class Problem:
    """One reason not to send the order: a code of porting.errors, a sentence, and the numbers concerned."""

    code: str
    sentence: str
    numbers: tuple[str, ...] = ()


def find_problem(order: PortOrder) -> Problem | None:
    """The first problem of an order, or None. Asks the carrier once: may raise CarrierUnavailable."""
    return next((problem for check in CHECKS if (problem := check(order))), None)


def _date(order: PortOrder) -> Problem | None:
    choice = order.date_choice()
    if choice is not None and choice.is_open:
        return None
    return Problem("foc_rejected", choice.sentence if choice else _("No date was asked for."))


def _bill(order: PortOrder) -> Problem | None:
    lack = order.why_missing().get("bill")
    return Problem("bill_invalid", lack) if lack else None


def _letter(order: PortOrder) -> Problem | None:
    lack = order.why_missing().get("loa")
    return Problem("loa_invalid", lack) if lack else None


def open_elsewhere(order: PortOrder) -> tuple[str, ...]:
    """Its numbers that stand in another open order of the organization; one query."""
    numbers = {row.e164 for row in order.numbers.all()}
    others = order.org.port_orders.moving().exclude(pk=order.pk).filter(numbers__e164__in=numbers)
    return tuple(sorted(numbers.intersection(others.values_list("numbers__e164", flat=True))))


def _elsewhere(order: PortOrder) -> Problem | None:
    """No number may be in two open orders of this console."""
    twice = open_elsewhere(order)
    if not twice:
        return None
    return Problem("pending_order", _("Another open order has some of these numbers."), twice)


def _portability(order: PortOrder) -> Problem | None:
    """The carrier's answer today, which may differ from the one when the numbers were typed."""
    answers = portability.ask(order.country, [row.e164 for row in order.numbers.all()])
    bad = tuple(e164 for e164, answer in answers.items() if answer.portable == Portable.NO)
    if not bad:
        return None
    reason = portability.REASONS.get(answers[bad[0]].reason, "")
    return Problem("tn_not_portable", str(reason) or _("The carrier cannot take these numbers over."), bad)


CHECKS: tuple[Callable[[PortOrder], Problem | None], ...] = (_date, _bill, _letter, _elsewhere, _portability)
