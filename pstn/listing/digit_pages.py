"""A page of the numbers in which some digits stand, in order of the number: no more is read than it needs.

Where digits stand inside of a number is found by thousands (ThousandTally): of each thousand in which they
can lie it is known which stretch of it they need. A few stretches at a time are read, as many as a page may
take.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Sum

from accounts.models import Organization
from lib.keyset import Stretch
from pstn.listing.search import Search, ends

Row = dict[str, Any]
Numbers = QuerySet[Any, Any]
SELECTIVE = 3  # with more last digits than these a few numbers in ten thousand are left
FREE = 3  # digits that a thousand leaves open
AT_ONCE = 24  # stretches in one statement
END = ":"  # the character after 9: past every number that begins like the text before it


@dataclass(frozen=True)
class Span:
    """The numbers from `low` up to `high`, which is not among them; about so many are there. `is_one`: only
    `low` itself can be there."""

    low: str
    high: str
    likely: float
    is_one: bool = False


def page_of(
    search: Search, org: Organization, stretch: Stretch[Any], to_rows: Callable[[Numbers], Numbers]
) -> list[Row]:
    """The rows of the stretch that the search means. Its order is that of the number. `to_rows` makes of the
    numbers what the page wants of them: joins for that belong to the last question only."""
    if search.way == "inside":
        return _inside(search, org, stretch, to_rows)
    if search.way == "ends":
        condition = first_of_each(search.end_texts(), stretch, is_rare=is_rare(search))
    else:
        condition = search.people(search.owners(org)) if search.way == "person" else search.condition()
    return list(to_rows(stretch.queryset.filter(condition))[: stretch.size])


def is_rare(search: Search) -> bool:
    """Whether few numbers end so and few have the extension."""
    return len(search.digits) > SELECTIVE and len(search.end_texts()) == 3


def first_of_each(texts: tuple[str, ...], stretch: Stretch[Any], *, is_rare: bool) -> Q:
    """The first so many of each way, joined by UNION: an OR makes PostgreSQL sort all numbers that begin like
    an area code, and SQLite read all there are."""
    if is_rare:
        return reduce(or_, ends(*texts))
    ways = [stretch.queryset.filter(way).values("pk")[: stretch.size] for way in ends(*texts)]
    if not connection.features.supports_slicing_ordering_in_compound:
        model = stretch.queryset.model._base_manager
        ways = [model.filter(pk__in=way).order_by().values("pk") for way in ways]
    first, *others = ways
    return Q(pk__in=first.union(*others))


def _inside(
    search: Search, org: Organization, stretch: Stretch[Any], to_rows: Callable[[Numbers], Numbers]
) -> list[Row]:
    spans = _spans(search.digits, org, stretch)
    rows: list[Row] = []
    begin = None
    while True:
        few, spans = _enough(spans, stretch.size - len(rows))
        # The last time also what lies beyond all spans: an extension may be anywhere.
        end = _edge(few, stretch) if spans else None
        wanted = Q(extension=search.digits) & _between(begin, end, stretch.is_backwards)
        if few:
            wanted |= Q(_Within(few))
        rows += to_rows(stretch.queryset.filter(wanted))[: stretch.size - len(rows)]
        if not spans or len(rows) >= stretch.size:
            return rows
        begin = end


def _enough(spans: list[Span], size: int) -> tuple[list[Span], list[Span]]:
    """The next spans, which hold about so many numbers, and those after them."""
    likely = 0.0
    for n, span in enumerate(spans[:AT_ONCE], start=1):
        likely += span.likely
        if likely >= size:
            return spans[:n], spans[n:]
    return spans[:AT_ONCE], spans[AT_ONCE:]


class _Within(Func):
    """Whether a number lies in one of these spans. One expression: Django takes as long to build a dozen of
    conditions as the database to answer. Single numbers together: fewer ranges are planned sooner."""

    output_field = BooleanField()

    def __init__(self, spans: Sequence[Span]) -> None:
        super().__init__(F("e164"))
        self.ranges = [span for span in spans if not span.is_one]
        self.numbers = [span.low for span in spans if span.is_one]

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, tuple[str, ...]]:
        name, _params = compiler.compile(self.source_expressions[0])
        ways = [f"{name} >= %s AND {name} < %s"] * len(self.ranges)
        if self.numbers:
            ways.append(f"{name} IN ({', '.join(['%s'] * len(self.numbers))})")
        edges = (edge for span in self.ranges for edge in (span.low, span.high))
        return f"({' OR '.join(ways)})", (*edges, *self.numbers)


def _edge(few: list[Span], stretch: Stretch[Any]) -> str:
    return few[-1].low if stretch.is_backwards else few[-1].high


def _between(begin: str | None, end: str | None, is_backwards: bool) -> Q:
    """From the last edge to the next one, in the direction in which the page is read."""
    low, high = (end, begin) if is_backwards else (begin, end)
    found = Q() if low is None else Q(e164__gte=low)
    return found if high is None else found & Q(e164__lt=high)


def _spans(digits: str, org: Organization, stretch: Stretch[Any]) -> list[Span]:
    """Every stretch of the organization's numbers with these digits in it, none twice, in the order in which
    the page is read. Five digits or more: they never lie in the free ones alone."""
    heads = [digits[:-free] for free in range(1, FREE + 1)]
    ends = reduce(or_, (Q(thousand__endswith=head) for head in heads))
    thousands = org.thousand_tallies.filter(Q(thousand__contains=digits) | ends)
    if stretch.position:
        thousands = thousands.filter(_beside(str(stretch.position[0]), stretch.is_backwards))
    found = thousands.order_by().values_list("thousand").annotate(total=Sum("n")).filter(total__gt=0)
    spans = [span for thousand, total in found for span in _of_thousand(thousand, total, digits)]
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: one.low):
        # Numbers of one country can differ in length: a shorter one's thousand may hold a longer one's. Then
        # its whole range is read.
        if kept and span.low.startswith(kept[-1].low):
            kept[-1] = replace(kept[-1], is_one=False)
        else:
            kept.append(span)
    return kept[::-1] if stretch.is_backwards else kept


def _beside(number: str, is_backwards: bool) -> Q:
    """The thousands that may have numbers before this one, or after it."""
    if is_backwards:
        return Q(thousand__lt=number)
    return Q(thousand__gt=number) | Q(thousand__in=[number[:n] for n in range(1, len(number) + 1)])


def _of_thousand(thousand: str, total: int, digits: str) -> Iterator[Span]:
    if digits in thousand:
        yield Span(thousand, thousand + END, total)
        return
    for free in range(1, FREE + 1):
        if thousand.endswith(digits[:-free]):
            low = thousand + digits[-free:]
            yield Span(low, low + END, max(1, total / 10**free), is_one=free == FREE)


NUMBER_ORDERS = {("e164",), ("-e164",)}


def reads(search: Search, order: tuple[str, ...]) -> bool:
    """Whether a page in this order is found here."""
    return bool(search.way) and order in NUMBER_ORDERS
