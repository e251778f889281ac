"""Text messages of ported numbers: their own state, the card, and what people are told when they are stuck."""

from datetime import timedelta

import pytest

from notifications.models import Message
from porting.models import PortedNumber
from porting.tasks import net
from tests.porting.factories import NUMBERS, make_port_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ONE, TWO, THREE = NUMBERS


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, state="messaging_pending", notify="it@acme.example")


@pytest.fixture
def panel(ada, signed_in):
    return lambda order: signed_in(ada).get(order.get_absolute_url()).content.decode()


def mails(kind):
    return sorted(Message.objects.filter(kind=f"port_messaging_{kind}").values_list("to", flat=True))


def sweep(at_work):
    with at_work():
        net.sweep()


def test_the_card_counts_where_messages_are(order, carrier, news, panel):
    carrier.tell("port.messaging", order, code="activating", numbers=(ONE, TWO))
    news()
    html = panel(order)
    assert "c-messaging" in html
    assert "Text messages follow the calls" in html
    assert "Messaging is moving" in html


def test_numbers_without_messaging_have_no_card(acme, ada, office, panel):
    assert "c-messaging" not in panel(make_port_order(acme, state="completed"))


def test_people_are_told_once_when_all_have_moved(order, carrier, news):
    carrier.tell("port.messaging", order, code="ported", numbers=(ONE,))
    news()
    assert mails("moved") == []
    carrier.tell("port.messaging", order, code="ported", numbers=(TWO, THREE))
    carrier.tell("port.messaging", order, code="ported", numbers=(TWO, THREE))
    news()
    assert mails("moved") == ["ada@acme.example", "it@acme.example"]
    order.refresh_from_db()
    assert order.state == "completed"


def test_not_before_the_last_number_of_the_order_is_here(acme, ada, office, carrier, news):
    order = make_port_order(acme, state="activating")
    carrier.tell("port.completed", order, numbers=(ONE, TWO))
    carrier.tell("port.messaging", order, code="ported", numbers=(ONE, TWO))
    news()
    assert mails("moved") == []
    PortedNumber.unscoped.filter(e164=THREE).update(has_messaging=False)
    carrier.tell("port.completed", order, numbers=(THREE,))
    news()
    assert mails("moved") == ["ada@acme.example"]


def test_stuck_for_two_business_days_is_told_once(order, carrier, news, panel, at_work, clock):
    carrier.tell("port.messaging", order, code="stuck", detail="Not released.")
    news()
    html = panel(order)
    assert "Text messages are stuck at the old carrier." in html
    assert "Ask PSTN support" in html
    sweep(at_work)
    clock.shift(timedelta(days=2) - timedelta(minutes=1))
    sweep(at_work)
    assert mails("stuck") == []
    clock.shift(timedelta(minutes=2))
    sweep(at_work)
    sweep(at_work)
    assert mails("stuck") == ["ada@acme.example", "it@acme.example"]


def test_a_weekend_is_no_business_day(order, carrier, news, at_work, clock):
    clock.move_to("2026-11-20 20:00:00+00:00")  # a Friday
    carrier.tell("port.messaging", order, code="stuck")
    news()
    clock.move_to("2026-11-24 19:00:00+00:00")
    sweep(at_work)
    assert mails("stuck") == []
    clock.move_to("2026-11-24 20:01:00+00:00")
    sweep(at_work)
    assert len(mails("stuck")) == 2


def test_what_comes_loose_in_time_is_not_told(order, carrier, news, at_work, clock):
    carrier.tell("port.messaging", order, code="stuck")
    news()
    carrier.tell("port.messaging", order, code="ported")
    news()
    clock.shift(timedelta(days=5))
    sweep(at_work)
    assert mails("stuck") == []
    assert len(mails("moved")) == 2


@pytest.mark.parametrize("slug", ["numbers", "review"])
def test_the_wizard_says_that_both_move_together(acme, ada, office, carrier, signed_in, url, slug):
    draft = make_port_order(acme)
    html = signed_in(ada).get(url("order_step", draft, slug)).content.decode()
    assert "Calls and text messages of US and Canadian numbers move together." in html


def test_who_starts_the_activation_is_a_choice_of_the_date_step(acme, ada, office, carrier, signed_in, url):
    draft = make_port_order(acme)
    client = signed_in(ada)
    page = client.get(url("order_step", draft, "date"))
    assert "We start the activation ourselves on the day" in page.content.decode()
    day = page.context["form"].open[2].isoformat()
    data = {"requested_date": day, "on_demand": "on", "version": draft.version}
    assert client.post(url("order_step", draft, "date"), data).status_code == 302
    draft.refresh_from_db()
    assert draft.on_demand
    assert (
        "You start it yourself on the day" in client.get(url("order_step", draft, "review")).content.decode()
    )


def test_for_toll_free_numbers_there_is_no_such_choice(acme, ada, office, signed_in, url):
    draft = make_port_order(acme, numbers=("+18005550110",))
    draft.numbers.update(kind="toll_free")
    html = signed_in(ada).get(url("order_step", draft, "date")).content.decode()
    assert "We start the activation ourselves" not in html
