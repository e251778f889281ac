"""After the activation: messaging, test calls as the network is, and the way back within a day."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carrier.base import CallWish
from simulator.demo import MANY_LINES, THREE_LINES
from simulator.models import ServiceAccount, ServiceLine

from .ports import events_of, kinds, last_word, port_events, port_request

pytestmark = pytest.mark.usefixtures("accounts")
ONE, TWO, THREE = THREE_LINES.numbers
FROM = ("Coastline Wireless", "Prairie Telephone", "Northern Long Distance")


@pytest.fixture
def sent(carrier):
    return carrier.submit_port(port_request(THREE_LINES))


@pytest.fixture
def here(sent, days):
    """The reference of a port that has just been completed."""
    days(1)
    days(5)
    return sent


def results(carrier, key):
    tested = [event for event in events_of(carrier, "port.tested") if event.key == key]
    return {(e.numbers[0], e.facts["test"], e.facts["via"]): e.facts["result"] for e in tested}


def of(found, number, test, via=""):
    return found[number, test, via]


# --- Messaging ----------------------------------------------------------------------------------------------


def test_messaging_follows_voice(carrier, here, days):
    assert [event.code for event in events_of(carrier, "port.messaging")] == ["activating"]
    days(0.19)
    assert len(events_of(carrier, "port.messaging")) == 1
    days(0.02)
    moved = events_of(carrier, "port.messaging")[-1]
    assert (moved.code, set(moved.numbers), moved.key) == ("ported", set(THREE_LINES.numbers), "P-1-1")
    days(30)
    assert len(events_of(carrier, "port.messaging")) == 2


def test_only_numbers_that_have_messaging(carrier, sent, days):
    ServiceLine.objects.filter(e164=TWO).update(has_messaging=False)
    days(1)
    days(5)
    assert events_of(carrier, "port.messaging")[0].numbers == (ONE, THREE)


def test_no_messaging_at_all(carrier, sent, days):
    ServiceLine.objects.update(has_messaging=False)
    days(1)
    days(5)
    assert kinds(carrier) == ["confirmed", "activating", "completed"]


# --- Test calls ---------------------------------------------------------------------------------------------


def test_each_call_is_one_event(carrier, here, days):
    days(0.3)
    for _again in range(2):
        carrier.test_calls([CallWish(here, "test-1", [ONE, TWO])])
    assert results(carrier, "test-1") == {}
    days(0.1)
    found = results(carrier, "test-1")
    assert len(events_of(carrier, "port.tested")) == len(found) == 2 * 7
    assert {test for _number, test, _via in found} == {"inbound", "outbound", "sms_in", "sms_out", "933"}
    assert {via for _number, test, via in found if test == "inbound"} == set(FROM)
    assert set(found.values()) == {"pass"}


def test_a_failure_says_why_and_a_success_says_nothing(carrier, here, days):
    carrier.test_calls([CallWish(here, "test-1", [ONE])])
    days(0.1)
    told = [event.facts for event in events_of(carrier, "port.tested")]
    assert {facts["result"] for facts in told} == {"pass", "fail"}
    assert all(bool(facts["note"]) == (facts["result"] == "fail") for facts in told)


def test_messages_fail_until_messaging_has_moved(carrier, here, days):
    carrier.test_calls([CallWish(here, "test-1", [ONE])])
    days(0.1)
    found = results(carrier, "test-1")
    assert of(found, ONE, "sms_in") == of(found, ONE, "sms_out") == "fail"
    assert of(found, ONE, "outbound") == of(found, ONE, "933") == "pass"


def test_numbers_that_are_not_here_fail_everything(carrier, sent, days):
    days(1)
    carrier.test_calls([CallWish(sent, "test-1", THREE_LINES.numbers)])
    days(0.1)
    assert set(results(carrier, "test-1").values()) == {"fail"}


def test_the_calls_are_placed_into_the_network_as_it_is_then(carrier, sent, days):
    days(1)
    days(4.99)
    carrier.test_calls([CallWish(sent, "test-1", [ONE])])
    days(0.03)
    assert of(results(carrier, "test-1"), ONE, "outbound") == "pass"


def test_stale_routes_die_out_batch_by_batch(carrier, days):
    ServiceAccount.objects.filter(btn=THREE_LINES.btn).update(scenario="stale_translations")
    ref = carrier.submit_port(port_request(THREE_LINES, on_demand=True))
    days(1)
    days(5)
    carrier.activate_port(ref, "now-1", [ONE])
    days(0.5)
    days(0.6)
    carrier.test_calls([CallWish(ref, "test-1", [ONE, TWO])])
    days(0.1)
    found = results(carrier, "test-1")
    assert [of(found, ONE, "inbound", via) for via in FROM] == ["pass"] * 3
    assert [of(found, TWO, "inbound", via) for via in FROM] == ["pass", "fail", "pass"]


def test_calls_to_numbers_of_others_are_not_placed(carrier, here):
    refused = carrier.test_calls([CallWish(here, "test-1", MANY_LINES.numbers[:1])])
    assert refused["test-1"].code == "numbers"


def test_testing_many_numbers_costs_no_more_queries(carrier, days, wall):
    from simulator.tasks import tick

    costs = []
    for account in (THREE_LINES, MANY_LINES):
        ref = carrier.submit_port(port_request(account, key=account.btn, reference=account.btn))
        days(1)
        days(5)
        days(2)
        carrier.test_calls([CallWish(ref, f"test-{ref}", account.numbers)])
        wall.shift(10)
        with CaptureQueriesContext(connection) as queries:
            tick()
        costs.append(len(queries))
    assert len(results(carrier, f"test-{ref}")) == 25 * 7
    assert costs[1] <= costs[0] + 1  # SQLite takes the 175 events in two pieces


# --- The way back -------------------------------------------------------------------------------------------


def test_numbers_go_back(carrier, here, days):
    for _again in range(2):
        carrier.snap_back(here, "back-1", [ONE, TWO])
    days(0.25)
    assert kinds(carrier, "back-1") == []
    days(0.1)
    (back,) = events_of(carrier, "port.snapped_back")
    assert (back.numbers, back.key) == ((ONE, TWO), "back-1")
    assert ServiceLine.objects.get(e164=ONE).status == "active"
    assert ServiceLine.objects.get(e164=THREE).status == "ported"
    carrier.test_calls([CallWish(here, "test-1", [ONE, THREE])])
    days(0.1)
    found = results(carrier, "test-1")
    assert (of(found, ONE, "outbound"), of(found, THREE, "outbound")) == ("fail", "pass")


def test_what_went_back_can_be_ported_again(carrier, here, days):
    carrier.snap_back(here, "back-1", THREE_LINES.numbers)
    days(0.3)
    carrier.submit_port(port_request(THREE_LINES, key="P-2-1", reference="P-2"))
    days(1)
    days(5)
    assert (last_word(carrier).kind.value, last_word(carrier).key) == ("port.completed", "P-2-1")


def test_messaging_does_not_come_for_what_went_back(carrier, days):
    ServiceAccount.objects.filter(btn=THREE_LINES.btn).update(scenario="messaging_stuck")
    ref = carrier.submit_port(port_request(THREE_LINES))
    days(1)
    days(5)
    carrier.snap_back(ref, "back-1", [ONE])
    days(0.1)
    days(0.25)
    from simulator import workflow
    from simulator.models import SimPort

    workflow.release_messaging(SimPort.objects.get())
    assert port_events(carrier)[-1].numbers == (TWO, THREE)


def test_after_a_day_there_is_no_way_back(carrier, here, days):
    days(1.1)
    carrier.snap_back(here, "back-1", [ONE])
    days(0.3)
    (refused,) = events_of(carrier, "port.snap_back_refused")
    assert refused.key == "back-1"
    assert refused.detail
    assert ServiceLine.objects.get(e164=ONE).status == "ported"


def test_a_wish_that_came_in_time_is_kept_after_it(carrier, here, days):
    days(0.9)
    carrier.snap_back(here, "back-1", [ONE])
    days(0.3)
    assert kinds(carrier, "back-1") == ["snapped_back"]


def test_nothing_goes_back_twice_or_before_it_came(carrier, here, days):
    carrier.snap_back(here, "back-1", [ONE])
    carrier.snap_back(here, "back-2", [ONE, TWO])
    days(0.3)
    assert (kinds(carrier, "back-1"), kinds(carrier, "back-2")) == (["snapped_back"], ["snap_back_refused"])
    ref = carrier.submit_port(port_request(MANY_LINES, key="P-2-1", reference="P-2"))
    carrier.snap_back(ref, "back-3", MANY_LINES.numbers)
    days(0.3)
    assert kinds(carrier, "back-3") == ["snap_back_refused"]
