"""Another carrier asks for numbers by surprise: one request is refused, another is let go with a new main number."""

import pytest

from porting.models import PortOut
from simulator import demo_rows, port_outs
from simulator.demo import THREE_LINES
from simulator.models import ServiceLine, SimPortOut
from tests.browser.acting import let_the_carrier_act, let_the_console_read
from tests.factories import make_connected_location, make_number

MAIN, OTHER, HEIR = THREE_LINES.numbers
GAINING = "Coast Mobile"


@pytest.fixture
def world(transactional_db, settings):
    """A business day is long enough to watch it pass."""
    settings.CARRIER_DAY_SECONDS = 3600


@pytest.fixture
def office(acme, ada):
    """San Jose with three numbers that were ported in; the first is its main number."""
    demo_rows.add_account(THREE_LINES)
    ServiceLine.objects.update(status=ServiceLine.Status.PORTED)
    office = make_connected_location(acme)
    numbers = [make_number(office, e164) for e164 in THREE_LINES.numbers]
    office.main_number = numbers[0]
    office.save()
    return office


def is_asked_for(e164):
    """The request as the gaining carrier made it, and as the console has it a moment later."""
    request = port_outs.request([e164], GAINING)
    let_the_console_read()
    return request, PortOut.unscoped.get(carrier_ref=request.reference)


def alert(visitor, port_out):
    return visitor.page.get_by_role("group", name=f"Port-out {port_out.reference}")


def test_a_surprise_is_seen_everywhere_and_refused(visitor, office, ada):
    request, port_out = is_asked_for(OTHER)
    visitor.is_signed_in(ada)
    for place in ("/acme/", "/acme/orders/"):
        visitor.goes_to(place)
        alert(visitor, port_out).get_by_text(f"{GAINING} asks to take +1 408-555-0111 away.").wait_for()
        alert(visitor, port_out).get_by_text("business hours left").wait_for()
        visitor.finds_it_accessible()

    alert(visitor, port_out).get_by_role("link", name=port_out.reference, exact=True).click()
    visitor.sees("What a yes means")
    visitor.finds_it_accessible()
    visitor.page.locator("#panel").get_by_role("link", name="Reject").click()
    question = visitor.page.get_by_role("dialog", name=f"Reject {port_out.reference}?")
    question.get_by_text("for these reasons only").wait_for()
    assert not question.get_by_label("The port-out PIN is wrong").count()  # there is none that could be wrong
    visitor.finds_it_accessible()
    question.get_by_label("Nobody here asked for this").check()
    question.get_by_role("button", name="Reject").click()
    visitor.sees_the_status("Reject pending")
    visitor.finds_it_accessible()

    let_the_carrier_act()
    visitor.sees_the_status("Rejected")  # without a refresh
    request.refresh_from_db()
    assert (request.state, request.reason) == (SimPortOut.State.REJECTED, "invalid_request")
    visitor.goes_to("/acme/")
    visitor.sees("Recent orders")
    assert not alert(visitor, port_out).count()
    assert office.phone_numbers.filter(state="active").count() == 3


def test_a_main_number_leaves_once_another_takes_its_place(visitor, office, ada):
    request, port_out = is_asked_for(MAIN)
    visitor.is_signed_in(ada)
    visitor.goes_to("/acme/")
    alert(visitor, port_out).get_by_role("link", name="Accept").click()
    visitor.sees("choose another one first")
    visitor.finds_it_accessible()
    visitor.presses("Let the number go")
    assert PortOut.unscoped.get().is_pending  # the field is required, so the form stays
    visitor.chooses("New main number of San Jose HQ", "+1 408-555-0112")
    visitor.presses("Let the number go")
    visitor.sees_the_status("Accepted")
    visitor.sees("then +1 408-555-0112 is the main number")
    visitor.finds_it_accessible()

    let_the_carrier_act()
    visitor.sees_the_status("Ported out")  # without a refresh
    request.refresh_from_db()
    office.refresh_from_db()
    assert request.state == SimPortOut.State.COMPLETED
    assert office.main_number.e164 == HEIR
    visitor.finds_it_accessible()
    visitor.goes_to("/acme/numbers/")
    visitor.sees("408-555-0112")
    assert not visitor.page.locator("#results").get_by_text("408-555-0110").count()
