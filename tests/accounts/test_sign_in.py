"""Signing in and out, the limit on wrong passwords, and where a person lands."""

import pytest
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.usefixtures("fresh_limits")
LOGIN = reverse("account_login")
PASSWORD = "correct horse battery"


@pytest.fixture
def ada(ada):
    ada.set_password(PASSWORD)
    ada.save()
    return ada


def sign_in(client, password=PASSWORD, email="ada@acme.example", **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def signed_in(client):
    return "_auth_user_id" in client.session


def test_a_person_signs_in_and_lands_in_their_organization(client, ada):
    response = sign_in(client)
    assert (response.status_code, response.headers["Location"]) == (302, reverse("accounts:home"))
    assert client.get(reverse("accounts:home")).headers["Location"] == "/acme/"
    cookie = client.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_the_address_may_be_written_in_capitals(client, ada):
    sign_in(client, email="Ada@ACME.example")
    assert signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"), [("ada@acme.example", "wrong"), ("nobody@acme.example", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_look_the_same(client, ada, email, password):
    response = sign_in(client, password, email)
    assert response.status_code == 200
    assert not signed_in(client)
    assert "not correct" in response.content.decode()


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client, ada):
    for _ in range(5):
        sign_in(client, "wrong")
    response = sign_in(client)
    assert not signed_in(client)
    assert "Too many failed" in response.content.decode()


def test_the_limit_is_of_one_address_not_of_everybody(client, ada, eli):
    eli.set_password(PASSWORD)
    eli.save()
    for n in range(5):
        sign_in(client, "wrong", REMOTE_ADDR=f"198.51.100.{n}")
    sign_in(client, email="eli@acme.example", REMOTE_ADDR="198.51.100.99")
    assert signed_in(client)


def test_ten_wrong_tries_from_one_place_are_enough_for_any_address(client, ada):
    for n in range(10):
        sign_in(client, "wrong", f"someone{n}@acme.example")
    sign_in(client)
    assert not signed_in(client)


def test_four_wrong_passwords_do_no_harm(client, ada):
    for _ in range(4):
        sign_in(client, "wrong")
    sign_in(client)
    assert signed_in(client)


def test_who_is_switched_off_does_not_get_in(client, ada):
    User.objects.update(is_active=False)
    response = sign_in(client)
    assert not signed_in(client)
    assert "switched off" in response.content.decode()


def test_signing_in_leads_back_but_never_elsewhere(client, ada):
    for after, lands in [
        ("/acme/orders/", "/acme/orders/"),
        ("https://evil.example/", reverse("accounts:home")),
    ]:
        response = client.post(
            f"{LOGIN}?next={after}", {"login": ada.email, "password": PASSWORD, "next": after}
        )
        assert response.headers["Location"] == lands
        client.logout()


def test_signing_out_needs_a_press_and_ends_the_session(client, ada):
    sign_in(client)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in(client)
    client.post(reverse("account_logout"))
    assert not signed_in(client)
    assert client.get("/acme/orders/").status_code == 302


def test_nobody_signs_up(client, db):
    assert client.get("/account/signup/").status_code in (302, 404)
    client.post("/account/signup/", {"email": "x@evil.example", "password1": PASSWORD})
    assert not User.objects.exists()


def test_staff_without_an_organization_lands_at_the_desk(client, staff):
    client.force_login(staff)
    assert client.get("/").headers["Location"] == reverse("admin:index")


def test_a_person_in_no_organization_is_told_so_and_can_sign_out(client, ada):
    ada.memberships.all().delete()
    client.force_login(ada)
    page = client.get("/").content.decode()
    assert "ada@acme.example" in page
    assert "No organization yet" in page
    assert reverse("account_logout") in page
