"""Ada on the day of a port: she activates two numbers, watches them come, tests them and verifies."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Organization
from porting.models import PortOrder, TestCall
from porting.workflow import orders as workflow
from tests.porting.factories import NUMBERS, make_port_order

ONE, TWO, THREE = NUMBERS
SHOTS = os.environ.get("CUTOVER_SHOTS")


@pytest.fixture
def order(world):
    acme = Organization.objects.get(slug="acme")
    location = acme.locations.get(name="Austin office")
    fields = {"location": location, "foc_date": timezone.localdate(), "on_demand": True}
    return make_port_order(acme, state="activating", **fields)


def looks(visitor, name):
    """Accessible in both themes, wide and narrow, and nothing stands out of the window."""
    page = visitor.page
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            visitor.finds_it_accessible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{name}-{theme}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.documentElement.dataset.theme = 'light'")


def test_the_day(visitor, order):
    page, day = visitor.page, f"{order.get_absolute_url()}day/"
    visitor.signs_in("ada@acme.example")
    visitor.goes_to(order.get_absolute_url())
    visitor.follows("Open the day")
    visitor.sees("Before the numbers move")
    page.get_by_label("From").fill("408-555-0111")
    looks(visitor, "before")
    # News redraw the page; what was typed in a form that stays the same is kept.
    workflow.note(PortOrder.unscoped.get(pk=order.pk), text="Hello")
    page.wait_for_timeout(3000)
    assert page.get_by_label("From").input_value() == "408-555-0111"
    page.get_by_label("From").fill("")
    page.get_by_label("+1 408-555-0110").check()
    page.get_by_label("+1 408-555-0111").check()
    visitor.presses("Activate now")
    visitor.sees("Something above is not ready: say that")
    looks(visitor, "refused")
    page.get_by_label("Something above is not ready. Activate all the same.").check()
    visitor.presses("Activate now")
    visitor.sees("The carrier activates 2 numbers now.")
    assert order.activations.get().numbers == [ONE, TWO]

    workflow.complete(PortOrder.unscoped.get(pk=order.pk), numbers=(ONE, TWO))
    workflow.fail(
        PortOrder.unscoped.get(pk=order.pk), code="sv_conflict", detail="Again tomorrow.", numbers=(THREE,)
    )
    page.get_by_role("heading", name="1 number did not move").wait_for()
    looks(visitor, "failed")

    workflow.complete(PortOrder.unscoped.get(pk=order.pk), numbers=(THREE,))
    run = order.test_runs.create(attempt=1, scope="all", numbers=list(NUMBERS), at=timezone.now())
    for e164 in NUMBERS:
        for test, via in (
            ("inbound", "Coastline Wireless"),
            ("inbound", "Prairie Telephone"),
            ("outbound", ""),
            ("sms_in", ""),
            ("933", ""),
        ):
            bad = via == "Prairie Telephone" or test == "sms_in"
            note = "The caller's carrier still has the old route." if bad else ""
            TestCall.unscoped.create(
                run=run, e164=e164, test=test, via=via, passed=not bad, note=note, at=run.at
            )
    visitor.goes_to(day)
    visitor.sees("Prairie Telephone still calls the old place.")
    page.locator("summary").get_by_text("Something is badly wrong").click()
    page.locator("summary").get_by_text("Runs").click()
    looks(visitor, "tested")
    page.get_by_label("Why you confirm all the same").fill("Called them by hand.")
    visitor.presses("Confirm all the same")
    visitor.sees("is verified.")
    visitor.finds_it_accessible()
    visitor.goes_to(order.get_absolute_url())
    visitor.sees("Test calls and results")
    visitor.finds_it_accessible()
