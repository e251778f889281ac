"""The cards of an order's panel that have a module of their own: which are shown, and with what facts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Membership
from porting import dates, documents_wanted, groups, letters, links, thread
from porting.day import cutover, messaging, preparing
from porting.models import PortOrder

Facts = Callable[[PortOrder, Membership], dict[str, Any] | None]


@dataclass(frozen=True)
class Card:
    """`template` reads its facts as `card.facts`; `place` is "top" (under what happens next) or "end"."""

    template: str
    place: str = "end"
    facts: dict[str, Any] = field(default_factory=dict)


# Template, place, and what finds its facts: None means that the card is not shown.
CARDS: tuple[tuple[str, str, Facts], ...] = (
    ("porting/card_letter.html", "top", letters.card),
    ("porting/card_documents.html", "top", documents_wanted.facts),
    ("porting/card_cutover.html", "top", cutover.facts),
    ("porting/card_messaging.html", "top", messaging.facts),
    ("porting/card_preparing.html", "top", preparing.facts),
    ("porting/card_dates.html", "top", dates.facts),
    ("porting/card_group.html", "top", groups.facts),
    ("porting/card_links.html", "end", links.card),
    ("porting/card_thread.html", "end", thread.facts),
)


def of(order: PortOrder, membership: Membership) -> list[Card]:
    """The cards to show, in their order. A fixed number of queries, whatever the count of numbers."""
    found = [(template, place, facts(order, membership)) for template, place, facts in CARDS]
    return [Card(template, place, facts) for template, place, facts in found if facts is not None]
