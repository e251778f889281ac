"""Asking for the carrier's record: once for each question, later when nobody answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from porting.models import CsrRequest, PortOrder
from porting.preflight import records
from porting.tasks import records as tasks
from porting.workflow import orders as workflow
from tests.porting.factories import ACCOUNT, NUMBERS, make_port_order
from tests.porting.preflight.sources import announced, ask, checked, whole

pytestmark = pytest.mark.django_db


def test_a_record_is_asked_for_once_and_taken_when_it_comes(order, desk, at_work):
    row = ask(order, at_work)
    ask(order, at_work)
    assert len(desk.asked) == 1
    key, wish = desk.asked[0]
    assert (key, wish.losing_carrier, wish.btn, wish.numbers) == (
        row.key,
        "Valley Telephone",
        NUMBERS[0],
        NUMBERS,
    )
    assert checked(order).sources.question.state == "waiting"
    desk.answer = "ready"
    tasks.apply(announced(row))
    tasks.apply(announced(row))
    assert checked(order).light == "ok"
    assert CsrRequest.unscoped.get().answered_at is not None


def test_a_carrier_that_never_gives_one(order, desk, at_work):
    desk.answer = "none"
    ask(order, at_work)
    assert checked(order).light == "mute"
    assert CsrRequest.unscoped.get().state == "none"


def test_a_carrier_that_is_down_is_asked_later(order, desk, at_work):
    desk.down = True
    row = ask(order, at_work)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("untold", 1)
    desk.down, desk.answer = False, "ready"
    CsrRequest.unscoped.update(next_try_at=timezone.now() - timedelta(hours=1))
    with at_work():
        tasks.sweep()
    assert checked(order).light == "ok"


def test_other_account_data_is_another_question(order, desk, at_work):
    desk.answer = "ready"
    first = ask(order, at_work)
    PortOrder.unscoped.update(btn="+14085550199")
    assert records.current(whole(order)) is None, "the old answer is about another account"
    second = ask(order, at_work)
    assert second.pk != first.pk
    assert [row.pk for row in CsrRequest.unscoped.all()] == [second.pk]
    tasks.apply(announced(first))  # what answers the old question finds nothing


def test_a_record_found_by_the_numbers_stays_when_its_billing_number_is_typed(
    acme, ada, office, desk, at_work
):
    desk.answer = "ready"
    order = make_port_order(acme, btn="")
    row = ask(order, at_work)
    PortOrder.unscoped.update(btn=NUMBERS[0])
    assert ask(order, at_work) == row
    assert len(desk.asked) == 1


def test_saving_the_account_asks_and_the_order_takes_its_record_along(order, desk, signed_in, ada, url):
    desk.answer = "ready"
    form = {**ACCOUNT, "btn": "(408) 555-0110", "full_port": "True", "version": "0"}
    assert signed_in(ada).post(url("order_step", order, "carrier"), form).status_code == 302
    assert CsrRequest.unscoped.get().state == "ready"
    workflow.discard(order, by=ada)
    assert not CsrRequest.unscoped.exists()


def test_ask_again(order, desk, signed_in, ada, vic, url):
    desk.answer = "none"
    client = signed_in(ada)
    client.post(url("order_record_ask", order))
    desk.answer = "ready"
    client.post(url("order_record_ask", order))
    assert CsrRequest.unscoped.get().state == "ready"
    assert signed_in(vic).post(url("order_record_ask", order)).status_code == 403
