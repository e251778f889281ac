"""Some numbers of an order come and others do not: each has its state, and nothing is stuck."""

import pytest

from lib.transitions import Refused
from notifications.models import Message
from pstn import replacing, tasks
from pstn.models import StuckEvent
from pstn.workflow import number_orders as workflow
from tests.factories import make_number_order
from tests.pstn.fakes import STOCK, failed, provisioned

pytestmark = pytest.mark.usefixtures("carrier")
TEN = STOCK[:10]


@pytest.fixture
def order(location, eli, committed):
    order = make_number_order(location, TEN, created_by=eli)
    with committed():
        workflow.place(order, by=eli)
    return order


def read(order, committed):
    with committed():
        tasks.take_carrier_events()
    order.refresh_from_db()
    assert not StuckEvent.objects.exists()
    return order.state


def line_states(order):
    return dict(order.lines.values_list("e164", "state"))


def test_what_has_come_is_in_the_inventory_while_the_rest_is_pending(order, committed):
    provisioned(order, *TEN[:4])
    assert read(order, committed) == "pending"
    assert list(line_states(order).values()) == ["provisioned"] * 4 + ["pending"] * 6
    assert order.phone_numbers.exclude(state="pending").count() == 4
    provisioned(order, *TEN[4:])
    assert read(order, committed) == "provisioned"


def test_some_fail_and_the_others_stay(order, committed, eli):
    provisioned(order, *TEN[:8])
    failed(order, "Broken switch.", TEN[8:])
    assert read(order, committed) == "partly"
    assert set(order.phone_numbers.values_list("e164", flat=True)) == set(TEN[:8])
    assert set(order.lines.failed().values_list("reason", flat=True)) == {"Broken switch."}
    kinds = Message.objects.filter(user=eli).values_list("kind", flat=True)
    assert sorted(kinds) == ["order_partly", "order_placed"]


def test_the_order_of_the_events_does_not_matter(order, committed):
    failed(order, "Broken switch.", TEN[8:])
    assert read(order, committed) == "pending"
    provisioned(order)  # all that it still owes
    assert read(order, committed) == "partly"


def test_failed_numbers_are_replaced_in_one_click(client, order, committed, eli):
    provisioned(order, *TEN[:8])
    failed(order, "Broken switch.", TEN[8:])
    read(order, committed)
    client.force_login(eli)
    page = client.get(order.get_absolute_url()).content.decode()
    assert "Find similar numbers" in page
    assert "The carrier could not provide 2 numbers" in page
    with committed():
        response = client.post(f"{order.get_absolute_url()}replace/")
    draft = order.replacements.get()
    assert response.url.endswith(f"N-{draft.pk}/edit/review/")
    assert draft.lines.count() == 2
    with committed():
        workflow.place(draft, by=eli)
    order.refresh_from_db()
    assert order.state == "provisioned"
    assert order.lines.filter(state="replaced").count() == 2


def test_a_replacement_that_is_never_placed_changes_nothing(order, committed, eli):
    failed(order)
    read(order, committed)
    draft = replacing.begin(order, by=eli)
    workflow.discard(draft, by=eli)
    order.refresh_from_db()
    assert order.state == "error"


def test_without_a_carrier_the_draft_is_there_all_the_same(order, committed, eli, carrier):
    failed(order)
    read(order, committed)
    carrier.is_down = True
    draft = replacing.begin(order, by=eli)
    assert (draft.quantity, draft.lines.count()) == (10, 0)


def test_what_failed_can_be_replaced_while_others_still_come(order, committed, eli):
    failed(order, "Broken switch.", TEN[8:])
    assert read(order, committed) == "pending"
    draft = replacing.begin(order, by=eli)
    workflow.place(draft, by=eli)
    order.refresh_from_db()
    assert (order.state, order.lines.filter(state="replaced").count()) == ("pending", 2)
    with pytest.raises(Refused):
        replacing.begin(order, by=eli)


def test_closing_puts_the_failed_ones_aside(order, committed, eli):
    provisioned(order, *TEN[:8])
    failed(order, "Broken switch.", TEN[8:])
    read(order, committed)
    workflow.close(order, by=eli)
    assert order.state == "provisioned"
    with pytest.raises(Refused):
        workflow.close(order, by=eli)


def test_numbers_that_failed_can_be_ordered_by_anybody(order, committed, eli, globex):
    from tests.factories import make_connected_location

    failed(order)
    read(order, committed)
    other = make_number_order(make_connected_location(globex), TEN[:1])
    workflow.place(other, by=eli)
    assert other.state == "pending"
