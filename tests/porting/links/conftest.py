"""An order that lacks its bill and its signature, somebody outside, and Ada who asks."""

import pytest
from django.core import mail
from django.urls import reverse

from tests.porting.conftest import Browser
from tests.porting.factories import make_port_order
from tests.porting.links.opening import token_of


@pytest.fixture
def order(acme, office):
    return make_port_order(acme, bill=False, signed=False, pin="74839201")


@pytest.fixture
def outsider():
    """A browser that nobody is signed in to; what its requests queue is done before they return."""
    return Browser()


@pytest.fixture
def ask(signed_in, ada, order):
    """Ada asks; answers the link and the token from the e-mail."""

    def ask(purpose="bill", by=ada, **fields):
        data = {"purpose": purpose, "email": "jane@books.example", "name": "Jane Doe", "days": 7, **fields}
        response = signed_in(by).post(reverse("porting:link_create", args=["acme", order.pk]), data)
        assert response.status_code == 302, response.context["form"].errors
        return order.links.first(), token_of(mail.outbox[-1])

    return ask
