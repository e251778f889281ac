"""Two orders out of one: what cannot be ported, or what is billed to another number."""

import pytest

from carrier.base import Portability, Portable
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


def test_what_cannot_be_ported_goes_into_a_draft(acme, ada, office, carrier, signed_in, url):
    order = acme.port_orders.create(created_by=ada, location=office)
    carrier.answers["+14085550112"] = Portability("+14085550112", Portable.NO, "no_carrier")
    response = signed_in(ada).post(url("order_split", order), {"numbers": "408-555-0110 - 12"})
    order.refresh_from_db()
    other = acme.port_orders.exclude(pk=order.pk).get()
    assert response.url == url("order_step", order, "date")
    assert (order.number_count, other.number_count) == (2, 1)
    assert (other.state, other.location) == ("draft", office)
    assert other.numbers.get().portable == "no"
    assert "numbers" in other.missing()
    assert "numbers" not in order.missing()


def test_lines_that_were_not_understood_stay_with_the_first(acme, ada, office, carrier, signed_in, url):
    order = acme.port_orders.create(created_by=ada, location=office)
    carrier.answers["+14085550112"] = Portability("+14085550112", Portable.NO, "no_carrier")
    signed_in(ada).post(url("order_split", order), {"numbers": "4085550110\n4085550112\n12ab"})
    order.refresh_from_db()
    assert order.typed_numbers == "+1 408-555-0110\n12ab"
    assert "numbers" in order.missing()


def test_an_order_is_never_left_empty(acme, ada, office, carrier, signed_in, url):
    order = acme.port_orders.create(created_by=ada, location=office)
    carrier.answers["+14085550110"] = Portability("+14085550110", Portable.NO, "no_carrier")
    signed_in(ada).post(url("order_split", order), {"numbers": "4085550110"})
    assert acme.port_orders.count() == 1


def test_numbers_of_another_btn_get_an_order_of_their_own(acme, ada, carrier, signed_in, url):
    order = make_port_order(acme, state="rejected", reject_code="multiple_btns")
    order.numbers.filter(e164="+14085550112").update(is_named_in_reject=True)
    response = signed_in(ada).post(url("order_split", order))
    other = acme.port_orders.exclude(pk=order.pk).get()
    assert response.url == order.get_absolute_url()
    assert [row.e164 for row in other.numbers.all()] == ["+14085550112"]
    assert (other.company_name, other.btn) == ("Acme, Inc.", "")
    assert set(acme.phone_numbers.values_list("e164", flat=True)) == {"+14085550110", "+14085550111"}
    # The letter named three numbers, so it must be signed again.
    assert order.missing() == ["loa"]


def test_a_sent_order_is_not_split(acme, ada, carrier, signed_in, url):
    order = make_port_order(acme, state="submitted")
    order.numbers.filter(e164="+14085550112").update(is_named_in_reject=True)
    signed_in(ada).post(url("order_split", order))
    assert acme.port_orders.count() == 1
    assert order.numbers.count() == 3
