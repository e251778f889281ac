"""The first page of the questions that are asked most, with SQL that is made once: all numbers, those that
begin so, one number, those that end so, those of one person. Making the SQL of such a page costs more than
its rows."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Membership, Organization, Role
from lib import prepared
from lib.keyset import Stretch
from pstn.listing import columns, digit_pages
from pstn.listing.filters import NumberFilter
from pstn.listing.search import between, bounds

Row = dict[str, Any]
# Columns that anybody may put together are too many kinds of SQL to keep.
KEPT = frozenset(names for _title, names in columns.PRESETS)


def page_of(
    org: Organization, membership: Membership, asked: NumberFilter, stretch: Stretch[Any]
) -> list[Row] | None:
    """The rows of the stretch, of numbers that this person may reach; None when it is not such a page."""
    shown = columns.shown(asked.columns)
    is_first = stretch.position is None and not stretch.is_backwards
    if not is_first or shown not in KEPT:
        return None
    search, values = asked.search, _values(asked)
    if asked.set_names == ("q",) and search.way == "person" and digit_pages.reads(search, asked.by):
        owners = search.owners(org)
        if len(owners) != 1:
            found = stretch.queryset.filter(search.people(owners))
            return list(columns.rows(found, shown, asked.by)[: stretch.size])
        values = tuple(owners)
    if values is None:
        return None
    is_rare = search.way == "ends" and digit_pages.is_rare(search)
    names: list[str] = []

    def make(org_pk: int, membership_pk: int, *values: Any) -> QuerySet[Any, Any]:
        person = Membership(pk=membership_pk, role=membership.role)
        numbers: Any = Organization(pk=org_pk).phone_numbers.within(person).order_by(*asked.by)
        if search.way == "ends":
            begun = Stretch(numbers, None, False, stretch.size)
            found = numbers.filter(digit_pages.first_of_each(values, begun, is_rare=is_rare))
        else:
            found = numbers.filter(_condition(search.way, values))
        rows: QuerySet[Any, Any] = columns.rows(found, shown, asked.by)
        return rows[: stretch.size]

    is_limited = membership.role == Role.LOCATION_ADMIN
    key = ("numbers", is_limited, shown, asked.by, stretch.size, search.way, is_rare)
    rows = prepared.rows(key, make, [org.pk, membership.pk, *values], names=names)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _values(asked: NumberFilter) -> tuple[int | str, ...] | None:
    """What the condition compares with; None: another question."""
    if asked.set_names == ():
        return ()
    search = asked.search
    if asked.set_names != ("q",):
        return None
    if search.way == "prefix":
        return bounds(f"+{search.digits}")
    if search.way == "numbers" and len(search.numbers) == 1:
        return search.numbers
    if search.way == "ends" and digit_pages.reads(search, asked.by):
        return search.end_texts()
    return None


def _condition(way: str, values: tuple[Any, ...]) -> Q:
    if way == "prefix":
        return between("e164", *values)
    if way == "person":
        return Q(owner=values[0])
    return Q(e164=values[0]) if values else Q()
