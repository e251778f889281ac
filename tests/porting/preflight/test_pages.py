"""The check on the review step: differences in letters, masks, hints while somebody types."""

import time

import pytest

from accounts.models import AuditEntry
from porting.models import CsrRequest
from porting.tasks import records as tasks
from tests.porting.factories import NUMBERS, make_port_order
from tests.porting.preflight.sources import announced, ask, codes, give_record

pytestmark = pytest.mark.django_db


def review(client, url, order):
    return client.get(url("order_step", order, "review"))


def test_the_review_shows_the_difference_in_letters(acme, ada, office, signed_in, url):
    order = make_port_order(acme, company_name="Acme, Inc.")
    give_record(order, company_name="Acme, Incorporated")
    page = review(signed_in(ada), url, order).content.decode()
    assert 'Acme, Inc<del class="bad">.</del>' in page
    assert 'Acme, Inc<ins class="ok">orporated</ins>' in page
    assert url("order_step", order, "carrier") + "#id_company_name" in page
    assert "The carrier&#x27;s record" in page


def test_secrets_are_masked_until_somebody_reveals_them(acme, ada, office, signed_in, url):
    order = make_port_order(acme, account_number="VT-204481")
    give_record(order)
    client = signed_in(ada)
    page = review(client, url, order).content.decode()
    assert "VT-20" not in page
    assert "2 characters differ" in page
    shown = client.post(url("order_preflight_reveal", order)).content.decode()
    assert "VT-2044" in shown
    assert AuditEntry.objects.filter(what="port_order.reveal").exists()


def test_the_page_asks_while_a_record_is_awaited_and_only_then(order, signed_in, ada, url, desk, at_work):
    client = signed_in(ada)
    assert "every 3s" not in review(client, url, order).content.decode()
    row = ask(order, at_work)
    page = review(client, url, order)
    assert "every 3s" in page.content.decode()
    seen = page.context["preflight"].seen
    part = url("order_preflight", order)
    assert client.get(part, {"seen": seen}, headers={"HX-Request": "true"}).status_code == 204
    desk.answer = "ready"
    tasks.apply(announced(row))
    news = client.get(part, {"seen": seen}, headers={"HX-Request": "true"}).content.decode()
    assert "Will probably pass" in news
    assert "every 3s" not in news
    assert client.get(part).status_code == 302


@pytest.mark.parametrize(
    ("state", "says"), [("none", "does not give one"), ("waiting", "which may take days")]
)
def test_that_there_is_no_record_is_said(order, signed_in, ada, url, state, says):
    give_record(order)
    CsrRequest.unscoped.update(state=state, record={})
    assert says in review(signed_in(ada), url, order).content.decode()


def test_hints_while_somebody_types(order, signed_in, ada, vic, url):
    give_record(order)
    client = signed_in(ada)
    typed = {
        "company_name": "Acme Inc",
        "postal_code": "95113",
        "city": "",
        "btn": "(408) 555-0110",
        "pin": "",
    }
    page = client.post(url("order_hints", order), typed).content.decode()
    assert '9511<del class="bad">3</del>' in page
    assert "#id_company_name" in page
    assert "#id_city" not in page, "what is not typed yet is no difference"
    order.refresh_from_db()
    assert order.postal_code == "95112", "nothing is saved"
    assert signed_in(vic).post(url("order_hints", order), typed).status_code == 403


def test_check_everything_shows_the_same_for_a_rejected_order(acme, ada, office, signed_in, url):
    order = make_port_order(acme, state="rejected", reject_code="zip_mismatch", postal_code="95113")
    give_record(order)
    page = review(signed_in(ada), url, order)
    assert page.context["preflight"].check.light == "bad"
    held = signed_in(ada).post(url("order_resubmit", order), {"then": "send"})
    assert held.url == url("order_step", order, "review")


def test_a_thousand_numbers_cost_as_many_queries_as_three(
    acme, ada, office, signed_in, url, django_assert_max_num_queries
):
    numbers = tuple(f"+1408{n:07}" for n in range(1000))
    order = make_port_order(acme, numbers=numbers)
    give_record(order, numbers=numbers, btns=dict.fromkeys(numbers, NUMBERS[0]))
    client = signed_in(ada)
    began = time.perf_counter()
    with django_assert_max_num_queries(40):
        page = review(client, url, order)
    assert time.perf_counter() - began < 5, "a second where nothing else runs"
    assert codes(page.context["preflight"].check) == ["foc_rejected"], "so many need a later date"
