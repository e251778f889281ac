"""What leaves the building: run twice it happens once, and an outage only makes it later."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carrier.base import Portability, Portable
from notifications.models import Message
from porting.tasks import net
from porting.tasks import orders as tasks
from tests.porting.factories import NUMBERS, a_date, add_bill, make_event, make_port_order

pytestmark = pytest.mark.django_db


def run(at_work, task, *args):
    with at_work():
        task(*args)


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, state="validating")


def test_sending_twice_is_one_effect(order, carrier, at_work):
    run(at_work, tasks.check_and_send, order.pk)
    run(at_work, tasks.check_and_send, order.pk)
    order.refresh_from_db()
    assert carrier.made("submit") == [[order.key]]
    assert order.state == "submitted"
    assert list(order.events.values_list("verb", flat=True)) == ["pass_check", "accept_by_carrier"]


def test_after_a_crash_the_same_key_is_sent_and_nothing_checked_again(order, carrier, at_work):
    """The worker died between the carrier's answer and our note of it."""
    tasks.PortOrder.unscoped.filter(pk=order.pk).update(state="ready", stage="ready")
    carrier.answers[NUMBERS[0]] = Portability(NUMBERS[0], Portable.NO, "ours")
    run(at_work, tasks.check_and_send, order.pk)
    order.refresh_from_db()
    assert order.state == "submitted"
    assert carrier.asked == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"requested_date": a_date(1)}, "foc_rejected"),
        ({"requested_date": None}, "foc_rejected"),
        ({"bill": False}, "bill_invalid"),
        ({"signed": False}, "loa_invalid"),
    ],
)
def test_the_preliminary_check_finds_what_the_carrier_would_refuse(
    acme, ada, office, carrier, at_work, fields, code
):
    order = make_port_order(acme, state="validating", **fields)
    run(at_work, tasks.check_and_send, order.pk)
    order.refresh_from_db()
    assert (order.state, order.reject_code, order.reject_source) == ("rejected", code, "preliminary")
    assert carrier.made("submit") == []
    assert set(Message.objects.values_list("kind", flat=True)) == {"port_check_failed"}


def test_the_preliminary_check_asks_about_the_numbers_anew(order, carrier, at_work):
    carrier.answers[NUMBERS[1]] = Portability(NUMBERS[1], Portable.NO, "no_carrier")
    run(at_work, tasks.check_and_send, order.pk)
    order.refresh_from_db()
    assert order.reject_code == "tn_not_portable"
    assert [row.e164 for row in order.numbers.filter(is_named_in_reject=True)] == [NUMBERS[1]]


def test_the_preliminary_check_finds_an_order_that_was_signed_for_something_else(order, carrier, at_work):
    tasks.PortOrder.unscoped.filter(pk=order.pk).update(company_name="Acme Holding")
    run(at_work, tasks.check_and_send, order.pk)
    order.refresh_from_db()
    assert order.reject_code == "loa_invalid"


def test_no_answer_is_tried_again_later_and_later(order, carrier, at_work):
    carrier.down = True
    for _turn in range(3):
        run(at_work, tasks.check_and_send, order.pk)
    order.refresh_from_db()
    assert (order.state, order.tries) == ("validating", 3)
    assert order.next_try_at > timezone.now() + timedelta(seconds=2)
    carrier.down = False
    run(at_work, tasks.check_and_send, order.pk)
    order.refresh_from_db()
    assert order.state == "submitted"


def test_the_carrier_gets_everything(acme, ada, office, carrier):
    order = make_port_order(
        acme, state="ready", pin="4711", full_port=False, remaining="keep", new_btn="+14085550199"
    )
    request = tasks.request(tasks.PortOrder.unscoped.whole().get(pk=order.pk))
    assert (request.numbers, request.btn, request.pin) == (NUMBERS, "+14085550110", "4711")
    assert (request.full_port, request.keep_remaining, request.new_btn) == (False, True, "+14085550199")
    assert [(paper.kind, paper.dated) for paper in request.documents] == [
        ("bill", order.paper("bill").dated),
        ("loa", None),
    ]
    assert request.signature.title == "Owner"
    assert "4711" not in repr(request)
    assert "VT-204418" not in repr(request)


def test_an_event_is_delivered_once(order, carrier, at_work):
    event = make_event(order, before="submitted", after="rejected", code="zip_mismatch", source="carrier")
    run(at_work, tasks.handle_events, [event.pk])
    first = list(Message.objects.values_list("pk", "sent_at"))
    event.refresh_from_db()
    assert event.handled_at is not None
    event.handled_at = None
    event.save()
    run(at_work, tasks.handle_events, [event.pk])
    assert list(Message.objects.values_list("pk", "sent_at")) == first


def test_sweep_takes_up_what_a_lost_broker_left(acme, ada, office, carrier, at_work, settings):
    settings.SWEEP_AFTER_SECONDS = 15
    long_ago = timezone.now() - timedelta(minutes=1)
    unsent = make_port_order(acme, state="validating", moved_at=long_ago)
    untold = make_port_order(acme, state="cancel_requested", moved_at=long_ago, numbers=("+14085550190",))
    unhandled = make_event(unsent, after="submitted", at=long_ago)
    run(at_work, net.sweep)
    unsent.refresh_from_db()
    untold.refresh_from_db()
    unhandled.refresh_from_db()
    assert unsent.state == "submitted"
    assert untold.wish_sent_at is not None
    assert unhandled.handled_at is not None
    assert Message.objects.filter(kind="port_submitted").exists()


def test_sweep_leaves_what_is_fresh_to_the_queue(acme, ada, office, carrier, at_work):
    order = make_port_order(acme, state="validating")
    event = make_event(order)
    run(at_work, net.sweep)
    event.refresh_from_db()
    order.refresh_from_db()
    assert (event.handled_at, order.state) == (None, "validating")


def test_sweep_waits_as_long_as_the_pause_says(acme, ada, office, carrier, at_work):
    soon = timezone.now() + timedelta(minutes=5)
    order = make_port_order(
        acme, state="validating", moved_at=timezone.now() - timedelta(hours=1), tries=9, next_try_at=soon
    )
    run(at_work, net.sweep)
    order.refresh_from_db()
    assert order.state == "validating"


def test_nothing_personal_is_logged(acme, ada, office, carrier, at_work, caplog):
    order = make_port_order(acme, state="validating", pin="938271", bill=False)
    add_bill(order, days_old=40)
    carrier.down = True
    with caplog.at_level("DEBUG"):
        run(at_work, tasks.check_and_send, order.pk)
    for secret in ("938271", "VT-204418", "Acme, Inc.", "Ada Park"):
        assert secret not in caplog.text
