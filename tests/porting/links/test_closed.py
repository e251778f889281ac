"""Links that open nothing, or not to everybody, or nothing else."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from porting import links
from porting.models import PortOrder
from tests import files
from tests.porting.conftest import Browser
from tests.porting.factories import make_link
from tests.porting.links.opening import TOKEN, a_bill, let_in, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"done_at": timezone.now()},
        {"locked_at": timezone.now()},
    ],
    ids=["expired", "revoked", "done", "locked"],
)
@pytest.mark.parametrize("name", ["task", "code", "enter", "letter"])
def test_a_dead_link_says_what_to_do_and_nothing_else(order, outsider, fields, name):
    make_link(order, token=TOKEN, **fields)
    method = "get" if name in ("task", "letter") else "post"
    dead = getattr(outsider, method)(page(TOKEN, name), {"code": "123456"})
    unknown = getattr(outsider, method)(page("x" * 43, name), {"code": "123456"})
    assert (dead.status_code, unknown.status_code) == (410, 404)
    assert dead.text == unknown.text
    assert "ask the person who sent it" in dead.text
    assert order.reference not in dead.text


@pytest.mark.parametrize("token", ["a", "a" * 42, "a" * 44, "..", "%2e%2e", "ü" * 43, "x" * 5000])
def test_a_mangled_address_gets_the_page(db, outsider, token):
    assert outsider.get(f"/t/{token}/").status_code == 404


@pytest.mark.parametrize("state", ["submitted", "foc_received", "canceled", "completed"])
def test_an_order_that_was_sent_or_given_up_closes_its_links(order, ask, outsider, state):
    _link, token = ask()
    let_in(outsider, token)
    data = a_bill(order, outsider.get(page(token)), content=files.bill_pdf())
    PortOrder.unscoped.filter(pk=order.pk).update(state=state)
    assert outsider.post(page(token), data, follow=True).status_code == 410
    assert not order.documents.exists()


def test_revoked_while_somebody_has_it_open(order, ask, outsider, ada):
    link, token = ask()
    let_in(outsider, token)
    data = a_bill(order, outsider.get(page(token)), content=files.bill_pdf())
    links.revoke(link, by=ada)
    assert outsider.post(page(token), data, follow=True).status_code == 410
    assert not order.documents.exists()


def test_used_up_it_is_closed_to_everybody_else(order, ask, outsider):
    _link, token = ask()
    let_in(outsider, token)
    data = a_bill(order, outsider.get(page(token)), content=files.bill_pdf())
    outsider.post(page(token), data)
    assert Browser().get(page(token)).status_code == 410
    assert outsider.post(page(token), data, follow=True).status_code == 200  # only the thanks
    assert order.documents.filter(kind="bill").count() == 1


def test_two_outsiders_do_not_open_each_others_links(order, ask, outsider):
    _first, one = ask("bill")
    _second, two = ask("pin", email="bob@books.example", name="Bob")
    let_in(outsider, one)
    assert "Is it you?" in outsider.get(page(two)).text
    outsider.post(page(two, "code"))
    assert mail.outbox[-1].to == ["bob@books.example"]


def test_somebody_who_guesses_has_to_wait_and_others_do_not(order, outsider):
    make_link(order, token=TOKEN)
    for n in range(20):
        assert outsider.get(page(f"{n:043}")).status_code == 404
    assert outsider.get(page(TOKEN)).status_code == 429
    assert outsider.get(page(TOKEN), REMOTE_ADDR="198.51.100.7").status_code == 200


def test_only_a_letter_has_a_letter(order, ask, outsider):
    _link, token = ask("bill")
    assert outsider.get(page(token, "letter")).url == page(token)
    let_in(outsider, token)
    assert outsider.get(page(token, "letter")).status_code == 404


def test_a_link_opens_no_other_page(order, ask, outsider):
    _link, token = ask()
    let_in(outsider, token)
    assert outsider.get(order.get_absolute_url()).status_code == 302


def test_forms_need_the_token_against_forgery(ask):
    _link, token = ask()
    strict = Browser(enforce_csrf_checks=True)
    strict.get(page(token))
    for name in ("task", "code", "enter"):
        assert strict.post(page(token, name)).status_code == 403
