"""Where help is sent for many numbers at once: the form of the background job that sets their address."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pstn.forms.addresses import city_fields, clean_postal_code, country_pack, follow_country
from pstn.forms.job_form import JobForm

ADDRESS_FIELDS = ("line1", "line2", "city", "state_code", "postal_code")


class AddressJobForm(JobForm):
    """Where help is sent: to the location, to an address that is known already, or to another one."""

    way = forms.ChoiceField(
        label=gettext_lazy("Help is sent to"),
        choices=[
            ("known", gettext_lazy("An address that is validated already")),
            ("typed", gettext_lazy("Another address")),
            ("clear", gettext_lazy("The address of each number's location")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where help is sent.")},
    )
    address = forms.ChoiceField(label=gettext_lazy("Validated address"), required=False)
    line1 = forms.CharField(label=gettext_lazy("Street address"), max_length=150, required=False)
    line2 = forms.CharField(
        label=gettext_lazy("Floor, suite"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("It may be empty."),
    )
    city = forms.CharField(label=gettext_lazy("City"), max_length=50, required=False)
    state_code = forms.CharField(
        label=gettext_lazy("State, province or region"), max_length=40, required=False
    )
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=10, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = list(dict.fromkeys(place.country for place in self.sources())) or ["US"]
        asked = str(self.data.get("country", "")) if self.is_bound else ""
        self.iso = asked if asked in here else here[0]
        follow_country(self, self.iso, "state_code")
        if "state_code" in self.fields:
            self.fields["state_code"].required = False
        self._choose("country", [(iso, _country_name(iso)) for iso in here])
        if len(here) == 1:
            self.fields["country"].widget = forms.HiddenInput()
        self.initial["country"] = self.iso
        known = self.org.emergency_addresses.within(self.membership).filter(state="validated", number=None)
        rows = known.filter(location__country__in=here).select_related("location").order_by("location__name")
        self._choose(
            "address", [("", _("Choose")), *((str(one.pk), f"{one.location}: {one}") for one in rows)]
        )
        self.helper = FormHelper()
        self.helper.hide_optional = True
        typed = ["country", "line1", "line2", Row(*city_fields(self.iso, "state_code"))]
        # static/console.css shows what belongs to the way that is chosen.
        known = Div("address", css_class="if-known field wide")
        self.helper.layout = Layout("way", known, Div(*typed, css_class="if-typed field wide"))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        way = data.get("way")
        if way == "known" and not data.get("address"):
            self.add_error("address", _("Choose an address."))
        if way != "typed":
            return data
        needed = {"line1", "city", "postal_code"} | ({"state_code"} & set(self.fields))
        for name in [name for name in ADDRESS_FIELDS if name in needed and not data.get(name)]:
            self.add_error(name, _("This is part of the address."))
        if data.get("postal_code"):
            try:
                data["postal_code"] = clean_postal_code(data["postal_code"], self.iso)
            except ValidationError as error:
                self.add_error("postal_code", error)
        return data

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data["way"] == "clear":
            return {"clear": True}
        if data["way"] == "known":
            return {"address": int(data["address"])}
        return {"country": self.iso, **{name: data.get(name, "") for name in ADDRESS_FIELDS}}


def _country_name(iso: str) -> str:
    pack = country_pack(iso)
    return str(pack.name) if pack else iso
