"""panel_page.html: one template, a page for people and a part for htmx."""

import pytest
from django.contrib import messages
from lxml import html

from lib.htmx import page_or_part

CONTEXT = {"list_url": "/acme/things/?state=active", "fact": "It works."}


@pytest.fixture
def open_thing(ask, own_templates):
    def get(**asked):
        request = ask(**asked)
        messages.success(request, "Saved.")
        return page_or_part(request, "thing_detail.html", "panel", CONTEXT).text

    return get


def test_page_has_list_and_panel(open_thing):
    tree = html.fromstring(open_thing())
    panel = tree.get_element_by_id("panel")
    assert "Thing seven" in panel.text_content()
    assert "It works." in panel.text_content()
    assert [h1.text for h1 in tree.iter("h1")] == ["Things"]
    assert tree.xpath("//*[@data-behind]/@hx-get") == [CONTEXT["list_url"]]


def test_part_is_the_panel_alone(open_thing):
    text = open_thing(target="panel")
    assert "<html" not in text
    assert "<main" not in text
    assert 'id="panel"' not in text
    assert "<title>Thing 7 · PSTN Hub</title>" in text
    assert "Thing seven" in text
    assert "Mend" in text


def test_part_carries_its_messages(open_thing):
    assert 'hx-swap-oob="beforeend:#notices"' in open_thing(target="panel")


def test_another_target_gets_the_page(open_thing):
    assert "<html" in open_thing(target="results")


def test_close_is_a_link_to_the_list(open_thing):
    tree = html.fromstring(open_thing())
    assert tree.xpath("//a[@data-panel-close]/@href") == [CONTEXT["list_url"]]


def test_part_after_page_after_part(open_thing):
    """The frame is chosen for each request, not remembered with the compiled template."""
    texts = [open_thing(target=target) for target in ("panel", None, "panel")]
    assert ["<html" in text for text in texts] == [False, True, False]
