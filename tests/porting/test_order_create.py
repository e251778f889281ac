"""A draft begins: what is refused to trials, whose location it may name, where it leads."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from tests.factories import make_connected_location, make_location
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def create():
    return reverse("porting:order_create", args=["acme"])


def test_it_makes_a_draft_and_leads_to_its_first_step(acme, ada, signed_in, create):
    response = signed_in(ada).post(create)
    order = acme.port_orders.get()
    assert response.url == reverse("porting:order_step", args=["acme", order.pk, "location"])
    assert (order.state, order.created_by, order.location) == ("draft", ada, None)
    assert AuditEntry.objects.get().what == "port_order.create"


def test_a_ready_location_is_taken_over(acme, ada, office, signed_in, create):
    response = signed_in(ada).post(create, {"location": office.pk})
    assert acme.port_orders.get().location == office
    assert response.url.endswith("/edit/numbers/")


def test_a_location_without_calling_plan_is_not(acme, ada, signed_in, create):
    premises = make_connected_location(acme, "premises")
    signed_in(ada).post(create, {"location": premises.pk})
    assert acme.port_orders.get().location is None


def test_the_neighbors_location_is_not(acme, globex, ada, signed_in, create):
    signed_in(ada).post(create, {"location": make_connected_location(globex).pk})
    assert acme.port_orders.get().location is None


def test_a_trial_is_told_why_not(acme, ada, signed_in, create):
    acme.is_trial = True
    acme.save()
    page = signed_in(ada).get(create)
    assert b"Porting comes with a paid subscription" in page.content
    assert signed_in(ada).post(create).status_code == 403
    assert not acme.port_orders.exists()


def test_the_page_offers_drafts_to_go_on_with(acme, ada, signed_in, create):
    order = make_port_order(acme)
    assert order.get_absolute_url() in signed_in(ada).get(create).content.decode()


def test_the_location_step_lists_what_fits_and_says_why_others_do_not(acme, ada, office, signed_in, url):
    make_location(acme, name="Warehouse")
    make_connected_location(acme, "premises", name="Portland")
    order = acme.port_orders.create(created_by=ada)
    page = signed_in(ada).get(url("order_step", order, "location"))
    assert list(page.context["form"].fields["location"].queryset) == [office]
    assert [name for name, _reason, _url in page.context["others"]] == ["Portland", "Warehouse"]


def test_the_location_step_saves(acme, ada, office, signed_in, url):
    order = acme.port_orders.create(created_by=ada)
    response = signed_in(ada).post(
        url("order_step", order, "location"), {"location": office.pk, "version": "0"}
    )
    order.refresh_from_db()
    assert (order.location, order.version) == (office, 1)
    assert response.url == url("order_step", order, "numbers")


def test_many_locations_are_a_list(acme, ada, signed_in, url):
    for number in range(9):
        make_connected_location(acme, name=f"Shop {number}")
    order = acme.port_orders.create(created_by=ada)
    page = signed_in(ada).get(url("order_step", order, "location"))
    assert b'<select name="location"' in page.content


def test_a_location_administrator_reaches_only_their_own(acme, lou, office, signed_in, url):
    other = make_port_order(acme)
    mine = acme.port_orders.create(created_by=lou)
    client = signed_in(lou)
    assert (
        client.get(url("order_step", mine, "location")).context["form"].fields["location"].queryset.count()
        == 0
    )
    assert client.get(url("order_detail", other)).status_code == 404
    assert client.get(url("order_step", other, "carrier")).status_code == 404
