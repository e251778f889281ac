"""The panel of a port order: what it shows, who sees secrets, how it stays true without being drawn anew."""

import pytest

from accounts.models import AuditEntry
from porting import thread
from porting.models import PortOrder
from porting.workflow import orders as workflow
from tests.porting.factories import a_date, make_event, make_port_order

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.mark.parametrize("state", PortOrder.State.values)
def test_every_state_has_its_words(acme, ada, office, signed_in, state):
    order = make_port_order(acme, state=state, foc_date=a_date(6), reject_code="zip_mismatch")
    page = signed_in(ada).get(order.get_absolute_url())
    assert page.status_code == 200
    assert f"Port-in {order.reference}" in " ".join(page.content.decode().split())
    assert page.context["next"].sentence
    assert (page.context["fix"] is not None) is (state == "rejected")
    assert ('hx-trigger="every 2s"' in page.content.decode()) is order.is_moving


@pytest.mark.parametrize(
    ("state", "marks"),
    [
        ("draft", ["current", "todo", "todo", "todo", "todo"]),
        ("validating", ["done", "current", "todo", "todo", "todo"]),
        ("submitted", ["done", "done", "current", "todo", "todo"]),
        ("rejected", ["done", "done", "done", "error", "todo"]),
        ("completed", ["done", "done", "done", "todo", "done"]),
    ],
)
def test_progress_shows_how_far_it_is(acme, ada, office, signed_in, state, marks):
    order = make_port_order(acme, state=state, reject_code="unknown")
    path = {"draft": [], "validating": ["validating"]}.get(state, ["validating", "submitted", state])
    for after in dict.fromkeys(path):
        make_event(order, after=after)
    page = signed_in(ada).get(order.get_absolute_url())
    assert [mark.state for mark in page.context["progress"]] == marks


def test_secrets_are_masked_for_everybody(acme, ada, vic, office, signed_in, url):
    order = make_port_order(acme, pin="938271", account_number="VT-204418")
    for person in (ada, vic):
        page = signed_in(person).get(order.get_absolute_url()).content.decode()
        assert "938271" not in page
        assert "VT-204418" not in page
        assert (url("order_reveal", order) in page) is (person == ada)


def test_revealing_is_on_record(acme, ada, office, signed_in, url):
    order = make_port_order(acme, pin="938271")
    headers = {"HX-Request": "true", "HX-Target": "secret-pin"}
    response = signed_in(ada).post(url("order_reveal", order), {"field": "pin"}, headers=headers)
    assert response.content == b"938271"
    assert "no-store" in response["Cache-Control"]
    assert AuditEntry.objects.get(what="port_order.reveal").after == {"field": "pin"}


def test_revealing_works_without_script(acme, ada, office, signed_in, url):
    order = make_port_order(acme, account_number="VT-204418")
    page = signed_in(ada).post(url("order_reveal", order), {"field": "account_number"}).content.decode()
    assert "VT-204418" in page


def test_only_secrets_are_revealed_and_only_to_editors(acme, ada, vic, office, signed_in, url):
    order = make_port_order(acme)
    assert signed_in(ada).post(url("order_reveal", order), {"field": "org_id"}).status_code == 422
    assert signed_in(vic).post(url("order_reveal", order), {"field": "pin"}).status_code == 403
    assert not AuditEntry.objects.filter(what="port_order.reveal").exists()


def test_a_markup_value_is_plain_text(acme, ada, office, signed_in, url):
    order = make_port_order(acme, pin="<b>1</b>")
    headers = {"HX-Request": "true", "HX-Target": "secret-pin"}
    response = signed_in(ada).post(url("order_reveal", order), {"field": "pin"}, headers=headers)
    assert response["Content-Type"].startswith("text/plain")
    assert 'hx-swap="textContent"' in signed_in(ada).get(order.get_absolute_url()).content.decode()


def test_the_open_panel_is_drawn_anew_only_when_something_happened(acme, ada, office, signed_in):
    order = make_port_order(acme, state="submitted")
    client = signed_in(ada)
    seen = client.get(order.get_absolute_url()).context["seen"]
    again = f"{order.get_absolute_url()}?seen={seen}"
    assert client.get(again, headers=PANEL).status_code == 204
    make_event(order, before="submitted", after="foc_received")
    news = client.get(again, headers=PANEL)
    assert news.status_code == 200
    assert "<html" not in news.content.decode()
    assert 'id="sr-status"' in news.content.decode()


@pytest.mark.parametrize("state", ["draft", "rejected", "submitted"])
def test_the_panel_costs_the_same_for_1_and_300_numbers(
    acme, ada, office, signed_in, state, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few = make_port_order(acme, state=state, numbers=("+14085559999",), reject_code="zip_mismatch")
    many = make_port_order(
        acme,
        state=state,
        numbers=tuple(f"+1408555{number:04}" for number in range(300)),
        reject_code="zip_mismatch",
    )
    client = signed_in(ada)
    client.get(few.get_absolute_url())
    with CaptureQueriesContext(connection) as cost:
        client.get(few.get_absolute_url())
    assert len(cost) <= 17
    with django_assert_num_queries(len(cost)):
        client.get(many.get_absolute_url())


def test_the_neighbor_does_not_see_it(acme, mallory, ada, office, signed_in, url):
    order = make_port_order(acme)
    assert signed_in(mallory).get(order.get_absolute_url()).status_code == 404


def test_history_tells_the_story_newest_first(acme, ada, office, signed_in):
    order = make_port_order(acme, state="rejected", reject_code="zip_mismatch")
    make_event(order, verb="submit", after="validating", by=ada)
    make_event(
        order, verb="reject", before="submitted", after="rejected", code="zip_mismatch", source="carrier"
    )
    entries = thread.facts(order, ada.memberships.get())["entries"]
    told = [entry for entry in entries if entry.kind == "move"]
    assert [line.who for line in told] == ["Current carrier", "Ada Park", "Ada Park"]
    assert told[0].sentence == "Rejected: The postal code differs from the carrier's record"


def test_the_progress_tells_the_time_where_the_reader_is(client, acme, ada, time_machine):
    """At two in the morning UTC it is the evening before in California."""
    time_machine.move_to("2026-11-20 02:30Z", tick=False)
    order = make_port_order(acme, state="draft")
    client.force_login(ada)
    workflow.submit(order, by=ada)
    page = client.get(f"/acme/orders/P-{order.pk}/").content.decode()
    assert "Nov 19, 18:30" in page
    assert "Nov 20" not in page.split("Progress")[1].split("Phone numbers")[0]
