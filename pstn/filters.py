"""What the address of the numbers page asks for: search, filters and order; read from it and written back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from pstn.models import Location, PhoneNumber
from pstn.models.numbers import PhoneNumberQuerySet

ORDERS = {
    "number": ("e164",),
    "-number": ("-e164",),
    "-changed": ("-updated_at", "-id"),
    "changed": ("updated_at", "id"),
}


@dataclass(frozen=True)
class NumberFilter:
    """The question of a numbers page. Kinds of filters combine with AND, the values of one kind with OR."""

    q: str = ""
    state: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    location: tuple[int, ...] = ()
    assignment: str = ""  # "", "assigned", "unassigned"
    main: str = ""  # "", "yes", "no"
    sort: str = "number"
    locations: dict[int, Location] = field(default_factory=dict, compare=False)

    @classmethod
    def read(cls, query: QueryDict, locations: Iterable[Location]) -> Self:
        """Only values that exist are taken; anything else in the address is ignored."""
        places = {location.pk: location for location in locations}
        asked = [int(pk) for pk in query.getlist("location") if pk.isascii() and pk.isdigit()]
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:60],
            state=tuple(s for s in PhoneNumber.State.values if s in query.getlist("state")),
            kind=tuple(k for k in PhoneNumber.Kind.values if k in query.getlist("type")),
            location=tuple(pk for pk in dict.fromkeys(asked) if pk in places),
            assignment=_one_of(query.get("assignment"), "assigned", "unassigned"),
            main=_one_of(query.get("main"), "yes", "no"),
            sort=_one_of(query.get("sort"), *ORDERS) or "number",
            locations=places,
        )

    @property
    def order(self) -> tuple[str, ...]:
        """The keyset order, total and on an index."""
        return ORDERS[self.sort]

    @property
    def is_empty(self) -> bool:
        return self == NumberFilter(sort=self.sort)

    @property
    def count(self) -> int:
        """How many filters are set beside the search."""
        return len(self.parts()) - bool(self.q)

    def apply(self, numbers: PhoneNumberQuerySet) -> PhoneNumberQuerySet:
        if self.q:
            numbers = self._search(numbers)
        if self.state:
            numbers = numbers.filter(state__in=self.state)
        if self.kind:
            numbers = numbers.filter(kind__in=self.kind)
        if self.location:
            numbers = numbers.filter(location__in=self.location)
        if self.assignment:
            nobody = Q(assigned_to="")
            numbers = numbers.filter(nobody if self.assignment == "unassigned" else ~nobody)
        if self.main:
            numbers = numbers.filter(main_of__isnull=self.main == "no")
        return numbers

    def _search(self, numbers: PhoneNumberQuerySet) -> PhoneNumberQuerySet:
        """A number in any writing, the last digits, an extension, or a person."""
        digits = re.sub(r"\D", "", self.q)[:15]
        if re.search(r"[^\W\d_]", self.q) or not digits:
            return numbers.filter(assigned_to__icontains=self.q)
        return numbers.matching(digits)

    def query(self, **cursor: str) -> str:
        """The query string that asks for this, from the first page or from a cursor (`after`, `before`)."""
        pairs: list[tuple[str, str]] = [
            *[("q", self.q)][: bool(self.q)],
            *[("state", value) for value in self.state],
            *[("type", value) for value in self.kind],
            *[("location", str(pk)) for pk in self.location],
            *[("assignment", self.assignment)][: bool(self.assignment)],
            *[("main", self.main)][: bool(self.main)],
            *[("sort", self.sort)][: self.sort != "number"],
            *cursor.items(),
        ]
        return f"?{urlencode(pairs)}" if pairs else ""

    def parts(self) -> list["Part"]:
        """Each thing that narrows the list, in words, with the filter that is left without it."""
        parts = []
        if self.q:
            parts.append(Part(_("Search"), self.q, replace(self, q="")))
        for name, label, words in [
            ("state", _("State"), [str(PhoneNumber.State(value).label) for value in self.state]),
            ("kind", _("Type"), [str(PhoneNumber.Kind(value).label) for value in self.kind]),
            ("location", _("Location"), [self.locations[pk].name for pk in self.location]),
        ]:
            if words:
                none: dict[str, Any] = {name: ()}
                parts.append(Part(label, ", ".join(words), replace(self, **none)))
        words_of = {"assigned": _("Assigned"), "unassigned": _("Unassigned"), "yes": _("Yes"), "no": _("No")}
        if self.assignment:
            parts.append(Part(_("Assignment"), words_of[self.assignment], replace(self, assignment="")))
        if self.main:
            parts.append(Part(_("Main number"), words_of[self.main], replace(self, main="")))
        return parts

    def segments(self) -> list[dict[str, Any]]:
        """The quick filters above the table. Each replaces state and assignment and leaves the rest."""
        presets: list[tuple[str, dict[str, Any]]] = [
            (_("All"), {"state": (), "assignment": ""}),
            (_("Unassigned"), {"state": (), "assignment": "unassigned"}),
            (_("Inactive"), {"state": ("inactive",), "assignment": ""}),
            (_("Porting"), {"state": ("porting",), "assignment": ""}),
        ]
        return [
            {
                "title": title,
                "url": replace(self, **preset).query(),
                "current": all(getattr(self, name) == value for name, value in preset.items()),
            }
            for title, preset in presets
        ]

    def options(self) -> list[dict[str, Any]]:
        """The check-boxes and radio buttons of the filter form."""
        return [
            _group("state", _("State"), PhoneNumber.State.choices, self.state),
            _group("type", _("Type"), PhoneNumber.Kind.choices, self.kind),
            _group(
                "location", _("Location"), [(p.pk, p.name) for p in self.locations.values()], self.location
            ),
            _group(
                "assignment",
                _("Assignment"),
                [("", _("Any")), ("assigned", _("Assigned")), ("unassigned", _("Unassigned"))],
                (self.assignment,),
            ),
            _group(
                "main", _("Main number"), [("", _("Any")), ("yes", _("Yes")), ("no", _("No"))], (self.main,)
            ),
        ]


@dataclass(frozen=True)
class Part:
    """One filter that is set: "State: Active, Pending", and what is left without it."""

    label: str
    text: str
    without: NumberFilter

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"


def _one_of(value: str | None, *known: str) -> str:
    return value if value in known else ""


def _group(name: str, legend: str, choices: Iterable[Any], chosen: Iterable[Any]) -> dict[str, Any]:
    is_single = name in ("assignment", "main")
    return {
        "name": name,
        "legend": legend,
        "kind": "radio" if is_single else "checkbox",
        "choices": [(value, label, value in chosen) for value, label in choices],
    }
