"""An answer and the end of the time at once, and two workers with one event, on PostgreSQL."""

import pytest
from django.db import connection

from accounts.models import Membership, Organization, User
from lib.transitions import Refused
from porting.models import PortOut, PortOutEvent
from porting.tasks import port_outs as tasks
from porting.workflow import port_outs as workflow
from pstn.models import NumberEvent, PhoneNumber
from tests.factories import make_connected_location
from tests.porting.outs.factories import make_port_out
from tests.pstn.test_races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person(transactional_db):
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    org = Organization.objects.create(name="Acme", slug="acme")
    person = User.objects.create_user("ada@acme.example", "Ada Park")
    Membership.objects.create(user=person, org=org, role="full_admin")
    make_connected_location(org)
    return person


def fresh(out):
    return PortOut.unscoped.whole().get(pk=out.pk)


def attempt(verb, *args, **kwargs):
    try:
        return verb(*args, **kwargs) or "done"
    except Refused:
        return "refused"


@pytest.mark.parametrize("turn", range(5))
@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_an_answer_and_silence_at_once(person, carrier, turn, answer):
    out = make_port_out(Organization.objects.get().locations.get())
    said = {"accept": {"replacements": {}}, "reject": {"reason": "zip_invalid"}}[answer]
    event = carrier.tell("accepted", out.carrier_ref, code="silence")
    acts = [
        lambda: attempt(getattr(workflow, answer), fresh(out), by=person, **said),
        lambda: tasks.apply(event),
    ]
    outcome = at_once(2, lambda n: acts[n]())[0]
    # A yes is a yes, whoever was first; after a no, the carrier's word stands all the same.
    expected = {"accept": {"accepted", "auto_accepted"}, "reject": {"auto_accepted"}}[answer]
    assert fresh(out).state in expected
    answers = PortOutEvent.unscoped.filter(order=out, by=person).count()
    assert answers == (1 if outcome == "done" else 0)


def test_of_many_answers_one_counts(person, carrier):
    out = make_port_out(Organization.objects.get().locations.get())
    outcomes = at_once(6, lambda n: attempt(workflow.accept, fresh(out), by=person, replacements={}))
    assert sorted(outcomes) == ["done"] + ["refused"] * 5
    assert len(carrier.told) == 1


@pytest.mark.parametrize("turn", range(3))
def test_workers_with_the_same_events(person, carrier, turn):
    location = Organization.objects.get().locations.get()
    PhoneNumber.unscoped.create(org=location.org, location=location, e164="+14085550142", state="active")
    asked = carrier.asks()
    at_once(4, lambda n: tasks.apply(asked))
    out = PortOut.unscoped.get()
    assert (out.numbers.count(), out.events.count()) == (1, 1)
    gone = carrier.tell("completed")
    at_once(4, lambda n: tasks.apply(gone))
    assert fresh(out).state == "ported_out"
    assert NumberEvent.unscoped.filter(what="ported_out").count() == 1
