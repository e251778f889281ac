"""The simulator's panel: the clock and its buttons, records that can be edited, histories that cannot."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import User
from carrier.base import RecordRequest, Topic
from porting.errors import ERRORS
from simulator.admin.ports import CODES
from simulator.demo import RECORDS, THREE_LINES
from simulator.models import (
    Appointment,
    Clock,
    NumberGuard,
    ServiceAccount,
    ServiceLine,
    SimPort,
    SimPortOut,
    SimRecordRequest,
    StockBlock,
)

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
        "stocktake",
        "stockcancel",
        "backorder",
        "stockhold",
        "stockorder",
        "simport",
        "simportout",
        "simrecordrequest",
        "numberguard",
        "guardchange",
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
    fields = {"thousand": "+14085557", "first": 0, "last": 9, "country": "US", "state": "CA", "kind": "local"}
    desk.post(
        reverse("admin:simulator_stockblock_add"), {**fields, "city": "Alviso", "rate_center": "Alviso"}
    )
    block = StockBlock.objects.get()
    assert (block.area_code, block.prefix, block.size) == ("408", "555", 10)


def test_nobody_else_gets_in(client, ada, carrier):
    client.force_login(ada)
    assert client.get(reverse("admin:simulator_clock_change", args=[1])).status_code in {302, 403, 404}


# --- Verbs --------------------------------------------------------------------------------------------------


def act(desk, row, verb, **fields):
    """Open the page that confirms a verb, then send it."""
    model = row._meta.model_name
    url = reverse(f"admin:simulator_{model}_do", args=[row.pk, verb])
    assert desk.get(url).status_code == 200
    answer = desk.post(url, fields)
    assert answer.status_code == 302
    return desk.get(answer.url).content.decode()


def offered(desk, row):
    page = desk.get(reverse(f"admin:simulator_{row._meta.model_name}_change", args=[row.pk])).content.decode()
    return re.findall(r"/do/([a-z]+)/", page)


def test_the_reasons_to_reject_are_the_ones_of_the_console():
    assert set(CODES) <= set(ERRORS)
    assert len(CODES) == 19


def test_a_ports_verbs_follow_its_state(desk, carrier):
    carrier.submit_port(port_request(THREE_LINES))
    port = SimPort.objects.get()
    assert offered(desk, port) == ["answer", "confirm", "reject", "paper", "note"]
    assert "Done: Confirm a date." in act(desk, port, "confirm", day="2026-03-12")
    assert last_event(carrier).date.isoformat() == "2026-03-12"
    assert offered(desk, port) == ["confirm", "reject", "paper", "complete", "note"]
    act(desk, port, "note", text="We are on it.")
    assert (last_event(carrier).kind, last_event(carrier).detail) == ("port.note", "We are on it.")
    act(desk, port, "paper", kind="account_page", detail="The bill is hard to read.")
    assert (last_event(carrier).kind, last_event(carrier).code) == ("port.document_wanted", "account_page")
    act(desk, port, "complete")
    assert "port.completed" in {event.kind for event in port_events(carrier)}
    assert offered(desk, port) == ["messaging", "note"]
    act(desk, port, "messaging")
    assert (port_events(carrier)[-1].kind, port_events(carrier)[-1].code) == ("port.messaging", "ported")
    assert offered(desk, port) == ["note"]
    assert LogEntry.objects.count() == 5


def test_a_port_is_rejected_for_a_reason_of_the_staffs_choice(desk, carrier):
    carrier.submit_port(port_request(THREE_LINES))
    port = SimPort.objects.get()
    page = desk.post(reverse("admin:simulator_simport_do", args=[port.pk, "reject"]), {"code": "weather"})
    assert page.status_code == 200
    assert port_events(carrier) == ()
    act(desk, port, "reject", code="zip_mismatch", detail="Another ZIP code.")
    assert (last_event(carrier).code, last_event(carrier).detail) == ("zip_mismatch", "Another ZIP code.")


def test_a_verb_that_does_not_fit_any_more_says_so(desk, carrier):
    carrier.submit_port(port_request(THREE_LINES))
    port = SimPort.objects.get()
    act(desk, port, "answer")
    assert "does not wait for an answer" in act(desk, port, "answer")
    assert len(port_events(carrier)) == 1
    assert desk.get(reverse("admin:simulator_simport_do", args=[port.pk, "dance"])).status_code == 404
    assert desk.get(reverse("admin:simulator_simport_do", args=[99, "answer"])).status_code == 404


def test_a_surprise_and_what_the_gaining_carrier_does(desk, carrier):
    ServiceLine.objects.filter(account__btn=THREE_LINES.btn).update(status="ported")
    ask = reverse("admin:simulator_simportout_ask")
    assert ask in desk.get(reverse("admin:simulator_simportout_changelist")).content.decode()
    assert desk.get(ask).status_code == 200
    for numbers, words in [("nonsense", "No phone numbers"), ("(202) 555-0100", "Not in service with us")]:
        page = desk.post(ask, {"numbers": numbers, "gaining_carrier": "Other"})
        assert words in page.content.decode()
        assert numbers in page.content.decode()
    assert (
        "business day"
        in desk.post(
            ask, {"numbers": THREE_LINES.btn, "gaining_carrier": "Other", "day": "2026-03-07"}
        ).content.decode()
    )
    answer = desk.post(ask, {"numbers": "(408) 555-0110 - 0112", "gaining_carrier": "Other"})
    assert answer.status_code == 302
    row = SimPortOut.objects.get()
    assert row.numbers == list(THREE_LINES.numbers)
    assert offered(desk, row) == ["date", "withdraw", "next"]
    act(desk, row, "date", day="2026-03-12")
    act(desk, row, "next")
    act(desk, row, "next")
    assert SimPortOut.objects.get().state == "completed"
    assert "has moved on" in act(desk, row, "withdraw")
    kinds = [event.kind for event in carrier.events(Topic.PORT_OUTS, "")]
    assert kinds == ["port_out.requested", "port_out.changed", "port_out.accepted", "port_out.completed"]


def test_a_record_is_given_at_once(desk, carrier):
    carrier.request_csr("R-1", RecordRequest("US", RECORDS[2].carrier, RECORDS[2].btn, RECORDS[2].numbers))
    row = SimRecordRequest.objects.get()
    assert offered(desk, row) == ["answer"]
    act(desk, row, "answer")
    assert offered(desk, row) == []
    assert len(carrier.events(Topic.RECORDS, "")) == 1


def test_a_customers_pin_is_shown_to_nobody(desk, carrier):
    carrier.guard_numbers("G-1", ["+14085550110"], "83715", True)
    pk = NumberGuard.objects.get().pk
    for url in (
        reverse("admin:simulator_numberguard_changelist"),
        reverse("admin:simulator_numberguard_change", args=[pk]),
        reverse("admin:simulator_guardchange_changelist"),
    ):
        assert "83715" not in desk.get(url).content.decode()


def test_scenario_and_answers_are_chosen_on_the_record(desk):
    account = ServiceAccount.objects.get(btn=THREE_LINES.btn)
    page = desk.get(reverse("admin:simulator_serviceaccount_change", args=[account.pk])).content.decode()
    for value in [*ServiceAccount.Scenario.values, *ServiceAccount.RecordAnswer.values]:
        assert f'value="{value}"' in page


def test_staff_without_the_right_see_no_verbs(client, carrier, db):
    reader = User.objects.create_user("reader@pstnhub.example", "Rea Der", is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__startswith="view_sim"))
    client.force_login(reader)
    carrier.submit_port(port_request(THREE_LINES))
    port = SimPort.objects.get()
    assert offered(client, port) == []
    assert client.post(reverse("admin:simulator_simport_do", args=[port.pk, "answer"])).status_code == 403
    assert client.get(reverse("admin:simulator_simportout_ask")).status_code == 403
    assert (
        "Ask for numbers" not in client.get(reverse("admin:simulator_simportout_changelist")).content.decode()
    )
    assert port_events(carrier) == ()
