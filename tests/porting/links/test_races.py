"""Two at once behind one link, on PostgreSQL: its task is done once, its code opens once."""

import time

import pytest

from porting import links, outsiders
from porting.forms.links import PinByLink
from porting.models import PortOrder
from porting.workflow import orders as workflow
from tests.porting.factories import make_link, make_port_order
from tests.porting.links.opening import CODE, mail_code
from tests.porting.test_races import attempt, make_customer
from tests.pstn.test_races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
TOKEN = "r" * 43


def a_link(**fields):
    org, person = make_customer("acme")
    order = make_port_order(org, pin="")
    link = make_link(order, by=person, token=TOKEN, purpose="pin")
    mail_code(link)
    return order, person


def give(pin):
    """Hand in a PIN as one of several windows: each has read the link and the order by itself."""
    link = outsiders.find(TOKEN)
    order = PortOrder.unscoped.whole().get(pk=link.order_id)
    mark = outsiders.seen(link, order)
    form = PinByLink({"pin": pin, "account_number": ""}, instance=order, org=order.org, link=link)
    assert form.is_valid()

    def go():
        try:
            return attempt(outsiders.hand_in, link, form, shown=mark)
        except outsiders.Closed:
            return "closed"

    return go


def enter():
    return attempt(outsiders.enter_code, outsiders.find(TOKEN), CODE)


@pytest.mark.parametrize("turn", range(3))
def test_a_task_is_done_once(carrier, turn):
    order, _person = a_link()
    windows = [give(f"{n}{n}{n}") for n in range(6)]
    outcomes = at_once(6, lambda n: windows[n]())
    assert sorted(outcomes) == ["closed"] * 5 + ["done"]
    order.refresh_from_db()
    assert order.pin == f"{outcomes.index('done')}" * 3
    assert order.version == 1
    assert list(order.links.get().events.values_list("kind", flat=True)) == ["done"]


@pytest.mark.parametrize("turn", range(3))
def test_handed_in_and_submitted_at_once(carrier, turn):
    """Either the PIN is in what was sent, or the link was closed: never an order that changed after."""
    order, person = a_link()
    window = give("777")
    fresh = PortOrder.unscoped.whole().get(pk=order.pk)
    outcomes = at_once(2, lambda n: window() if n else attempt(workflow.submit, fresh, by=person))
    assert outcomes[0] == "done"
    order.refresh_from_db()
    assert (order.pin == "777") is (outcomes[1] == "done")


@pytest.mark.parametrize("turn", range(3))
def test_revoked_and_handed_in_at_once(carrier, turn):
    order, person = a_link()
    window, link = give("777"), outsiders.find(TOKEN)
    outcomes = at_once(2, lambda n: window() if n else attempt(links.revoke, link, by=person))
    assert sorted(outcomes) in (["closed", "done"], ["done", "refused"])
    order.refresh_from_db()
    assert (order.pin == "777") is (outcomes[1] == "done")


def test_a_code_opens_once_however_many_enter_it():
    a_link()
    outcomes = at_once(6, lambda n: enter())
    assert outcomes.count("refused") == 5


def test_control_without_the_lock_a_code_opens_several_times(monkeypatch):
    """The race above is real: with a lock that does not lock, several get in."""

    def look_only(link):
        order = link.order
        link.refresh_from_db()
        link.order = order
        time.sleep(0.2)

    a_link()
    monkeypatch.setattr(links, "lock", look_only)
    assert at_once(6, lambda n: enter()).count("refused") < 5
