"""Preparing the numbers of an order: how far it is, the order's card, and one page of its table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import Membership, User
from lib import keyset
from lib.keyset import Page
from porting.models import PortOrder
from pstn.forms.preparations import RowForm
from pstn.models import PhoneNumber
from pstn.workflow import preparations

PAGE_SIZE = 50


@dataclass(frozen=True)
class Summary:
    """How many numbers of an order are given to somebody, and how many lack a validated emergency address.

    Toll-free numbers take no address and lack none. `left` counts those that came without something that was
    prepared for them.
    """

    total: int = 0
    coming: int = 0
    assigned: int = 0
    without_address: int = 0
    left: int = 0

    @property
    def unassigned(self) -> int:
        return self.total - self.assigned

    @property
    def is_ready(self) -> bool:
        return not self.unassigned and not self.without_address


def numbers_of(order: PortOrder) -> Any:
    """The order's numbers that stand in the inventory, on their way or here."""
    listed = order.numbers.filter(is_listed=True).order_by().values("e164")
    return order.org.phone_numbers.filter(e164__in=listed)


def summary(order: PortOrder) -> Summary:
    """Counted in one query, whatever the count of numbers; what was prepared for those still on their way."""
    addresses = order.org.emergency_addresses.filter(number=OuterRef("pk"), state="validated")
    rows = (
        numbers_of(order)
        .order_by()
        .annotate(has_own=Exists(addresses))
        .values_list(
            "state",
            "kind",
            "assigned_to",
            "preparation__assigned_to",
            "preparation__temporary__assigned_to",
            "preparation__left",
            "has_own",
        )
    )
    by_location = order.has_emergency_address
    total = coming = assigned = without = left = 0
    for state, kind, given, prepared, passed_on, is_left, has_own in rows:
        is_coming = state == PhoneNumber.State.PORTING
        total += 1
        coming += is_coming
        assigned += bool(given or (is_coming and (prepared or passed_on)))
        without += not (has_own or by_location or kind == PhoneNumber.Kind.TOLL_FREE)
        left += bool(is_left)
    return Summary(total, coming, assigned, without, left)


def facts(order: PortOrder, membership: Membership) -> dict[str, Any] | None:
    """The card: shown while numbers are on their way, or while something is left to do."""
    if order.is_draft or order.state in (PortOrder.State.CANCELED, PortOrder.State.ABANDONED):
        return None
    found = summary(order)
    if not found.coming and not found.left:
        return None
    return {"summary": found, "may_edit": membership.may_edit, "is_dated": order.foc_date is not None}


@dataclass
class Table:
    """One page of the table: a form for each number that is on its way, or None for one that is here."""

    page: Page[PhoneNumber]
    rows: list[tuple[PhoneNumber, RowForm | None]]

    @property
    def forms(self) -> list[RowForm]:
        return [form for _number, form in self.rows if form is not None and form.is_bound]

    @property
    def errors(self) -> list[tuple[PhoneNumber, RowForm]]:
        return [(number, form) for number, form in self.rows if form is not None and form.errors]

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])


def table(order: PortOrder, asked: Mapping[str, str], posted: Any = None) -> Table:
    """A page by the cursors in `asked`; rows that were posted are bound to what was typed."""
    related = ("location__emergency_address", "custom_address", "preparation__edited_by")
    rows = numbers_of(order).select_related(*related)
    page = keyset.page(rows, ("e164",), asked.get("after"), asked.get("before"), PAGE_SIZE)
    return Table(page, [(number, _row(number, posted)) for number in page.rows])


def save(order: PortOrder, filled: Table, *, by: User) -> int | None:
    """Save a page, all of its rows or none; answers how many changed. None: the rows say what is wrong."""
    if not filled.is_valid():
        return None
    try:
        return preparations.prepare(order.org, [form.wanted() for form in filled.forms], by=by)
    except preparations.NotPrepared as refusal:
        for form in filled.forms:
            if problem := refusal.problems.get(form.number.pk):
                form.refuse(problem)
        return None


def _row(number: PhoneNumber, posted: Any) -> RowForm | None:
    if number.state != PhoneNumber.State.PORTING:
        return None
    is_posted = posted is not None and f"n{number.pk}-version" in posted
    return RowForm(posted if is_posted else None, number=number)


def is_waiting(order: PortOrder) -> bool:
    """Whether any of its numbers can still be prepared."""
    return bool(numbers_of(order).filter(state=PhoneNumber.State.PORTING).exists())
