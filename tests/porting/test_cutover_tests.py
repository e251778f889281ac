"""Test calls after a port: placed once by themselves and as often as people like, kept as evidence, verified."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from porting.day import trial_calls
from porting.models import PortOrder, TestCall, TestRun
from porting.tasks import cutover as tasks
from porting.tasks import net
from porting.workflow import cutover as workflow
from pstn.models import StuckEvent
from tests.porting.factories import NUMBERS, make_port_order

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = NUMBERS
ALL = (("inbound", "Coastline"), ("inbound", "Prairie"), ("outbound", ""), ("933", ""))


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, state="completed")


@pytest.fixture
def client(ada, signed_in):
    return signed_in(ada)


@pytest.fixture
def press(client, url):
    return lambda order, scope="all": client.post(url("order_test", order), {"scope": scope})


@pytest.fixture
def results(carrier, news):
    """The carrier tells the results of a run: all pass but those in `fails`, pairs of number and test."""

    def tell(run, tests=ALL, fails=(), numbers=None):
        for e164 in numbers or run.numbers:
            for test, via in tests:
                failed = (e164, via or test) in fails
                facts = {"test": test, "via": via, "result": "fail" if failed else "pass"}
                facts["note"] = "The caller's carrier still has the old route." if failed else ""
                carrier.tell("port.tested", run.order, key=run.key, numbers=(e164,), facts=facts)
        news()

    return tell


def last_run():
    return TestRun.unscoped.order_by("-pk").first()


def test_they_are_placed_by_themselves_once_an_order(acme, ada, office, carrier, news):
    order = make_port_order(acme, state="activating")
    carrier.tell("port.completed", order, numbers=NUMBERS[:2])
    news()
    assert not TestRun.unscoped.exists()  # not all are here
    carrier.tell("port.completed", order, numbers=(THREE,))
    news()
    run = TestRun.unscoped.get()
    assert (run.scope, run.by, run.numbers) == ("automatic", None, list(NUMBERS))
    assert carrier.made("test") == [["ref-1", f"port-{order.pk}-1-t{run.pk}", list(NUMBERS)]]
    tasks.follow(order.events.all())
    assert TestRun.unscoped.count() == 1


def test_the_grid_has_a_column_for_each_test_and_says_what_failed(order, press, results, client, url):
    press(order)
    results(last_run(), fails={(TWO, "Prairie")})
    page = client.get(url("order_day", order))
    grid = page.context["grid"]
    assert grid.columns == ("Call in from Coastline", "Call in from Prairie", "Call out", "933")
    assert [(row.e164, row.fails) for row in grid.rows] == [(TWO, True), (ONE, False), (THREE, False)]
    assert (grid.counts["ok"], grid.counts["bad"]) == (11, 1)
    html = page.content.decode()
    assert "The caller&#x27;s carrier still has the old route." in html
    assert "Prairie still calls the old place." in html
    assert "24 to 48 hours" in html


def test_only_the_failing_ones_are_tested_again_and_the_evidence_stays(order, press, results, client, url):
    press(order)
    first = last_run()
    results(first, fails={(TWO, "Prairie")})
    press(order, "failed")
    again = last_run()
    assert (again.scope, again.numbers) == ("failed", [TWO])
    results(again)
    grid = client.get(url("order_day", order)).context["grid"]
    assert grid.has_passed
    assert [(run.run.pk, run.passed, run.failed) for run in grid.runs] == [
        (again.pk, 4, 0),
        (first.pk, 11, 1),
    ]
    assert TestCall.unscoped.filter(passed=False).count() == 1


def test_with_nothing_failing_there_is_nothing_to_test_again(order, press, results, client, url):
    press(order)
    results(last_run())
    press(order, "failed")
    assert TestRun.unscoped.count() == 1
    assert (
        "Nothing failed that could be tested again." in client.get(url("order_day", order)).content.decode()
    )


def test_a_number_that_never_fails_to_arrive_is_no_stale_route(order, press, results, client, url):
    press(order)
    results(last_run(), fails={(TWO, "Prairie"), (TWO, "Coastline")})
    assert client.get(url("order_day", order)).context["grid"].stale == ()


def test_texts_wait_for_messaging_and_are_not_called_failed(order, press, results, client, url):
    order.numbers.update(messaging="activating")
    press(order)
    results(last_run(), tests=(*ALL, ("sms_in", "")), fails={(ONE, "sms_in")})
    page = client.get(url("order_day", order))
    assert (page.context["grid"].counts["warn"], page.context["grid"].counts["bad"]) == (1, 0)
    order.numbers.update(messaging="ported")
    assert client.get(url("order_day", order)).context["grid"].counts["bad"] == 1


def test_a_run_under_way_shows_its_progress_and_keeps_others_away(order, press, results, client, url):
    press(order)
    results(last_run(), numbers=[ONE])
    html = client.get(url("order_day", order)).content.decode()
    assert "Testing: 1 of 3 numbers have results." in html
    assert "every 2s" in html
    press(order)
    assert TestRun.unscoped.count() == 1
    TestRun.unscoped.update(at=last_run().at - timedelta(minutes=11))  # it brought nothing more
    press(order)
    assert TestRun.unscoped.count() == 2


def test_results_told_twice_or_strangely_are_kept_once(order, press, results, carrier, news):
    press(order)
    run = last_run()
    results(run)
    results(run)
    assert TestCall.unscoped.count() == 12
    facts = {"test": "inbound", "via": "X", "result": "pass", "note": ""}
    for key, numbers, more in (
        (f"{order.key}-t{run.pk + 9}", (ONE,), {}),
        (order.key, (ONE,), {}),
        (run.key, ("+14085550199",), {}),
        (run.key, (ONE,), {"test": "telepathy"}),
        (run.key, (ONE,), {"result": ""}),
    ):
        carrier.tell("port.tested", order, key=key, numbers=numbers, facts=facts | more)
    news()
    assert TestCall.unscoped.count() == 12
    assert not StuckEvent.objects.exists()


def test_an_outage_only_makes_it_later(order, press, carrier, at_work):
    carrier.down = True
    press(order)
    run = last_run()
    assert run.told_at is None
    carrier.down = False
    TestRun.unscoped.update(at=run.at - timedelta(minutes=1))
    with at_work():
        net.sweep()
        net.sweep()
    assert len(carrier.made("test")) == 1


def test_a_refusal_is_shown(order, press, carrier, client, url):
    carrier.refuses = ("These numbers are not in this port.", "numbers")
    press(order)
    page = client.get(url("order_day", order))
    assert "These numbers are not in this port." in page.content.decode()
    assert page.context["grid"].under_way is None


def test_before_a_number_is_here_nothing_is_tested(acme, ada, office, press, carrier, client, url):
    order = make_port_order(acme, state="activating")
    press(order)
    assert carrier.made("test") == []
    html = client.get(url("order_day", order)).content.decode()
    assert "as soon as the first number is here" in html


@pytest.mark.parametrize("scope", ["", "automatic", "everything"])
def test_other_scopes_are_refused(order, press, carrier, scope):
    press(order, scope)
    assert carrier.made("test") == []


# --- Verify -----------------------------------------------------------------------------------------------


def test_when_all_pass_one_press_verifies(order, press, results, client, url):
    press(order)
    results(last_run())
    page = client.get(url("order_day", order))
    assert page.context["lacks"] == ""
    client.post(url("order_verify", order), {})
    order.refresh_from_db()
    assert order.state == "verified"
    assert "Verified by test calls" in client.get(order.get_absolute_url()).content.decode()
    assert "Verified on" in client.get(url("order_day", order)).content.decode()


@pytest.mark.parametrize("fails", [None, {(TWO, "Prairie")}])
def test_what_has_not_passed_needs_a_note(order, press, results, client, url, fails):
    if fails:
        press(order)
        results(last_run(), fails=fails)
    response = client.post(url("order_verify", order), {"note": " "})
    assert response.status_code == 422
    assert "write why you confirm" in response.content.decode()
    order.refresh_from_db()
    assert order.state == "completed"
    client.post(url("order_verify", order), {"note": "Called them all by hand."})
    order.refresh_from_db()
    assert order.state == "verified"
    assert order.events.get(verb="verify").note == "Called them all by hand."


def test_the_verb_itself_wants_the_note(order, ada):
    with pytest.raises(workflow.Refused, match="No test call was placed"):
        workflow.confirm_works(order, note="", by=ada)


def test_only_a_completed_order_is_verified(acme, ada, office, client, url):
    order = make_port_order(acme, state="activating")
    client.post(url("order_verify", order), {"note": "x"})
    order.refresh_from_db()
    assert order.state == "activating"


# --- Big orders -------------------------------------------------------------------------------------------


@pytest.fixture
def big(acme, ada, office, carrier):
    numbers = tuple(f"+1408777{n:04}" for n in range(1000))
    return make_port_order(acme, state="completed", numbers=numbers, btn=numbers[777])


def test_of_a_big_order_a_sample_is_tested_with_its_main_number(big, press, client, url):
    press(big, "sample")
    run = last_run()
    assert len(run.numbers) == 21
    assert big.btn in run.numbers
    assert "Test a sample (main number and 20 more)" not in client.get(url("order_day", big)).content.decode()
    TestRun.unscoped.update(refused="x")
    assert "Test a sample (main number and 20 more)" in client.get(url("order_day", big)).content.decode()
    press(big, "all")
    assert len(last_run().numbers) == 1000


def test_thousands_of_results_cost_the_same_queries(big, order, press, client, url):
    def queries(of):
        press(of)
        run = last_run()
        TestCall.unscoped.bulk_create(
            TestCall(run=run, e164=e164, test=test, via=via, passed=True, at=run.at)
            for e164 in run.numbers
            for test, via in ALL
        )
        client.get(url("order_day", of))
        with CaptureQueriesContext(connection) as counted:
            page = client.get(url("order_day", of))
        assert page.context["grid"].counts["ok"] == len(run.numbers) * 4
        return len(counted), page

    few, _page = queries(order)
    many, page = queries(big)
    assert few == many
    assert page.context["hidden"] == 950


def test_a_number_that_went_back_is_not_in_the_grid(order, press, results):
    press(order)
    results(last_run())
    order.numbers.filter(e164=ONE).update(state="snapped_back")
    grid = trial_calls.grid_of(PortOrder.unscoped.whole().get(pk=order.pk))
    assert [row.e164 for row in grid.rows] == [TWO, THREE]
