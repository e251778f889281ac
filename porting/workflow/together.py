"""One verb over many orders: each is judged in memory by the rule of one, and all are written together.

A verb is a judgment, which changes one order and its numbers in memory or refuses, and perhaps an effect on
the inventory, which is told once of all orders of an organization. How many statements that takes follows
from how many different changes there are, never from how many orders. One order is a batch of one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Organization
from lib.among import Among
from lib.transitions import Refused, check_way
from porting.models import PortedNumber, PortEvent, PortOrder
from porting.models.numbers import ALLOWED as NUMBERS_ALLOWED
from porting.workflow.moves import ALLOWED, follow_rule, tell, told_by_carrier

T = TypeVar("T")


@dataclass(frozen=True)
class Said:
    """What the carrier says of an order: of all its numbers, or of those that it names."""

    order: PortOrder
    numbers: Sequence[str] = ()
    detail: str = ""
    carrier_event: str | None = None
    day: date | None = None
    code: str = ""


@dataclass(slots=True)
class Number:
    """As much of a number as a judgment looks at, and what it has changed."""

    pk: int
    e164: str
    state: str
    messaging: str
    kind: str
    interval_days: int
    has_messaging: bool
    is_listed: bool
    changes: dict[str, Any] = field(default_factory=dict)

    def change(self, **fields: Any) -> None:
        for name, value in fields.items():
            if name in ("state", "messaging"):
                setattr(self, name, value)
        self.changes |= fields


@dataclass
class Move:
    """One order on its way through a verb, under its lock; `at` is the same for all of a batch."""

    said: Said
    at: datetime
    stored: dict[str, Any]
    numbers: list[Number] = field(default_factory=list)
    turned: list[Number] = field(default_factory=list)

    @property
    def order(self) -> PortOrder:
        return self.said.order

    @property
    def listed(self) -> list[str]:
        """What has turned of the numbers that stand in the inventory."""
        return [number.e164 for number in self.turned if number.is_listed]

    @property
    def changes(self) -> dict[str, Any]:
        """What is different in the order's row."""
        here = self.order.__dict__
        return {name: here[name] for name, value in self.stored.items() if here[name] != value}

    def turn(self, to: str, **fields: Any) -> None:
        """Move numbers, all or those named, as far as their table lets them. Refused if none moves."""
        named = set(self.said.numbers)
        self.turned = [
            number
            for number in self.numbers
            if to in NUMBERS_ALLOWED[number.state] and (not named or number.e164 in named)
        ]
        if not self.turned:
            raise Refused(_("Nothing of %(order)s changes by that.") % {"order": self.order})
        for number in self.turned:
            number.change(state=to, **fields)

    def follow_rule(self) -> None:
        """The order's state from its numbers, if the table knows the way."""
        found = Counter((number.state, number.messaging) for number in self.numbers)
        standing = self.order.standing((*one, n) for one, n in found.items())
        slowest = max((number.interval_days for number in self.numbers), default=0)
        to = follow_rule(self.order, standing, self.at, slowest)
        if to != self.order.state:
            check_way(self.order, to, ALLOWED)
        self.order.state = to

    def take_back(self) -> None:
        """The object in memory shows what is stored."""
        for name, value in self.stored.items():
            setattr(self.order, name, value)


Judge = Callable[[Move], None]
Effect = Callable[[Organization, Sequence[Move]], None]
Refusals = list[tuple[Said, Refused]]


def move_all(verb: str, said: Sequence[Said], judge: Judge, effect: Effect | None = None) -> Refusals:
    """Apply one verb to all orders, each named once, in one transaction; answers who was refused and why.

    What the carrier has said before, by its event, is left out without a word.
    """
    refusals: Refusals = []
    with transaction.atomic():
        moves = []
        for move in _locked(said):
            try:
                judge(move)
                move.follow_rule()
            except Refused as refusal:
                move.take_back()
                refusals.append((move.said, refusal))
            else:
                moves.append(move)
        if moves:
            if effect:
                _affect(moves, effect)
            _write(verb, moves)
    return refusals


def move_one(verb: Callable[[Sequence[Said]], Refusals], said: Said) -> None:
    """The same with one order, whose refusal is raised."""
    for _said, refusal in verb([said]):
        raise refusal


def _locked(said: Sequence[Said]) -> list[Move]:
    """The orders under their locks, with their numbers; without those of which this was said before."""
    PortOrder.lock_all([one.order for one in said])
    ids = [one.carrier_event for one in said if one.carrier_event]
    seen = PortEvent._base_manager.filter(carrier_event__in=ids) if ids else PortEvent._base_manager.none()
    known = set(seen.values_list("carrier_event", flat=True))
    at = now()
    names = [name.attname for name in PortOrder._meta.concrete_fields]
    moves = {
        one.order.pk: Move(one, at, {name: getattr(one.order, name) for name in names})
        for one in said
        if one.carrier_event not in known
    }
    columns = ("pk", "e164", "state", "messaging", "kind", "interval_days", "has_messaging", "is_listed")
    rows = PortedNumber._base_manager.filter(Among("order", list(moves))).order_by("e164")
    for order, *values in rows.values_list("order", *columns):
        moves[order].numbers.append(Number(*values))
    return list(moves.values())


def _affect(moves: Sequence[Move], effect: Effect) -> None:
    in_turn = sorted(moves, key=lambda move: move.order.org_id)  # the inventories' locks have one order, too
    for _org, mine in groupby(in_turn, key=lambda move: move.order.org_id):
        together = list(mine)
        effect(together[0].order.org, together)


def _write(verb: str, moves: Sequence[Move]) -> None:
    changed = ((number, number.changes) for move in moves for number in move.numbers if number.changes)
    for change, numbers in alike(changed):
        PortedNumber._base_manager.filter(Among("pk", [number.pk for number in numbers])).update(**change)
    events = [
        PortEvent(
            order=move.order,
            before=move.stored["state"],
            after=move.order.state,
            verb=verb,
            code=move.said.code,
            date=move.said.day,
            **told_by_carrier(move.said.detail, move.said.numbers, move.said.carrier_event),
        )
        for move in moves
    ]
    for move in moves:
        move.order.updated_at = move.at
    for change, those in alike((move.order, move.changes) for move in moves):
        PortOrder._base_manager.filter(Among("pk", [order.pk for order in those])).update(**change)
    tell(events)


def alike(changes: Iterable[tuple[T, dict[str, Any]]]) -> list[tuple[dict[str, Any], list[T]]]:
    """Each different change, and all to which it happens."""
    found: dict[str, tuple[dict[str, Any], list[T]]] = {}
    for row, change in changes:
        found.setdefault(repr(change), (change, []))[1].append(row)
    return list(found.values())
