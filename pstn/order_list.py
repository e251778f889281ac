"""Orders of every kind as one list: what people filter by, and its pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization
from lib import bundle
from lib.bundle import Wanted
from lib.keyset import Page
from pstn.models import NumberOrder, Order

PAGE_SIZE = 50
SEGMENTS = {
    "action": _("Needs action"),
    "progress": _("In progress"),
    "done": _("Done"),
    "drafts": _("Drafts"),
    "all": _("All"),
}
TERMS = "waiting_for_terms"  # a word of its own for people; to the state machine it is provisioned
REFERENCE = re.compile(r"(?P<kind>[NPO])?\s*-?\s*#?(?P<pk>[0-9]{0,15})", re.IGNORECASE)
CURSOR = re.compile(r"(?P<moment>[0-9]{1,16})-(?P<prefix>[NPO])-(?P<pk>[0-9]{1,15})")
PLACE = re.compile(r"[0-9]{1,15}")
NATIONAL_DIGITS = 6  # fewer after a zero are the end of a number, not all of one
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Position:
    """A place in the list: newest change first; of one moment the higher number, then P, O, N."""

    moment: datetime
    pk: int
    prefix: str

    def key(self) -> tuple[datetime, int, str]:
        return self.moment, self.pk, self.prefix

    def __str__(self) -> str:
        """The cursor: safe in a URL."""
        return f"{(self.moment - EPOCH) // timedelta(microseconds=1)}-{self.prefix}-{self.pk}"


class OrderFilters(forms.Form):
    """What people narrow the list by. What makes no sense is left out, not refused: links grow old."""

    q = forms.CharField(label=_("Search"), required=False, max_length=60)
    type = forms.ChoiceField(
        label=_("Type"),
        required=False,
        choices=[
            ("", _("All types")),
            (NumberOrder.PREFIX, _("All new numbers")),
            *NumberOrder.Kind.choices,
            ("P", _("Port in")),
            ("O", _("Port out")),
        ],
    )
    status = forms.ChoiceField(label=_("Status"), required=False)
    late = forms.ChoiceField(
        label=_("Age"), required=False, choices=[("", _("Any age")), ("yes", _("Overdue"))]
    )
    location = forms.TypedChoiceField(label=_("Location"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, org: Organization, membership: Membership, is_shown: bool) -> None:
        """All locations are asked for only where the form is shown, else the chosen one at most."""
        super().__init__(data)
        self.org = org
        self.lists: list[QuerySet[Any]] = [
            org.number_orders.within(membership),
            org.port_orders.within(membership),
            org.port_outs.within(membership),
        ]
        self.words = _status_words(self.lists)
        self.fields["status"].choices = [("", _("All statuses")), *self.words.items()]  # type: ignore[attr-defined]
        places = org.locations.within(membership)
        if not is_shown:
            chosen = PLACE.fullmatch(self.data.get("location", ""))
            places = places.filter(pk=int(chosen[0])) if chosen else places.none()
        self.fields["location"].choices = [  # type: ignore[attr-defined]
            ("", _("All locations")),
            *places.values_list("pk", "name"),
        ]
        for field in self.fields.values():
            field.widget.attrs |= {"class": "input", "aria-label": field.label}
        self.is_valid()

    @property
    def show(self) -> str:
        """The segment."""
        asked = str(self.data.get("show", ""))
        return asked if asked in SEGMENTS else "all"

    @property
    def narrowed(self) -> bool:
        """Whether anything but the segment is chosen."""
        return any(self.cleaned_data.values())

    def page(self, beside: Sequence[Wanted]) -> tuple[Page[Order], list[list[Any]]]:
        """The page that the cursors `after` and `before` ask for, and what is wanted `beside` it."""
        lists = [self._filtered(orders) for orders in self.lists if self._wants(orders)]
        after, before = self.data.get("after"), self.data.get("before")
        return merged(self.org, lists, after=after, before=before, beside=beside)

    def _wants(self, orders: QuerySet[Any]) -> bool:
        kind = self.cleaned_data.get("type", "")
        if kind in NumberOrder.Kind.values:
            return issubclass(orders.model, NumberOrder)
        return kind in ("", orders.model.PREFIX)

    def _filtered(self, orders: Any) -> QuerySet[Any]:
        orders = _in_segment(orders, self.show)
        if (kind := self.cleaned_data.get("type")) in NumberOrder.Kind.values:
            orders = orders.filter(kind=kind)
        if status := self.cleaned_data.get("status"):
            orders = _with_status(orders, status, str(self.words[status]))
        if self.cleaned_data.get("late"):
            orders = orders.late()
        if location := self.cleaned_data.get("location"):
            orders = orders.filter(location=location)
        if q := self.cleaned_data.get("q"):
            orders = _found(orders, q)
        return orders  # type: ignore[no-any-return]


def ages(order: Order) -> tuple[str, str]:
    """For how long the order has been in its state, and not been changed, in the largest unit: "3 days"."""
    return timesince(order.moved_at, depth=1), timesince(order.updated_at, depth=1)


def merged(
    org: Organization,
    lists: Sequence[QuerySet[Any]],
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
    beside: Sequence[Wanted] = (),
) -> tuple[Page[Order], list[list[Any]]]:
    """The orders that follow the cursor `after`, precede `before`, or the newest, out of all lists of an
    organization; and the rows of what is wanted `beside` them. One statement.

    Every list is asked for one row more than a page of `size`: enough to fill it alone, and to know whether
    more follow. A cursor that is no cursor, or past the end, gives the first page, the latter by a second
    statement. The orders know the fields of a row of this list.
    """
    backwards = bool(before)
    position = _read(before or after)
    nearest = [_on_one_side(orders, position, backwards)[: size + 1] for orders in lists]
    found = bundle.read(*(Wanted(orders, orders.model.LISTED) for orders in nearest), *beside)
    rows: list[Order] = [order for orders in found[: len(lists)] for order in orders]
    rows.sort(key=lambda order: _position(order).key(), reverse=position is None or not backwards)
    if position and not rows:
        return merged(org, lists, size=size, beside=beside)
    more, rows = len(rows) > size, rows[:size]
    for order in rows:
        order.org = org  # type: ignore[attr-defined]  # known already
    if position and backwards:
        rows.reverse()
        page = Page(rows, _cursor(rows[-1]), _cursor(rows[0]) if more else None)
    else:
        page = Page(rows, _cursor(rows[-1]) if more else None, _cursor(rows[0]) if position else None)
    return page, found[len(lists) :]


def _on_one_side(orders: QuerySet[Any], position: Position | None, backwards: bool) -> QuerySet[Any]:
    """The orders on one side of a position, the nearest first."""
    if position is None:
        return orders.order_by("-updated_at", "-pk")
    # Written as in lib.keyset, so that both databases stay on the index.
    prefix = orders.model.PREFIX
    if backwards:
        equal = "" if prefix > position.prefix else "e"
        passed = Q(**{"updated_at": position.moment, f"pk__lt{equal}": position.pk})
        return orders.filter(~passed, updated_at__gte=position.moment).order_by("updated_at", "pk")
    equal = "" if prefix < position.prefix else "e"
    passed = Q(**{"updated_at": position.moment, f"pk__gt{equal}": position.pk})
    return orders.filter(~passed, updated_at__lte=position.moment).order_by("-updated_at", "-pk")


def _position(order: Order) -> Position:
    return Position(order.updated_at, order.pk, order.PREFIX)


def _cursor(order: Order) -> str:
    return str(_position(order))


def _read(cursor: str | None) -> Position | None:
    found = CURSOR.fullmatch(cursor or "")
    if not found:
        return None
    moment = EPOCH + timedelta(microseconds=int(found["moment"]))
    return Position(moment, int(found["pk"]), found["prefix"])


def _in_segment(orders: Any, show: str) -> Any:
    """The orders of a segment. Numbers that wait for the terms need somebody, though the carrier is done."""
    new = issubclass(orders.model, NumberOrder)
    if show == "action":
        needy = orders.model.in_need()
        return orders.filter(needy | Q(waits_for_terms=True) if new else needy)
    if show == "progress":
        return orders.moving()
    if show == "done":
        return orders.done().filter(waits_for_terms=False) if new else orders.done()
    return orders.drafts() if show == "drafts" else orders


def _status_words(lists: list[QuerySet[Any]]) -> dict[str, Any]:
    """The words that people see, each once: two kinds of order may share one (Draft, Pending), or a value."""
    words: dict[str, Any] = {}
    said: set[str] = set()
    for orders in lists:
        for value, word in orders.model.State.choices:
            if str(word) not in said:
                words[value if value not in words else f"{orders.model.PREFIX}_{value}"] = word
                said.add(str(word))
    return words | {TERMS: _("Waiting for terms")}


def _with_status(orders: Any, status: str, word: str) -> Any:
    """The orders that show this word."""
    new = issubclass(orders.model, NumberOrder)
    if status == TERMS:
        return orders.filter(waits_for_terms=True, state="provisioned") if new else orders.none()
    states = [value for value, label in orders.model.State.choices if str(label) == word]
    orders = orders.filter(state__in=states)
    return orders.exclude(waits_for_terms=True, state="provisioned") if new else orders


def _found(orders: Any, q: str) -> Any:
    """The orders that are called this, at the carrier or here, or hold a number with these digits."""
    condition = Q(carrier_ref__iexact=q)
    reference = REFERENCE.fullmatch(q)
    if reference and (reference["kind"] or orders.model.PREFIX).upper() == orders.model.PREFIX:
        # Only "N-" is somebody still typing: all that could follow.
        if reference["pk"]:
            condition |= Q(pk=int(reference["pk"]))
        elif reference["kind"]:
            condition |= Q(pk__gt=0)
    digits = re.sub(r"\(0\)|\D", "", q)  # +44 (0)20 7946 0958
    if len(digits) >= 4 and not re.search(r"[^\W\d_]", q):
        held = orders.filter(_has_digits(orders, digits)).order_by()
        condition |= Q(pk__in=held.values("pk"))
    return orders.filter(condition)


def _has_digits(orders: Any, digits: str) -> Q:
    """Has a number with these digits, or with those that follow the zeros of a national or international
    writing: 020 7946 0958, 0044 20 7946 0958."""
    new = issubclass(orders.model, NumberOrder)
    name = "lines__e164__contains" if new else "numbers__e164__contains"
    condition = Q(**{name: digits})
    bare = digits.lstrip("0")
    if bare != digits and len(bare) >= NATIONAL_DIGITS:
        condition |= Q(**{name: bare})
    return condition & Q(lines__is_chosen=True) if new else condition
