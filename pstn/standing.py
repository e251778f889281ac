"""Where a location stands on its way to working telephones: what is done, and the one next thing to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, Right
from pstn.models import Location


@dataclass(frozen=True)
class Line:
    """One line of the checklist. `url` is empty when there is nothing that this person could press."""

    what: str
    title: str
    is_done: bool
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Checklist:
    lines: list[Line]

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)

    @property
    def next(self) -> Line | None:
        """The first line that is not done: its button is the only one that is shown."""
        return next((line for line in self.lines if not line.is_done), None)


def checklist(location: Location, membership: Membership) -> Checklist:
    """What a location from `with_standing()` has and needs, in the order of `missing()`; no query."""
    missing = location.missing()
    buttons = _buttons(location)
    titles = {
        "connection": _("PSTN connection"),
        "emergency_address": _("Emergency service address"),
        "numbers": _("Phone numbers"),
        "terms": _("Terms of service"),
        "main_number": _("Main number"),
    }
    if location.terms_are_awaited:  # type: ignore[attr-defined]
        missing.insert(missing.index("main_number") if "main_number" in missing else len(missing), "terms")
    else:
        titles.pop("terms")

    def line(what: str) -> Line:
        right, url, action = buttons[what]
        if what not in missing or not membership.may(right):
            url = action = ""
        return Line(what, titles[what], what not in missing, url, action)

    return Checklist([line(what) for what in titles])


def _buttons(location: Location) -> dict[str, tuple[Right, str, str]]:
    """For each line: the right it takes, where the button leads, and what is written on it."""
    slug, pk = location.org.slug, location.pk
    has_draft = getattr(location, "connection", None) is not None
    numbers = reverse("pstn:number_list", args=[slug])
    pstn_tab = reverse("pstn:location_pstn", args=[slug, pk])
    return {
        "connection": (
            Right.CONNECT,
            reverse("pstn:connection_start", args=[slug, pk]),
            _("Continue setting up PSTN") if has_draft else _("Set up PSTN"),
        ),
        "emergency_address": (
            Right.EDIT,
            reverse("emergency:address_edit", args=[slug, pk]),
            _("Check the emergency address"),
        ),
        "numbers": (
            Right.EDIT,
            f"{reverse('pstn:number_start', args=[slug])}?location={pk}",
            _("Add numbers"),
        ),
        "terms": (Right.VIEW, reverse("pstn:terms_detail", args=[slug]), _("Review the terms")),
        "main_number": (Right.EDIT, f"{pstn_tab}#main-number", _("Choose a main number"))
        if location.active_numbers_exist  # type: ignore[attr-defined]
        else (Right.VIEW, f"{numbers}?location={pk}", _("See the numbers")),
    }


def count_numbers(locations: Sequence[Location]) -> None:
    """Put `number_count` on each location of a page: one query on an index, whatever their number."""
    if not locations:
        return
    org = locations[0].org
    rows = (
        org.phone_numbers.filter(location__in=locations)
        .order_by()
        .values_list("location")
        .annotate(Count("pk"))
    )
    counts = dict(rows)
    for location in locations:
        location.number_count = counts.get(location.pk, 0)  # type: ignore[attr-defined]
