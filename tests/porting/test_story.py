"""The whole way with the simulated carrier: a wizard filled in, a true rejection, the fix, FOC, completion."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from notifications.models import Message
from porting.tasks import feed
from simulator import appointments
from tests.files import bill_pdf

pytestmark = pytest.mark.django_db
ACCOUNT = {
    "losing_carrier": "Valley Telephone",
    "btn": "(408) 555-0110",
    "account_number": "VT-204418",
    "pin": "",
    "company_name": "Acme, Inc.",
    "authorized_name": "Ada Park",
    "address_line1": "100 Main Street",
    "address_line2": "",
    "city": "San Jose",
    "region": "CA",
    "postal_code": "95113",
    "full_port": "True",
    "new_btn": "",
}


def step(order, slug):
    return reverse("porting:order_step", args=["acme", order.pk, slug])


def hidden(response, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', response.content.decode())[1]


def fill(client, order, slug, data):
    page = client.get(step(order, slug))
    response = client.post(step(order, slug), {**data, "version": hidden(page, "version")})
    assert response.status_code == 302, response.content.decode()
    return response


def sign(client, page, url, **extra):
    data = {
        "first_name": "Ada",
        "last_name": "Park",
        "title": "Owner",
        "consent": "on",
        "version": hidden(page, "version"),
    }
    return client.post(url, {**data, "shown": hidden(page, "shown"), **extra})


def let_time_pass(at_work):
    """The carrier does the next thing that it has planned, and the console reads of it."""
    with at_work():
        appointments.keep_next()
        feed.take_carrier_events()


def test_from_draft_to_completed(acme, ada, office, signed_in, at_work):
    call_command("simulator_demo")
    client = signed_in(ada)
    client.post(reverse("porting:order_create", args=["acme"]), {"location": office.pk})
    order = acme.port_orders.get()
    fill(client, order, "numbers", {"numbers": "408-555-0110 - 12"})
    day = client.get(step(order, "date")).context["form"].open[2]
    fill(client, order, "date", {"requested_date": day.isoformat(), "notify": "it@acme.example"})
    fill(client, order, "carrier", ACCOUNT)
    issued = order.today - timedelta(days=5)
    bill = SimpleUploadedFile("bill.pdf", bill_pdf(issued=issued))
    fill(client, order, "bill", {"bill": bill, "dated": issued.isoformat()})
    page = client.get(step(order, "loa"))
    assert sign(client, page, step(order, "loa")).url == step(order, "review")
    submit = reverse("porting:order_submit", args=["acme", order.pk])
    assert client.post(submit).url == step(order, "review"), "the bill and the record know another ZIP code"
    assert client.post(submit, {"anyway": "bad"}).url == order.get_absolute_url()
    order.refresh_from_db()
    assert order.state == "submitted"
    assert set(acme.phone_numbers.values_list("state", flat=True)) == {"porting"}

    let_time_pass(at_work)
    page = client.get(order.get_absolute_url())
    assert (page.context["order"].state, page.context["order"].reject_code) == ("rejected", "zip_mismatch")
    assert list(page.context["fix"].form.fields) == ["postal_code"]

    resubmit = reverse("porting:order_resubmit", args=["acme", order.pk])
    client.post(resubmit, {"postal_code": "95112", "version": hidden(page, "version")})
    page = client.get(order.get_absolute_url())
    sign(client, page, resubmit)
    order.refresh_from_db()
    assert (order.state, order.attempt) == ("submitted", 2)

    let_time_pass(at_work)
    order.refresh_from_db()
    assert (order.state, order.foc_date) == ("foc_received", day)
    let_time_pass(at_work)
    order.refresh_from_db()
    assert order.state == "activating"
    let_time_pass(at_work)
    order.refresh_from_db()
    assert order.is_here
    assert set(acme.phone_numbers.values_list("state", flat=True)) == {"active"}
    kinds = list(Message.objects.filter(to="ada@acme.example").order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "port_submitted",
        "port_rejected",
        "port_submitted",
        "port_foc_received",
        "port_completed",
    ]
    assert Message.objects.filter(to="it@acme.example", kind="port_completed").count() == 1
