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


LOCATION = Step("location", _("Location"), "pstn/number_order_location.html")
NUMBERS = Step("numbers", _("Numbers"), "pstn/number_order_numbers.html")
BLOCK = Step("numbers", _("Block"), "pstn/number_order_numbers.html")
REQUEST = Step("request", _("What you need"), "pstn/number_order_request.html")
REVIEW = Step("review", _("Review"), "pstn/number_order_review.html")
TITLES = {
    NumberOrder.Kind.STANDARD: _("Order new numbers"),
    NumberOrder.Kind.BLOCK: _("Order a consecutive block"),
    NumberOrder.Kind.TOLL_FREE: _("Order toll-free numbers"),
    NumberOrder.Kind.NON_GEOGRAPHIC: _("Order non-geographic numbers"),
    NumberOrder.Kind.ASSISTED: _("Request numbers through support"),
}


def steps(order: NumberOrder) -> dict[str, Step]:
    """The steps of an order of this kind, by slug."""
    middle = REQUEST if order.is_assisted else BLOCK if order.is_block else NUMBERS
    return {step.slug: step for step in (LOCATION, middle, REVIEW)}


def url(order: NumberOrder, slug: str) -> str:
    return reverse("pstn:number_order_step", args=[order.org.slug, order.pk, slug])


def middle_url(order: NumberOrder) -> str:
    """The step in which somebody says what they want."""
    return url(order, list(steps(order))[1])


def next_url(order: NumberOrder) -> str:
    """The first unfinished step, or the review once nothing is missing."""
    return url(order, next(iter(order.missing()), "review"))


def version(order: NumberOrder) -> str:
    """What changes with every change of a draft: the review sends along what it has shown."""
    return order.updated_at.isoformat()


def frame(order: NumberOrder, step: Step) -> dict[str, Any]:
    """What wizard.html needs around a step: the stepper, the title, the way back."""
    missing, known = order.missing(), steps(order)
    slugs = list(known)
    before = slugs[slugs.index(step.slug) - 1] if step.slug != slugs[0] else None
    return {
        "order": order,
        "title": TITLES[NumberOrder.Kind(order.kind)],
        "step_title": step.title,
        "steps": [_shown(order, one, step, missing) for one in known.values()],
        "back_url": url(order, before) if before else "",
    }


def _shown(order: NumberOrder, step: Step, current: Step, missing: list[str]) -> dict[str, Any]:
    done = step.slug not in missing and step.slug != "review"
    state = "current" if step == current else "done" if done else "todo"
    reachable = done or (step.slug == "review" and not missing)
    return {"title": step.title, "url": url(order, step.slug) if reachable else "", "state": state}
