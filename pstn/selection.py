"""Which numbers somebody means: all that a query of the numbers page finds, or the very ones they ticked."""

from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict

from accounts.models import Membership, Organization
from pstn.listing.filters import NumberFilter
from pstn.models.numbers import PhoneNumberQuerySet


@dataclass(frozen=True)
class Selection:
    """`numbers` (keys: what a row has in `e164`), or without any all that `query` finds.

    `query` is the numbers page's query string, with or without its question mark; "" is every number.
    """

    query: str = ""
    numbers: tuple[str, ...] = ()

    @classmethod
    def read(cls, posted: QueryDict) -> Self:
        """From a form or an address: `all=1` with `query`, or `numbers` as often as there are some.

        Neither is nothing at all: `is_empty` says so.
        """
        if posted.get("all"):
            return cls(query=posted.get("query", "").replace("\x00", "")[:4_000])
        named = (number.replace("\x00", "")[:24] for number in posted.getlist("numbers"))
        return cls(query="?none", numbers=tuple(dict.fromkeys(filter(None, named))))

    @property
    def is_empty(self) -> bool:
        """Nobody has selected anything."""
        return not self.numbers and self.query == "?none"

    def pairs(self) -> list[tuple[str, str]]:
        """The same again as the fields of a form: names and values, as `read` takes them."""
        if self.numbers:
            return [("numbers", number) for number in self.numbers]
        return [("all", "1"), ("query", self.query)]

    def apply(self, org: Organization, membership: Membership) -> PhoneNumberQuerySet:
        """The numbers of the organization that are meant and that this person may reach, in no order."""
        reached: PhoneNumberQuerySet = org.phone_numbers.within(membership)
        if self.numbers:
            return reached.filter(e164__in=self.numbers)
        if self.is_empty:
            return reached.none()
        # Not of the locations that are there now: were one gone, its filter would be too, and all be meant.
        asked = NumberFilter.read(QueryDict(self.query.removeprefix("?")))
        found: Any = asked.apply(reached)
        return found.order_by()  # type: ignore[no-any-return]
