"""Two tabs, two people: who is slower is told, keeps what was typed, and overwrites nothing by accident."""

import re

import pytest

from tests.porting.factories import ACCOUNT, make_port_order

pytestmark = pytest.mark.django_db
FORM = {**ACCOUNT, "pin": "", "address_line2": "", "full_port": "True", "remaining": "", "new_btn": ""}


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme)


def version_in(page):
    return re.search(r'name="version" value="(\d+)"', page.content.decode())[1]


def test_a_stale_tab_is_told_and_nothing_is_overwritten(ada, eli, order, signed_in, url):
    step = url("order_step", order, "carrier")
    slow, fast = signed_in(ada), signed_in(eli)
    opened = version_in(slow.get(step))
    fast.post(step, {**FORM, "company_name": "Acme Faster", "version": opened})
    page = slow.post(step, {**FORM, "company_name": "Acme Slower", "version": opened})
    assert page.status_code == 409
    assert "Eli Stone changed this order" in page.content.decode()
    assert page.context["form"]["company_name"].value() == "Acme Slower"
    assert ("Company name with previous carrier", "Acme Faster") in page.context["stored"]
    order.refresh_from_db()
    assert order.company_name == "Acme Faster"


def test_saving_again_is_a_decision(ada, eli, order, signed_in, url):
    step = url("order_step", order, "carrier")
    client = signed_in(ada)
    signed_in(eli).post(step, {**FORM, "version": "0"})
    page = client.post(step, {**FORM, "company_name": "Acme Slower", "version": "0"})
    client.post(step, {**FORM, "company_name": "Acme Slower", "version": version_in(page)})
    order.refresh_from_db()
    assert order.company_name == "Acme Slower"


def test_a_mistake_in_a_stale_tab_does_not_renew_it(ada, eli, order, signed_in, url):
    step = url("order_step", order, "carrier")
    signed_in(eli).post(step, {**FORM, "version": "0"})
    page = signed_in(ada).post(step, {**FORM, "postal_code": "1", "version": "0"})
    assert page.status_code == 422
    assert version_in(page) == "0"


def test_an_order_that_was_sent_meanwhile_is_not_changed(ada, order, signed_in, url):
    order.state = "submitted"
    order.save()
    response = signed_in(ada).post(
        url("order_step", order, "carrier"), {**FORM, "company_name": "X", "version": "0"}
    )
    assert response.url == order.get_absolute_url()
    order.refresh_from_db()
    assert order.company_name == "Acme, Inc."


def test_secrets_stay_masked_in_the_comparison(ada, eli, order, signed_in, url):
    step = url("order_step", order, "carrier")
    signed_in(eli).post(step, {**FORM, "pin": "938271", "version": "0"})
    page = signed_in(ada).post(step, {**FORM, "version": "0"})
    assert ("PIN", "••••") in page.context["stored"]
    assert "938271" not in page.content.decode()


def test_unknown_steps_are_404(ada, order, signed_in, url):
    client = signed_in(ada)
    assert client.get(url("order_step", order, "nothing")).status_code == 404
    assert client.post(url("order_step", order, "review")).status_code == 404


def test_the_steps_are_for_editors(vic, order, signed_in, url):
    client = signed_in(vic)
    assert client.get(url("order_step", order, "carrier")).status_code == 403
    assert client.post(url("order_step", order, "carrier"), FORM).status_code == 403
