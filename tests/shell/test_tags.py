"""Filters and tags of accounts.templatetags.console."""

import datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.utils import timezone

from accounts.templatetags import console

MOMENT = datetime.datetime(2026, 11, 3, 18, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("filter", "given", "shown"),
    [
        (console.phone, "+14085550142", "+1 408-555-0142"),
        (console.national, "+14085550142", "(408) 555-0142"),
        (console.national, "ext 12", "ext 12"),
        (console.phone, "", ""),
        (console.phone, None, ""),
        (console.phone, "x4-4900", "Extension 4900"),
        (console.grouped, 12400, "12,400"),
        (console.initials, "Ada Park", "AP"),
        (console.initials, "ada@acme.example", "AA"),
        (console.initials, "", ""),
        (console.filename, "a/b/bill.pdf", "bill.pdf"),
    ],
)
def test_filters(filter, given, shown):
    assert filter(given) == shown


def test_local_time_names_its_zone():
    text = console.local_time(MOMENT, "America/New_York")
    assert "1:05 p.m. EST" in text
    assert 'datetime="2026-11-03T13:05:00-05:00"' in text


def test_local_time_follows_the_person():
    with timezone.override("America/Los_Angeles"):
        assert "10:05 a.m. PST" in console.local_time(MOMENT)


def test_local_date_is_the_day_there():
    late = datetime.datetime(2026, 11, 4, 2, 0, tzinfo=datetime.UTC)
    assert 'datetime="2026-11-03"' in console.local_date(late, "America/New_York")
    assert 'datetime="2026-11-04"' in console.local_date(late.date())


@pytest.mark.parametrize("filter", [console.local_time, console.local_date])
def test_no_moment_is_nothing(filter):
    assert filter(None) == ""


def test_icons_are_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in console.icon("phone")


@pytest.mark.parametrize("tone", ["ok", "info", "warn", "bad", "mute"])
def test_status_is_a_shape_and_a_word(draw, tone):
    text = draw("{% load console %}{% status tone 'Active' %}", tone=tone)
    assert "Active" in text
    assert 'aria-hidden="true"' in text


def test_a_page_may_say_its_own_section(draw):
    assert draw("{% load console %}{% nav_section %}", section="emergency") == "emergency"


def test_first_id_of_a_group_is_its_first_choice():
    class Form(forms.Form):
        kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
        name = forms.CharField()

    form = Form()
    assert [console.first_id(form["kind"]), console.first_id(form["name"])] == ["id_kind_0", "id_name"]


def test_dialog_holds_its_content(draw):
    text = draw(
        '{% load console %}{% dialog "gone" title="Discard?" %}<p>{{ x }}</p>{% enddialog %}', x="<i>"
    )
    assert '<dialog id="gone"' in text
    assert "<p>&lt;i&gt;</p>" in text


def test_pager_keeps_the_rest_of_the_query(draw, ask):
    request = ask("/acme/numbers/?q=55&before=old")
    text = draw('{% include "parts/pager.html" %}', request, page=SimpleNamespace(next="n1", previous=None))
    assert 'href="/acme/numbers/?q=55&amp;after=n1"' in text
    assert "Previous" not in text


def test_pager_of_a_single_page_is_nothing(draw):
    page = SimpleNamespace(next=None, previous=None)
    assert draw('{% include "parts/pager.html" %}', page=page).strip() == ""


def test_facts_that_are_missing_show_a_dash(draw):
    text = draw('{% include "parts/kv.html" %}', rows=[("FOC date", None), ("Count", 0)])
    assert "–" in text
    assert "<dd>0</dd>" in text
