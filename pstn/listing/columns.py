"""The columns of the numbers page: what each is called, what it reads, how its list is ordered."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, F, Model, OuterRef, QuerySet, Subquery, TextField
from django.utils.translation import gettext_lazy

from pstn.models import NumberTag

# Keyset orders, each total and on an index of the table of numbers; that of locations goes from one to the
# next by name, and sorts the numbers of one at a time.
ORDERS: dict[str, tuple[str, ...]] = {
    "number": ("e164",),
    "-number": ("-e164",),
    "location": ("location__name", "e164"),
    "-location": ("-location__name", "-e164"),
    "assigned": ("assigned_to", "e164"),
    "-assigned": ("-assigned_to", "-e164"),
    "status": ("state", "e164"),
    "-status": ("-state", "-e164"),
    "type": ("kind", "e164"),
    "-type": ("-kind", "-e164"),
    "added": ("created_at", "id"),
    "-added": ("-created_at", "-id"),
    "changed": ("updated_at", "id"),
    "-changed": ("-updated_at", "-id"),
}
SORT_WORDS = {
    "number": gettext_lazy("By number"),
    "-number": gettext_lazy("By number, last first"),
    "location": gettext_lazy("By location"),
    "-location": gettext_lazy("By location, last first"),
    "assigned": gettext_lazy("By whom it is assigned to"),
    "-assigned": gettext_lazy("By whom it is assigned to, last first"),
    "status": gettext_lazy("By status"),
    "-status": gettext_lazy("By status, last first"),
    "type": gettext_lazy("By type"),
    "-type": gettext_lazy("By type, last first"),
    "-added": gettext_lazy("Latest added first"),
    "added": gettext_lazy("First added first"),
    "-changed": gettext_lazy("Latest change first"),
    "changed": gettext_lazy("Oldest change first"),
}


@dataclass(frozen=True)
class Column:
    """A column: its heading, the fields of a row that it needs, the order by which its heading sorts."""

    label: Any
    fields: tuple[str, ...]
    sort: str = ""


COLUMNS: dict[str, Column] = {
    "number": Column(gettext_lazy("Phone number"), (), "number"),
    "extension": Column(gettext_lazy("Extension"), ("location__routing_prefix",)),
    "location": Column(gettext_lazy("Location"), ("location__name",), "location"),
    "assigned": Column(gettext_lazy("Assigned to"), ("owner__kind",), "assigned"),
    "status": Column(gettext_lazy("Status"), ("waits_for_terms", "port_date"), "status"),
    "provider": Column(
        gettext_lazy("Provider"), ("location__connection__kind", "location__connection__state")
    ),
    "type": Column(gettext_lazy("Type"), (), "type"),
    "emergency": Column(
        gettext_lazy("Emergency address"), ("custom_address__state", "location__emergency_address__state")
    ),
    "order": Column(gettext_lazy("Order"), ("number_order_id",)),
    "block": Column(gettext_lazy("Block"), ("block__first", "block__last")),
    "tags": Column(gettext_lazy("Tags"), ("tags",)),
    "note": Column(gettext_lazy("Note"), ("note",)),
    "added": Column(gettext_lazy("Added"), ("created_at",), "added"),
    "changed": Column(gettext_lazy("Last change"), ("updated_at",), "changed"),
    "billing": Column(gettext_lazy("Billing since"), ("billing_from",)),
}
DEFAULT = ("number", "extension", "location", "assigned", "status")
PRESETS: list[tuple[Any, tuple[str, ...]]] = [
    (gettext_lazy("Usual"), DEFAULT),
    (gettext_lazy("Emergency"), ("number", "location", "assigned", "status", "emergency")),
    (
        gettext_lazy("Inventory"),
        ("number", "location", "status", "provider", "type", "order", "block", "billing"),
    ),
    (gettext_lazy("Notes"), ("number", "assigned", "status", "tags", "note", "changed")),
    (gettext_lazy("All"), tuple(COLUMNS)),
]
# What every row is asked for, whatever is shown.
ALWAYS = ("e164", "state", "kind", "extension", "assigned_to", "block_id")


class _Joined(Aggregate):
    """The words of a group, with commas between them."""

    template = "%(function)s(%(expressions)s, ', ')"
    function = "STRING_AGG"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def shown(chosen: tuple[str, ...]) -> tuple[str, ...]:
    """The columns to show: those chosen, in their order and always with the number; else the usual ones."""
    return tuple(name for name in COLUMNS if name == "number" or name in (chosen or DEFAULT))


def rows(
    numbers: QuerySet[Any], columns: tuple[str, ...], order: tuple[str, ...]
) -> "QuerySet[Model, dict[str, Any]]":
    """The numbers as dictionaries of what these columns and this order need; one statement."""
    names = [*ALWAYS, *(one.removeprefix("-") for one in order)]
    if "location__name" in names:  # else the locations of everybody would be gone through
        numbers = numbers.filter(location__org=F("org"))
    for column in columns:
        names += COLUMNS[column].fields
    if "tags" in columns:
        tags = NumberTag._base_manager.filter(number=OuterRef("pk")).order_by().values("number")
        numbers = numbers.annotate(tags=Subquery(tags.annotate(all=_Joined("tag__name")).values("all")))
    # Whether it is the main number of its location, without a join of its own.
    numbers = numbers.annotate(main_number=F("location__main_number"), key=F("id"))
    return numbers.values("key", "main_number", *dict.fromkeys(names))
