"""A message at the lower right must not lie over the button that it is about."""

import pytest

from accounts.models import Organization, User
from pstn.workflow import number_drafts as drafts


@pytest.mark.parametrize("width", [1280, 390])
def test_the_way_on_can_be_reached_under_a_message(visitor, world, width):
    acme, ada = Organization.objects.get(slug="acme"), User.objects.get(email="ada@acme.example")
    order = drafts.start(acme, by=ada, location=acme.locations.get(name="Austin office"))
    visitor.is_signed_in(ada)
    visitor.page.set_viewport_size({"width": width, "height": 800})
    visitor.goes_to(f"/acme/orders/N-{order.pk}/edit/numbers/")
    visitor.types("How many?", "20")
    visitor.presses("Search", exact=True)
    visitor.presses("Others instead of those not ticked")  # all are ticked: a message says so, and stays
    visitor.page.locator(".toast").wait_for()
    visitor.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    visitor.page.locator(".actions .primary").last.click()  # what lies under something cannot be pressed
    visitor.sees("Place order")
