"""The words of the numbers page's filters: what there is to choose, chips, segments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import countries
from pstn.models import Connection, Owner, PhoneNumber

if TYPE_CHECKING:
    from pstn.listing.filters import NumberFilter

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
# What may be chosen of each kind, in this order; other filters are typed in or come from the organization.
CHOICES: dict[str, list[tuple[str, Any]]] = {
    "state": [
        *((value, label) for value, label in PhoneNumber.State.choices if value != "na"),
        ("porting_out", gettext_lazy("Porting out")),
        ("na", PhoneNumber.State.NOT_APPLICABLE.label),
    ],
    "kind": list(PhoneNumber.Kind.choices),
    "assignment": [
        ("unassigned", gettext_lazy("Unassigned")),
        ("assigned", gettext_lazy("Assigned")),
        *Owner.Kind.choices,
    ],
    "country": list(countries.choices()),
    "provider": [*Connection.Kind.choices, ("none", gettext_lazy("No connection"))],
    "main": YES_NO,
    "emergency": [
        ("location", gettext_lazy("The location's")),
        ("custom", gettext_lazy("Custom")),
        ("missing", gettext_lazy("Missing")),
        ("unchecked", gettext_lazy("Not validated")),
    ],
    "block": YES_NO,
}
LEGENDS = {
    "q": gettext_lazy("Search"),
    "state": gettext_lazy("State"),
    "kind": gettext_lazy("Type"),
    "assignment": gettext_lazy("Assignment"),
    "location": gettext_lazy("Location"),
    "country": gettext_lazy("Country"),
    "provider": gettext_lazy("Provider"),
    "main": gettext_lazy("Main number"),
    "emergency": gettext_lazy("Emergency address"),
    "block": gettext_lazy("In a block"),
    "order": gettext_lazy("Order"),
    "tag": gettext_lazy("Tag"),
    "added_from": gettext_lazy("Added from"),
    "added_to": gettext_lazy("Added until"),
}
# The quick filters: one at a time; each replaces these four and leaves the rest.
REPLACED = ("state", "assignment", "emergency", "kind")
SEGMENTS: list[tuple[Any, dict[str, tuple[str, ...]]]] = [
    (gettext_lazy("All"), {}),
    (gettext_lazy("Unassigned"), {"assignment": ("unassigned",)}),
    (gettext_lazy("Inactive"), {"state": ("inactive",)}),
    (gettext_lazy("Porting"), {"state": ("porting",)}),
    (gettext_lazy("No emergency address"), {"emergency": ("missing",)}),
    (gettext_lazy("Toll-free"), {"kind": ("toll_free",)}),
]


@dataclass(frozen=True)
class Part:
    """One filter that is set: "State: Active, Pending", and what is left without it."""

    label: str
    text: str
    without: "NumberFilter"

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"


def parts(asked: "NumberFilter") -> list[Part]:
    """Each thing that narrows the list, in words, with the filter that is left without it."""
    return [Part(str(LEGENDS[name]), _text(asked, name), asked.without(name)) for name in asked.set_names]


def _text(asked: "NumberFilter", name: str) -> str:
    value = getattr(asked, name)
    if name == "q":
        return _("%(n)s numbers") % {"n": len(asked.search.numbers)} if asked.search.is_list else value[:60]
    if name in ("added_from", "added_to"):
        return date_format(value, "DATE_FORMAT")
    if name in CHOICES:
        words = dict(CHOICES[name])
        return ", ".join(str(words[one]) for one in value)
    if name == "location":
        return ", ".join(asked.places.get(pk, str(pk)) for pk in value)
    return ", ".join(f"N-{one}" if name == "order" else str(one) for one in value)
