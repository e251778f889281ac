"""Fewer numbers than asked for: nothing, what there is, or that and a place in the queue for the rest."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carrier.base import QueuePlace
from notifications.models import Message
from pstn import tasks
from pstn.models import BackOrder
from pstn.next_steps import what_next
from pstn.workflow import number_orders as workflow
from tests.pstn.fakes import STOCK, delivered, provisioned

NEW = ("+14087770500", "+14087770501")


@pytest.fixture
def draft(acme, location, eli, carrier):
    carrier.stock = list(STOCK[:3])
    return acme.number_orders.create(location=location, region="CA", created_by=eli)


@pytest.fixture
def eli_client(client, eli):
    client.force_login(eli)
    return client


def url(order, what):
    return f"/acme/orders/N-{order.pk}/{what}/"


def search(client, order, quantity=5):
    data = {"region": "CA", "place": "area:408", "quantity": str(quantity)}
    return client.post(url(order, "search"), data)


def choose(client, order, rest):
    return client.post(url(order, "edit/numbers"), {"numbers": STOCK[:3], "rest": rest})


@pytest.fixture
def waiting(eli_client, draft, eli, committed):
    """Three of five are ordered and have come; two are waited for."""
    search(eli_client, draft)
    choose(eli_client, draft, "rest")
    draft.refresh_from_db()
    with committed():
        workflow.place(draft, by=eli)
        provisioned(draft)
        tasks.take_carrier_events()
    draft.refresh_from_db()
    return draft


def test_the_page_asks_what_to_do(eli_client, draft):
    search(eli_client, draft)
    page = eli_client.get(url(draft, "edit/numbers")).content.decode()
    assert "2 numbers are missing. What shall we do?" in page
    assert "wait in a queue for the rest" in page


def test_what_there_is(eli_client, draft, eli):
    search(eli_client, draft)
    assert choose(eli_client, draft, "there").url == url(draft, "edit/review")
    draft.refresh_from_db()
    workflow.place(draft, by=eli)
    assert (draft.number_count, BackOrder.unscoped.count()) == (3, 0)


def test_all_or_nothing(eli_client, draft, carrier, committed):
    search(eli_client, draft)
    with committed():
        assert choose(eli_client, draft, "none").url == url(draft, "edit/numbers")
    assert not draft.lines.exists()
    assert list(carrier.holds.values())[-1] == []


def test_the_list_counts_what_is_waited_for(eli_client, waiting, committed):
    told = '<td data-label="Numbers" class="end num">5</td>'
    assert told in eli_client.get("/acme/orders/").content.decode()
    with committed():
        for number in NEW:
            delivered(waiting, number)
            tasks.take_carrier_events()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.numbers_wanted) == ("provisioned", 5)
    assert told in eli_client.get("/acme/orders/").content.decode()


def test_a_draft_does_not_say_that_it_is_about_no_numbers(eli_client, draft):
    search(eli_client, draft)
    assert (
        '<td data-label="Numbers" class="end num">–</td>' in eli_client.get("/acme/orders/").content.decode()
    )


def test_the_rest_is_waited_for(waiting, carrier):
    assert waiting.state == "back_ordered"
    assert carrier.orders[f"number-order-{waiting.pk}-back"].quantity == 2
    assert waiting.back_order.carrier_ref == f"REF-number-order-{waiting.pk}-back"
    assert "2 numbers are still to come" in what_next(waiting).sentence


def test_the_place_in_the_queue_is_shown_live(eli_client, waiting, carrier):
    page = eli_client.get(waiting.get_absolute_url()).content.decode()
    assert "Place in the queue: 3" in page
    assert "every 5s" in page
    carrier.queue[waiting.back_order.carrier_ref] = QueuePlace(1, 2)
    assert "Place in the queue: 1" in eli_client.get(waiting.get_absolute_url()).content.decode()
    carrier.is_down = True
    assert "not known yet" in eli_client.get(waiting.get_absolute_url()).content.decode()


def test_numbers_come_one_after_the_other(waiting, committed):
    for number, state in zip(NEW, ("back_ordered", "provisioned"), strict=True):
        event = delivered(waiting, number)
        with committed():
            tasks.take_carrier_events()
            tasks.apply(event)  # the same again
        waiting.refresh_from_db()
        assert waiting.state == state
    assert waiting.phone_numbers.count() == waiting.number_count == 5
    assert BackOrder.unscoped.get().ended_at
    # One when the first three came, one for each that followed; the last says that all are there.
    kinds = Message.objects.filter(user=waiting.created_by).values_list("kind", flat=True)
    assert sorted(kinds) == ["order_partly", "order_partly", "order_placed", "order_provisioned"]


def test_the_acceptance_is_asked_for_once_a_day_however_many_come(ada, waiting, committed):
    asked = Message.objects.filter(kind="terms_waiting", user=ada)
    delivered(waiting, NEW[0])
    with committed():
        tasks.take_carrier_events()
    assert asked.count() == 1
    waiting.events.update(at=timezone.now() - timedelta(days=2))
    delivered(waiting, NEW[1])
    with committed():
        tasks.take_carrier_events()
    assert asked.count() == 2


def test_a_queue_that_the_carrier_has_not_is_said(eli_client, draft, eli, carrier, committed):
    search(eli_client, draft)
    choose(eli_client, draft, "rest")
    draft.refresh_from_db()
    workflow.place(draft, by=eli)
    carrier.refusal = "No queue here."
    tasks.send_back_order(BackOrder.unscoped.get().pk)
    draft.refresh_from_db()
    assert (draft.state, draft.error) == ("pending", "No queue here.")
    workflow.provision(draft)
    assert draft.state == "partly"
    page = eli_client.get(draft.get_absolute_url()).content.decode()
    assert "The carrier has no queue for the numbers that were not there" in page
    assert "The carrier could not provide these numbers" not in page
    assert "Find similar numbers" in page
    eli_client.post(url(draft, "replace"))
    new = draft.replacements.get()
    assert (new.quantity, new.area_code) == (2, "408")  # the three that came are not looked for again


@pytest.fixture
def without_one(eli_client, draft, committed):
    """Of the three that there are the first is left out; two more are waited for."""
    search(eli_client, draft)
    with committed():
        eli_client.post(url(draft, "edit/numbers"), {"numbers": STOCK[1:3], "rest": "rest"})
    draft.refresh_from_db()
    return draft


def test_a_number_that_was_left_out_is_not_waited_for(without_one, eli, carrier, committed):
    assert list(carrier.holds.values())[-1] == list(STOCK[1:3])
    with committed():
        workflow.place(without_one, by=eli)
        provisioned(without_one)
        tasks.take_carrier_events()
    asked = carrier.orders[f"number-order-{without_one.pk}-back"]
    assert (asked.quantity, asked.without) == (2, STOCK[:1])
    without_one.refresh_from_db()
    assert (without_one.state, without_one.phone_numbers.count()) == ("back_ordered", 2)


def test_a_number_that_was_left_out_is_not_shown_any_more(eli_client, without_one, eli):
    for what in ("edit/numbers", "edit/review", ""):
        page = eli_client.get(f"/acme/orders/N-{without_one.pk}/{what}{'/' if what else ''}").content.decode()
        assert "408-777-0000" not in page, what
        assert "408-777-0001" in page, what
    workflow.place(without_one, by=eli)
    assert "408-777-0000" not in eli_client.get(without_one.get_absolute_url()).content.decode()


def test_choosing_again_counts_what_is_still_held(eli_client, without_one):
    answer = eli_client.post(url(without_one, "edit/numbers"), {"numbers": STOCK[:1], "rest": "there"})
    assert "is not held for you any more" in answer.content.decode()
    eli_client.post(url(without_one, "edit/numbers"), {"numbers": STOCK[2:3], "rest": "rest"})
    without_one.refresh_from_db()
    assert (without_one.quantity, without_one.back_quantity) == (3, 2)
    assert sorted(without_one.lines.left_out().values_list("e164", flat=True)) == list(STOCK[:2])
    eli_client.post(url(without_one, "edit/numbers"), {"numbers": STOCK[2:3], "rest": "there"})
    assert [line.e164 for line in without_one.lines.all()] == [STOCK[2]]


def test_it_stays_left_out_when_the_others_are_held_again(eli_client, without_one, committed):
    without_one.org.number_orders.update(hold_until=timezone.now())
    with committed():
        eli_client.post(url(without_one, "again"))
    assert [line.e164 for line in without_one.lines.chosen()] == list(STOCK[1:3])
    assert [line.e164 for line in without_one.lines.left_out()] == [STOCK[0]]
    search(eli_client, without_one, quantity=3)
    assert [line.e164 for line in without_one.lines.chosen()] == list(STOCK[:3])


def test_a_carrier_that_sends_it_all_the_same(without_one, eli, committed):
    with committed():
        workflow.place(without_one, by=eli)
        provisioned(without_one)
        delivered(without_one, STOCK[0])
        tasks.take_carrier_events()
    without_one.refresh_from_db()
    assert (without_one.number_count, without_one.phone_numbers.count()) == (3, 3)


def test_nothing_at_all_can_be_waited_for_too(eli_client, draft, eli, carrier, committed):
    carrier.stock = []
    assert "Wait in a queue for them" in search(eli_client, draft).content.decode()
    assert eli_client.post(url(draft, "wait")).url == url(draft, "edit/review")
    page = eli_client.get(url(draft, "edit/review")).content.decode()
    assert "5 numbers are waited for." in page
    with committed():
        eli_client.post(url(draft, "place"))
    draft.refresh_from_db()
    assert draft.state == "back_ordered"
    assert f"number-order-{draft.pk}" not in carrier.orders
    text = Message.objects.get(user=eli, kind="order_placed").text
    assert "5 numbers for San Jose HQ are not free now." in text
    assert "Numbers: 5" in text
    assert "0 new numbers" not in text
    assert "a few minutes" not in text


def test_the_mail_says_what_is_asked_for_and_what_is_waited_for(waiting):
    message = Message.objects.get(user=waiting.created_by, kind="order_placed")
    for said in (message.text, message.html):
        assert "3 new numbers for San Jose HQ are ordered." in said
        assert "2 numbers for San Jose HQ are not free now." in said


def test_the_mail_about_a_queue_that_there_is_not_counts_what_was_wanted(
    eli_client, draft, eli, carrier, committed
):
    carrier.stock = []
    search(eli_client, draft)
    eli_client.post(url(draft, "wait"))
    draft.refresh_from_db()
    carrier.refusal = "No queue here."
    with committed():
        workflow.place(draft, by=eli)
        tasks.send_back_order(BackOrder.unscoped.get().pk)
    draft.refresh_from_db()
    assert draft.state == "error"
    text = Message.objects.get(user=eli, kind="order_failed").text
    assert "could not provide the 5 numbers" in text


def test_the_sweep_sends_a_back_order_that_was_not_sent(eli_client, draft, eli, carrier, settings):
    settings.SWEEP_AFTER_SECONDS = 0
    search(eli_client, draft)
    choose(eli_client, draft, "rest")
    draft.refresh_from_db()
    workflow.place(draft, by=eli)
    carrier.is_down = True
    tasks.sweep()
    back = BackOrder.unscoped.get()
    assert (back.tries, back.carrier_ref) == (1, "")
    carrier.is_down = False
    BackOrder.unscoped.update(next_try_at=timezone.now() - timedelta(seconds=1))
    tasks.sweep()
    back.refresh_from_db()
    assert back.carrier_ref


def test_a_trial_counts_what_it_waits_for(acme, waiting):
    from pstn import trial

    acme.is_trial = True
    assert trial.used(acme) == 5
