"""Every pair of verb and state: it leads where the table says and nowhere else, and leaves an event and an entry."""

import itertools
from datetime import date

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from porting.models import PortOrder
from porting.models.numbers import ALLOWED as NUMBERS_ALLOWED
from porting.models.numbers import NumberState
from porting.models.rollup import ON_THE_DAY, state_of
from porting.workflow import orders as workflow
from tests.porting.factories import NUMBERS, a_date, make_port_order

pytestmark = pytest.mark.django_db
S = PortOrder.State
BY = {
    "submit": lambda order, ada: workflow.submit(order, by=ada),
    "resubmit": lambda order, ada: workflow.resubmit(order, by=ada),
    "resume": lambda order, ada: workflow.resume(order, by=ada),
    "pass_check": lambda order, ada: workflow.pass_check(order, attempt=1),
    "accept_by_carrier": lambda order, ada: workflow.accept_by_carrier(order, attempt=1, carrier_ref="ref-1"),
    "reject": lambda order, ada: workflow.reject(order, code="unknown", detail="no"),
    "confirm": lambda order, ada: workflow.confirm(order, foc_date=a_date(9)),
    "request_date": lambda order, ada: workflow.request_date(order, day=a_date(9), by=ada),
    "change_date": lambda order, ada: workflow.change_date(order, foc_date=a_date(9)),
    "refuse_date": lambda order, ada: workflow.refuse_date(order),
    "lose_date": lambda order, ada: workflow.lose_date(order),
    "begin_activation": lambda order, ada: workflow.begin_activation(order),
    "complete": lambda order, ada: workflow.complete(order),
    "fail": lambda order, ada: workflow.fail(order, code="sv_conflict"),
    "want_documents": lambda order, ada: workflow.want_documents(order, kind="csr"),
    "have_documents": lambda order, ada: workflow.have_documents(order, by=ada),
    "cancel": lambda order, ada: workflow.cancel(order, by=ada),
    "confirm_cancel": lambda order, ada: workflow.confirm_cancel(order),
    "refuse_cancel": lambda order, ada: workflow.refuse_cancel(order),
    "request_snap_back": lambda order, ada: workflow.request_snap_back(order, e164s=NUMBERS[:1], by=ada),
    "refuse_snap_back": lambda order, ada: workflow.refuse_snap_back(order),
    "snap_back": lambda order, ada: workflow.snap_back(order, numbers=NUMBERS[:1]),
    "verify": lambda order, ada: workflow.verify(order, by=ada),
    "expire": lambda order, ada: workflow.expire(order),
    "recall": lambda order, ada: workflow.recall(order),
    "abandon": lambda order, ada: workflow.abandon(order),
    "chase": lambda order, ada: _chase_late(order),
}


def _chase_late(order):
    PortOrder.unscoped.filter(pk=order.pk).update(red_on=date(2026, 1, 5))
    workflow.chase(order)


HERE = (S.COMPLETED, S.MESSAGING_PENDING, S.VERIFIED, S.DISPUTED)
DATED = (S.FOC_RECEIVED, S.SUP_REQUESTED, S.ACTIVATING, S.PARTIALLY_COMPLETED, S.ACTIVATION_FAILED)
AT_CARRIER = (S.SUBMITTED, S.FOC_LOST, *DATED)
PENDING = (S.VALIDATING, S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE, S.READY)


def _leads():
    """Where each verb leads from each state; a pair that is not here is refused."""
    yield from {
        ("submit", S.DRAFT): S.VALIDATING,
        ("expire", S.DRAFT): S.EXPIRED,
        ("resubmit", S.REJECTED): S.VALIDATING,
        ("abandon", S.REJECTED): S.ABANDONED,
        ("resume", S.AWAITING_SIGNATURE): S.VALIDATING,
        ("resume", S.AWAITING_DOCUMENTS): S.AWAITING_DOCUMENTS,
        ("recall", S.AWAITING_SIGNATURE): S.DRAFT,
        ("recall", S.AWAITING_DOCUMENTS): S.DRAFT,
        ("have_documents", S.AWAITING_DOCUMENTS): S.VALIDATING,
        ("pass_check", S.VALIDATING): S.READY,
        ("accept_by_carrier", S.READY): S.SUBMITTED,
        ("request_date", S.FOC_RECEIVED): S.SUP_REQUESTED,
        ("change_date", S.SUP_REQUESTED): S.FOC_RECEIVED,
        ("refuse_date", S.SUP_REQUESTED): S.FOC_RECEIVED,
        ("refuse_cancel", S.CANCEL_REQUESTED): S.SUBMITTED,
        ("verify", S.COMPLETED): S.VERIFIED,
        ("verify", S.MESSAGING_PENDING): S.VERIFIED,
        ("refuse_snap_back", S.DISPUTED): S.COMPLETED,
    }.items()
    for state in (S.VALIDATING, S.READY, S.AWAITING_DOCUMENTS, *AT_CARRIER):
        yield ("reject", state), S.REJECTED
    yield ("reject", S.CANCEL_REQUESTED), S.CANCEL_REQUESTED
    for state in (*PENDING, *AT_CARRIER, S.REJECTED, S.CANCEL_REQUESTED):
        partly = state == S.PARTIALLY_COMPLETED
        yield ("confirm_cancel", state), S.COMPLETED if partly else S.CANCELED
    for state in (S.VALIDATING, S.AWAITING_DOCUMENTS, S.AWAITING_SIGNATURE, S.REJECTED):
        yield ("cancel", state), S.CANCELED
    for state in (S.READY, *AT_CARRIER):
        if state not in (S.SUP_REQUESTED, *ON_THE_DAY):
            yield ("cancel", state), S.CANCEL_REQUESTED
    for state in AT_CARRIER:
        kept = {S.SUP_REQUESTED: S.SUP_REQUESTED, S.PARTIALLY_COMPLETED: S.PARTIALLY_COMPLETED}
        yield ("confirm", state), kept.get(state, S.FOC_RECEIVED)
        yield ("complete", state), S.MESSAGING_PENDING
        yield ("fail", state), S.SUP_REQUESTED if state == S.SUP_REQUESTED else S.ACTIVATION_FAILED
        yield ("begin_activation", state), kept.get(state, S.ACTIVATING)
    for state in (S.FOC_RECEIVED, S.SUP_REQUESTED):
        yield ("lose_date", state), S.FOC_LOST
    yield ("lose_date", S.PARTIALLY_COMPLETED), S.PARTIALLY_COMPLETED
    for verb in ("confirm", "fail", "begin_activation"):
        yield (verb, S.CANCEL_REQUESTED), S.CANCEL_REQUESTED
    yield ("complete", S.CANCEL_REQUESTED), S.MESSAGING_PENDING
    yield ("snap_back", S.PARTIALLY_COMPLETED), S.FOC_RECEIVED
    for state in HERE:
        yield ("request_snap_back", state), S.DISPUTED
        yield ("snap_back", state), S.DISPUTED
    for state in (*AT_CARRIER, S.CANCEL_REQUESTED, S.MESSAGING_PENDING, S.DISPUTED):
        yield ("chase", state), state
    for state in S:
        if state in (*PENDING, *AT_CARRIER, S.REJECTED, S.CANCEL_REQUESTED):
            waits = state in (S.VALIDATING, S.SUBMITTED, S.FOC_LOST)
            yield ("want_documents", state), S.AWAITING_DOCUMENTS if waits else state


LEADS = dict(_leads())
# Impossible from these although the rule would have a place for them.
for pair in [
    ("begin_activation", S.ACTIVATING),
    ("fail", S.ACTIVATION_FAILED),
    ("request_snap_back", S.DISPUTED),
]:
    LEADS.pop(pair, None)


@pytest.mark.parametrize(("verb", "before"), list(itertools.product(BY, S)), ids=lambda value: str(value))
def test_a_verb_leads_where_the_table_says(acme, ada, office, verb, before):
    order = make_port_order(acme, state=before, attempt=1, foc_date=a_date(8))
    after = LEADS.get((verb, before))
    if after is None:
        with pytest.raises(Refused):
            BY[verb](order, ada)
        order.refresh_from_db()
        assert order.state == before
        assert not order.events.exists()
        assert not AuditEntry.objects.filter(what__startswith="port_order").exists()
        return
    BY[verb](order, ada)
    order.refresh_from_db()
    event = order.events.get()
    assert (order.state, event.before, event.after, event.verb) == (after, before, after, verb)
    assert AuditEntry.objects.get(what=f"port_order.{verb}").after["state"] == after
    assert order.state == state_of(order.standing())


def test_the_table_knows_every_way_that_a_verb_goes():
    reached = {(before, after) for (_verb, before), after in LEADS.items() if before != after}
    assert reached <= {(before, after) for before, goes in workflow.ALLOWED.items() for after in goes}


def test_every_state_is_in_its_table():
    assert set(workflow.ALLOWED) == set(S.values)
    assert set(NUMBERS_ALLOWED) == set(NumberState.values)


@pytest.mark.parametrize("state", list(S))
def test_the_factory_makes_orders_that_follow_the_rule(acme, ada, office, state):
    order = make_port_order(acme, state=state)
    assert state_of(order.standing()) == state


def test_nothing_else_assigns_a_state():
    from pathlib import Path

    import porting

    house = Path(porting.__file__).parent
    guilty = [
        str(path.relative_to(house))
        for path in house.rglob("*.py")
        if "workflow" not in path.parts and ".state =" in path.read_text().replace(".state ==", "")
    ]
    assert guilty == []
