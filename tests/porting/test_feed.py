"""What comes back from the carrier: applied in order, once, whoever reads it and however often."""

import pytest

from carrier.base import CarrierUnavailable
from notifications.models import Message
from porting.tasks import net
from porting.workflow import orders as workflow
from pstn.models import CarrierFeed, StuckEvent
from tests.porting.factories import NUMBERS, a_date, make_port_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, state="submitted")


def test_a_rejection_with_its_reason_words_and_numbers(order, carrier, news):
    carrier.tell("port.rejected", order, code="tn_mismatch", detail="Not ours.", numbers=NUMBERS[:1])
    news()
    order.refresh_from_db()
    assert (order.state, order.reject_code, order.reject_detail) == ("rejected", "tn_mismatch", "Not ours.")
    assert [row.e164 for row in order.numbers.filter(is_named_in_reject=True)] == [NUMBERS[0]]
    assert Message.objects.get().kind == "port_rejected"


def test_a_confirmation_dates_the_inventory_and_brings_a_calendar_file(acme, order, carrier, news):
    carrier.tell("port.confirmed", order, date=a_date(8))
    news()
    order.refresh_from_db()
    assert (order.state, order.foc_date) == ("foc_received", a_date(8))
    assert set(acme.phone_numbers.values_list("port_date", flat=True)) == {a_date(8)}
    message = Message.objects.get()
    assert (message.kind, message.attachment_name) == ("port_foc_received", f"{order.reference}.ics")


def test_completion_activates_the_numbers(acme, order, carrier, news):
    carrier.tell("port.confirmed", order, date=a_date(8))
    carrier.tell("port.completed", order)
    news()
    order.refresh_from_db()
    assert order.is_here
    assert order.completed_at is not None
    assert set(acme.phone_numbers.values_list("state", flat=True)) == {"active"}


def test_a_late_rejection_after_the_foc(order, carrier, news):
    carrier.tell("port.confirmed", order, date=a_date(8))
    carrier.tell("port.rejected", order, code="pending_order")
    news()
    order.refresh_from_db()
    assert order.state == "rejected"


def test_reading_everything_again_changes_nothing(order, carrier, news):
    carrier.tell("port.confirmed", order, date=a_date(8))
    carrier.tell("port.completed", order)
    news()
    CarrierFeed.objects.update(cursor="")
    before = list(order.events.values_list("pk", "after"))
    news()
    assert list(order.events.values_list("pk", "after")) == before
    assert Message.objects.count() == 2


def test_the_cursor_moves_on(order, carrier, news):
    carrier.tell("port.confirmed", order, date=a_date(8))
    news()
    assert CarrierFeed.objects.get(topic="ports").cursor == "1"
    news()
    assert carrier.made("events")[-1] == ["1"]


def test_what_answers_an_old_attempt_is_ignored(acme, ada, order, carrier, news):
    old = order.key
    workflow.reject(order, code="zip_mismatch")
    workflow.resubmit(order, by=ada)
    carrier.tell("port.rejected", order, key=old, code="btn_mismatch")
    news()
    order.refresh_from_db()
    assert order.state in ("validating", "submitted")
    assert order.reject_code == ""


@pytest.mark.parametrize("key", ["port-999999-1", "number-order-4", "", "port-x-1", "port-1-1-c1-z"])
def test_what_is_about_nothing_of_ours_is_ignored(order, carrier, news, key):
    carrier.tell("port.completed", order, key=key or " ")
    news()
    order.refresh_from_db()
    assert order.state == "submitted"
    assert not StuckEvent.objects.exists()


def test_an_answer_that_is_faster_than_our_note_of_sending(acme, ada, office, carrier, news):
    """The worker crashed after the carrier took the order; the confirmation is here before the sweep is."""
    order = make_port_order(acme, state="ready")
    carrier.tell("port.confirmed", order, date=a_date(8))
    news()
    order.refresh_from_db()
    assert (order.state, order.carrier_ref) == ("foc_received", f"ref-P-{order.pk}")


def test_a_poisoned_event_does_not_stop_the_feed(acme, order, carrier, news, at_work):
    other = make_port_order(acme, state="submitted", numbers=("+14085550190",))
    carrier.tell("port.confirmed", order)  # without a date
    carrier.tell("port.confirmed", other, date=a_date(8))
    news()
    other.refresh_from_db()
    assert other.state == "foc_received"
    stuck = StuckEvent.objects.get()
    assert (stuck.key, stuck.error) == (order.key, "ValueError")


def test_a_stuck_event_is_tried_again_by_the_sweep(order, carrier, news, at_work, settings):
    settings.SWEEP_AFTER_SECONDS = -1
    carrier.tell("port.confirmed", order)
    news()
    with at_work():
        net.sweep()
    assert StuckEvent.objects.get().tries == 2
    StuckEvent.objects.update(date=a_date(8))
    with at_work():
        net.sweep()
    order.refresh_from_db()
    assert (order.state, StuckEvent.objects.count()) == ("foc_received", 0)


def test_no_answer_leaves_the_cursor_alone(order, carrier, news):
    carrier.tell("port.confirmed", order, date=a_date(8))
    carrier.down = True
    news()
    assert CarrierFeed.objects.get().cursor == ""
    carrier.down = False
    news()
    assert CarrierFeed.objects.get().cursor == "1"


def test_an_outage_in_the_middle_repeats_the_batch_and_loses_nothing(acme, order, carrier, news, monkeypatch):
    late = make_port_order(acme, state="ready", numbers=("+14085550190",))
    carrier.tell("port.confirmed", order, date=a_date(8))
    carrier.tell("port.confirmed", late, date=a_date(8))
    submit, calls = carrier.submit_port, []

    def fails_once(request):
        calls.append(request.key)
        if len(calls) == 1:
            raise CarrierUnavailable("down")
        return submit(request)

    monkeypatch.setattr(carrier, "submit_port", fails_once)
    news()
    news()
    late.refresh_from_db()
    assert late.state == "foc_received"
    assert order.events.count() == 1


def test_a_carrier_may_move_the_date(order, carrier, news):
    carrier.tell("port.confirmed", order, date=a_date(8))
    carrier.tell("port.confirmed", order, date=a_date(9))
    news()
    order.refresh_from_db()
    assert (order.state, order.foc_date) == ("foc_received", a_date(9))
