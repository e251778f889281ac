"""Who holds the ball, until when that is usual, and what happens when a carrier stays silent."""

from datetime import date

import pytest
from django.urls import reverse

from notifications.models import Message
from porting import ageing, thread
from porting.models import PortOrder
from porting.models import ageing as rules
from porting.tasks import orders as tasks
from porting.tasks.reminders import look_around
from porting.workflow import orders as workflow
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tuesday(time_machine):
    """Tuesday, November 3, 2026, nine in the morning in California: before Veterans Day and Thanksgiving."""
    time_machine.move_to("2026-11-03 17:00Z", tick=False)


def submitted(acme, days=0, **fields):
    """An order that the carrier has just taken; its numbers' carrier usually needs so many business days."""
    order = make_port_order(acme, state="ready", **fields)
    order.numbers.update(interval_days=days)
    workflow.accept_by_carrier(order, attempt=order.attempt, carrier_ref="ref-1")
    return order


def test_the_interval_is_the_slowest_numbers_and_at_least_the_countrys(acme, ada, office):
    assert rules.usual_days(submitted(acme, days=9)) == 9
    assert rules.usual_days(submitted(acme, days=1, numbers=("+14085550190",))) == 5


def test_it_counts_business_days_over_weekends_and_holidays(acme, ada, office):
    order = submitted(acme, days=7)
    # Nov 4, 5, 6, 9, 10, not the 11th (Veterans Day), 12, 13; half as many again, rounded up: 11 days.
    assert order.amber_on == date(2026, 11, 13)
    assert order.red_on == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("moment", "word"),
    [
        ("2026-11-13 23:00Z", None),
        ("2026-11-14 23:00Z", "Late"),
        ("2026-11-19 23:00Z", "Late"),
        ("2026-11-20 23:00Z", "Very late"),
    ],
)
def test_amber_after_the_interval_and_red_after_half_as_long_again(
    acme, ada, office, signed_in, time_machine, moment, word
):
    order = submitted(acme, days=7)
    time_machine.move_to(moment, tick=False)
    page = signed_in(ada).get(order.get_absolute_url())
    age = page.context["age"]
    assert (str(age.lateness.word) if age.lateness else None) == word
    assert (age.who, age.by) == ("Current carrier", date(2026, 11, 13))
    if word:
        assert f"<span>{word}</span>" in page.content.decode()  # a word, not only a color


def test_a_date_is_late_the_day_after(acme, ada, office):
    order = submitted(acme)
    workflow.confirm(order, foc_date=date(2026, 11, 20))
    assert (order.amber_on, order.red_on) == (date(2026, 11, 20), date(2026, 11, 23))
    workflow.confirm(order, foc_date=date(2026, 11, 25))  # the carrier moves it, in the same state
    assert (order.amber_on, order.red_on) == (date(2026, 11, 25), date(2026, 11, 27))  # Thanksgiving


def test_what_has_ended_is_never_late(acme, ada, office, time_machine):
    order = submitted(acme)
    workflow.confirm_cancel(order)
    time_machine.move_to("2027-11-03 17:00Z", tick=False)
    assert (order.amber_on, order.red_on, order.lateness) == (None, None, None)


@pytest.mark.parametrize("state", PortOrder.State.values)
def test_every_state_says_who_acts(acme, ada, office, state):
    order = make_port_order(acme, state=state)
    ended = ("verified", "canceled", "abandoned", "expired")
    assert bool(ageing.of(order, ada.memberships.get()).who) is (state not in ended)


def test_people_are_called_as_the_reader_knows_them(acme, ada, vic, paula, office):
    mine, hers, signs = (
        make_port_order(acme, state=state, created_by=by, numbers=(number,))
        for state, by, number in [
            ("rejected", ada, "+14085550191"),
            ("rejected", paula, "+14085550192"),
            ("awaiting_signature", paula, "+14085550193"),
        ]
    )
    who = lambda order, person: ageing.of(order, person.memberships.get()).who  # noqa: E731
    assert [who(mine, ada), who(mine, paula), who(mine, vic)] == ["You", "You", "Customer"]
    assert [who(hers, ada), who(hers, paula)] == ["Your partner", "You"]
    assert [who(signs, ada), who(signs, paula)] == ["You", "Customer"]


def test_of_toll_free_numbers_the_registry_acts(acme, ada, office):
    order = make_port_order(acme, state="submitted", resp_org="ABC01")
    assert ageing.of(order, ada.memberships.get()).who == "Toll-free registry"


def test_the_list_shows_it_and_finds_what_is_overdue(acme, ada, office, signed_in, time_machine):
    slow = submitted(acme, days=2)
    quick = make_port_order(acme, state="draft", numbers=("+14085550190",))
    time_machine.move_to("2026-11-20 23:00Z", tick=False)
    client, address = signed_in(ada), reverse("pstn:order_list", args=["acme"])
    page = client.get(address, {"late": "yes"})
    assert [order.reference for order, *_ in page.context["rows"]] == [slow.reference]
    assert "Very late" in page.content.decode()
    assert "Current carrier" in page.content.decode()
    assert client.get(address, {"late": "yes", "type": "N"}).context["rows"] == []
    both = client.get(address, {"late": "nonsense"}).context["rows"]
    assert {order.pk for order, *_ in both} == {slow.pk, quick.pk}


def test_a_silent_carrier_is_chased_once(acme, ada, staff, office, time_machine, at_work, signed_in):
    order = submitted(acme, days=2)
    time_machine.move_to("2026-11-10 23:00Z", tick=False)
    with at_work():
        look_around()
    assert not order.events.filter(verb="chase").exists()
    time_machine.move_to("2026-11-20 23:00Z", tick=False)
    for _n in range(3):
        with at_work():
            look_around()
    event = order.events.get(verb="chase")
    assert (event.source, event.before, event.after) == ("clock", "submitted", "submitted")
    (note,) = order.messages.all()
    assert (note.side, note.is_internal) == ("console", True)
    assert Message.objects.filter(kind="port_alert", to="staff@pstnhub.example").count() == 1
    page = signed_in(ada).get(order.get_absolute_url()).content.decode()
    assert "PSTN support asks the carrier" in page
    assert note.text not in page


def test_it_is_chased_again_when_it_rests_somewhere_else(acme, ada, staff, office, time_machine, at_work):
    order = submitted(acme, days=2)
    time_machine.move_to("2026-11-20 23:00Z", tick=False)
    with at_work():
        look_around()
        workflow.cancel(PortOrder.unscoped.get(pk=order.pk), by=ada)
    time_machine.move_to("2026-12-20 23:00Z", tick=False)
    with at_work():
        look_around()
    assert order.events.filter(verb="chase").count() == 2


def rejected_again(order, code="zip_mismatch"):
    workflow.reject(order, code=code)
    tasks.handle_events([order.events.latest("pk").pk])
    order.refresh_from_db()


def test_the_second_rejection_asks_support_in_once(acme, ada, staff, office, at_work, signed_in):
    order = submitted(acme)
    with at_work():
        rejected_again(order)
    assert order.escalated_at is None
    assert not order.messages.exists()
    for _n in range(2):
        PortOrder.unscoped.filter(pk=order.pk).update(state="submitted")
        order.numbers.update(state="submitted")
        order.refresh_from_db()
        with at_work():
            rejected_again(order, code="unknown")
    assert order.escalated_at is not None
    (note,) = order.messages.all()
    assert note.is_internal
    assert "2. time: The carrier gave no reason" in note.text
    assert Message.objects.filter(kind="port_alert").count() == 1
    page = signed_in(ada).get(order.get_absolute_url()).content.decode()
    assert "PSTN support is looking at it too." in page
    assert note.text not in page


def test_the_same_event_twice_asks_once(acme, ada, staff, office, at_work):
    order = submitted(acme, reject_count=1)
    with at_work():
        workflow.reject(order, code="unknown")
    assert ageing.escalate(PortOrder.unscoped.get(pk=order.pk)) is False
    assert order.messages.count() == 1


def test_what_was_edited_is_young_again(acme, ada, office, time_machine):
    order = make_port_order(acme, state="draft")
    look_around()
    order.refresh_from_db()
    assert order.amber_on == date(2026, 11, 17)
    time_machine.move_to("2026-11-13 17:00Z", tick=False)
    PortOrder.unscoped.filter(pk=order.pk).update(edited_at="2026-11-13T17:00Z")
    look_around()
    order.refresh_from_db()
    assert order.amber_on == date(2026, 11, 27)


def test_a_note_of_the_console_needs_nobodys_answer(acme, ada, staff, office):
    order = submitted(acme)
    thread.alert(order, text="Look")
    order.refresh_from_db()
    assert not order.needs_answer
