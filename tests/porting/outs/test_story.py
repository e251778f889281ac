"""The console and the simulated carrier together: what one says, the other does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from notifications.models import Message
from porting.models import PortOut
from porting.tasks import port_outs as tasks
from pstn.models import StuckEvent
from simulator import demo, demo_rows, port_outs
from simulator.models import Clock, ServiceLine, SimPortOut
from simulator.tasks import tick
from tests.factories import make_number

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 3, 3, 15, tzinfo=UTC)
DAY = 10
GAINING = "Tideline Wireless"
FIRST, SECOND, THIRD = demo.THREE_LINES.numbers[:3]


@pytest.fixture
def pass_by(settings, time_machine, at_work):
    """Let so many business days of the carrier pass, then let the console read and do its round."""
    settings.CARRIER_DAY_SECONDS = DAY
    settings.SWEEP_AFTER_SECONDS = -1
    time_machine.move_to(TUESDAY, tick=False)
    Clock.current()

    def pass_by(days):
        time_machine.shift(timedelta(seconds=days * DAY))
        with at_work():
            tick()
        with at_work():
            tasks.take_carrier_events()
        with at_work():
            tasks.sweep()

    return pass_by


@pytest.fixture
def office_with_numbers(office, pass_by):
    demo_rows.add_account(demo.THREE_LINES)
    ServiceLine.objects.update(status="ported")
    for e164 in (FIRST, SECOND, THIRD):
        make_number(office, e164)
    return office


@pytest.fixture
def client(office_with_numbers, ada, signed_in):
    return signed_in(ada)


def asked(pass_by, *numbers, pin=""):
    port_outs.request(numbers, GAINING, pin)
    pass_by(0)
    return PortOut.unscoped.latest("pk")


def say(client, out, verb, **data):
    return client.post(reverse(f"porting:port_out_{verb}", args=["acme", out.pk]), data)


def state(out):
    return PortOut.unscoped.get(pk=out.pk).state


def test_nobody_answers_and_the_numbers_leave_and_come_back(acme, client, pass_by):
    out = asked(pass_by, FIRST, SECOND)
    assert (out.state, out.left_in_words) == ("pending", "9 business hours left")
    pass_by(0.6)
    assert Message.objects.filter(kind="port_out_reminder").count() == 1
    pass_by(0.25)
    assert Message.objects.filter(kind="port_out_reminder").count() == 2
    pass_by(0.2)
    assert state(out) == "auto_accepted"
    pass_by(4)
    assert state(out) == "ported_out"
    assert [number.e164 for number in acme.phone_numbers.all()] == [THIRD]
    say(client, out, "dispute", reason="Nobody here asked for this.")
    pass_by(1)
    assert state(out) == "returned"
    assert acme.phone_numbers.count() == 3
    assert not StuckEvent.objects.exists()


def test_a_yes_moves_the_main_number_on_its_date(acme, office_with_numbers, client, pass_by):
    office = office_with_numbers
    office.main_number = acme.phone_numbers.get(e164=FIRST)
    office.save()
    out = asked(pass_by, FIRST)
    heir = acme.phone_numbers.get(e164=SECOND)
    say(client, out, "accept", **{f"main_{out.numbers.get().pk}": heir.pk})
    assert (state(out), SimPortOut.objects.get().state) == ("accepted", "accepted")
    pass_by(4)
    office.refresh_from_db()
    assert (state(out), office.main_number) == ("ported_out", heir)


def test_a_no_keeps_the_number(acme, client, pass_by):
    out = asked(pass_by, FIRST)
    say(client, out, "reject", reason="customer_mismatch")
    assert (state(out), SimPortOut.objects.get().state) == ("reject_pending", "rejecting")
    pass_by(1)
    assert state(out) == "rejected"
    assert acme.phone_numbers.count() == 3


def test_a_no_after_the_time_is_up_is_too_late(client, pass_by, time_machine):
    out = asked(pass_by, FIRST)
    time_machine.shift(timedelta(seconds=2 * DAY))
    tick()  # the carrier has accepted; the console has not read it yet
    say(client, out, "reject", reason="customer_mismatch")
    assert state(out) == "reject_pending"
    pass_by(0)
    assert state(out) == "auto_accepted"


def test_the_pin_and_the_lock_refuse_by_themselves(client, pass_by):
    client.post(reverse("guards:guard_edit", args=["acme"]), {"pin": "482915"})
    client.post(reverse("guards:number_guard_edit", args=["acme", THIRD]), {"is_locked": "on"})
    missing, wrong = asked(pass_by, FIRST), asked(pass_by, FIRST, pin="111222")
    locked, right = asked(pass_by, THIRD), asked(pass_by, SECOND, pin="482915")
    assert [out.blocked_by for out in (missing, wrong, locked)] == ["pin_missing", "pin_wrong", "lock"]
    assert (right.state, right.pin_given) == ("pending", "ok")
    assert Message.objects.filter(kind="port_out_blocked").count() == 3
    assert "482915" not in "".join(f"{m.subject}{m.text}{m.html}" for m in Message.objects.all())


def test_after_a_week_a_dispute_is_a_winback(client, pass_by):
    out = asked(pass_by, FIRST)
    pass_by(1)
    pass_by(4)
    pass_by(1)
    pass_by(5)  # the carrier counts the week in its compressed days; the console in real ones
    assert out.org.port_outs.get().dispute_window() == "hot"
    say(client, out, "dispute", reason="Nobody here asked for this.")
    pass_by(1)
    assert state(out) == "dispute_refused"
