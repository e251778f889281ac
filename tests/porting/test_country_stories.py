"""Whole ways with the simulated carrier: a change of RespOrg, and a paper that the carrier asks for."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from notifications.models import Message
from simulator.models import ServiceAccount
from tests.files import bill_pdf
from tests.porting.factories import make_port_order
from tests.porting.test_story import ACCOUNT, fill, let_time_pass, sign, step

pytestmark = pytest.mark.django_db
RED = {
    "resp_org": "CRL01",
    "losing_carrier": "Crestline Toll-Free",
    "account_number": "CT-30088",
    "company_name": "Redbird Outdoor Supply, Inc.",
    "authorized_name": "Maya Fuentes",
    "address_line1": "515 Redbird Road",
    "address_line2": "",
    "city": "Sacramento",
    "region": "CA",
    "postal_code": "95814",
}


@pytest.fixture
def client(ada, signed_in):
    call_command("simulator_demo")
    return signed_in(ada)


def ready_to_sign(client, acme, office, numbers, account):
    client.post(reverse("porting:order_create", args=["acme"]), {"location": office.pk})
    order = acme.port_orders.get()
    fill(client, order, "numbers", {"numbers": numbers})
    day = client.get(step(order, "date")).context["form"].open[2]
    fill(client, order, "date", {"requested_date": day.isoformat(), "notify": ""})
    fill(client, order, "carrier", account)
    issued = order.today - timedelta(days=5)
    bill = SimpleUploadedFile("bill.pdf", bill_pdf(issued=issued))
    fill(client, order, "bill", {"bill": bill, "dated": issued.isoformat()})
    return order


def signed_and_sent(client, order):
    page = client.get(step(order, "loa"))
    assert sign(client, page, step(order, "loa")).status_code == 302
    client.post(reverse("porting:order_submit", args=["acme", order.pk]), {"anyway": "bad"})
    order.refresh_from_db()
    assert order.state == "submitted", (order.reject_code, order.reject_detail, order.missing())


def carried_to_its_end(order, at_work):
    for _event in range(12):
        order.refresh_from_db()
        if order.is_here:
            break
        let_time_pass(at_work)
    assert order.is_here, (order.state, order.reject_code, order.reject_detail)


def test_toll_free_numbers_change_their_resp_org(acme, office, client, at_work):
    order = ready_to_sign(client, acme, office, "800-555-0110\n800-555-0111", RED)
    signed_and_sent(client, order)
    page = client.get(order.get_absolute_url()).content.decode()
    assert "The toll-free registry has the request" in page
    assert "CRL01" in page
    carried_to_its_end(order, at_work)
    numbers = acme.phone_numbers.order_by("e164")
    assert [(number.e164, number.state) for number in numbers] == [
        ("+18005550110", "active"),
        ("+18005550111", "active"),
    ]


def test_a_paper_that_the_carrier_asks_for_is_added_and_the_port_goes_on(acme, office, client, at_work, ada):
    ServiceAccount.objects.filter(account_number="VT-204418").update(
        scenario="wants_document", wanted_document="id_copy"
    )
    order = ready_to_sign(client, acme, office, "408-555-0110 - 12", ACCOUNT | {"postal_code": "95112"})
    signed_and_sent(client, order)
    for _event in range(6):
        order.refresh_from_db()
        if order.wants_documents:
            break
        let_time_pass(at_work)
    assert order.state == "awaiting_documents"
    assert Message.objects.filter(kind="port_document_wanted", to=ada.email).count() == 1
    upload = SimpleUploadedFile("id.pdf", bill_pdf())
    client.post(reverse("porting:document_add", args=["acme", order.pk, "id_copy"]), {"paper": upload})
    order.refresh_from_db()
    assert order.state == "submitted"
    assert order.document_requests.get().sent_at
    carried_to_its_end(order, at_work)


def test_a_draft_with_numbers_of_both_kinds_is_never_submitted(acme, office, client):
    order = make_port_order(acme, numbers=("+14085550110", "+18005550110"))
    order.numbers.filter(e164="+18005550110").update(kind="toll_free")
    client.post(reverse("porting:order_submit", args=["acme", order.pk]))
    order.refresh_from_db()
    assert order.is_draft
