"""Locations and their connections in every country with a pack."""

import pytest
from django.urls import reverse

import countries
from pstn.offers import why_not
from tests.factories import make_connected_location, make_location

pytestmark = pytest.mark.django_db
NEW = "/acme/locations/new/"
ISOS = [iso for iso, _name in countries.choices()]


def address_of(location):
    return reverse("emergency:address_edit", args=["acme", location.pk])


def typed(iso):
    pack = countries.get(iso)
    return {
        "name": f"Office {iso}",
        "country": iso,
        "line1": "High Street 12",
        "city": "Town",
        "state": next(iter(pack.regions), ""),
        "postal_code": pack.postal_code_example,
    }


@pytest.mark.parametrize("iso", ISOS)
def test_a_location_can_be_made_and_connected(client, acme, ada, iso):
    client.force_login(ada)
    pack = countries.get(iso)
    form = client.get(NEW, {"country": iso}).context["form"]
    assert ("state" in form.fields) is pack.has_regions
    assert str(form.fields["postal_code"].label) == str(pack.labels.postal_code)
    assert client.post(NEW, typed(iso)).status_code == 302
    location = acme.locations.get(name=f"Office {iso}")
    assert (location.country, location.postal_code) == (iso, pack.postal_code_example)
    assert location.time_zone in pack.every_zone
    assert pack.city_line("Town", location.state, location.postal_code) in location.address_line
    assert why_not(location, "calling_plan") == ""


@pytest.mark.parametrize("iso", ISOS)
def test_a_postal_code_of_nowhere_gets_the_countrys_sentence(client, acme, ada, iso):
    client.force_login(ada)
    response = client.post(NEW, typed(iso) | {"postal_code": "x"})
    assert str(countries.get(iso).postal_code_sentence) in response.content.decode()
    assert not acme.locations.exists()


def test_the_state_of_another_country_goes_with_it(client, acme, ada):
    client.force_login(ada)
    location = make_location(acme)
    client.post(f"/acme/locations/{location.pk}/edit/", typed("DE"))
    location.refresh_from_db()
    assert (location.country, location.state, location.postal_code) == ("DE", "", "10117")
    assert location.address_line == "High Street 12, 10117 Town"


def test_an_emergency_address_without_a_state_is_validated(client, acme, ada):
    client.force_login(ada)
    location = make_location(acme, country="DE", line1="Unter den Linden 12", city="Berlin", state="")
    page = client.get(address_of(location))
    assert "state_code" not in page.context["form"].fields
    sent = {"line1": "Unter den Linden 12", "line2": "", "city": "Berlin", "postal_code": "10117"}
    client.post(address_of(location), sent)
    address = location.org.emergency_addresses.get(location=location)
    assert (address.state, str(address)) == ("validated", "Unter den Linden 12, 10117 Berlin")


def test_new_numbers_elsewhere_are_asked_of_support(client, acme, ada):
    make_connected_location(acme, country="DE", state="", postal_code="10117", city="Berlin")
    client.force_login(ada)
    location = acme.locations.get()
    page = client.get(f"/acme/numbers/start/?location={location.pk}").content.decode()
    assert "Request through support" in page
    assert "There are none for this country." in page
