"""How the fields of an address follow the country: labels, list of regions, shape of the postal code."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

import countries


def country_pack(iso: str) -> countries.Country | None:
    """The pack of a location's country, or None: staff may have made a location where there is none yet."""
    try:
        return countries.get(iso)
    except countries.UnknownCountry:
        return None


def follow_country(form: forms.BaseForm, iso: str, region: str) -> None:
    """Give the address fields the words and choices of a country. `region` names the region's field; it goes
    where addresses have none."""
    pack = country_pack(iso)
    if pack is None:
        return
    if not pack.has_regions:
        del form.fields[region]
        if isinstance(form, forms.BaseModelForm):
            setattr(form.instance, region, "")  # what another country's address said there
    labels = {
        "line1": pack.labels.line1,
        "line2": pack.labels.line2,
        "city": pack.labels.city,
        region: pack.labels.region,
        "postal_code": pack.labels.postal_code,
    }
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = str(label)
    if not pack.has_regions:
        return
    form.fields[region] = forms.ChoiceField(
        label=str(labels[region]),
        choices=[("", _("Choose")), *pack.regions.items()],
        error_messages={"required": _("Choose one from the list.")},
    )


def clean_postal_code(text: str, iso: str) -> str:
    """The postal code as the country writes it. Raises ValidationError with the country's sentence."""
    pack = country_pack(iso)
    if pack is None:
        return text
    code = pack.clean_postal_code(text)
    if code is None:
        raise forms.ValidationError(str(pack.postal_code_sentence))
    return code


def address_layout(*before: str, iso: str, region: str, after: tuple[str, ...] = ()) -> FormHelper:
    """The fields in the reading order of the country, those below the street in one row where it fits."""
    helper = FormHelper()
    helper.layout = Layout(*before, "line1", "line2", Row(*city_fields(iso, region)), *after)
    return helper


def city_fields(iso: str, region: str) -> list[str]:
    """The names of the fields below the street, in the order in which the country writes them."""
    pack = country_pack(iso)
    names = ["city", region, "postal_code"]
    if pack and pack.address_form.startswith("{postal_code}"):
        names = ["postal_code", "city", region]
    return [name for name in names if name != region or pack is None or pack.has_regions]


def capitalize_labels(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        field.label = capfirst(field.label) if field.label else field.label
