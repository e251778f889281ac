"""Ada moves a confirmed date, gives a port up late and pays for it, and puts the dates into her calendar."""

from datetime import date, timedelta
from urllib.request import urlopen

import pytest
from django.utils import timezone

from accounts.models import Organization
from porting.models import PortOrder
from tests.porting.factories import a_date, make_port_order


@pytest.fixture
def confirmed(world):
    """A confirmed port so many days ahead."""

    def on(day: date) -> PortOrder:
        acme = Organization.objects.get(slug="acme")
        location = acme.locations.get(name="Austin office")
        return make_port_order(acme, location=location, state="foc_received", foc_date=day)

    return on


def test_another_date_is_chosen_with_the_keyboard(visitor, confirmed):
    order = confirmed(a_date(9))
    visitor.signs_in("ada@acme.example")
    visitor.goes_to(order.get_absolute_url())
    visitor.sees("The date can still be changed 3 of 3 times.")
    visitor.follows("Change date")
    visitor.sees("until it does, the confirmed one stands")
    visitor.finds_it_accessible()
    visitor.page.locator("input[name=day]").first.focus()
    visitor.page.keyboard.press("ArrowRight")
    chosen = visitor.page.locator("input[name=day]:checked").get_attribute("value")
    visitor.presses("Ask for this date")
    visitor.sees("Another date for")
    asked = order.events.get(verb="request_date")
    assert asked.date == date.fromisoformat(chosen)


def test_a_late_cancel_costs_what_was_shown(visitor, confirmed):
    order = confirmed(timezone.localdate() + timedelta(days=2))
    visitor.signs_in("ada@acme.example")
    visitor.goes_to(order.get_absolute_url())
    visitor.follows("Cancel order")
    visitor.sees("This costs US$")
    visitor.finds_it_accessible()
    visitor.presses("Cancel order")
    visitor.sees("Accept the amount first.")
    visitor.finds_it_accessible()
    visitor.page.get_by_label("I accept US$").check()
    visitor.presses("Cancel order")
    visitor.page.wait_for_url(f"**{order.get_absolute_url()}")
    assert order.events.get(verb="cancel").fee > 0


def test_the_calendar_and_its_feed(visitor, confirmed, settings):
    settings.SITE_URL = visitor.address
    order = confirmed(a_date(3))
    visitor.signs_in("ada@acme.example")
    visitor.goes_to("/acme/orders/")
    visitor.follows("Port calendar")
    visitor.goes_to(f"/acme/port-calendar/?month={order.foc_date:%Y-%m}")
    visitor.sees("Confirmed")
    visitor.finds_it_accessible()
    visitor.presses("Make an address")
    address = visitor.page.get_by_label("Address of your feed").input_value()
    visitor.finds_it_accessible()
    assert f"DTSTART;VALUE=DATE:{order.foc_date:%Y%m%d}" in urlopen(address, timeout=10).read().decode()
