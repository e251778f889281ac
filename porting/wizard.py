"""The steps of a draft port order. Progress lives in the order itself, not in the session."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from porting.forms.account import AccountForm
from porting.forms.base import StepForm
from porting.forms.groups import PlanForm
from porting.forms.papers import BillForm, LetterForm
from porting.forms.start import DateForm, LocationForm, NumbersForm
from porting.models import PortOrder
from pstn.progress import Mark


@dataclass(frozen=True)
class Step:
    """`slug` is the last part of its address, its name in order.missing(), and its template's."""

    slug: str
    title: str | Promise
    form: type[StepForm] | None

    @property
    def template(self) -> str:
        return f"porting/step_{self.slug}.html"


STEPS = {
    step.slug: step
    for step in [
        Step("location", _("Location"), LocationForm),
        Step("numbers", _("Numbers"), NumbersForm),
        Step("plan", _("Plan"), PlanForm),
        Step("date", _("Date"), DateForm),
        Step("carrier", _("Current carrier"), AccountForm),
        Step("bill", _("Bill"), BillForm),
        Step("loa", _("Letter of agency"), LetterForm),
        Step("review", _("Review"), None),
    ]
}


def step_url(order: PortOrder, slug: str) -> str:
    return reverse("porting:order_step", args=[order.org.slug, order.pk, slug])


def next_url(order: PortOrder) -> str:
    """The first unfinished step, or the review once nothing is missing."""
    missing = order.missing()
    return step_url(order, missing[0] if missing else "review")


def previous_url(order: PortOrder, slug: str) -> str:
    """The step before this one; "" for the first."""
    slugs = _shown(order.why_missing(), slug)
    at = slugs.index(slug)
    return step_url(order, slugs[at - 1]) if at else ""


def rail(order: PortOrder, current: str) -> list[Mark]:
    """The wizard's progress: a step that was done and no longer holds says why."""
    lacking = order.why_missing()
    marks = []
    for slug in _shown(lacking, current):
        step = STEPS[slug]
        broken = slug in lacking and _was_done(order, slug)
        state = "current" if slug == current else "error" if broken else "todo" if slug in lacking else "done"
        if slug == "review" and slug != current:
            state = "todo"
        marks.append(Mark(step.title, state, lacking[slug] if broken else "", step_url(order, slug)))
    return marks


def _shown(lacking: Mapping[str, str], current: str) -> list[str]:
    """The steps that an order has: a plan only where its list falls into several orders."""
    return [slug for slug in STEPS if slug != "plan" or slug == current or slug in lacking]


def _was_done(order: PortOrder, slug: str) -> bool:
    """Whether a step that is unfinished now holds something already."""
    return {
        "location": order.location_id is not None,
        "numbers": order.number_count > 0,
        "date": order.requested_date is not None,
        "carrier": bool(order.btn),
        "bill": order.paper("bill") is not None,
        "loa": order.paper("loa") is not None,
    }.get(slug, False)
