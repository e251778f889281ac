"""How the console looks to a person, and the way to their other organizations."""

import pytest
from django.urls import reverse

PREFERENCES = reverse("accounts:preferences")


@pytest.fixture
def signed_in(client, ada):
    client.force_login(ada)
    return client


@pytest.mark.parametrize(
    ("field", "value"),
    [("theme", "dark"), ("theme", "light"), ("theme", "system"), ("density", "compact")],
)
def test_one_choice_is_saved_and_the_others_stay(signed_in, ada, field, value):
    ada.theme, ada.density = "light", "comfortable"
    ada.save()
    before = {"theme": "light", "density": "comfortable"}
    signed_in.post(PREFERENCES, {field: value})
    ada.refresh_from_db()
    assert {"theme": ada.theme, "density": ada.density} == {**before, field: value}


def test_the_page_is_drawn_in_the_chosen_theme(signed_in, ada):
    signed_in.post(PREFERENCES, {"theme": "dark"})
    page = signed_in.get(reverse("pstn:order_list", args=["acme"])).content.decode()
    assert 'data-theme="dark"' in page


@pytest.mark.parametrize("sent", [{"theme": "pink"}, {"is_staff": "on"}, {"email": "x@evil.example"}, {}])
def test_what_cannot_be_chosen_changes_nothing(signed_in, ada, sent):
    signed_in.post(PREFERENCES, sent)
    before = (ada.theme, ada.is_staff, ada.email)
    ada.refresh_from_db()
    assert (ada.theme, ada.is_staff, ada.email) == before


@pytest.mark.parametrize(
    ("sent", "lands"),
    [
        ("/acme/orders/?show=done", "/acme/orders/?show=done"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_it_goes_back_to_the_page_but_never_elsewhere(signed_in, sent, lands):
    assert signed_in.post(PREFERENCES, {"theme": "dark", "next": sent}).headers["Location"] == lands


def test_it_is_no_link(signed_in):
    assert signed_in.get(PREFERENCES).status_code == 405


def test_a_stranger_has_no_preferences(client, db):
    assert (
        client.post(PREFERENCES, {"theme": "dark"}).headers["Location"].startswith(reverse("account_login"))
    )


def test_the_switcher_lists_the_persons_organizations_and_marks_this_one(client, paula, globex):
    paula.memberships.create(org=globex, role="partner_admin")
    client.force_login(paula)
    listed = client.get("/me/organizations/?here=acme", headers={"HX-Request": "true"}).content.decode()
    assert '<a href="/acme/" aria-current="true">Acme</a>' in listed
    assert '<a href="/globex/">Globex</a>' in listed


def test_the_switcher_never_names_another_organization(signed_in, globex, mallory):
    page = signed_in.get("/me/organizations/").content.decode()
    assert '<a href="/acme/">Acme</a>' in page
    assert "Globex" not in page


def test_a_partner_sees_whom_they_manage(client, paula, ada):
    page = reverse("pstn:order_list", args=["acme"])
    client.force_login(paula)
    assert "Managing: <strong>Acme</strong>" in client.get(page).content.decode()
    client.force_login(ada)
    assert "Managing:" not in client.get(page).content.decode()


def test_the_time_zone_is_chosen_on_a_page_of_its_own(signed_in, ada):
    page = signed_in.get(reverse("accounts:time_zone"), {"next": "/acme/orders/"}).content.decode()
    assert "<option selected>America/Los_Angeles</option>" in page
    response = signed_in.post(PREFERENCES, {"time_zone": "America/New_York", "next": "/acme/orders/"})
    assert response.url == "/acme/orders/"
    ada.refresh_from_db()
    assert ada.time_zone == "America/New_York"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "localtime"])
def test_a_zone_that_is_none_changes_nothing(signed_in, ada, zone):
    signed_in.post(PREFERENCES, {"time_zone": zone})
    ada.refresh_from_db()
    assert ada.time_zone == "America/Los_Angeles"


def test_the_way_back_stays_in_the_console(signed_in):
    page = signed_in.get(reverse("accounts:time_zone"), {"next": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page
