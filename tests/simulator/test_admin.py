"""The simulator's panel: the clock and its buttons, records that can be edited, histories that cannot."""

import pytest
from django.urls import reverse

from simulator.demo import THREE_LINES
from simulator.models import Appointment, Clock, ServiceAccount, ServiceLine, SimPort, StockBlock

from .ports import last_event, port_events, port_request

pytestmark = pytest.mark.usefixtures("accounts")


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def press(desk, button, **fields):
    answer = desk.post(
        reverse("admin:simulator_clock_change", args=[1]), {"day_seconds": "10", button: "x", **fields}
    )
    assert answer.status_code == 302
    return answer


def test_the_list_of_clocks_leads_to_the_clock(desk):
    answer = desk.get(reverse("admin:simulator_clock_changelist"))
    assert answer.url == reverse("admin:simulator_clock_change", args=[1])
    assert "Stop the clock" in desk.get(answer.url).content.decode()


def test_stop_step_and_start(desk, carrier):
    carrier.submit_port(port_request(THREE_LINES))
    press(desk, "_pause")
    assert Clock.current().paused_at
    press(desk, "_next")
    assert last_event(carrier).kind == "port.confirmed"
    press(desk, "_resume")
    assert Clock.current().paused_at is None


def test_let_a_day_pass(desk, carrier):
    carrier.submit_port(port_request(THREE_LINES))
    press(desk, "_day")
    assert last_event(carrier).kind == "port.confirmed"


def test_change_the_length_of_a_day(desk, carrier):
    carrier.submit_port(port_request(THREE_LINES))
    before = Appointment.objects.get().due_at
    press(desk, "_save", day_seconds="20")
    assert (Appointment.objects.get().due_at - before).total_seconds() == 10
    press(desk, "_save", day_seconds="")
    assert Clock.current().day_seconds is None


@pytest.mark.parametrize("seconds", ["0", "-1", "90000", "soon"])
def test_a_length_that_makes_no_sense(desk, carrier, seconds):
    answer = desk.post(reverse("admin:simulator_clock_change", args=[1]), {"day_seconds": seconds})
    assert answer.status_code == 200
    assert Clock.current().day_seconds == 10


def test_take_the_line_down(desk, carrier):
    press(desk, "_save", is_down="on")
    assert Clock.current().is_down


def test_do_chosen_appointments_now(desk, carrier):
    carrier.submit_port(port_request(THREE_LINES))
    pk = Appointment.objects.get().pk
    form = {"action": "do_now", "_selected_action": [pk]}
    for _twice in range(2):
        desk.post(reverse("admin:simulator_appointment_changelist"), form)
    assert len(port_events(carrier)) == 1


def test_restore_the_demonstration(desk):
    ServiceLine.objects.filter(e164=THREE_LINES.btn).update(status="ported")
    pk = ServiceAccount.objects.first().pk
    form = {"action": "restore_demo", "_selected_action": [pk]}
    desk.post(reverse("admin:simulator_serviceaccount_changelist"), form)
    assert ServiceLine.objects.get(e164=THREE_LINES.btn).status == "active"


@pytest.mark.parametrize(
    "name",
    [
        "serviceaccount",
        "unknownstreet",
        "stockblock",
        "stocknumber",
        "stockhold",
        "stockorder",
        "simport",
        "carrierevent",
        "appointment",
    ],
)
def test_every_list_opens_and_histories_can_not_be_written(desk, carrier, days, name):
    carrier.submit_port(port_request(THREE_LINES))
    days(1)
    assert desk.get(reverse(f"admin:simulator_{name}_changelist")).status_code == 200
    editable = name in {"serviceaccount", "unknownstreet", "stockblock"}
    assert desk.get(reverse(f"admin:simulator_{name}_add")).status_code == (200 if editable else 403)


def test_a_port_shows_its_attempts(desk, carrier):
    carrier.submit_port(port_request(THREE_LINES))
    page = desk.get(
        reverse("admin:simulator_simport_change", args=[SimPort.objects.get().pk])
    ).content.decode()
    assert "P-1-1" in page


def test_a_record_is_checked(desk):
    account = ServiceAccount.objects.get(btn=THREE_LINES.btn)
    url = reverse("admin:simulator_serviceaccount_change", args=[account.pk])
    page = desk.post(url, {"closed_dates": "tomorrow", "lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0})
    assert "is not a date" in page.content.decode()


def test_a_block_that_is_typed_in_knows_its_area_code(desk):
    fields = {"thousand": "+14085557", "first": 0, "last": 9, "country": "US", "state": "CA"}
    desk.post(
        reverse("admin:simulator_stockblock_add"), {**fields, "city": "Alviso", "rate_center": "Alviso"}
    )
    block = StockBlock.objects.get()
    assert (block.area_code, block.prefix, block.size) == ("408", "555", 10)


def test_nobody_else_gets_in(client, ada, carrier):
    client.force_login(ada)
    assert client.get(reverse("admin:simulator_clock_change", args=[1])).status_code in {302, 403, 404}
