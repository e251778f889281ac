"""wizard.html: one form, steps, and the way on."""

from types import SimpleNamespace

import pytest
from django import forms
from lxml import html


class StepForm(forms.Form):
    city = forms.CharField(label="City")


STEPS = [
    SimpleNamespace(title="Location", url="/1", state="done"),
    SimpleNamespace(title="Carrier", url="/2", state="error", note="ZIP code differs"),
    SimpleNamespace(title="Bill", url="/3", state="current"),
    SimpleNamespace(title="Review", url="", state="todo"),
]


@pytest.fixture
def step(draw):
    def render(**context):
        full = {
            "title": "Port numbers over",
            "steps": STEPS,
            "form": StepForm(),
            "step_title": "The bill",
            **context,
        }
        return html.fromstring(draw('{% include "wizard.html" %}', **full))

    return render


def test_steps_done_and_wrong_are_links_and_the_current_one_is_marked(step):
    tree = step()
    assert tree.xpath('//ol[@class="stepper"]//a/@href') == ["/1", "/2"]
    assert tree.xpath('//*[@aria-current="step"]')[0].text_content().strip() == "Bill"
    assert "(done)" in tree.xpath('//a[@href="/1"]')[0].text_content()
    assert "(needs attention)" in tree.xpath('//a[@href="/2"]')[0].text_content()


def test_long_wizards_have_a_rail(step):
    tree = step(rail=True)
    assert tree.xpath('//ol[@class="rail"]')
    assert not tree.xpath('//ol[@class="stepper"]')


def test_enter_means_next_and_not_leave(step):
    first, *others = step(next_label="Agree and continue").xpath('//form[@id="step-form"]//button')
    assert first.get("name") is None
    assert first.text == "Agree and continue"
    assert [button.get("value") for button in others] == ["leave", None]


def test_files_are_sent(step):
    assert step().get_element_by_id("step-form").get("enctype") == "multipart/form-data"


def test_back_only_where_there_is_a_way_back(step):
    assert not step().xpath('//form//a[contains(@class, "secondary")]')
    assert step(back_url="/1").xpath('//form//a[contains(@class, "secondary")]/@href') == ["/1"]


def test_leaving_can_be_ruled_out(step):
    assert not step(can_leave=False).xpath('//button[@value="leave"]')
