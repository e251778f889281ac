"""Where a search looks: the blocks that may serve it, in an order that looks like none."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from carrier.base import NumberKind, NumberSearch
from lib import prepared
from simulator import plans, thousands
from simulator.models import StockBlock

#: The SQL of a first look is kept, for each number of rows that it may ask for.
FIRST_LOOK = 32


class Candidate(NamedTuple):
    """What of a block an answer is made of. The digits are for patterns; at its spot a query goes on."""

    thousand: str
    digits: str
    city: str
    state: str
    rate_center: str
    spot: int
    free_map: bytes

    @property
    def bits(self) -> int:
        return thousands.unpacked(self.free_map)

    def number(self, place: int) -> str:
        return f"{self.thousand}{place:03}"


@dataclass(frozen=True)
class Candidates:
    """Blocks with room for `size` in one piece whose fields are as `where` says, as look-ups, and for which
    `more` is true."""

    size: int
    where: dict[str, int | str]
    more: Q

    def only(self, **where: int) -> "Candidates":
        """Those of them for which this is true, too."""
        return replace(self, where={**self.where, **where})

    def first(self, limit: int) -> list[Candidate]:
        """The first `limit` in the scattered order."""
        names, values = tuple(self.where), list(self.where.values())

        def make(*values: int | str) -> QuerySet[StockBlock, tuple[Any, ...]]:
            rows = StockBlock.objects.with_room(self.size).filter(
                self.more, **dict(zip(names, values, strict=True))
            )
            return rows.order_by("spot").values_list(*Candidate._fields)[:limit]

        if self.more or limit > FIRST_LOOK:
            return [Candidate._make(row) for row in make(*values)]
        rows = prepared.rows(("stock", self.size, names, limit), make, values)
        return [Candidate._make(row) for row in rows]


def candidates_for(search: NumberSearch, size: int = 1, *, sound_only: bool = False) -> Candidates:
    """The blocks that may serve a search: of its place, with room for `size` in one piece, and with digits
    of which three more can make the pattern."""
    where: dict[str, int | str] = {"kind": search.kind}
    more = _may_contain(search.contains) & _may_end_with(search.ends_with)
    if search.kind == NumberKind.TOLL_FREE and search.country in plans.NORTH_AMERICA:
        more &= Q(country__in=plans.NORTH_AMERICA)
    else:
        where["country"] = search.country
        if search.country in plans.NORTH_AMERICA:
            where["state"] = search.state.strip().upper()
    if search.area_code:
        where["area_code"] = plans.area_as_written(search.area_code, search.country)
    if search.prefix:
        more &= Q(prefix__startswith=search.prefix.strip())
    if search.city:
        where["town"] = search.city.strip().casefold()
    if sound_only:
        more &= Q(is_broken=False)
    return Candidates(size, where, more)


def _may_contain(digits: str) -> Q:
    """The digits lie within the block's own, or begin in them and go on in the last three of the number."""
    where = Q()
    if len(digits) > 3:
        where = Q(digits__contains=digits)
        for begun in range(len(digits) - 3, len(digits)):
            where |= Q(digits__endswith=digits[:begun])
    return where


def _may_end_with(digits: str) -> Q:
    return Q(digits__endswith=digits[:-3]) if len(digits) > 3 else Q()
