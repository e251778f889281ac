"""The day of a port with the simulated carrier, for each scenario that makes it special."""

import pytest

from porting.models import Activation, PortedNumber, PortOrder, TestRun
from porting.tasks import feed, net
from porting.tasks import orders as tasks
from simulator import appointments, demo_rows
from simulator.demo import ACCOUNTS
from simulator.demo_shapes import Scenario
from simulator.models import Appointment, ServiceAccount
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short_days(settings):
    settings.CARRIER_DAY_SECONDS = 2


@pytest.fixture
def world(at_work):
    """Let the carrier keep its next appointments, as long as `until` is not true."""

    def go_on(until=lambda: False, *, but=()):
        for _step in range(40):
            with at_work():
                feed.take_carrier_events()
            waiting = Appointment.objects.waiting().exclude(kind__in=but).first()
            if until() or waiting is None:
                return
            with at_work():
                appointments.keep(waiting.pk)
        raise AssertionError("the carrier never comes to an end")

    return go_on


@pytest.fixture
def sent(acme, ada, office, at_work):
    """An order that the carrier has, for an account in which a scenario waits."""

    def send(scenario, **fields):
        account = next(one for one in ACCOUNTS if one.scenario == scenario)
        demo_rows.add_account(account)
        order = make_port_order(
            acme,
            state="validating",
            numbers=tuple(sorted(account.enter)),
            losing_carrier=account.carrier,
            btn=account.btn,
            account_number=account.account_number,
            company_name=account.company,
            authorized_name=account.authorized,
            address_line1=account.line1,
            city=account.city,
            region=account.state,
            postal_code=account.postal_code,
            **fields,
        )
        with at_work():
            tasks.check_and_send(order.pk)
        order.refresh_from_db()
        assert order.state == "submitted", (order.reject_code, order.reject_detail)
        return order

    return send


def now_of(order):
    return PortOrder.unscoped.whole().get(pk=order.pk)


def states(order):
    return sorted(PortedNumber.unscoped.filter(order=order).values_list("state", flat=True))


def reaches(order, *wanted):
    return lambda: now_of(order).state in wanted


@pytest.fixture
def client(ada, signed_in):
    return signed_in(ada)


def test_activated_by_hand_half_by_half(sent, world, client, url):
    order = sent(Scenario.STALE_TRANSLATIONS, on_demand=True)
    world(reaches(order, "activating"))
    first, second = sorted(order.numbers.values_list("e164", flat=True))
    client.post(url("order_activate", order), {"numbers": [first], "sure": "on"})
    world(reaches(order, "partially_completed"), but=[Appointment.Kind.COMPLETE])
    assert states(order) == ["activating", "ported"]
    client.post(url("order_activate", order), {"first": second, "last": second, "sure": "on"})
    world(reaches(order, "messaging_pending"), but=[Appointment.Kind.COMPLETE])
    assert states(order) == ["ported", "ported"]
    assert Activation.unscoped.filter(refused="").count() == 2


def test_partial_activation(sent, world, client, url):
    order = sent(Scenario.PARTIAL)
    world(reaches(order, "partially_completed"))
    assert states(order) == ["activating"] * 3 + ["ported"] * 3
    html = client.get(url("order_day", order)).content.decode()
    assert html.count("Activating") > 2
    assert "3 of 6 numbers are here." in client.get(order.get_absolute_url()).content.decode()
    world(lambda: now_of(order).is_here)
    assert states(order) == ["ported"] * 6


def test_activation_fails(sent, world, client, url):
    order = sent(Scenario.ACTIVATION_FAILS)
    world(reaches(order, "activation_failed"))
    html = client.get(url("order_day", order)).content.decode()
    assert "1 number did not move" in html
    assert "Who acts: the carriers" in html
    assert "tried again on the next business day" in html
    world(lambda: now_of(order).is_here)
    assert states(order) == ["ported"] * 3


def test_messaging_stuck(sent, world, client, url):
    order = sent(Scenario.MESSAGING_STUCK)
    world(lambda: now_of(order).numbers.filter(messaging="stuck").exists())
    world()
    page = client.get(url("order_day", order))
    assert "Text messages are stuck at the old carrier." in page.content.decode()
    counts = page.context["grid"].counts
    assert (counts["bad"], counts["warn"]) == (0, 4)  # a message in and out of each number
    net.sweep()


def test_stale_translations_until_the_first_day_is_over(sent, world, client, url):
    order = sent(Scenario.STALE_TRANSLATIONS)
    settle = [Appointment.Kind.SETTLE]
    world(lambda: now_of(order).is_here)
    world(but=settle)
    page = client.get(url("order_day", order))
    assert page.context["grid"].stale == ("Prairie Telephone",)
    assert "Prairie Telephone still calls the old place." in page.content.decode()
    world()
    client.post(url("order_test", order), {"scope": "failed"})
    world()
    assert client.get(url("order_day", order)).context["grid"].has_passed
    assert list(TestRun.unscoped.order_by("pk").values_list("scope", flat=True)) == ["automatic", "failed"]
    client.post(url("order_verify", order), {})
    assert now_of(order).state == "verified"


def test_snap_back_refused(sent, world, client, url):
    order = sent(Scenario.SNAP_BACK_REFUSED)
    world(lambda: now_of(order).is_here)
    client.post(url("order_snap_back", order), {"whole": "on", "accepted": "on"})
    assert now_of(order).state == "disputed"
    world(lambda: not now_of(order).wish)
    assert states(order) == ["ported", "ported"]
    assert "does not take the numbers back" in client.get(url("order_day", order)).content.decode()


def test_numbers_go_back(sent, world, acme, client, url):
    order = sent(Scenario.SNAP_BACK_REFUSED)
    ServiceAccount.objects.update(scenario="")
    world(lambda: now_of(order).is_here)
    one = order.numbers.first().e164
    client.post(url("order_snap_back", order), {"numbers": [one], "accepted": "on"})
    world(lambda: not now_of(order).wish)
    assert states(order) == ["ported", "snapped_back"]
    assert not acme.phone_numbers.filter(e164=one).exists()


def test_put_off_on_the_day(sent, world, client, url):
    order = sent(Scenario.STALE_TRANSLATIONS)
    world(reaches(order, "activating"))
    old = now_of(order).foc_date
    client.post(url("order_delay", order), {"accepted": "on"})
    world(lambda: not now_of(order).wish, but=[Appointment.Kind.COMPLETE])
    assert now_of(order).foc_date > old
    world(lambda: now_of(order).is_here)
