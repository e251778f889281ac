"""Rows of several querysets, each of its own model, in one statement: a page of unlike things asks once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model, QuerySet, Value
from django.db.models.functions import Cast

# The way to a field and its type; where its values stand in a row. Models share what they call the same.
Columns = dict[tuple[str, str], tuple[int, "Field[Any, Any]"]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows of a queryset, sliced or not, and the fields of them that are needed.

    A field beyond a foreign key is named by the way there: "location__name".
    """

    queryset: QuerySet[Any]
    names: Sequence[str]


def read(*wanted: Wanted) -> list[list[Any]]:
    """For each queryset its rows as instances of its model, in no particular order.

    One statement, or none where nothing can be found. A field that was not named is asked for when somebody
    reads it, as after `.only()`.
    """
    columns: Columns = {}
    shapes = [_Shape(one.queryset.model, one.names, columns) for one in wanted]
    parts = [
        # By its keys, because SQLite takes neither order nor slice in a part of a UNION.
        shape.model._base_manager.filter(pk__in=one.queryset.values("pk"))
        .order_by()
        .values_list(Value(n), *shape.selected(columns))
        for n, (one, shape) in enumerate(zip(wanted, shapes, strict=True))
    ]
    found: list[list[Any]] = [[] for _ in wanted]
    for n, *row in parts[0].union(*parts[1:], all=True):
        found[n].append(shapes[n].make(row, parts[0].db))
    return found


class _Shape:
    """How a row becomes an instance of a model that knows some fields of its own and of what it refers to."""

    def __init__(
        self,
        model: type[Model],
        names: Sequence[str],
        columns: Columns,
        way: str = "",
        key: int | None = None,
    ) -> None:
        """It adds the columns that it needs. The foreign key in the column `key` leads here by the `way`."""
        self.model = model
        asked: dict[Any, list[str]] = {model._meta.pk: []}
        for name in names:
            first, _, rest = name.partition("__")
            asked.setdefault(model._meta.get_field(first), []).extend([rest] if rest else [])
        self.at: dict[str, int] = {}  # in the order in which an instance takes its fields
        for field in model._meta.concrete_fields:
            if field.primary_key and key is not None:
                self.at[field.attname] = key
            elif field in asked:
                column = f"{way}{field.attname}", field.get_internal_type()
                self.at[field.attname] = columns.setdefault(column, (len(columns), field))[0]
        self.key = self.at[model._meta.pk.attname]
        self.beyond = {
            field.name: _Shape(
                field.related_model, rest, columns, f"{way}{field.name}__", self.at[field.attname]
            )
            for field, rest in asked.items()
            if rest
        }
        self.used: set[int] = set(self.at.values()).union(*(there.used for there in self.beyond.values()))

    def selected(self, columns: Columns) -> list[str | Cast]:
        """All columns; those of others are NULL, of their type, because PostgreSQL compares the types."""
        return [
            way if at in self.used else Cast(Value(None), field)
            for (way, _type), (at, field) in columns.items()
        ]

    def make(self, row: Sequence[Any], using: str) -> Any:
        """An instance, or None where the foreign key leads nowhere."""
        if row[self.key] is None:
            return None
        it = self.model.from_db(using, self.at, [row[at] for at in self.at.values()])
        for name, there in self.beyond.items():
            setattr(it, name, there.make(row, using))
        return it
