"""A page of the numbers that end with some digits (or begin with them, or have them as the extension).

With three digits or more they are so few that all are sorted; with fewer they are so many that whoever goes
through all numbers soon has a page. The statement says which of the two is meant, and keeps its values from
the planner: one plan then serves them all.
"""

from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Subquery, Value
from django.db.models.functions import Lower

from lib.keyset import Stretch
from pstn.listing.search import Search, ways

FEW = 3  # digits with which few numbers end


def are_few(search: Search) -> bool:
    """Whether few numbers end so."""
    return len(search.digits) >= FEW


def first_of_each(texts: tuple[str, ...], stretch: Stretch[Any], *, are_few: bool) -> Q:
    """The first so many of each way of `Search.end_texts`, one by one: an OR makes PostgreSQL sort all
    numbers that begin like an area code, and SQLite read all there are."""
    # As an expression a field has no index: neither one in the order of the page nor one of the last digits.
    numbers: Any = stretch.queryset.alias(place=Lower("e164"), end=Lower("tail"))
    ends, *others = ways("tail" if are_few else "end", *(_Unseen(Value(text)) for text in texts))
    by = str(stretch.queryset.query.order_by[0])
    in_order = by.replace("e164", "place") if are_few else by
    found = [numbers.filter(ends).order_by(in_order), *map(numbers.filter, others)]
    first, *more = [one.values("pk")[: stretch.size] for one in found]
    if not connection.features.supports_slicing_ordering_in_compound:
        model = stretch.queryset.model._base_manager
        first, *more = [model.filter(pk__in=one).order_by().values("pk") for one in (first, *more)]
    return Q(_OneOf(F("pk"), Subquery(first.union(*more, all=True))))


class _OneOf(Func):
    """Whether a key is one of those that a query finds. As an array PostgreSQL takes them for few, and looks
    nowhere else."""

    output_field = BooleanField()
    template = "%(expressions)s"
    arg_joiner = " IN "

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        array = {"template": "%(expressions)s)", "arg_joiner": " = ANY(ARRAY"}
        return self.as_sql(compiler, connection, **array, **context)


class _Unseen(Func):
    """A value that PostgreSQL does not know while it plans."""

    template = "(SELECT %(expressions)s)"
