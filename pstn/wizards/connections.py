"""The steps of the PSTN connection wizard. Progress lives in the connection row, not in the session."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from countries import Text
from pstn.forms import connections as forms
from pstn.models import Connection, Location


@dataclass(frozen=True)
class Step:
    """One page of the wizard. A step without a form is a page of another kind: the address, the review."""

    slug: str
    title: Text
    form: type[forms.StepForm] | None = None
    intro: Text = ""


STEPS = {
    step.slug: step
    for step in [
        Step(
            "type", _("Connection"), forms.TypeForm, _("How does this location reach the telephone network?")
        ),
        Step("contact", _("Contract contact"), forms.ContactForm, _("This person signs the contract.")),
        Step("disclaimer", _("Emergency disclaimer"), forms.DisclaimerForm),
        Step(
            "routing",
            _("Routing"),
            forms.RoutingForm,
            _("Where do calls from this location leave for the telephone network?"),
        ),
        Step("address", _("Emergency service address")),
        Step("review", _("Review")),
    ]
}
# What may still be changed once the location is connected.
STAYS_OPEN = frozenset({"contact", "routing"})


@dataclass(frozen=True)
class Stage:
    """A step as the stepper draws it: done, current or todo."""

    title: Text
    url: str
    state: str


def connection_of(location: Location) -> Connection:
    """The location's connection, or a fresh one that is not saved until somebody sends the first step."""
    found: Connection | None = getattr(location, "connection", None)
    return found or Connection(org=location.org, location=location)


def step_url(connection: Connection, slug: str) -> str:
    location = connection.location
    return reverse("pstn:connection_step", args=[location.org.slug, location.pk, slug])


def next_url(connection: Connection, after: str = "") -> str:
    """The first unfinished step behind `after` (or at all), else the review, which says what is missing."""
    steps, missing = connection.steps(), connection.missing()
    behind = steps[steps.index(after) + 1 :] if after in steps else steps
    return step_url(connection, next((step for step in behind if step in missing), steps[-1]))


def back_url(connection: Connection, slug: str) -> str:
    """The step before, or "" on the first one."""
    steps = connection.steps()
    return step_url(connection, steps[steps.index(slug) - 1]) if slug in steps[1:] else ""


def stages(connection: Connection, current: str) -> list[Stage]:
    """Every step of the chosen kind for the stepper; nothing to draw before a kind is chosen."""
    steps, missing = connection.steps(), connection.missing()
    if len(steps) == 1:
        return []

    def state(slug: str) -> str:
        if slug == current:
            return "current"
        return "todo" if slug in missing or slug == "review" else "done"

    return [Stage(STEPS[slug].title, step_url(connection, slug), state(slug)) for slug in steps]
