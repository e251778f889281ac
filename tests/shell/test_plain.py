"""Pages that must work when little else does."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from lxml import html


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_error_pages_need_no_context(name):
    tree = html.fromstring(render_to_string(name))
    assert tree.findtext(".//h1")
    assert tree.xpath("//main//a/@href") == ["/"]


def test_an_error_can_name_its_reference():
    assert "Reference 7f3a" in render_to_string("500.html", {"reference": "7f3a"})


@pytest.mark.django_db
def test_sign_in_page(client):
    page = html.fromstring(client.get(reverse("account_login")).text)
    assert page.findtext(".//h1") == "Sign in"
    assert page.xpath('//input[@type="password"]')
    assert not page.xpath('//*[contains(@href, "signup")]')


@pytest.mark.django_db
def test_a_wrong_password_is_said_and_the_address_stays(client):
    answer = client.post(reverse("account_login"), {"login": "ada@acme.example", "password": "wrong"})
    page = html.fromstring(answer.text)
    assert page.xpath("//*[@data-errors]//li")
    assert page.get_element_by_id("id_login").get("value") == "ada@acme.example"


def test_sign_out_asks_first(client, ada):
    client.force_login(ada)
    assert "Sign out?" in client.get(reverse("account_logout")).text
