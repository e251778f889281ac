from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import AuditEntry
from lib.transitions import Refused
from notifications.models import Message
from pstn import tasks
from pstn.models import NumberOrder, StuckEvent
from pstn.workflow import number_orders as workflow
from tests.factories import make_number, make_number_order
from tests.pstn.fakes import STOCK, FakeCarrier, failed, provisioned

pytestmark = pytest.mark.usefixtures("carrier")
TWO = STOCK[:2]


@pytest.fixture
def draft(location, eli):
    return make_number_order(location, TWO, created_by=eli)


@pytest.fixture
def accepted(acme, ada):
    from pstn import terms_text

    terms = terms_text.current()
    return acme.terms_acceptances.create(
        version=terms.version, sha256=terms.sha256, by=ada, role="full_admin"
    )


def place(client, order):
    return client.post(f"/acme/orders/N-{order.pk}/place/")


def states(org):
    return sorted(set(org.phone_numbers.values_list("state", flat=True)))


def test_only_what_the_review_has_shown_is_ordered(client, draft, eli, acme, carrier):
    """Another tab looked for other numbers meanwhile."""
    client.force_login(eli)
    review = f"/acme/orders/N-{draft.pk}/edit/review/"
    seen = {"seen": client.get(review).context["version"]}
    assert f'name="seen" value="{seen["seen"]}"' in client.get(review).content.decode()
    client.post(f"/acme/orders/N-{draft.pk}/search/", {"region": "CA", "place": "", "quantity": "1"})
    url = f"/acme/orders/N-{draft.pk}/place/"
    told = client.post(url, seen, follow=True)
    assert told.redirect_chain[-1][0] == review
    assert "This was changed in another tab." in told.content.decode()
    assert not acme.phone_numbers.exists()
    client.post(url, {"seen": told.context["version"]})
    assert acme.phone_numbers.count() == 1


def test_a_longer_hold_changes_nothing_that_the_review_has_shown(client, draft, eli, acme, carrier):
    client.force_login(eli)
    client.post(f"/acme/orders/N-{draft.pk}/search/", {"region": "CA", "place": "", "quantity": "1"})
    review = client.get(f"/acme/orders/N-{draft.pk}/edit/review/")
    client.post(f"/acme/orders/N-{draft.pk}/extend/")
    draft.refresh_from_db()
    assert draft.hold_extended
    client.post(f"/acme/orders/N-{draft.pk}/place/", {"seen": review.context["version"]})
    assert acme.phone_numbers.exists()


def test_placing_orders_the_numbers(client, draft, eli, carrier, committed):
    client.force_login(eli)
    with committed():
        assert place(client, draft).url == draft.get_absolute_url()
    draft.refresh_from_db()
    assert (draft.state, draft.number_count) == ("pending", 2)
    assert draft.carrier_ref == f"REF-number-order-{draft.pk}"
    assert carrier.orders == {f"number-order-{draft.pk}": TWO}
    assert states(draft.org) == ["pending"]
    assert (
        AuditEntry.objects.filter(what="number_order.place", actor=eli, acting_as="pstn_admin").count() == 1
    )


def test_pressing_twice_is_one_order(client, draft, eli, committed):
    client.force_login(eli)
    with committed():
        place(client, draft)
        response = place(client, draft)
    assert response.url == draft.get_absolute_url()
    assert draft.events.filter(after="pending").count() == 1


def test_provisioned_numbers_are_active_when_the_terms_are_accepted(draft, eli, accepted, committed):
    with committed():
        workflow.place(draft, by=eli)
        provisioned(draft)
        tasks.take_carrier_events()
    draft.refresh_from_db()
    assert (draft.shown, states(draft.org)) == ("Provisioned", ["active"])
    assert set(draft.phone_numbers.values_list("billing_from", flat=True)) == {draft.location.today}
    kinds = Message.objects.filter(user=eli).values_list("kind", flat=True)
    assert sorted(kinds) == ["order_placed", "order_provisioned"]


def test_without_terms_they_wait_and_the_full_admins_are_asked(draft, ada, eli, committed):
    with committed():
        workflow.place(draft, by=eli)
        provisioned(draft)
        tasks.take_carrier_events()
    draft.refresh_from_db()
    assert (draft.shown, states(draft.org)) == ("Waiting for terms", ["inactive"])
    assert set(draft.phone_numbers.values_list("billing_from", flat=True)) == {None}
    asked = Message.objects.filter(kind="terms_waiting")
    assert [message.user for message in asked] == [ada]


def test_an_event_read_again_changes_nothing(draft, eli, accepted, committed):
    with committed():
        workflow.place(draft, by=eli)
        event = provisioned(draft)
        tasks.apply(event)
        tasks.apply(event)
        tasks.take_carrier_events()
    assert draft.events.filter(after="provisioned").count() == 1
    assert not StuckEvent.objects.exists()
    assert len({m.message_id for m in Message.objects.all()}) == Message.objects.count()


def test_one_bad_event_does_not_stop_the_others(draft, eli, committed):
    with committed():
        workflow.place(draft, by=eli)
        FakeCarrier().happens("numbers.provisioned", "number-order-999999")
        FakeCarrier().happens("numbers.provisioned", "who knows")
        provisioned(draft)
        tasks.take_carrier_events()
    draft.refresh_from_db()
    assert draft.state == "provisioned"
    assert StuckEvent.objects.count() == 2


def test_what_the_carrier_cannot_provide_is_free_again(draft, eli, committed):
    with committed():
        workflow.place(draft, by=eli)
        failed(draft)
        tasks.take_carrier_events()
    draft.refresh_from_db()
    assert (draft.state, draft.error) == ("error", "Out of stock at the switch.")
    assert not draft.org.phone_numbers.exists()
    again = make_number_order(draft.location, TWO)
    workflow.place(again, by=eli)
    assert Message.objects.filter(kind="order_failed", user=eli).count() == 1


def test_a_carrier_that_refuses_fails_the_order(draft, eli, carrier, committed):
    carrier.refusal = "Some of these numbers are gone."
    with committed():
        workflow.place(draft, by=eli)
    draft.refresh_from_db()
    assert (draft.state, draft.error) == ("error", "Some of these numbers are gone.")


def test_a_carrier_that_is_down_is_tried_again_later(draft, eli, carrier, committed):
    carrier.is_down = True
    with committed():
        workflow.place(draft, by=eli)
    draft.refresh_from_db()
    assert (draft.state, draft.carrier_ref, draft.tries) == ("pending", "", 1)
    carrier.is_down = False
    tasks.send_order(draft.pk)  # too early: the pause is not over
    assert not carrier.orders
    NumberOrder.unscoped.update(next_try_at=timezone.now())
    tasks.sweep()
    draft.refresh_from_db()
    assert draft.carrier_ref


def test_the_sweep_finds_what_the_queue_lost(draft, eli, carrier, settings):
    settings.SWEEP_AFTER_SECONDS = 0
    workflow.place(draft, by=eli)  # nothing runs after the commit: the broker lost it all
    assert not carrier.orders
    tasks.sweep()
    draft.refresh_from_db()
    assert draft.carrier_ref
    assert not draft.events.filter(handled_at=None).exists()


def test_sending_twice_is_one_order_at_the_carrier(draft, eli, carrier, committed):
    with committed():
        workflow.place(draft, by=eli)
    tasks.send_order(draft.pk)
    assert carrier.calls.count("order") == 1


def test_mails_are_written_once(draft, ada, eli, committed):
    with committed():
        workflow.place(draft, by=eli)
    event = draft.events.get(after="pending")
    draft.events.update(handled_at=None)
    with committed():
        tasks.handle_event(event.pk)
    assert Message.objects.filter(kind="order_placed").count() == 2
    assert len(mail.outbox) == 2


def test_a_dead_broker_does_not_fail_the_request(client, draft, eli, committed, monkeypatch):
    from kombu.exceptions import OperationalError

    def broken(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.handle_event, "apply_async", broken)
    client.force_login(eli)
    with committed():
        assert place(client, draft).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "pending"


def test_an_expired_hold_is_refused(client, draft, eli):
    NumberOrder.unscoped.update(hold_until=timezone.now() - timedelta(seconds=1))
    client.force_login(eli)
    assert (
        "has expired. Nothing was ordered. Look for them again."
        in client.post(f"/acme/orders/N-{draft.pk}/place/", follow=True).content.decode()
    )
    assert not draft.org.phone_numbers.exists()


def test_a_number_taken_meanwhile_is_refused_by_name(client, draft, globex, eli):
    from tests.factories import make_location

    make_number(make_location(globex), TWO[1])
    client.force_login(eli)
    page = client.post(f"/acme/orders/N-{draft.pk}/place/", follow=True).content.decode()
    assert "Not to be had any more: +1 408-777-0001." in page
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not draft.org.phone_numbers.exists()


def test_no_emergency_address_no_order(client, draft, eli):
    draft.location.emergency_address.delete()
    client.force_login(eli)
    page = client.get(f"/acme/orders/N-{draft.pk}/edit/review/").content.decode()
    assert "has no validated emergency address" in page
    assert "Place order" not in page
    with pytest.raises(Refused):
        workflow.place(NumberOrder.unscoped.get(pk=draft.pk), by=eli)


def test_a_failed_order_can_be_closed(client, draft, eli, carrier, committed):
    carrier.refusal = "Gone."
    with committed():
        workflow.place(draft, by=eli)
    client.force_login(eli)
    client.post(f"/acme/orders/N-{draft.pk}/discard/")
    draft.refresh_from_db()
    assert draft.state == "canceled"


@pytest.mark.parametrize("used", [0, 7, 10])
def test_a_trial_has_ten_numbers_in_total(client, acme, location, eli, used):
    acme.is_trial = True
    acme.save()
    former = make_number_order(location, ())
    for n in range(used):
        make_number(location, f"+1408555{n:04}", number_order=former, state="pending")
    order = make_number_order(location, STOCK[:4])
    client.force_login(eli)
    place(client, order)
    order.refresh_from_db()
    assert order.state == ("pending" if used + 4 <= 10 else "draft")


def test_a_trial_cannot_search_for_more_than_is_left(client, acme, location, eli, carrier):
    acme.is_trial = True
    acme.save()
    order = acme.number_orders.create(location=location, region="CA", created_by=eli)
    client.force_login(eli)
    data = {"region": "CA", "place": "", "quantity": "11"}
    page = client.post(f"/acme/orders/N-{order.pk}/search/", data).content.decode()
    assert "Your trial can order 10 more numbers." in page
    assert "Trial: 0 of 10 numbers used." in page
