"""Canceling while the carrier still owes something: at once if it cannot know, else when it agrees."""

import pytest

from carrier.base import EventKind
from lib.transitions import Refused
from notifications.models import Message
from pstn import tasks
from pstn.models import BackOrder, NumberOrder
from pstn.workflow import number_orders as workflow
from tests.factories import make_number_order
from tests.pstn.fakes import STOCK, FakeCarrier, provisioned

TWO = STOCK[:2]


@pytest.fixture
def order(location, eli, carrier):
    return make_number_order(location, TWO, created_by=eli)


@pytest.fixture
def sent(order, eli, committed):
    with committed():
        workflow.place(order, by=eli)
    order.refresh_from_db()
    return order


def cancel(client, order, committed):
    with committed():
        client.post(f"/acme/orders/N-{order.pk}/cancel/")
    order.refresh_from_db()
    return order.state


def answer(order, kind, committed, detail=""):
    key = next(iter(FakeCarrier.world.cancels))
    with committed():
        FakeCarrier().happens(kind, key, detail)
        tasks.take_carrier_events()
    order.refresh_from_db()
    return order.state


def test_what_never_left_ends_at_once(client, order, eli, carrier, committed):
    workflow.place(order, by=eli)
    client.force_login(eli)
    assert cancel(client, order, committed) == "canceled"
    assert not order.org.phone_numbers.exists()
    assert not carrier.cancels
    tasks.send_order(order.pk)
    assert not carrier.orders


def test_the_steps_of_a_canceled_order_say_so(client, order, eli, committed):
    workflow.place(order, by=eli)
    client.force_login(eli)
    cancel(client, order, committed)
    steps = client.get(order.get_absolute_url()).context["steps"]
    assert [(mark.title, mark.state) for mark in steps] == [
        ("Ordered", "done"),
        ("Terms accepted", "todo"),
        ("Provisioned", "todo"),
        ("Active", "todo"),
    ]
    assert [mark.note for mark in steps][2:] == ["Canceled", ""]
    NumberOrder.unscoped.update(state="error")
    assert "needs attention" in client.get(order.get_absolute_url()).content.decode()


def test_what_the_carrier_has_waits_for_its_answer(client, sent, eli, carrier, committed):
    client.force_login(eli)
    assert "Cancel order" in client.get(sent.get_absolute_url()).content.decode()
    assert cancel(client, sent, committed) == "cancel_requested"
    assert carrier.cancels == {f"number-order-{sent.pk}-cancel-1": sent.carrier_ref}
    assert answer(sent, EventKind.NUMBERS_CANCELED, committed) == "canceled"
    assert not sent.org.phone_numbers.exists()
    assert set(sent.lines.values_list("state", "is_placed")) == {("canceled", False)}
    assert Message.objects.filter(kind="order_canceled", user=eli).count() == 1


def test_the_mail_tells_what_has_come_from_what_was_canceled(client, sent, eli, committed):
    with committed():
        provisioned(sent, TWO[0])
        tasks.take_carrier_events()
    client.force_login(eli)
    cancel(client, sent, committed)
    assert answer(sent, EventKind.NUMBERS_CANCELED, committed) == "provisioned"
    message = Message.objects.get(kind="order_provisioned", user=eli)
    assert message.subject == f"Order {sent.reference}: your new number is here"
    for said in (message.text, message.html):
        assert "has provided 1 of 2 numbers for San Jose HQ. The others were canceled" in said
        assert "all 2 numbers" not in said


def test_a_carrier_that_refuses_goes_on(client, sent, eli, committed):
    client.force_login(eli)
    cancel(client, sent, committed)
    assert answer(sent, EventKind.NUMBERS_CANCEL_REFUSED, committed, "Too late.") == "pending"
    assert sent.events.get(code="refuse_cancel").note == "Too late."
    assert cancel(client, sent, committed) == "cancel_requested"  # asked again, with a key of its own
    assert f"number-order-{sent.pk}-cancel-2" in FakeCarrier.world.cancels


def test_numbers_that_come_meanwhile_end_the_wish(client, sent, eli, committed):
    client.force_login(eli)
    cancel(client, sent, committed)
    with committed():
        provisioned(sent)
        tasks.take_carrier_events()
    sent.refresh_from_db()
    assert sent.state == "provisioned"
    assert answer(sent, EventKind.NUMBERS_CANCEL_REFUSED, committed) == "provisioned"


def test_a_carrier_that_is_down_is_asked_by_the_sweep(client, sent, eli, carrier, committed, settings):
    settings.SWEEP_AFTER_SECONDS = 0
    client.force_login(eli)
    carrier.is_down = True
    assert cancel(client, sent, committed) == "cancel_requested"
    assert not carrier.cancels
    carrier.is_down = False
    tasks.sweep()
    tasks.sweep()
    assert carrier.calls.count("cancel") == 2  # once in vain, once heard


def test_an_order_on_its_way_is_sent_first(order, eli, carrier, committed):
    """The line broke while it was sent: nobody knows whether the carrier has it, so it must learn of both."""
    carrier.is_down = True
    with committed():
        workflow.place(order, by=eli)
    order.refresh_from_db()
    with committed():
        workflow.cancel(order, by=eli)
    carrier.is_down = False
    NumberOrder.unscoped.update(next_try_at=None)
    tasks.send_order(order.pk)
    assert carrier.orders
    assert carrier.cancels == {f"number-order-{order.pk}-cancel-1": f"REF-number-order-{order.pk}"}


def test_a_back_order_is_canceled_alone(client, sent, eli, carrier, committed):
    BackOrder.unscoped.create(order=sent, quantity=3, carrier_ref="BACK-1")
    NumberOrder.unscoped.filter(pk=sent.pk).update(back_quantity=3)
    with committed():
        provisioned(sent)
        tasks.take_carrier_events()
    sent.refresh_from_db()
    assert sent.state == "back_ordered"
    client.force_login(eli)
    assert cancel(client, sent, committed) == "cancel_requested"
    assert carrier.cancels == {f"number-order-{sent.pk}-cancel-1-back": "BACK-1"}
    assert answer(sent, EventKind.NUMBERS_CANCELED, committed) == "provisioned"
    assert sent.phone_numbers.count() == 2


def test_what_has_come_cannot_be_canceled(sent, eli, committed):
    with committed():
        provisioned(sent)
        tasks.take_carrier_events()
    sent.refresh_from_db()
    with pytest.raises(Refused):
        workflow.cancel(sent, by=eli)
