"""The steps of an order tell what was so then, also after new terms or a later acceptance."""

from datetime import UTC, datetime

import pytest

from pstn import terms_text
from pstn.progress import progress
from pstn.workflow import number_orders as workflow
from pstn.workflow import terms
from tests.factories import make_number_order
from tests.pstn.fakes import STOCK

pytestmark = pytest.mark.usefixtures("carrier")


@pytest.fixture
def accepted(acme, ada):
    text = terms_text.current()
    made = acme.terms_acceptances.create(version=text.version, sha256=text.sha256, by=ada, role="full_admin")
    acme.terms_acceptances.update(at=datetime(2026, 1, 2, tzinfo=UTC))
    return made


@pytest.fixture
def order(location, eli):
    return make_number_order(location, STOCK[:2], created_by=eli)


def provide(order, eli, month):
    workflow.place(order, by=eli)
    workflow.provision(order)
    order.events.exclude(code="start").update(at=datetime(2026, month, 5, tzinfo=UTC))


def steps(order):
    events = list(order.events.order_by("-pk"))
    return [(mark.state, mark.note[:5]) for mark in progress(order, terms.acceptance(order.org), events)]


def test_terms_that_were_accepted_before(order, eli, accepted):
    provide(order, eli, month=3)
    assert steps(order) == [("done", "Mar 5"), ("done", "Jan 2"), ("done", "Mar 5"), ("done", "Mar 5")]


def test_new_terms_change_nothing_of_what_is_active(order, eli, accepted, acme):
    provide(order, eli, month=3)
    acme.terms_acceptances.update(version="1999-01")
    assert steps(order) == [("done", "Mar 5"), ("done", ""), ("done", "Mar 5"), ("done", "Mar 5")]
    acme.terms_acceptances.update(version=accepted.version, at=datetime(2026, 5, 7, tzinfo=UTC))
    assert steps(order) == [("done", "Mar 5"), ("done", ""), ("done", "Mar 5"), ("done", "Mar 5")]


def test_numbers_that_waited_are_active_since_the_acceptance(order, eli, acme, ada):
    provide(order, eli, month=3)
    assert [state for state, _note in steps(order)] == ["done", "current", "done", "todo"]
    terms.accept(acme.memberships.get(user=ada), sha256=terms_text.current().sha256)
    order.refresh_from_db()
    order.events.filter(code="terms_accepted").update(at=datetime(2026, 4, 9, tzinfo=UTC))
    assert steps(order) == [("done", "Mar 5"), ("done", "Apr 9"), ("done", "Mar 5"), ("done", "Apr 9")]
