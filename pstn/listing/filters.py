"""What the address of the numbers page asks for: search, filters and order; read from it and written back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.dateparse import parse_date

from pstn.listing import conditions, search
from pstn.listing.columns import COLUMNS, DEFAULT, ORDERS
from pstn.listing.words import CHOICES
from pstn.models import Location
from pstn.models.numbers import PhoneNumberQuerySet

UTC = ZoneInfo("UTC")
MOST_TAGS = 20
# What a tally is kept of: a filter of nothing else has an exact count.
TALLIED = frozenset({"state", "kind", "location", "assignment"})
# Names in the address, where they differ from the fields here.
NAMES = {"kind": "type"}


@dataclass(frozen=True)
class NumberFilter:
    """The question of a numbers page. Kinds of filters combine with AND, the values of one kind with OR."""

    q: str = ""
    state: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    assignment: tuple[str, ...] = ()  # unassigned, assigned, or kinds of owners
    location: tuple[int, ...] = ()
    country: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    emergency: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
    tag: tuple[str, ...] = ()
    added_from: date | None = None
    added_to: date | None = None  # days of UTC, so that a page and a job mean the same
    sort: str = "number"
    columns: tuple[str, ...] = ()  # () are the usual ones
    places: dict[int, str] = field(default_factory=dict, compare=False)  # names of the locations asked for

    @classmethod
    def read(cls, query: QueryDict, locations: Iterable[Location] | None = None) -> Self:
        """Only values that exist are taken; anything else in the address is ignored. Of `locations` those
        asked for are looked up, one statement; without them `settled` must follow."""
        chosen: dict[str, Any] = {
            name: tuple(value for value in values if value in query.getlist(NAMES.get(name, name)))
            for name, values in ((name, dict(choices)) for name, choices in CHOICES.items())
        }
        asked = [int(pk) for pk in query.getlist("location") if re.fullmatch(r"\d{1,15}", pk, re.A)]
        orders = [re.fullmatch(r"(?:N-)?(\d{1,12})", text, re.A) for text in query.getlist("order")]
        tags = [tag.replace("\x00", "").strip()[:40] for tag in query.getlist("tag")]
        columns = [name for name in COLUMNS if name in query.get("columns", "").split(",")]
        it = cls(
            q=query.get("q", "").replace("\x00", "").strip()[: search.LIMIT],
            location=tuple(dict.fromkeys(asked)),
            order=tuple(dict.fromkeys(int(found[1]) for found in orders if found)),
            tag=tuple(dict.fromkeys(filter(None, tags)))[:MOST_TAGS],
            added_from=_day(query.get("added_from")),
            added_to=_day(query.get("added_to")),
            sort=query.get("sort") if query.get("sort") in ORDERS else "number",  # type: ignore[arg-type]
            columns=() if tuple(columns) == DEFAULT else tuple(columns),
            **chosen,
        )
        if locations is None or not it.location:
            return it
        rows = getattr(locations, "filter", lambda **_asked: locations)(pk__in=it.location)
        return it.settled({place.pk: place.name for place in rows if place.pk in it.location})

    def settled(self, places: dict[int, str]) -> Self:
        """With only these of the locations asked for, by name."""
        return replace(self, location=tuple(pk for pk in self.location if pk in places), places=places)

    @cached_property
    def search(self) -> search.Search:
        return search.read(self.q)

    @property
    def by(self) -> tuple[str, ...]:
        """The keyset order, total and on an index."""
        return ORDERS[self.sort]

    @property
    def is_empty(self) -> bool:
        return not self.set_names

    @property
    def is_tallied(self) -> bool:
        """Whether counting needs no look at the numbers."""
        plain = {"unassigned", "assigned"}
        return (
            TALLIED.issuperset(self.set_names)
            and plain.issuperset(self.assignment)
            and "porting_out" not in self.state
        )

    @cached_property
    def set_names(self) -> tuple[str, ...]:
        """The filters that are set, the search among them."""
        return tuple(name for name in _narrowing() if getattr(self, name))

    @property
    def count(self) -> int:
        """How many filters are set beside the search."""
        return len(self.set_names) - bool(self.q)

    def apply(self, numbers: PhoneNumberQuerySet) -> PhoneNumberQuerySet:
        """All numbers that it means, in no order."""
        found = self.narrowed(numbers)
        return self.search.apply(found) if self.q else found

    def narrowed(self, numbers: PhoneNumberQuerySet) -> PhoneNumberQuerySet:
        """What the filters beside the search leave."""
        for name, condition in conditions.CONDITIONS.items():
            if chosen := getattr(self, name):
                numbers = numbers.filter(condition(chosen))
        if self.added_from:
            numbers = numbers.filter(created_at__gte=_midnight(self.added_from))
        if self.added_to and self.added_to < date.max:  # no day follows the last one
            numbers = numbers.filter(created_at__lt=_midnight(self.added_to + timedelta(days=1)))
        return numbers

    def having(self, **values: Any) -> Self:
        """The same question with these values instead."""
        return replace(self, **values)

    def without(self, name: str) -> Self:
        """The same question with one filter less."""
        nothing: dict[str, Any] = {name: next(one for one in fields(self) if one.name == name).default}
        return replace(self, **nothing)

    def query(self, **more: str) -> str:
        """The query string that asks for this, from the first page or from a cursor (`after`, `before`)."""
        pairs = [*self.pairs(), *more.items()]
        return f"?{urlencode(pairs)}" if pairs else ""

    def pairs(self) -> list[tuple[str, str]]:
        """The names and values of the query string: of the form's fields too."""
        pairs: list[tuple[str, str]] = []
        for name in self.set_names:
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                pairs.append((NAMES.get(name, name), f"N-{one}" if name == "order" else str(one)))
        if self.sort != "number":
            pairs.append(("sort", self.sort))
        if self.columns:
            pairs.append(("columns", ",".join(self.columns)))
        return pairs


@cache
def _narrowing() -> tuple[str, ...]:
    """The fields that narrow the list, in their order."""
    return tuple(one.name for one in fields(NumberFilter) if one.name not in ("sort", "columns", "places"))


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
