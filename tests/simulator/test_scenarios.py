"""What a service record can have in store for its ports: each scenario, and how it ends well."""

from datetime import date

import pytest

from carrier.base import CallWish, Document
from simulator.demo import MANY_LINES, THREE_LINES
from simulator.demo_scenarios import SCENARIOS
from simulator.models import Appointment, ServiceAccount, ServiceLine, SimPort

from .ports import events_of, kinds, last_word, port_events, port_request, story

pytestmark = pytest.mark.usefixtures("accounts")
Scenario = ServiceAccount.Scenario
PAPER = Document("identity", "c" * 64, "application/pdf", b"%PDF")


def play(scenario, account=THREE_LINES, **fields):
    ServiceAccount.objects.filter(btn=account.btn).update(scenario=scenario, **fields)


def send(carrier, number=1, account=THREE_LINES, **changes):
    return carrier.submit_port(port_request(account, key=f"P-1-{number}", **changes))


def ported():
    return set(ServiceLine.objects.filter(status="ported").values_list("e164", flat=True))


def test_every_scenario_has_a_test_here():
    tests = {name.removeprefix("test_scenario_").split("__")[0] for name in globals() if "scenario_" in name}
    assert {scenario.value for scenario in Scenario if scenario} <= tests


def test_scenario_short_notice(carrier, days):
    play(Scenario.SHORT_NOTICE)
    send(carrier, requested_date=date(2026, 3, 20))
    days(1)
    assert last_word(carrier).date == date(2026, 3, 4)
    days(1)
    assert kinds(carrier) == ["confirmed", "activating", "completed", "messaging"]


def test_scenario_short_notice__moved_to_a_later_date(carrier, days):
    play(Scenario.SHORT_NOTICE)
    ref = send(carrier, requested_date=date(2026, 3, 20))
    days(1)
    carrier.change_port_date(ref, "date-1", date(2026, 3, 20))
    days(5)
    assert kinds(carrier) == ["confirmed", "date_changed"]
    days(12)
    assert last_word(carrier).kind.value == "port.completed"


def test_scenario_foc_refused(carrier, days):
    play(Scenario.FOC_REFUSED)
    send(carrier)
    days(1)
    assert (last_word(carrier).code, last_word(carrier).numbers) == ("foc_rejected", ())
    send(carrier, 2)
    days(1)
    assert kinds(carrier) == ["rejected", "confirmed"]


def test_scenario_foc_refused__but_the_record_goes_first(carrier, days):
    play(Scenario.FOC_REFUSED)
    send(carrier, company_name="Wrong")
    days(1)
    send(carrier, 2)
    days(1)
    assert [event.code for event in port_events(carrier)] == ["company_name_mismatch", "foc_rejected"]


def test_scenario_silent(carrier, days):
    play(Scenario.SILENT)
    ref = send(carrier)
    days(60)
    send(carrier, 2)
    days(60)
    assert port_events(carrier) == ()
    assert not Appointment.objects.exists()
    carrier.cancel_port(ref, "cancel-1")
    days(1)
    assert kinds(carrier) == ["canceled"]


def test_scenario_late_reject(carrier, days):
    play(Scenario.LATE_REJECT)
    send(carrier)
    days(1)
    days(3.9)
    assert kinds(carrier) == ["confirmed"]
    days(0.1)
    assert (last_word(carrier).code, last_word(carrier).key) == ("service_address_mismatch", "P-1-1")
    days(20)
    assert ported() == set()
    send(carrier, 2, requested_date=date(2026, 4, 10))
    days(1)
    days(60)
    assert kinds(carrier, "P-1-2") == ["confirmed", "activating", "completed", "messaging"]
    assert ported() == set(THREE_LINES.numbers)


def test_scenario_late_reject__moves_with_the_date(carrier, days):
    play(Scenario.LATE_REJECT)
    ref = send(carrier)
    days(1)
    carrier.change_port_date(ref, "date-1", date(2026, 3, 13))
    days(6.9)
    assert kinds(carrier) == ["confirmed", "date_changed"]
    days(0.2)
    assert last_word(carrier).code == "service_address_mismatch"


def test_scenario_foc_lost__found_again_by_itself(carrier, days):
    play(Scenario.FOC_LOST)
    send(carrier)
    days(1)
    days(1)
    lost = last_word(carrier)
    assert (lost.kind.value, lost.code, lost.key) == ("port.foc_lost", "foc_lost", "P-1-1")
    days(2)
    assert kinds(carrier) == ["confirmed", "foc_lost", "confirmed"]
    days(10)
    assert last_word(carrier).kind.value == "port.completed"


def test_scenario_foc_lost__sent_again(carrier, days):
    play(Scenario.FOC_LOST)
    send(carrier)
    days(1)
    days(1)
    send(carrier, 2)
    days(1)
    days(10)
    assert [(event.kind.value[5:], event.key) for event in story(carrier)] == [
        ("confirmed", "P-1-1"),
        ("foc_lost", "P-1-1"),
        ("confirmed", "P-1-2"),
        ("completed", "P-1-2"),
    ]


def test_scenario_foc_lost__keeps_the_date_that_was_agreed_to(carrier, days):
    play(Scenario.FOC_LOST)
    ref = send(carrier)
    days(1)
    carrier.change_port_date(ref, "date-1", date(2026, 3, 20))
    days(1)
    days(2)
    assert kinds(carrier) == ["confirmed", "date_changed", "foc_lost", "confirmed"]
    assert last_word(carrier).date == date(2026, 3, 20)


def test_scenario_date_refused(carrier, days):
    play(Scenario.DATE_REFUSED)
    ref = send(carrier)
    days(1)
    carrier.change_port_date(ref, "date-1", date(2026, 3, 20))
    days(0.2)
    refused = last_word(carrier)
    assert (refused.kind.value, refused.key) == ("port.date_refused", "date-1")
    assert refused.detail
    days(4.6)
    carrier.delay_port(ref, "delay-1")
    days(0.3)
    assert kinds(carrier, "delay-1") == ["date_refused"]
    assert last_word(carrier).kind.value == "port.completed"


def test_scenario_partial(carrier, days):
    play(Scenario.PARTIAL, MANY_LINES)
    carrier.submit_port(port_request(MANY_LINES))
    days(1)
    days(5)
    first = last_word(carrier)
    assert (len(first.numbers), SimPort.objects.get().state) == (13, "activating")
    assert ported() == set(first.numbers)
    days(1)
    second = last_word(carrier)
    assert (len(second.numbers), SimPort.objects.get().state) == (12, "completed")
    assert ported() == {*first.numbers, *second.numbers} == set(MANY_LINES.numbers)
    assert (first.date, second.date) == (date(2026, 3, 10), date(2026, 3, 11))


def test_scenario_partial__a_single_number_moves(carrier, days):
    play(Scenario.PARTIAL)
    send(carrier, numbers=THREE_LINES.numbers[1:2], full_port=False)
    days(1)
    days(5)
    assert SimPort.objects.get().state == "completed"


def test_scenario_activation_fails(carrier, days):
    play(Scenario.ACTIVATION_FAILS)
    send(carrier)
    days(1)
    days(5)
    (failed,) = events_of(carrier, "port.failed")
    assert (failed.code, failed.numbers) == ("sv_conflict", THREE_LINES.numbers[2:])
    assert ported() == set(THREE_LINES.numbers[:2])
    days(1)
    assert [event.kind.value[5:] for event in story(carrier)] == [
        "confirmed",
        "completed",
        "failed",
        "completed",
    ]
    assert ported() == set(THREE_LINES.numbers)


def test_scenario_activation_fails__the_only_number(carrier, days):
    play(Scenario.ACTIVATION_FAILS)
    send(carrier, numbers=THREE_LINES.numbers[1:2], full_port=False)
    days(1)
    days(5)
    assert kinds(carrier) == ["confirmed", "activating", "failed"]
    days(1)
    assert last_word(carrier).kind.value == "port.completed"


def test_scenario_messaging_stuck(carrier, days):
    play(Scenario.MESSAGING_STUCK)
    send(carrier)
    days(1)
    days(5)
    days(30)
    assert [event.code for event in events_of(carrier, "port.messaging")] == ["activating", "stuck"]


def test_scenario_stale_translations(carrier, days):
    play(Scenario.STALE_TRANSLATIONS)
    ref = send(carrier)
    days(1)
    days(5)
    days(0.5)
    carrier.test_calls([CallWish(ref, "test-1", THREE_LINES.numbers[:1])])
    days(0.1)
    failed = [e.facts for e in events_of(carrier, "port.tested") if e.facts["result"] == "fail"]
    assert [(facts["test"], facts["via"]) for facts in failed] == [("inbound", "Prairie Telephone")]
    days(0.5)
    carrier.test_calls([CallWish(ref, "test-2", THREE_LINES.numbers[:1])])
    days(0.1)
    later = [event for event in events_of(carrier, "port.tested") if event.key == "test-2"]
    assert {event.facts["result"] for event in later} == {"pass"}


def test_scenario_snap_back_refused(carrier, days):
    play(Scenario.SNAP_BACK_REFUSED)
    ref = send(carrier)
    days(1)
    days(5)
    carrier.snap_back(ref, "back-1", THREE_LINES.numbers)
    days(0.3)
    assert kinds(carrier, "back-1") == ["snap_back_refused"]
    assert ported() == set(THREE_LINES.numbers)


def test_scenario_wants_document(carrier, days):
    play(Scenario.WANTS_DOCUMENT, wanted_document="identity")
    ref = send(carrier)
    days(1)
    wanted = last_word(carrier)
    assert (wanted.kind.value, wanted.code, wanted.key) == ("port.document_wanted", "identity", "P-1-1")
    days(30)
    carrier.send_documents(ref, "paper-1", [Document("bill", "d" * 64, "image/png", b"", date(2026, 3, 2))])
    days(30)
    assert len(port_events(carrier)) == 1
    carrier.send_documents(ref, "paper-2", [PAPER])
    carrier.send_documents(ref, "paper-2", [PAPER])
    days(1)
    assert kinds(carrier) == ["document_wanted", "confirmed"]


def test_scenario_wants_document__which_came_with_the_request(carrier, days):
    play(Scenario.WANTS_DOCUMENT, wanted_document="identity")
    request = port_request(THREE_LINES)
    carrier.submit_port(port_request(THREE_LINES, documents=(*request.documents, PAPER)))
    days(1)
    assert kinds(carrier) == ["confirmed"]


def test_scenario_cancels(carrier, days):
    play(Scenario.CANCELS)
    send(carrier)
    days(1)
    canceled = last_word(carrier)
    assert (canceled.kind.value, canceled.key) == ("port.canceled", "P-1-1")
    assert canceled.detail
    days(30)
    assert len(port_events(carrier)) == 1
    assert not ServiceLine.objects.exclude(port=None).exists()


@pytest.mark.parametrize("told", SCENARIOS, ids=lambda told: told.code)
def test_the_demonstrations_account_of_each_scenario_plays_it(carrier, days, told):
    account = told.account
    first = {
        "silent": [],
        "foc_refused": ["rejected"],
        "wants_document": ["document_wanted"],
        "cancels": ["canceled"],
        "foc_lost": ["confirmed", "foc_lost"],
        "late_reject": ["confirmed", "rejected"],
    }
    carrier.submit_port(port_request(account))
    for _part in range(90):
        days(0.1)
    assert kinds(carrier)[:2] == first.get(told.code, ["confirmed", "activating"])
    assert (len(ported()) > 0) == (told.code not in first or told.code == "foc_lost")
