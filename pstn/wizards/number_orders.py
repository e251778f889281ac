"""The steps of a draft order for new numbers. Progress lives in the order itself, not in the session."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pstn.models import NumberOrder


@dataclass(frozen=True)
class Step:
    """One page of the wizard; `template` draws it."""

    slug: str
    title: Promise | str
    template: str


STEPS = {
    step.slug: step
    for step in [
        Step("location", _("Location"), "pstn/number_order_location.html"),
        Step("numbers", _("Numbers"), "pstn/number_order_numbers.html"),
        Step("review", _("Review"), "pstn/number_order_review.html"),
    ]
}


def url(order: NumberOrder, slug: str) -> str:
    return reverse("pstn:number_order_step", args=[order.org.slug, order.pk, slug])


def next_url(order: NumberOrder) -> str:
    """The first unfinished step, or the review once nothing is missing."""
    return url(order, next(iter(order.missing()), "review"))


def frame(order: NumberOrder, step: Step) -> dict[str, Any]:
    """What wizard.html needs around a step: the stepper, the title, the way back."""
    missing, slugs = order.missing(), list(STEPS)
    before = slugs[slugs.index(step.slug) - 1] if step.slug != slugs[0] else None
    return {
        "order": order,
        "title": _("Order new numbers"),
        "step_title": step.title,
        "steps": [_shown(order, one, step, missing) for one in STEPS.values()],
        "back_url": url(order, before) if before else "",
    }


def _shown(order: NumberOrder, step: Step, current: Step, missing: list[str]) -> dict[str, Any]:
    done = step.slug not in missing and step.slug != "review"
    state = "current" if step == current else "done" if done else "todo"
    reachable = done or (step.slug == "review" and not missing)
    return {"title": step.title, "url": url(order, step.slug) if reachable else "", "state": state}
