"""Sending an order in spite of the light: who said so, for what reasons, and nothing personal of it."""

import json

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from porting import preflight
from porting.models import PreflightOverride
from porting.workflow import orders as workflow
from tests.porting.factories import make_port_order
from tests.porting.preflight.sources import ask, give_bill, give_record

pytestmark = pytest.mark.django_db


def test_a_warning_holds_the_order_until_somebody_says_so(order, ada, signed_in, url, carrier):
    give_record(order, company_name="Acme, Incorporated")
    client = signed_in(ada)
    held = client.post(url("order_submit", order), follow=True)
    page = held.content.decode()
    assert held.redirect_chain[-1][0] == url("order_step", order, "review")
    assert "Will be rejected: The company name differs" in page
    assert 'name="anyway" value="bad"' in page
    assert not PreflightOverride.unscoped.exists()
    client.post(url("order_submit", order), {"anyway": "warn"})
    order.refresh_from_db()
    assert order.is_draft, "a yellow light was waved through, and this one is red"
    client.post(url("order_submit", order), {"anyway": "bad"})
    order.refresh_from_db()
    assert order.state == "submitted"
    said = PreflightOverride.unscoped.get()
    assert (said.by, said.light, said.attempt) == (ada, "bad", 1)
    assert said.reasons == [["company_name_mismatch", "record"]]
    entry = AuditEntry.objects.get(what="port_order.override")
    assert (entry.actor, entry.after["reasons"]) == (ada, said.reasons)


def test_a_doubt_that_was_waved_through_is_not_asked_again(order, ada, carrier):
    give_bill(order, company_name="Acme Corporation")
    with pytest.raises(preflight.Held):
        workflow.submit(order, by=ada)
    workflow.submit(order, by=ada, anyway="warn")
    workflow.reject(order, code="invalid_pin")
    workflow.resubmit(order, by=ada)
    assert PreflightOverride.unscoped.count() == 1
    workflow.reject(order, code="invalid_pin")
    give_record(order, company_name="Acme Corporation")
    with pytest.raises(Refused, match="Will be rejected"):
        workflow.resubmit(order, by=ada)


def test_nothing_personal_leaves_the_row(acme, office, ada, carrier, caplog, signed_in, url, desk, at_work):
    desk.answer = "ready"
    order = make_port_order(acme, company_name="Acme Corporation")
    ask(order, at_work)
    client = signed_in(ada)
    client.post(url("order_submit", order), {"anyway": "bad"})
    client.post(url("order_preflight_reveal", order))
    written = caplog.text + json.dumps(
        [
            *AuditEntry.objects.values_list("before", "after", "subject"),
            *order.events.values_list("note", "code"),
            *PreflightOverride.unscoped.values_list("reasons"),
        ],
        default=str,
    )
    assert "company_name_mismatch" in written
    for secret in ("Acme, Inc", "Acme Corporation", "VT-204418", "100 Main", "Ada Park", "95112"):
        assert secret not in written
