"""The crispy pack: every field says what it is, what helps and what is wrong, to eyes and to ears."""

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.core.files.base import ContentFile
from django.utils.html import format_html
from lxml import html


class PortForm(forms.Form):
    numbers = forms.CharField(label="Numbers", widget=forms.Textarea, help_text="Paste anything.")
    kind = forms.ChoiceField(
        label="Kind",
        help_text="On the bill.",
        choices=[("full", format_html("<b>{}</b>", "Full")), ("partial", "Partial")],
        widget=forms.RadioSelect(attrs={"class": "cards"}),
    )
    tell = forms.MultipleChoiceField(
        label="Tell me", required=False, choices=[("a", "A")], widget=forms.CheckboxSelectMultiple
    )
    pin = forms.CharField(label="PIN", required=False, widget=forms.PasswordInput)
    bill = forms.FileField(label="Bill")
    sure = forms.BooleanField(label="I am sure")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


class LaidOut(PortForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("numbers", Fieldset("Billing", Row("kind", "pin")), "bill", "sure")


@pytest.fixture
def show(draw):
    def render(form):
        return html.fromstring(f"<div>{draw('{% load console %}{% form_fields form %}', form=form)}</div>")

    return render


@pytest.mark.parametrize("form_class", [PortForm, LaidOut])
@pytest.mark.parametrize("data", [None, {}, {"numbers": "1", "kind": "full"}])
def test_every_description_exists(show, form_class, data):
    tree = show(form_class(data))
    named = [name for group in tree.xpath("//@aria-describedby") for name in group.split()]
    assert named
    assert [name for name in named if not tree.xpath(f'//*[@id="{name}"]')] == []


def test_every_control_has_a_label(show):
    tree = show(PortForm())
    controls = tree.xpath('//input[not(@type="hidden")]/@id | //textarea/@id')
    assert controls
    assert [id for id in controls if not tree.xpath(f'//label[@for="{id}"]')] == []


def test_optional_is_marked_and_required_is_not(show):
    marked = show(PortForm()).xpath('//*[@class="optional"]/parent::*')
    assert [element.text.strip() for element in marked] == ["Tell me", "PIN"]


def test_choices_are_a_group_with_a_name(show):
    legends = show(PortForm()).xpath("//fieldset/legend")
    assert [legend.text.strip() for legend in legends] == ["Kind", "Tell me"]


def test_cards_may_hold_markup_but_plain_labels_may_not(show):
    form = PortForm()
    form.fields["tell"].choices = [("a", "<b>no</b>")]
    tree = show(form)
    assert tree.xpath('//div[@class="choices"]//b/text()') == ["Full"]
    assert not tree.xpath('//div[not(@class="choices")]/label//b')


def test_summary_links_lead_to_the_fields(show):
    tree = show(PortForm({}))
    links = tree.xpath("//*[@data-errors]//a/@href")
    assert links == ["#id_numbers", "#id_kind_0", "#id_bill", "#id_sure"]
    assert [link for link in links if not tree.xpath(f'//*[@id="{link[1:]}"]')] == []


def test_errors_of_the_whole_form_are_said(show):
    form = PortForm({})
    form.add_error(None, "The order was sent already.")
    assert "The order was sent already." in show(form).xpath("//*[@data-errors]")[0].text_content()


def test_no_summary_without_errors(show):
    assert not show(PortForm()).xpath("//*[@data-errors]")


def test_what_was_typed_stays_and_is_escaped(show):
    tree = show(PortForm({"numbers": '408"><script>'}))
    assert tree.get_element_by_id("id_numbers").text.strip() == '408"><script>'


def test_a_file_that_is_there_is_named(show):
    form = PortForm(initial={"bill": ContentFile(b"x", name="bills/2026/bill.pdf")})
    assert "Current file: bill.pdf." in show(form).text_content()


def test_hidden_fields_are_only_themselves(show):
    field = show(PortForm()).get_element_by_id("id_secret")
    assert field.getparent().get("class") is None


def test_a_helper_brings_no_form_of_its_own(show):
    tree = show(LaidOut())
    assert not tree.xpath("//form | //input[@name='csrfmiddlewaretoken']")
    assert tree.xpath('//fieldset[contains(@class, "group")]/legend/text()') == ["Billing"]


def test_crispy_tag_alone_makes_a_whole_form(draw):
    text = draw("{% load crispy_forms_tags %}{% crispy form %}", form=LaidOut())
    form = html.fromstring(text)
    assert form.tag == "form"
    assert form.get("enctype") == "multipart/form-data"
    assert form.get("novalidate") is not None


def test_formset_as_table(draw):
    Rows = forms.formset_factory(PortForm, extra=2)
    formset = Rows()
    formset.helper = FormHelper()
    formset.helper.template = "console/table_inline_formset.html"
    tree = html.fromstring(
        draw("{% load crispy_forms_tags %}{% crispy formset formset.helper %}", formset=formset)
    )
    assert len(tree.xpath("//tbody/tr")) == 2
    assert tree.xpath("//input[@name='form-TOTAL_FORMS']")
