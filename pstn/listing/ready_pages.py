"""The first page of the questions that are asked most, with SQL that is made once: all numbers, those that
begin so, one number. Making the SQL of such a page costs more than its rows."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Membership, Organization, Role
from lib import prepared
from lib.keyset import Stretch
from pstn.listing import columns
from pstn.listing.filters import NumberFilter
from pstn.listing.search import bounds

Row = dict[str, Any]
# Columns that anybody may put together are too many kinds of SQL to keep.
KEPT = frozenset(names for _title, names in columns.PRESETS)


def page_of(
    org: Organization, membership: Membership, asked: NumberFilter, stretch: Stretch[Any]
) -> list[Row] | None:
    """The rows of the stretch, of numbers that this person may reach; None when it is not such a page."""
    shown, texts = columns.shown(asked.columns), _texts(asked)
    is_first = stretch.position is None and not stretch.is_backwards
    if texts is None or not is_first or shown not in KEPT:
        return None
    names: list[str] = []

    def make(org_pk: int, membership_pk: int, *texts: str) -> QuerySet[Any, Any]:
        person = Membership(pk=membership_pk, role=membership.role)
        numbers = Organization(pk=org_pk).phone_numbers.within(person).filter(_condition(*texts))
        rows: QuerySet[Any, Any] = columns.rows(numbers.order_by(*asked.by), shown, asked.by)
        return rows[: stretch.size]

    is_limited = membership.role == Role.LOCATION_ADMIN
    key = ("numbers", is_limited, shown, asked.by, stretch.size, len(texts))
    rows = prepared.rows(key, make, [org.pk, membership.pk, *texts], names=names)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _texts(asked: NumberFilter) -> tuple[str, ...] | None:
    """What the condition compares with: nothing, a number, or bounds of a range; None: another question."""
    if asked.set_names == ():
        return ()
    if asked.set_names != ("q",):
        return None
    if asked.search.way == "prefix":
        return bounds(f"+{asked.search.digits}")
    if asked.search.way == "numbers" and len(asked.search.numbers) == 1:
        return asked.search.numbers
    return None


def _condition(*texts: str) -> Q:
    if len(texts) == 2:
        return Q(e164__gte=texts[0], e164__lt=texts[1])
    return Q(e164=texts[0]) if texts else Q()
