"""A page of the numbers in which some digits stand, in order of the number: no more is read than it needs.

Where digits stand inside of a number is found by thousands (ThousandTally): of each thousand in which they
can lie it is known which stretch of it they need. A few stretches at a time are read, as many as a page may
take; and few thousands are looked at where these fill it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import BooleanField, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Right, StrIndex

from accounts.models import Organization
from lib import prepared
from lib.keyset import Stretch
from pstn.listing import last_digits
from pstn.listing.search import Search
from pstn.models import PhoneNumber

Row = dict[str, Any]
Numbers = QuerySet[Any, Any]
FREE = 3  # digits that a thousand leaves open
AT_FIRST = 64  # thousands that are looked at for a first page
AT_ONCE = 200  # stretches in one statement
MANY = 2  # pages that one stretch holds; a page needs one of its tenths
END = ":"  # the character after 9: past every number that begins like the text before it
PAST = "~"  # past every number


class Span(NamedTuple):
    """The numbers from `low` up to `high`, which is not among them; about so many are there."""

    low: str
    high: str
    likely: float


class Part(NamedTuple):
    """Spans in the order in which they are read, and whether there are no others after them. Only the last
    part may be empty."""

    spans: list[Span]
    is_last: bool


def page_of(
    search: Search, org: Organization, stretch: Stretch[Any], to_rows: Callable[[Numbers], Numbers]
) -> list[Row]:
    """The rows of the stretch that the search means. Its order is that of the number. `to_rows` makes of the
    numbers what the page wants of them: joins for that belong to the last question only."""

    def read(condition: Q) -> list[Row]:
        return list(to_rows(stretch.queryset.filter(condition))[: stretch.size])

    if search.way == "inside":
        descends = str(stretch.queryset.query.order_by[0]).startswith("-")
        found = spans(search, org, descends=descends, position=stretch.position)
        return rows_inside(
            search.digits, found, stretch.size, descends, lambda values: read(inside(org.pk, *values))
        )
    if search.way == "ends":
        return read(
            last_digits.first_of_each(search.end_texts(), stretch, are_few=last_digits.are_few(search))
        )
    return read(search.people(search.owners(org)) if search.way == "person" else search.condition())


def rows_inside(
    digits: str,
    parts: Iterator[Part],
    size: int,
    descends: bool,
    read: Callable[[tuple[str, ...]], list[Row]],
) -> list[Row]:
    """The first so many rows with these digits in the number (in these spans), or as the extension. `read`
    gives a page of the numbers for which `inside` is true with the values that it is handed."""
    rows: list[Row] = []
    begin = ""
    left, is_last = next(parts)
    while True:
        few, left = _enough(left, size - len(rows), descends)
        # The last time also what lies beyond all spans: an extension may be anywhere.
        is_over = is_last and not left
        end = "" if is_over else few[-1].low if descends else few[-1].high
        low, high = (end, begin) if descends else (begin, end)
        rows += read((digits, low, high or PAST, json.dumps([(span.low, span.high) for span in few])))
        if is_over or len(rows) >= size:
            return rows[:size]
        begin = end
        if not left:
            left, is_last = next(parts)


def inside(org: int, digits: str, low: str, high: str, spans: str) -> Q:
    """The organization's numbers in these spans (JSON), and those with this extension from `low` up to
    `high`."""
    return Q(_Inside(org, digits, low, high, spans))


def _enough(spans: list[Span], size: int, descends: bool) -> tuple[list[Span], list[Span]]:
    """The next spans, which hold about so many numbers, and those after them."""
    if spans and spans[0].likely > MANY * size and spans[0].high == spans[0].low + END:
        spans = [*_tenths(spans[0])[:: -1 if descends else 1], *spans[1:]]
    likely = 0.0
    for n, span in enumerate(spans[:AT_ONCE], start=1):
        likely += span.likely
        if likely >= size:
            return spans[:n], spans[n:]
    return spans[:AT_ONCE], spans[AT_ONCE:]


def _tenths(span: Span) -> list[Span]:
    """A span of all numbers that begin alike, by their next digit; in the first is also one that has none."""
    cuts = [span.low, *(f"{span.low}{digit}" for digit in range(1, 10)), span.high]
    return [Span(low, high, span.likely / 10) for low, high in pairwise(cuts)]


class _Inside(Func):
    """`inside` as one condition of a fixed shape: the spans, [[low, high], …], are a single value, so that
    their number changes neither the statement nor its plan. They are short: each lies within a thousand."""

    output_field = BooleanField()

    def __init__(self, org: int, digits: str, low: str, high: str, spans: str) -> None:
        super().__init__(F("pk"))
        self.values = (spans, org, digits, low, high)

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, tuple[int | str, ...]]:
        key, _params = compiler.compile(self.source_expressions[0])
        table = PhoneNumber._meta.db_table
        is_postgresql = connection.vendor == "postgresql"
        each = "json_array_elements(%s::json) AS span(value)" if is_postgresql else "json_each(%s) AS span"
        # CROSS JOIN: SQLite then goes from each span to its numbers, and not the other way round. Numbers of
        # others in a span are few, and left out by the page. The index of extensions has none that are empty.
        found = f"""
            SELECT one.id FROM {each} CROSS JOIN {table} AS one
            WHERE one.e164 >= span.value->>0 AND one.e164 < span.value->>1
            UNION ALL SELECT one.id FROM {table} AS one
            WHERE one.org_id = %s AND one.extension = %s AND one.extension <> ''
            AND one.e164 >= %s AND one.e164 < %s"""  # noqa: S608 - names of tables
        # As an array PostgreSQL takes them for few, and looks nowhere else.
        return f"{key} = ANY(ARRAY({found}))" if is_postgresql else f"{key} IN ({found})", self.values


def spans(
    search: Search, org: Organization, *, descends: bool, position: list[Any] | None = None
) -> Iterator[Part]:
    """Every stretch of the organization's numbers with these digits inside, none twice, in the order in which
    the page is read; only those past a position. A first page upward is served by the first thousands most of
    the time, so that these come first, and all others when they are asked for."""
    digits = search.digits
    # Five digits or more never lie in the free ones alone.
    heads = [digits[:-free] for free in range(1, FREE + 1)]
    lengths = [len(head) for head in heads]

    def make(org_pk: int, digits: str, *heads: str) -> "QuerySet[Any, Any]":
        tallies = Organization(pk=org_pk).thousand_tallies.alias(place=StrIndex("thousand", Value(digits)))
        can = Q(place__gt=0)
        for head, length in zip(heads, lengths, strict=True):
            tallies = tallies.alias(**{f"end{length}": Right("thousand", length)})
            can |= Q(**{f"end{length}": head})
        found = tallies.filter(can).order_by().values_list("thousand")
        return found.annotate(total=Sum("n")).filter(total__gt=0)

    def first(*values: Any) -> "QuerySet[Any, Any]":
        return make(*values).order_by("thousand")[:AT_FIRST]

    def spans_of(found: Iterable[Sequence[Any]]) -> list[Span]:
        return [span for thousand, total in found for span in _inside_thousand(thousand, total, digits)]

    values: tuple[Any, ...] = (org.pk, digits, *heads)
    if position or descends:
        past = _beside(str(position[0]), descends) if position else Q()
        yield Part(_in_order(spans_of(make(*values).filter(past)), descends), is_last=True)
        return
    rows = prepared.rows(("thousands", len(digits), AT_FIRST), first, values)
    if len(rows) < AT_FIRST:
        yield Part(_in_order(spans_of(rows)), is_last=True)
        return
    # A thousand after the last one may begin like it, and its spans lie within those of another that does.
    last = rows[-1][0]
    clear = [span for span in spans_of(rows) if span.low < last and not last.startswith(span.low)]
    others = [span for span in spans_of(rows) if span not in clear]
    if clear:
        yield Part(_in_order(clear), is_last=False)
    more = make(*values).filter(thousand__gt=last)
    yield Part(_in_order(others + spans_of(more)), is_last=True)


def _in_order(spans: list[Span], descends: bool = False) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans):
        # Numbers of one country can differ in length: a shorter one's thousand may hold a longer one's.
        if not (kept and span.low.startswith(kept[-1].low)):
            kept.append(span)
    return kept[::-1] if descends else kept


def _beside(number: str, descends: bool) -> Q:
    """The thousands that may have numbers past this one."""
    if descends:
        return Q(thousand__lt=number)
    return Q(thousand__gt=number) | Q(thousand__in=[number[:n] for n in range(1, len(number) + 1)])


def _inside_thousand(thousand: str, total: int, digits: str) -> Iterator[Span]:
    if digits in thousand:
        yield Span(thousand, thousand + END, total)
        return
    for free in range(1, FREE + 1):
        if thousand.endswith(digits[:-free]):
            low = thousand + digits[-free:]
            yield Span(low, low + END, total / 10**free)


NUMBER_ORDERS = {("e164",), ("-e164",)}


def reads(search: Search, order: tuple[str, ...]) -> bool:
    """Whether a page in this order is found here."""
    return bool(search.way) and order in NUMBER_ORDERS
