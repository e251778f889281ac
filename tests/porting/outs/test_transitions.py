"""Every pair of states: a verb goes where the table says and nowhere else, and leaves an event and an entry."""

import itertools

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from porting.models import PortOut
from porting.workflow import port_outs as workflow
from tests.porting.factories import a_date
from tests.porting.outs.factories import NUMBERS, make_port_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carrier")]
S = PortOut.State
BY = {
    "accept": lambda out, ada: workflow.accept(out, by=ada, replacements={}),
    "reject": lambda out, ada: workflow.reject(out, by=ada, reason="invalid_request"),
    "dispute": lambda out, ada: workflow.dispute(out, by=ada, reason="nobody asked"),
    "accepted": lambda out, ada: workflow.accept_by_carrier(out, by_silence=False, carrier_event="o1"),
    "silence": lambda out, ada: workflow.accept_by_carrier(out, by_silence=True, carrier_event="o1"),
    "rejected": lambda out, ada: workflow.reject_by_carrier(out, carrier_event="o1"),
    "date": lambda out, ada: workflow.change_date(out, day=a_date(9), carrier_event="o1"),
    "withdraw": lambda out, ada: workflow.withdraw(out, carrier_event="o1"),
    "complete": lambda out, ada: workflow.complete(out, numbers=NUMBERS[:1], carrier_event="o1"),
    "return": lambda out, ada: workflow.give_back(out, carrier_event="o1"),
    "refuse_dispute": lambda out, ada: workflow.refuse_dispute(out, carrier_event="o1"),
    "reopen": lambda out, ada: workflow.reopen(out, attempt=1, detail="try again"),
}
LEADS = {
    ("accept", S.PENDING): S.ACCEPTED,
    ("reject", S.PENDING): S.REJECT_PENDING,
    ("dispute", S.PORTED_OUT): S.DISPUTED,
    ("accepted", S.PENDING): S.ACCEPTED,
    ("accepted", S.REJECT_PENDING): S.AUTO_ACCEPTED,
    ("silence", S.PENDING): S.AUTO_ACCEPTED,
    ("silence", S.REJECT_PENDING): S.AUTO_ACCEPTED,
    ("reopen", S.ACCEPTED): S.PENDING,
    ("reopen", S.REJECT_PENDING): S.PENDING,
    ("return", S.PORTED_OUT): S.RETURNED,
    ("return", S.DISPUTED): S.RETURNED,
    ("refuse_dispute", S.DISPUTED): S.DISPUTE_REFUSED,
    **{(verb, state): state for verb in ("date",) for state in PortOut.LEAVING},
    **{("rejected", state): S.REJECTED for state in PortOut.LEAVING},
    **{("withdraw", state): S.CANCELED for state in PortOut.LEAVING},
    **{("complete", state): S.PORTED_OUT for state in (*PortOut.LEAVING, S.REJECTED, S.CANCELED)},
}
# Nothing happens, and nobody is told that something is wrong: our own yes, heard again.
OLD_NEWS = {(verb, state) for verb in ("accepted", "silence") for state in (S.ACCEPTED, S.AUTO_ACCEPTED)}


@pytest.mark.parametrize(("verb", "before"), list(itertools.product(BY, S)), ids=str)
def test_a_verb_leads_where_the_table_says(ada, office, verb, before):
    out = make_port_out(office, state=before, answer_attempt=1, untold=before in PortOut.LEAVING)
    after = LEADS.get((verb, before))
    if after is None:
        if (verb, before) in OLD_NEWS:
            BY[verb](out, ada)
        else:
            with pytest.raises(Refused):
                BY[verb](out, ada)
        out.refresh_from_db()
        assert (out.state, out.events.count()) == (before, 0)
        assert not AuditEntry.objects.filter(what__startswith="port_out").exists()
        return
    BY[verb](out, ada)
    out.refresh_from_db()
    event = out.events.get()
    assert (out.state, event.before, event.after) == (after, before, after)
    assert AuditEntry.objects.get(what__startswith="port_out.").after["state"] == after


def test_the_table_and_the_verbs_agree():
    reached = {(before, after) for (_verb, before), after in LEADS.items()}
    reached |= {(S.PORTED_OUT, S.PORTED_OUT)}  # the rest of the numbers leaves later
    assert reached == {(before, after) for before, goes in workflow.ALLOWED.items() for after in goes}


def test_every_state_is_in_the_table_and_in_the_list():
    assert set(workflow.ALLOWED) == set(S.values)
    assert set(S.values) == PortOut.NEEDS_ACTION | PortOut.MOVING | PortOut.DONE
    assert set(PortOut.TONES) == set(S)
