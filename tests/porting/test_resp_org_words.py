"""What a toll-free order says while it waits: the registry and the RespOrg, not a carrier."""

import pytest

from porting.next_steps import what_next
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["submitted", "foc_received", "activating", "cancel_requested"])
def test_the_words_differ_only_for_toll_free_numbers(acme, office, ada, state):
    order = make_port_order(acme, state=state)
    usual = what_next(order)
    order.numbers.update(kind="toll_free")
    free = what_next(acme.port_orders.get(pk=order.pk))
    assert "RespOrg" in free.sentence
    assert "RespOrg" not in usual.sentence
    assert (free.who, free.by) == (usual.who, usual.by)


def test_other_states_keep_their_words(acme, office, ada):
    order = make_port_order(acme, state="rejected", reject_code="loa_invalid")
    order.numbers.update(kind="toll_free")
    assert "RespOrg" not in what_next(acme.port_orders.get(pk=order.pk)).sentence
