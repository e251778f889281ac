"""Changing what an order says while it is a draft or stands rejected; its state is workflow's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from lib.documents import Accepted
from lib.transitions import Refused
from porting import intake, papers, readings, splitting
from porting.intake import Line
from porting.models import GroupEvent, PortDocument, PortedNumber, PortGroup, PortOrder
from porting.models.groups import SHARED
from porting.preflight import records
from pstn.workflow import number_ports as inventory

if TYPE_CHECKING:
    from porting.forms.base import StepForm


class Stale(Exception):
    """Somebody else saved the order since this person opened it."""

    def __init__(self, order: PortOrder) -> None:
        super().__init__(str(order))
        self.who: str = str(order.edited_by or _("Somebody"))
        self.when: datetime | None = order.edited_at


def save_step(order: PortOrder, form: "StepForm", *, version: str | None, by: User | None) -> None:
    """Save a valid form if nobody saved the order since `version`; else Stale, or Refused, and no change.

    Without a version only the state of the order is asked; `by` is None for an outsider with a link.
    """
    with transaction.atomic():
        _lock(order, version)
        set_to = form.apply(by)
        _touched(order, by)
        records.ask(order)
        audit.record("port_order.edit", order, after=set_to)


def set_numbers(order: PortOrder, lines: Iterable[Line], *, typed: str = "") -> None:
    """Let the order carry exactly these numbers. What leaves a rejected order leaves the inventory too."""
    rows = {row.e164: row for row in intake.rows(order, lines)}
    stored = {row.e164: row for row in order.numbers.filter()}  # not what was read before the lock
    _take_out(order, [row for e164, row in stored.items() if e164 not in rows])
    for e164 in rows.keys() & stored.keys():
        rows[e164].pk, rows[e164].is_listed = stored[e164].pk, stored[e164].is_listed
    order.numbers.bulk_create([row for row in rows.values() if row.pk is None])
    order.numbers.bulk_update(
        [row for row in rows.values() if row.e164 in stored],
        (*intake.SAID, "line_kind"),
        batch_size=500,
    )
    _recount(order, typed)


def remove_named(order: PortOrder, *, by: User) -> int:
    """Take out the numbers that the last rejection is about; answers how many."""
    with transaction.atomic():
        _lock(order)
        named = list(order.numbers.filter(is_named_in_reject=True))
        if not named or len(named) == order.number_count:
            raise Refused(_("Nothing would be left of the order. Cancel it instead."))
        _take_out(order, named)
        _recount(order, "")
        _touched(order, by)
        audit.record("port_order.edit", order, after={"removed": [row.e164 for row in named]})
        return len(named)


def split(
    order: PortOrder, away: Iterable[str], *, by: User, keep: Iterable[Line] = (), typed: str = ""
) -> PortOrder:
    """Move numbers of an order into a new draft beside it. `keep`, if given, is what both have then.

    `typed` is what stays in the text field when lines of it still need a look.
    """
    with transaction.atomic():
        _lock(order)
        leaving, kept = set(away), list(keep)
        if kept:
            set_numbers(order, kept)
        rows = list(order.numbers.filter())
        moved = [row for row in rows if row.e164 in leaving]
        if not moved or len(moved) == len(rows):
            raise Refused(_("Both orders need at least one number."))
        _group, others = _divide(order, [_New(order.country, moved)], by=by, aligned=True, typed=typed)
        return others[0]


def make_orders(order: PortOrder, *, version: str, aligned: bool, by: User) -> PortGroup:
    """Make an order of each part of the plan: the order keeps the first one, the others become drafts."""
    with transaction.atomic():
        _lock(order, version)
        fresh = order.org.port_orders.whole().get(pk=order.pk)
        first, *rest = splitting.suggestion(fresh)
        if not rest:
            raise Refused(_("All numbers fit into one order: there is nothing to divide."))
        new = [
            _New(part.country, list(part.rows), part.carrier, part.resp_org, part.own_btn) for part in rest
        ]
        if order.is_draft and not order.btn and first.carrier:
            own = {"losing_carrier": first.carrier, "btn": first.own_btn, "resp_org": first.resp_org}
            order.org.port_orders.filter(pk=order.pk).update(**own)
        group, _others = _divide(order, new, by=by, aligned=aligned, part=1)
        return group


def use_shared(order: PortOrder, name: str, *, by: User) -> None:
    """Let an order say again what its group shares."""
    with transaction.atomic():
        _lock(order)
        group = order.group
        if group is None or name not in order.overrides:
            raise Refused(_("%(order)s uses the shared value already.") % {"order": order})
        order.org.port_orders.filter(pk=order.pk).update(**{name: group.shared()[name]})
        order.refresh_from_db()
        _touched(order, by)
        audit.record("port_order.edit", order, after={"shared": name})


def keep_bill(
    order: PortOrder, accepted: Accepted | None, *, name: str, dated: date | None, by: User | None
) -> PortDocument | None:
    """Store a checked bill in place of the former, which stays as history; or only correct its date."""
    current = order.documents.current().filter(kind=PortDocument.Kind.BILL)
    if accepted is None:
        if dated is not None:
            current.update(dated=dated)
        return current.first()
    bill = papers.keep(order, PortDocument.Kind.BILL, accepted, name=name, by=by, dated=dated)
    readings.begin(bill)
    return bill


def _lock(order: PortOrder, version: str | None = None) -> None:
    """Take the row, so that submitting and editing take turns; refuse what was sent or saved meanwhile."""
    orders = order.org.port_orders.select_for_update(of=("self",))
    stored = orders.select_related("edited_by").get(pk=order.pk)
    if not stored.is_editable:
        raise Refused(_("%(order)s was sent meanwhile and cannot be changed now.") % {"order": order})
    if version is not None and version != str(stored.version):
        raise Stale(stored)


def _touched(order: PortOrder, by: User | None) -> None:
    """Count the version up; what an order of a group says itself from now on is its own."""
    said = {"overrides": order.group.differing(order)} if order.group else {}
    order.org.port_orders.filter(pk=order.pk).update(
        version=F("version") + 1, edited_by=by, edited_at=now(), updated_at=now(), **said
    )
    order.refresh_from_db()


@dataclass(frozen=True)
class _New:
    """A draft to be made: its numbers, and what is known of their account."""

    country: str
    rows: list[PortedNumber]
    losing_carrier: str = ""
    resp_org: str = ""
    btn: str = ""


def _divide(
    order: PortOrder, new: list[_New], *, by: User, aligned: bool, typed: str = "", part: int = 0
) -> tuple[PortGroup, list[PortOrder]]:
    """Take the rows of the new drafts out of an order, into one group with it. Few statements for many.

    `part` is what every number has then: 1 if the plan is settled, so that no order falls apart again.
    """
    order.refresh_from_db()
    same = {name: getattr(order, name) for name in SHARED}
    group = order.group or order.org.port_groups.create(
        created_by=by, is_aligned=aligned, country=order.country, **same
    )
    others = order.org.port_orders.bulk_create(
        PortOrder(
            **{"org": order.org, "group": group, "created_by": by, "overrides": order.overrides, **same},
            country=one.country or order.country,
            losing_carrier=one.losing_carrier,
            resp_org=one.resp_org,
            btn=one.btn,
            number_count=len(one.rows),
        )
        for one in new
    )
    _take_out(order, [row for one in new for row in one.rows])
    order.numbers.update(part=part)
    order.numbers.bulk_create(
        _copied(other, row, part) for other, one in zip(others, new, strict=True) for row in one.rows
    )
    order.org.port_orders.filter(pk=order.pk).update(group=group)
    _recount(order, typed)
    _touched(order, by)
    made = ", ".join(other.reference for other in others)
    group.events.create(verb=GroupEvent.Verb.MAKE, by=by, note=f"{order.reference}: {made}")
    numbers = [row.e164 for one in new for row in one.rows]
    audit.record("port_order.split", order, after={"into": made, "group": str(group), "numbers": numbers})
    return group, others


def _take_out(order: PortOrder, rows: list[PortedNumber]) -> None:
    listed = [row.e164 for row in rows if row.is_listed]
    if listed:
        inventory.forget_port(order.org, listed)
    order.numbers.filter(e164__in=[row.e164 for row in rows]).delete()


def _recount(order: PortOrder, typed: str) -> None:
    count = order.numbers.filter().count()
    order.org.port_orders.filter(pk=order.pk).update(number_count=count, typed_numbers=typed)
    order.refresh_from_db()


def _copied(other: PortOrder, known: PortedNumber, part: int) -> PortedNumber:
    row = PortedNumber(order=other, e164=known.e164, part=part)
    for name in (*intake.SAID, "line_kind", "btn"):
        setattr(row, name, getattr(known, name))
    return row
