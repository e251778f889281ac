"""A number that was deleted rests, and is still its customer's at the carrier: others may ask for it."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from lib.transitions import Refused
from porting.models import PortOut
from pstn.models import NumberEvent
from pstn.workflow import number_ports, quarantine
from pstn.workflow import numbers as verbs
from tests.factories import make_connected_location, make_number, make_number_order
from tests.porting.outs.factories import NUMBERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(office):
    order = make_number_order(office, NUMBERS[:1])
    order.lines.update(is_placed=True)
    return make_number(office, NUMBERS[0], number_order=order)


@pytest.fixture
def resting(ada, number):
    """The number that is asked for, deleted a moment ago."""
    verbs.delete(number, by=ada)


def test_it_is_asked_for_and_its_customer_answers(client, acme, ada, office, resting, carrier, news):
    carrier.asks()
    news()
    out = acme.port_outs.get()
    assert (out.location, out.state, out.numbers.get().e164) == (office, "pending", NUMBERS[0])
    client.force_login(ada)
    page = client.get(out.get_absolute_url()).content.decode()
    assert "Deleted" in page
    assert reverse("pstn:number_detail", args=["acme", NUMBERS[0]]) not in page  # it has none now


def test_once_it_has_left_nobody_has_it_back(acme, ada, resting, carrier, news):
    carrier.asks()
    carrier.tell("accepted", code="silence")
    carrier.tell("completed")
    news()
    out = PortOut.unscoped.get()
    assert (out.state, bool(out.numbers.get().left_at)) == ("ported_out", True)
    assert not acme.resting_numbers.exists()
    assert quarantine.restore(acme, NUMBERS[:1], by=ada) == {NUMBERS[0]: "not_resting"}
    story = NumberEvent.unscoped.get(what="ported_out")
    assert (story.e164, story.before, story.note) == (NUMBERS[0], "deleted", out.reference)
    assert AuditEntry.objects.get(what="number.port_out").subject == NUMBERS[0]
    assert not acme.number_orders.get().lines.get().is_placed  # anybody may order it one day
    assert not acme.returned_numbers.exists()  # it is not ours to return


def test_deleted_after_the_request_it_leaves_all_the_same(acme, ada, number, carrier, news):
    carrier.asks()
    news()
    verbs.delete(number, by=ada)
    carrier.tell("completed")
    news()
    assert PortOut.unscoped.get().state == "ported_out"
    assert not acme.resting_numbers.exists()


def test_won_back_by_a_dispute_it_is_in_service_again(acme, office, resting, carrier, news):
    carrier.asks()
    carrier.tell("completed")
    carrier.tell("returned")
    news()
    assert acme.phone_numbers.get().location == office
    assert not acme.resting_numbers.exists()


def test_after_it_left_it_can_be_ported_in_again(acme, ada, office, resting, carrier, news):
    with pytest.raises(Refused, match="Restore them instead"):
        number_ports.list_as_porting(office, NUMBERS[:1], by=ada)
    carrier.asks()
    carrier.tell("completed")
    news()
    number_ports.list_as_porting(office, NUMBERS[:1], by=ada)
    assert acme.phone_numbers.get().state == "porting"


def test_what_is_ones_own_providers_is_not_the_carriers_to_ask_for(acme, ada, carrier, news):
    number = make_number(make_connected_location(acme, "premises", name="Gateway"), NUMBERS[0])
    quarantine.rest(acme, [number], by=ada)
    carrier.asks()
    news()
    assert not PortOut.unscoped.exists()
    assert acme.resting_numbers.exists()
