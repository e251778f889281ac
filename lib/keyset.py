"""Pages of big lists by key, not by number: no row is counted or skipped, however deep the page lies.

The order must be total (end it with a unique field) and its fields must never be null. A condition on two
fields is written `a <= x AND NOT (a = x AND b >= y)`, because the equivalent `a < x OR (a = x AND b < y)`
makes both SQLite and PostgreSQL leave the index.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils import timezone

CURSOR_LIMIT = 2_000  # characters; a longer one was not made here


# A row is an instance of the model, or what `.values()` makes of one.
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Row]):
    """What a page needs: the first `size` rows of `queryset`, which is ordered and begins past `position`."""

    queryset: "QuerySet[Any, Row]"
    position: list[Any] | None
    is_backwards: bool
    size: int

    def read(self) -> list[Row]:
        return list(self.queryset[: self.size])


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the cursors of the pages beside them (None where the list ends)."""

    rows: list[Row]
    next: str | None
    previous: str | None

    @property
    def is_alone(self) -> bool:
        """Whether the whole list is on this page."""
        return self.next is None and self.previous is None


def page(
    queryset: "QuerySet[Any, Row]",
    order: Sequence[str],
    after: str | None,
    before: str | None,
    size: int,
    *,
    last: bool = False,
    read: "Callable[[Stretch[Row]], list[Row]]" = Stretch.read,
) -> Page[Row]:
    """The `size` rows that follow the cursor `after`, or that precede the cursor `before`, or the first
    ones; or the `last` ones.

    `order` names fields of the model (`location__name` follows a relation), "-" for descending, the last one
    unique. A cursor that is damaged, made for another order or points past the end gives the first page,
    never an error. One query; a second one only in the last case. `read` may find the rows of a stretch in a
    way of its own; they must be the same.
    """
    sort = _Sort(queryset.model, order)
    if last or (before and (position := sort.read(before)) is not None):
        there = None if last else position
        rows = read(Stretch(sort.backwards(queryset, there), there, True, size + 1))
        if rows:
            more, rows = len(rows) > size, rows[:size][::-1]
            follows = None if last else sort.cursor(rows[-1])
            return Page(rows, follows, sort.cursor(rows[0]) if more else None)
    elif after and (position := sort.read(after)) is not None:
        rows = read(Stretch(sort.forwards(queryset, position), position, False, size + 1))
        if rows:
            more, rows = len(rows) > size, rows[:size]
            return Page(rows, sort.cursor(rows[-1]) if more else None, sort.cursor(rows[0]))
    return first_page(
        queryset.model, order, read(Stretch(queryset.order_by(*order), None, False, size + 1)), size
    )


def first_page(model: type[Model], order: Sequence[str], rows: list[Row], size: int) -> Page[Row]:
    """The page that `page` begins with, of rows read in another way: one more than `size`, or all."""
    more, rows = len(rows) > size, rows[:size]
    return Page(rows, _Sort(model, order).cursor(rows[-1]) if more else None, None)


def bounded_count(queryset: QuerySet[Any], limit: int = 10_000) -> tuple[int, bool]:
    """How many rows there are, counting at most `limit`, and whether there are more: (10000, True) is
    "10,000+".
    """
    found = queryset.order_by().values("pk")[: limit + 1].count()
    return min(found, limit), found > limit


class _Sort:
    """One order of one model: makes cursors of rows, and conditions of cursors."""

    def __init__(self, model: type[Model], order: Sequence[str]) -> None:
        if not order:
            raise ValueError("an order needs at least one field")
        self.names = [name.removeprefix("-") for name in order]
        self.order = tuple(order)
        self.descending = [name.startswith("-") for name in order]
        self.fields = [_field(model, name) for name in self.names]
        # A cursor carries the sum of its order, so that one of another order is not mistaken for ours.
        self.sum = zlib.crc32(f"{model._meta.label}:{','.join(order)}".encode())

    def cursor(self, row: Any) -> str:
        """The place of a row, safe in a URL.

        It holds the row's values of the order's fields and nothing else.
        """
        values = []
        for name, field in zip(self.names, self.fields, strict=True):
            if isinstance(row, Mapping):
                value = row[name]
                values.append(value.isoformat() if hasattr(value, "isoformat") else str(value))
                continue
            owner: Any = row
            for step in name.split("__")[:-1]:
                owner = getattr(owner, step)
            values.append(field.value_to_string(owner))
        text = json.dumps([self.sum, *values], separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, cursor: str) -> list[Any] | None:
        """The values in a cursor, or None if it is not one of this order."""
        if len(cursor) > CURSOR_LIMIT:
            return None
        try:
            parts = json.loads(
                base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            )
        except (ValueError, binascii.Error, RecursionError):
            return None
        if not isinstance(parts, list) or len(parts) != len(self.fields) + 1 or parts[0] != self.sum:
            return None
        values = [_value(field, part) for field, part in zip(self.fields, parts[1:], strict=True)]
        return None if any(value is None for value in values) else values

    def forwards(self, queryset: "QuerySet[Any, Row]", position: list[Any]) -> "QuerySet[Any, Row]":
        return queryset.filter(self._past(position, self.descending)).order_by(*self.order)

    def backwards(self, queryset: "QuerySet[Any, Row]", position: list[Any] | None) -> "QuerySet[Any, Row]":
        turned = [not down for down in self.descending]
        order = [f"-{name}" if down else name for name, down in zip(self.names, turned, strict=True)]
        if position is None:
            return queryset.order_by(*order)
        return queryset.filter(self._past(position, turned)).order_by(*order)

    def _past(self, position: list[Any], descending: list[bool]) -> Q:
        """Rows strictly past `position`.

        Up to the last field every comparison includes equality; a row that equals the position in the first
        fields and is not past it in the following one is taken out again.
        """
        last = len(self.names) - 1
        if last == 0:
            return Q(**{f"{self.names[0]}__{'lt' if descending[0] else 'gt'}": position[0]})
        condition = Q(**{f"{self.names[0]}__{'lte' if descending[0] else 'gte'}": position[0]})
        equal: dict[str, Any] = {}
        for i in range(1, last + 1):
            equal[self.names[i - 1]] = position[i - 1]
            inclusive = "e" if i == last else ""
            not_past = f"{self.names[i]}__{'gt' if descending[i] else 'lt'}{inclusive}"
            condition &= ~Q(**equal, **{not_past: position[i]})
        return condition


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    *path, last = name.split("__")
    for step in path:
        related = model._meta.get_field(step).related_model
        if not isinstance(related, type):
            raise ValueError(f"{name} does not lead to a field")
        model = related
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    if not isinstance(field, Field):
        raise ValueError(f"{name} is not a field to order by")
    return field


def _value(field: "Field[Any, Any]", text: object) -> Any:
    """A cursor's text as a value of its field, or None when the database could not take it."""
    if not isinstance(text, str) or "\x00" in text:
        return None
    try:
        text.encode()
        value = field.to_python(text)
    except (ValidationError, ValueError, TypeError, OverflowError):
        return None
    if isinstance(value, datetime) and timezone.is_naive(value):
        return None
    return value
