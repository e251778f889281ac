"""Which numbers can share a port order: the parts that a list falls into, and what may be moved between them.

Pure functions over rows of PortedNumber; nothing here reads or writes the database.

Never in one order (`bound`): numbers of two countries, of two carriers, toll-free numbers with others (their
registry moves them, RespOrg by RespOrg), and what can be sent with what cannot. A carrier would answer such
an order with "split required" (porting-domain 2.15: more than one carrier, rate center or vendor).

Apart unless somebody puts them together: numbers billed to different numbers (BTN), as far as that is known;
wireless from wireline numbers of one carrier, which need a PIN and move faster; and the numbers that a
rejection names as belonging elsewhere. We may be wrong about these, so people may decide.

Rate centers of one carrier share an order. Whether they can is in the carrier's record alone: if it cannot,
its rejection names the numbers, and these get a part of their own. Until then several rate centers only make
an order complex. A number whose carrier nobody names goes with the others if these have one carrier.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.numbering import region_of_area_code
from lib.phone import international
from lib.transitions import Refused

if TYPE_CHECKING:
    from porting.models.numbers import PortedNumber
    from porting.models.orders import PortOrder

NEW = 0  # the target of a move into a part that does not exist yet
# Rejections that are about numbers in the wrong order.
SPLIT_CODES = frozenset({"multiple_btns", "split_required", "pending_main_btn", "tn_mismatch", "port_type"})


class Kind(StrEnum):
    WIRELINE = "wireline"
    WIRELESS = "wireless"
    TOLL_FREE = "toll_free"
    UNSENT = "unsent"  # cannot be ported, or nobody knows

    @property
    def word(self) -> str:
        return {
            Kind.WIRELINE: _("Wireline"),
            Kind.WIRELESS: _("Wireless"),
            Kind.TOLL_FREE: _("Toll-free"),
            Kind.UNSENT: _("Not sent"),
        }[self]


Bound = tuple[str, str, str]


@dataclass(frozen=True)
class Lot:
    """What decides where a number goes by itself. `holder` is its carrier, or RespOrg; "" is not known."""

    country: str
    kind: Kind
    holder: str
    btn: str
    is_named: bool = False

    @property
    def bound(self) -> Bound:
        """Numbers that differ in this never share an order."""
        if self.kind == Kind.UNSENT:
            return ("", self.kind, "")
        line = self.kind if self.kind == Kind.TOLL_FREE else "line"
        return (self.country, line, self.holder)


@dataclass(frozen=True)
class PortClass:
    """How carriers treat an order of this shape (UI P9)."""

    code: str
    word: str
    sentence: str


@dataclass(frozen=True)
class Part:
    """Numbers that become one order. `at` counts from 1; `reasons` say why they are not with the others."""

    at: int
    rows: "tuple[PortedNumber, ...]"
    lots: tuple[Lot, ...]
    reasons: tuple[str, ...] = ()

    @property
    def bound(self) -> Bound:
        return self.lots[0].bound

    @property
    def country(self) -> str:
        return self.lots[0].country

    @property
    def is_sent(self) -> bool:
        return self.lots[0].kind != Kind.UNSENT

    @property
    def kind_words(self) -> str:
        return ", ".join(kind.word for kind in Kind if any(lot.kind == kind for lot in self.lots))

    @property
    def carrier(self) -> str:
        """The carrier's name that most of them have, "" when nobody knows it."""
        names = Counter(row.losing_carrier for row in self.rows if row.losing_carrier)
        return names.most_common(1)[0][0] if names else ""

    @property
    def resp_org(self) -> str:
        return self.lots[0].holder if self.lots[0].kind == Kind.TOLL_FREE else ""

    @property
    def btns(self) -> tuple[str, ...]:
        """The billing numbers that are known to differ from the order's."""
        return tuple(sorted({lot.btn for lot in self.lots if lot.btn}))

    @property
    def own_btn(self) -> str:
        """The one billing number of all of them; "" when it is the order's, or not known."""
        return self.btns[0] if len({lot.btn for lot in self.lots}) == 1 and self.btns else ""

    def port_class(self, project_above: int) -> PortClass:
        """`project_above` is how many numbers an order has before it is a project."""
        n = len(self.rows)
        if n > project_above:
            words = _("More than %(n)s numbers: the carriers plan it as a project, which takes longer.")
            return PortClass("project", _("Project"), words % {"n": project_above})
        if len({lot.btn for lot in self.lots}) > 1 or len(self.rate_centers) > 1:
            return PortClass(
                "complex",
                _("Complex"),
                _("Several billing numbers or rate centers: the current carrier works on it by hand."),
            )
        if n == 1:
            return PortClass("simple", _("Simple"), _("One number of one account: the shortest way."))
        return PortClass("standard", _("Standard"), _("Several numbers of one account."))

    @property
    def rate_centers(self) -> tuple[str, ...]:
        """Where they are; toll-free numbers are nowhere."""
        places = {row.rate_center for row in self.rows if row.rate_center and not row.is_toll_free}
        return tuple(sorted(places))


def plan_of(order: "PortOrder") -> tuple[Part, ...]:
    """The parts of an order's stored numbers by what is surely known: with more than one it is not sent."""
    return plan(order.numbers.all(), country=order.country, btn=order.btn)


def suggestion(order: "PortOrder") -> tuple[Part, ...]:
    """The parts that the plan's page shows: also what the last rejection names, and what the current
    carrier's record says of billing numbers, is set apart until somebody decides. One query for the record.
    """
    found = order.record_requests.filter(state="ready").order_by("-answered_at").first()
    record = found.record if found else {}
    return plan(
        order.numbers.all(),
        country=order.country,
        btn=order.btn or record.get("btn", ""),
        named=order.reject_code in SPLIT_CODES and bool(order.rejection),
        btns=record.get("btns", {}),
    )


def plan(
    rows: "Iterable[PortedNumber]",
    *,
    country: str,
    btn: str = "",
    named: bool = False,
    btns: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Part, ...]:
    """Every number in exactly one part, always in the same order; what is not sent comes last.

    A number's `part` says into which part somebody put it (0: nobody did), as long as it may be there. The
    others join the numbers of their own lot, or make a part. `btns` tells billing numbers that no row has.
    """
    ordered = sorted(rows, key=lambda row: row.e164)
    lots = _lots(ordered, country, btn, named, btns)
    chosen: dict[int, list[PortedNumber]] = {}
    left: list[PortedNumber] = []
    for row in ordered:
        placed_by_hand = row.part and lots[row.e164].kind != Kind.UNSENT
        here = chosen.setdefault(row.part, []) if placed_by_hand else left
        # Facts change: what may not share a part any more goes where it belongs by itself.
        fits = here is left or not here or lots[here[0].e164].bound == lots[row.e164].bound
        (here if fits else left).append(row)
    groups = [chosen[part] for part in sorted(chosen)]
    homes: dict[Lot, list[PortedNumber]] = {}
    for group in groups:
        for row in group:
            homes.setdefault(lots[row.e164], group)
    fresh: list[list[PortedNumber]] = []
    for row in left:
        if (home := homes.get(lots[row.e164])) is None:
            home = homes[lots[row.e164]] = []
            fresh.append(home)
        home.append(row)
    fresh.sort(key=lambda group: (lots[group[0].e164].is_named, -len(group), group[0].e164))
    groups += fresh
    groups.sort(key=lambda group: lots[group[0].e164].kind == Kind.UNSENT)
    parts = [
        Part(at, tuple(sorted(group, key=_by_number)), _distinct(lots[row.e164] for row in group))
        for at, group in enumerate(groups, start=1)
    ]
    return tuple(replace(part, reasons=_reasons(part, parts)) for part in parts)


def moved(parts: Sequence[Part], e164s: Iterable[str], to: int) -> dict[str, int]:
    """The part of each number after a move into part `to`, or into a new one; else Refused."""
    going = set(e164s)
    place = placed(parts)
    if not going:
        raise Refused(_("Tick the numbers first, or all numbers of an order."))
    if going - place.keys():
        raise Refused(_("Some of these numbers are not in the list any more."))
    if to != NEW and not 1 <= to <= len(parts):
        raise Refused(_("That order is not in the plan any more."))
    bounds = {part.bound for part in parts if any(row.e164 in going for row in part.rows)}
    if len(bounds) > 1:
        raise Refused(_("Numbers of different carriers, countries or kinds cannot be moved together."))
    bound = bounds.pop()
    if to == NEW and bound[1] == Kind.UNSENT:
        raise Refused(_("Numbers that are not sent share one draft."))
    if to != NEW and parts[to - 1].bound != bound:
        raise Refused(why_apart(bound, parts[to - 1].bound))
    return place | dict.fromkeys(going, to or len(parts) + 1)


def placed(parts: Iterable[Part]) -> dict[str, int]:
    """The part of each number as the plan has it now."""
    return {row.e164: part.at for part in parts for row in part.rows}


def why_apart(one: Bound, other: Bound) -> str:
    """Why numbers of two bounds never share an order, in a sentence; "" when they may."""
    if one == other:
        return ""
    if Kind.UNSENT in (one[1], other[1]):
        return _("What cannot be ported is not sent with the others.")
    if one[0] != other[0]:
        return _("Numbers of two countries cannot share an order.")
    if one[1] != other[1]:
        return _("Toll-free numbers cannot share an order with others: they move through their registry.")
    if one[1] == Kind.TOLL_FREE:
        return _("Toll-free numbers of two RespOrgs cannot share an order.")
    return _("Numbers of two carriers cannot share an order.")


def sentence(parts: Sequence[Part]) -> str:
    """M-62: what becomes of the list."""
    n = len(parts)
    return ngettext("This is %(n)s order.", "This becomes %(n)s orders.", n) % {"n": n}


def _lots(
    rows: "Sequence[PortedNumber]", country: str, btn: str, named: bool, btns: Mapping[str, str]
) -> "Mapping[str, Lot]":
    # A list of which nothing is known yet stays together: it is checked again before anything is sent.
    any_known = any(row.portable for row in rows)
    lots = {}
    for row in rows:
        billed = row.btn or btns.get(row.e164, "")
        other_btn = "" if billed == btn else billed
        lots[row.e164] = _lot(row, country, other_btn, named=named, any_known=any_known)
    holders: dict[tuple[str, bool], set[str]] = {}
    for lot in lots.values():
        known = holders.setdefault((lot.country, lot.kind == Kind.TOLL_FREE), set())
        if lot.holder:
            known.add(lot.holder)
    return {
        e164: replace(lot, holder=next(iter(known)))
        if not lot.holder
        and lot.kind != Kind.UNSENT
        and len(known := holders[lot.country, lot.kind == Kind.TOLL_FREE]) == 1
        else lot
        for e164, lot in lots.items()
    }


def _lot(row: "PortedNumber", country: str, btn: str, *, named: bool, any_known: bool) -> Lot:
    if row.portable == "no" or (any_known and not row.portable):
        return Lot("", Kind.UNSENT, "", "")
    is_named = named and row.is_named_in_reject
    if row.is_toll_free:
        return Lot(country, Kind.TOLL_FREE, row.resp_org, "", is_named)
    kind = Kind.WIRELESS if row.is_wireless else Kind.WIRELINE
    where = region_of_area_code(row.e164[2:5]) if row.e164.startswith("+1") else country
    return Lot(where or country, kind, row.losing_carrier, btn, is_named)


def _reasons(part: Part, parts: Sequence[Part]) -> tuple[str, ...]:
    """Why a part stands alone: only what tells it from the other parts."""
    lot = part.lots[0]
    if not part.is_sent:
        return (_("These cannot be ported now. They stay in a draft and are not sent."),)
    if len(parts) == 1:
        return ()
    said = []
    sent = [other for other in parts if other.is_sent]
    if lot.kind == Kind.TOLL_FREE:
        said.append(_("Toll-free numbers move through their registry."))
        if part.resp_org and len({other.resp_org for other in sent if other.resp_org}) > 1:
            said.append(_("RespOrg %(id)s holds them.") % {"id": part.resp_org})
    elif len({other.bound[2] for other in sent if other.bound[1] == "line"}) > 1:
        words = _("They are at %(carrier)s.") if part.carrier else _("Nobody told us their carrier.")
        said.append(words % {"carrier": part.carrier} if part.carrier else words)
    if len({other.country for other in sent}) > 1:
        said.append(_("They are numbers of %(country)s.") % {"country": part.country})
    if any(one.is_named for one in part.lots):
        said.append(_("The current carrier named them: they are billed to another number."))
    elif part.own_btn:
        said.append(_("They are billed to %(btn)s.") % {"btn": international(part.own_btn)})
    mixed = {one.kind for other in sent for one in other.lots}
    if {Kind.WIRELINE, Kind.WIRELESS} <= mixed and {one.kind for one in part.lots} == {Kind.WIRELESS}:
        said.append(_("Wireless numbers need the PIN and move faster."))
    return tuple(said)


def _distinct(lots: Iterable[Lot]) -> tuple[Lot, ...]:
    return tuple(
        sorted(set(lots), key=lambda lot: (lot.country, lot.kind, lot.holder, lot.btn, lot.is_named))
    )


def _by_number(row: "PortedNumber") -> str:
    return row.e164
