"""Eli orders a block of ten, and a request through support goes from the question to numbers in Berlin."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization, User
from pstn import stock
from pstn.models import NumberBlock, NumberOrder
from pstn.workflow import number_requests as requests
from tests.browser.acting import let_the_carrier_act
from tests.factories import make_connected_location


@pytest.fixture
def acme(world):
    return Organization.objects.get(slug="acme")


def test_a_block_from_the_tile_to_the_inventory(visitor, acme):
    visitor.is_signed_in(User.objects.get(email="ada@acme.example"))
    visitor.goes_to("/acme/numbers/start/")
    visitor.chooses("Location", "Austin office")
    visitor.sees("Needs the toll-free license")
    visitor.finds_it_accessible()
    visitor.presses("Order a consecutive block")
    visitor.chooses("Area code or city", "512")
    visitor.presses("Search")
    visitor.sees("Free blocks")
    visitor.finds_it_accessible()
    visitor.presses("Hold this block")
    visitor.sees("10 numbers are held for you")
    visitor.sees("you can only release the whole block")
    visitor.finds_it_accessible()
    visitor.presses("Place order")
    visitor.sees_the_status("Pending")
    let_the_carrier_act()
    visitor.sees_the_status("Waiting for terms")  # without a refresh
    visitor.finds_it_accessible()
    block = NumberBlock.unscoped.get()
    assert block.phone_numbers.count() == block.size == 10


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_time_that_is_left_does_not_hang_on_the_computers_clock(visitor, acme, hours):
    """With a clock that is ahead every answer said "over", and was asked for again at once."""
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url) if "/hold/" in request.url else None)
    visitor.page.clock.install(time=timezone.now() + timedelta(hours=hours))
    visitor.is_signed_in(User.objects.get(email="ada@acme.example"))
    visitor.goes_to("/acme/numbers/start/")
    visitor.chooses("Location", "Austin office")
    visitor.presses("Order new numbers")
    visitor.presses("Search")
    visitor.sees("number is held for you")
    visitor.page.wait_for_function(
        "/^(9:[0-5][0-9]|10:00)$/.test(document.querySelector('.countdown').textContent)"
    )
    assert not asked


def test_a_request_from_the_question_to_the_numbers(visitor, acme):
    """Support's part is played through its verbs; the desk itself: tests/pstn/test_number_request_desk.py."""
    berlin = make_connected_location(
        acme, name="Berlin", country="DE", state="", city="Berlin", postal_code="10969"
    )
    sam = User.objects.create_user("sam@pstnhub.example", "Sam Staff", is_staff=True)
    visitor.is_signed_in(User.objects.get(email="ada@acme.example"))
    visitor.goes_to(f"/acme/numbers/start/?location={berlin.pk}")
    visitor.presses("Request through support")
    visitor.types("How many", "2")
    visitor.types("Preferred area", "Berlin")
    visitor.finds_it_accessible()
    visitor.presses("Next")
    visitor.sees("Send request")
    visitor.finds_it_accessible()
    visitor.presses("Send request")
    visitor.sees("With support")

    order = NumberOrder.unscoped.get(kind="assisted", location=berlin)
    requests.ask(order, "Which district?", by=sam)
    visitor.goes_to(f"/acme/orders/N-{order.pk}/")
    visitor.sees("Which district?")
    visitor.types("Your message", "Mitte")
    visitor.finds_it_accessible()
    visitor.presses("Answer")
    visitor.sees("Your message is with PSTN support.")

    order.refresh_from_db()
    found = [number.e164 for number in stock.find(stock.search_of(order))]
    until = timezone.now() + timedelta(days=2)
    hold = stock.hold_these(found, name="offer", seconds=2 * 86_400)
    requests.offer(order, found, price="€ 4 each", valid_until=until, hold_id=hold.id, by=sam)
    visitor.goes_to(f"/acme/orders/N-{order.pk}/")
    visitor.sees("Accept the offer")
    visitor.finds_it_accessible()
    visitor.presses("Accept the offer")
    visitor.sees_the_status("Pending")
    let_the_carrier_act()
    visitor.sees_the_status("Waiting for terms")
    visitor.finds_it_accessible()
    order.refresh_from_db()
    assert order.phone_numbers.count() == 2
