"""base.html: who is here, where they are, what they are told."""

import pytest
from django.contrib import messages
from lxml import html

PAGE = '{% extends "base.html" %}{% block title %}Numbers{% endblock %}{% block heading %}PSTN{% endblock %}'


@pytest.fixture
def frame(draw, ask):
    def get(**asked):
        return html.fromstring(draw(PAGE, ask(**asked)))

    return get


def test_title_and_heading(frame):
    tree = frame()
    assert tree.findtext(".//title") == "Numbers · PSTN Hub"
    assert [h1.text for h1 in tree.iter("h1")] == ["PSTN"]


@pytest.mark.parametrize(("theme", "density"), [("dark", "compact"), ("system", "comfortable")])
def test_theme_and_density_come_from_the_person(frame, ada, theme, density):
    ada.theme, ada.density = theme, density
    tree = frame()
    assert (tree.get("data-theme"), tree.get("data-density")) == (theme, density)
    pressed = tree.xpath('//*[@aria-pressed="true"]/@value')
    assert pressed == [theme, density]


@pytest.mark.parametrize(
    ("view", "entry"),
    [
        ("pstn:overview", "Overview"),
        ("pstn:location_pstn", "Locations"),
        ("pstn:connection_step", "Locations"),
        ("pstn:number_list", "PSTN & Routing"),
        ("porting:order_detail", "PSTN & Routing"),
        ("emergency:address_list", "Emergency addresses"),
    ],
)
def test_navigation_marks_where_you_are(frame, view, entry):
    marked = frame(view=view).xpath('//nav[@id="nav"]//a[@aria-current="page"]')
    assert [link.text_content().strip() for link in marked] == [entry]


def test_partner_sees_whom_they_manage(frame, paula):
    tree = frame(user=paula)
    assert tree.xpath('//*[@class="strip"]')[0].text_content().strip() == "Managing: Acme"
    assert "has-strip" in tree.find("body").get("class")


def test_customer_sees_no_strip(frame):
    assert not frame().xpath('//*[@class="strip"]')


def test_switcher_names_this_organization_and_gets_the_others_when_opened(frame, globex):
    switcher = frame().xpath('//details[@class="switcher"]')[0]
    assert switcher.find("summary").text_content().strip() == "Acme"
    assert switcher.get("hx-get") == "/me/organizations/?here=acme"


def test_kept_parts_are_not_those_of_somebody_else(frame, ada, paula):
    frame(user=ada)
    assert "Paula Kern" in frame(user=paula).get_element_by_id("account").text_content()
    ada.name = "Ada Newname"
    assert "Ada Newname" in frame(user=ada).get_element_by_id("account").text_content()


def test_kept_parts_have_the_words_of_their_page(draw, ask):
    for path in ("/acme/numbers/?q=%3Cb%3E1", "/acme/orders/?q=2"):
        tree = html.fromstring(draw(PAGE, ask(path)))
        assert tree.get_element_by_id("search").get("value") == {"n": "<b>1", "o": "2"}[path[6]]
        assert tree.xpath('//*[@id="account"]//input[@name="next"]')[0].get("value") == path
        token = tree.xpath('//*[@id="account"]//input[@name="csrfmiddlewaretoken"]')[0].get("value")
        assert "chrome" not in token


def test_staff_links_are_for_staff(frame, staff):
    assert "Django admin" in frame(user=staff, org=None).text_content()
    assert "Django admin" not in frame().text_content()


def test_errors_interrupt_and_the_rest_waits(draw, ask):
    request = ask()
    messages.success(request, "2 numbers activated.")
    messages.error(request, "It is the main number.")
    tree = html.fromstring(draw(PAGE, request))
    assert "2 numbers activated." in tree.get_element_by_id("notices").text_content()
    assert "It is the main number." in tree.get_element_by_id("alerts").text_content()
    assert tree.get_element_by_id("alerts").get("role") == "alert"
    assert tree.get_element_by_id("notices").get("role") == "status"


def test_a_message_cannot_bring_markup(draw, ask):
    request = ask()
    messages.success(request, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in draw(PAGE, request)


def test_search_keeps_what_was_asked(frame):
    assert frame(path="/acme/numbers/?q=555").get_element_by_id("search").get("value") == "555"


def test_ids_are_unique(frame):
    ids = frame().xpath("//@id")
    assert sorted(ids) == sorted(set(ids))


def test_most_urgent_banner_only(draw, ask):
    banners = [
        {"tone": "warn", "text": "Terms wait.", "url": "/t", "action": "Review"},
        {"tone": "info", "text": "Later."},
    ]
    text = draw('{% include "parts/global_banner.html" %}', shell={"banners": banners})
    assert "Terms wait." in text
    assert "(1 more)" in text
    assert "Later." not in text
