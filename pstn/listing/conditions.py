"""What each filter of the numbers page asks of a number. Port orders and emergency addresses are reached by
their reverse relations."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q

from accounts.models import Organization
from pstn.models import NumberTag, PhoneNumber

# The states of a port-out in which its numbers are still here and may leave.
LEAVING = ("pending", "accepted", "auto_accepted", "reject_pending")
WITHOUT_ADDRESS = (PhoneNumber.Kind.TOLL_FREE, PhoneNumber.Kind.EXTENSION)
OWN = Q(custom_address__state="validated")
LOCAL = Q(location__emergency_address__state="validated")


def any_of(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _of_state(chosen: tuple[str, ...]) -> Q:
    found = Q(state__in=[state for state in chosen if state != "porting_out"])
    if "porting_out" not in chosen:
        return found
    # Few in the whole console; a number is there once, so whose they are need not be asked.
    leaving = Organization.objects.filter(port_outs__state__in=LEAVING)
    return found | Q(e164__in=leaving.values("port_outs__numbers__e164"))


def _of_assignment(chosen: tuple[str, ...]) -> Q:
    plain = {"unassigned": Q(assigned_to=""), "assigned": ~Q(assigned_to="")}
    kinds = [kind for kind in chosen if kind not in plain]
    of_kinds = [Q(owner__kind__in=kinds)] if kinds else []
    return any_of([*(plain[one] for one in chosen if one in plain), *of_kinds])


def _of_emergency(chosen: tuple[str, ...]) -> Q:
    takes = ~Q(kind__in=WITHOUT_ADDRESS)
    # Named as what they may be, because a row that is not there is not unequal to anything.
    not_yet = ("unchecked", "suggested", "rejected")
    own_fails = Q(custom_address__isnull=True) | Q(custom_address__state__in=not_yet)
    local_unchecked = Q(location__emergency_address__state__in=not_yet)
    local_fails = Q(location__emergency_address__isnull=True) | local_unchecked
    unchecked = Q(custom_address__state__in=not_yet)
    unchecked |= Q(custom_address__isnull=True) & local_unchecked
    ways = {
        "location": takes & LOCAL & own_fails,
        "custom": takes & OWN,
        "missing": takes & own_fails & local_fails,
        "unchecked": takes & unchecked,
    }
    return any_of(ways[one] for one in chosen)


def _yes_or_no(condition: Q) -> Callable[[tuple[str, ...]], Q]:
    return lambda chosen: any_of({"yes": condition, "no": ~condition}[one] for one in chosen)


def _tagged(names: tuple[str, ...]) -> Any:
    return NumberTag._base_manager.filter(tag__name__in=names).values("number")


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "state": _of_state,
    "kind": lambda chosen: Q(kind__in=chosen),
    "assignment": _of_assignment,
    "location": lambda chosen: Q(location__in=chosen),
    "country": lambda chosen: Q(location__country__in=chosen),
    "provider": lambda chosen: any_of(
        Q(location__connection__isnull=True) if one == "none" else Q(location__connection__kind=one)
        for one in chosen
    ),
    "main": _yes_or_no(Q(main_of__isnull=False)),
    "emergency": _of_emergency,
    "block": _yes_or_no(Q(block__isnull=False)),
    "order": lambda chosen: Q(number_order__in=chosen),
    # One condition on the rows of tags, so that a number with two of them is found once.
    "tag": lambda chosen: Q(pk__in=_tagged(chosen)),
}
