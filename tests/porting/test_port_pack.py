"""The port pack: one order on paper, quickly, and without its secrets."""

import io
import time
from datetime import date

import pypdfium2
import pytest

from porting.models import PortedNumber
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


def words(response):
    document = pypdfium2.PdfDocument(io.BytesIO(response.content))
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, state="foc_received", foc_date=date(2026, 12, 9), pin="74839201")


def test_it_has_what_people_need_on_the_day(vic, acme, order, signed_in, url):
    acme.phone_numbers.filter(e164="+14085550110").update(assigned_to="Front desk")
    response = signed_in(vic).get(url("order_pack", order))
    assert response["Content-Type"] == "application/pdf"
    text = words(response)
    for needed in (
        "Wednesday, December 9, 2026",
        "America/Los_Angeles",
        "+1 408-555-0110",
        "Date confirmed",
        "Front desk",
        "2 numbers have no owner yet",
        "Ada Park",
        "ada@acme.example",
        "within 24 hours",
        "at most twice",
        order.location.emergency_address.line1,
    ):
        assert needed in text


def test_no_secret_stands_in_it(ada, order, signed_in, url):
    text = words(signed_in(ada).get(url("order_pack", order)))
    assert order.account_number not in text
    assert order.pin not in text


def test_the_readers_own_zone_is_beside_the_locations(ada, order, signed_in, url):
    ada.time_zone = "America/New_York"
    ada.save()
    text = words(signed_in(ada).get(url("order_pack", order)))
    assert "00:00 PST" in text
    assert "03:00 EST" in text


def test_characters_that_no_font_has_are_no_reason_to_fail(ada, acme, order, signed_in, url):
    acme.phone_numbers.update(assigned_to="Zoë 𓀀")
    response = signed_in(ada).get(url("order_pack", order))
    assert response.status_code == 200
    assert "Zoë" in words(response)


def test_a_draft_without_anything_has_one_too(ada, acme, signed_in, url):
    order = acme.port_orders.create(created_by=ada)
    assert "Not confirmed yet" in words(signed_in(ada).get(url("order_pack", order)))


def test_a_thousand_numbers_within_a_second(ada, acme, order, signed_in, url, django_assert_max_num_queries):
    PortedNumber.unscoped.bulk_create(
        PortedNumber(order=order, e164=f"+1408{n:07}", state="foc", foc_date=order.foc_date)
        for n in range(997)
    )
    client = signed_in(ada)
    client.get(url("order_pack", order))  # fonts are read once a process
    began = time.process_time()
    with django_assert_max_num_queries(12):
        response = client.get(url("order_pack", order))
    assert time.process_time() - began < 1
    text = words(response)
    assert text.count("Assigned to") > 10  # the head stands on each page
    assert "1,000 phone numbers" in text or "1000 phone numbers" in text


def test_a_stranger_gets_nothing(mallory, order, signed_in, url):
    assert signed_in(mallory).get(url("order_pack", order)).status_code == 404
