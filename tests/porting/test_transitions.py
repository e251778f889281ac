"""Every pair of states: a verb goes where the table says and nowhere else, and leaves an event and an entry."""

import itertools

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from porting import workflow
from porting.models import PortOrder
from tests.porting.factories import a_date, make_port_order

pytestmark = pytest.mark.django_db
S = PortOrder.State
BY = {
    "submit": lambda order, ada: workflow.submit(order, by=ada),
    "resubmit": lambda order, ada: workflow.resubmit(order, by=ada),
    "accept": lambda order, ada: workflow.accept_by_carrier(order, attempt=1, carrier_ref="ref-1"),
    "reject": lambda order, ada: workflow.reject(order, code="unknown", detail="no"),
    "confirm": lambda order, ada: workflow.confirm(order, foc_date=a_date(9)),
    "complete": lambda order, ada: workflow.complete(order),
    "cancel": lambda order, ada: workflow.cancel(order, by=ada),
    "confirm_cancel": lambda order, ada: workflow.confirm_cancel(order),
    "refuse_cancel": lambda order, ada: workflow.refuse_cancel(order),
}
# Where each verb leads from each state; a pair that is not here is refused.
LEADS = {
    ("submit", S.DRAFT): S.CHECKING,
    ("resubmit", S.REJECTED): S.CHECKING,
    ("accept", S.CHECKING): S.SUBMITTED,
    ("reject", S.CHECKING): S.REJECTED,
    ("reject", S.SUBMITTED): S.REJECTED,
    ("reject", S.FOC_RECEIVED): S.REJECTED,
    ("reject", S.CANCELING): S.CANCELING,
    ("confirm", S.SUBMITTED): S.FOC_RECEIVED,
    ("confirm", S.FOC_RECEIVED): S.FOC_RECEIVED,
    ("confirm", S.CANCELING): S.CANCELING,
    ("complete", S.SUBMITTED): S.COMPLETED,
    ("complete", S.FOC_RECEIVED): S.COMPLETED,
    ("complete", S.CANCELING): S.COMPLETED,
    ("cancel", S.CHECKING): S.CANCELED,
    ("cancel", S.SUBMITTED): S.CANCELING,
    ("cancel", S.FOC_RECEIVED): S.CANCELING,
    ("cancel", S.REJECTED): S.CANCELED,
    ("confirm_cancel", S.CHECKING): S.CANCELED,
    ("confirm_cancel", S.SUBMITTED): S.CANCELED,
    ("confirm_cancel", S.FOC_RECEIVED): S.CANCELED,
    ("confirm_cancel", S.REJECTED): S.CANCELED,
    ("confirm_cancel", S.CANCELING): S.CANCELED,
    ("refuse_cancel", S.CANCELING): S.SUBMITTED,
}


@pytest.mark.parametrize(("verb", "before"), list(itertools.product(BY, S)), ids=lambda value: str(value))
def test_a_verb_leads_where_the_table_says(acme, ada, office, verb, before):
    order = make_port_order(acme, state=before, attempt=1)
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
    assert (order.state, event.before, event.after) == (after, before, after)
    assert AuditEntry.objects.get(what=f"port_order.{verb}").after["state"] == after


def test_the_table_and_the_verbs_agree():
    reached = {(before, after) for (_verb, before), after in LEADS.items()}
    reached |= {(S.CHECKING, S.CANCELING), (S.CANCELING, S.FOC_RECEIVED), (S.CANCELING, S.REJECTED)}
    assert reached == {(before, after) for before, goes in workflow.ALLOWED.items() for after in goes}


def test_every_state_is_in_the_table():
    assert set(workflow.ALLOWED) == set(S.values)


def test_nothing_else_assigns_a_state():
    from pathlib import Path

    import porting

    house = Path(porting.__file__).parent
    guilty = [
        path.name
        for path in house.rglob("*.py")
        if path.name != "workflow.py" and ".state =" in path.read_text().replace(".state ==", "")
    ]
    assert guilty == []
