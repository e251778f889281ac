"""The first page of the questions that are asked most, with SQL that is made once: all numbers, those that
begin so, one number, those that end so, those with digits inside, those of one person. Making the SQL of such
a page costs more than its rows."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Membership, Organization, Role
from lib import prepared
from lib.keyset import Stretch
from pstn.listing import columns, digit_pages, last_digits
from pstn.listing.filters import NumberFilter
from pstn.listing.search import between, bounds

Row = dict[str, Any]
# Columns that anybody may put together are too many kinds of SQL to keep.
KEPT = frozenset(names for _title, names in columns.PRESETS)


def page_of(org: Organization, membership: Membership, asked: NumberFilter, size: int) -> list[Row] | None:
    """The first so many rows of the numbers that this person may reach; None for another question."""
    shown, search = columns.shown(asked.columns), asked.search
    if shown not in KEPT or asked.set_names not in ((), ("q",)):
        return None
    are_few = last_digits.are_few(search)
    names: list[str] = []

    def make(org_pk: int, membership_pk: int, *values: Any) -> QuerySet[Any, Any]:
        person = Membership(pk=membership_pk, role=membership.role)
        numbers: Any = Organization(pk=org_pk).phone_numbers.within(person).order_by(*asked.by)
        if search.way == "inside":
            condition = digit_pages.inside(org_pk, *values)
        elif search.way == "ends":
            condition = last_digits.first_of_each(
                values, Stretch(numbers, None, False, size), are_few=are_few
            )
        else:
            condition = _condition(search.way, values)
        rows: QuerySet[Any, Any] = columns.rows(numbers.filter(condition), shown, asked.by)
        return rows[:size]

    def read(values: tuple[int | str, ...]) -> list[Row]:
        is_limited = membership.role == Role.LOCATION_ADMIN
        key = ("numbers", is_limited, shown, asked.by, size, search.way, are_few)
        rows = prepared.rows(key, make, [org.pk, membership.pk, *values], names=names)
        return [dict(zip(names, row, strict=True)) for row in rows]

    if not asked.q:
        return read(())
    if search.way == "prefix":
        return read(bounds(f"+{search.digits}"))
    if search.way == "numbers" and len(search.numbers) == 1:
        return read(search.numbers)
    if not digit_pages.reads(search, asked.by):
        return None
    if search.way == "inside":
        descends = asked.by[0].startswith("-")
        found = digit_pages.spans(search, org, descends=descends)
        return digit_pages.rows_inside(search.digits, found, size, descends, read)
    if search.way == "ends":
        return read(search.end_texts())
    if search.way == "person":
        owners = search.owners(org)
        if len(owners) == 1:
            return read(tuple(owners))
        numbers: Any = org.phone_numbers.within(membership).order_by(*asked.by)
        return list(columns.rows(numbers.filter(search.people(owners)), shown, asked.by)[:size])
    return None


def _condition(way: str, values: tuple[Any, ...]) -> Q:
    if way == "prefix":
        return between("e164", *values)
    if way == "person":
        return Q(owner=values[0])
    return Q(e164=values[0]) if values else Q()
