"""Giving an order up: drafts are deleted, sent orders are canceled at once or once the carrier agrees."""

import pytest
from django.core.files.storage import storages

from porting.models import PortDocument
from porting.tasks import orders as tasks
from tests.porting.factories import a_date, make_port_order

pytestmark = pytest.mark.django_db


def test_a_draft_is_discarded_with_its_papers(acme, ada, office, signed_in, url):
    order = make_port_order(acme)
    names = [paper.file.name for paper in order.documents.all()]
    assert signed_in(ada).post(url("order_discard", order)).url == "/acme/orders/"
    assert not acme.port_orders.exists()
    assert not PortDocument.unscoped.exists()
    assert not any(storages["default"].exists(name) for name in names)


def test_a_sent_order_is_not_discarded_and_a_draft_not_canceled(acme, ada, office, signed_in, url):
    draft = make_port_order(acme)
    sent = make_port_order(acme, state="submitted", numbers=("+14085550190",))
    client = signed_in(ada)
    client.post(url("order_cancel", draft))
    client.post(url("order_discard", sent))
    assert set(acme.port_orders.values_list("state", flat=True)) == {"draft", "submitted"}


def test_the_question_is_asked_in_plain_words(acme, ada, office, signed_in, url):
    order = make_port_order(acme, state="foc_received", foc_date=a_date(1))
    page = signed_in(ada).get(url("order_cancel", order)).content.decode()
    assert "The 3 numbers stay with the current carrier" in page
    assert "may move all the same" in page


def test_an_order_that_never_left_is_canceled_at_once(acme, ada, office, carrier, signed_in, url):
    order = make_port_order(acme, state="validating")
    signed_in(ada).post(url("order_cancel", order))
    order.refresh_from_db()
    assert order.state == "canceled"
    assert not acme.phone_numbers.exists()
    assert carrier.calls == []


def test_the_carrier_must_agree_once_it_has_the_order(acme, ada, office, carrier, signed_in, url, news):
    order = make_port_order(acme, state="submitted")
    signed_in(ada).post(url("order_cancel", order))
    order.refresh_from_db()
    assert order.state == "cancel_requested"
    assert carrier.made("cancel") == [["ref-1", f"port-{order.pk}-1-c1"]]
    assert acme.phone_numbers.count() == 3
    carrier.tell("port.canceled", order, key=order.wish_key)
    news()
    order.refresh_from_db()
    assert order.state == "canceled"
    assert not acme.phone_numbers.exists()


@pytest.mark.parametrize("before", ["submitted", "foc_received"])
def test_a_refused_cancel_leads_back(acme, ada, office, carrier, signed_in, url, news, before):
    order = make_port_order(acme, state=before)
    signed_in(ada).post(url("order_cancel", order))
    order.refresh_from_db()
    carrier.tell("port.cancel_refused", order, key=order.wish_key, detail="Too late.")
    news()
    order.refresh_from_db()
    assert order.state == before
    signed_in(ada).post(url("order_cancel", order))
    assert carrier.made("cancel")[-1] == ["ref-1", f"port-{order.pk}-1-c2"]


def test_what_happens_meanwhile_is_not_lost(acme, ada, office, carrier, signed_in, url, news):
    order = make_port_order(acme, state="submitted")
    signed_in(ada).post(url("order_cancel", order))
    order.refresh_from_db()
    carrier.tell("port.confirmed", order, date=a_date(9))
    carrier.tell("port.cancel_refused", order, key=order.wish_key)
    news()
    order.refresh_from_db()
    assert (order.state, order.foc_date) == ("foc_received", a_date(9))


def test_it_may_complete_before_the_cancel_is_answered(acme, ada, office, carrier, signed_in, url, news):
    order = make_port_order(acme, state="foc_received")
    signed_in(ada).post(url("order_cancel", order))
    order.refresh_from_db()
    carrier.tell("port.completed", order)
    carrier.tell("port.cancel_refused", order, key=order.wish_key)
    news()
    order.refresh_from_db()
    assert order.is_here
    assert set(acme.phone_numbers.values_list("state", flat=True)) == {"active"}


def test_a_rejected_order_is_canceled_and_the_carrier_told(acme, ada, office, carrier, signed_in, url):
    order = make_port_order(acme, state="rejected", reject_code="unknown")
    signed_in(ada).post(url("order_cancel", order))
    order.refresh_from_db()
    assert order.state == "canceled"
    assert carrier.made("cancel") == [["ref-1", f"port-{order.pk}-1-c1"]]
    assert order.wish_sent_at is not None


def test_canceled_while_it_was_being_sent(acme, ada, office, carrier, at_work):
    """The worker has passed the check and is on the phone when the person cancels."""
    from porting.workflow import orders as workflow

    order = make_port_order(acme, state="ready")
    whole = tasks.PortOrder.unscoped.whole().get(pk=order.pk)
    with at_work():
        workflow.cancel(acme.port_orders.get(pk=order.pk), by=ada)
        tasks.send(whole)
    order.refresh_from_db()
    assert order.state == "cancel_requested"
    assert set(map(tuple, carrier.made("submit"))) == {(f"port-{order.pk}-1",)}
    assert {key for _ref, key in carrier.made("cancel")} == {f"port-{order.pk}-1-c1"}


def test_a_carrier_that_never_took_it_has_nothing_to_cancel(acme, ada, office, carrier, signed_in, url):
    order = make_port_order(acme, state="ready")
    carrier.refuses = ("Unknown account.", "unknown")
    signed_in(ada).post(url("order_cancel", order))
    order.refresh_from_db()
    assert order.state == "canceled"


@pytest.mark.parametrize("name", ["order_cancel", "order_discard"])
def test_a_viewer_cannot(acme, vic, ada, office, signed_in, url, name):
    assert signed_in(vic).post(url(name, make_port_order(acme, state="submitted"))).status_code == 403
