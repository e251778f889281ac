"""What people fill in about a location: where it is, and which number it shows to the world."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import countries
from accounts.scoping import OrgModelForm
from lib import phone
from pstn.forms.addresses import address_layout, clean_postal_code, country_pack, follow_country
from pstn.models import Location, PhoneNumber

SELECT_LIMIT = 200  # beyond this a list to choose from is no help; the number is typed instead

# Another country draws the fields anew around what was typed. Nothing but them is sent: no token in a URL.
REDRAW = {
    "hx-get": "",
    "hx-target": "#location-fields",
    "hx-include": "#location-fields",
    "hx-swap": "outerHTML",
}


class LocationForm(OrgModelForm):
    """A location. Its address fields follow the country, which is fixed once anything depends on it."""

    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Dates of orders are shown in it. Left empty, it follows the address."),
    )

    class Meta:
        model = Location
        fields: ClassVar[list[str]] = [
            "name", "country", "line1", "line2", "city", "state", "postal_code", "time_zone",
            "routing_prefix",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fixed = self.instance.pk is not None and self.instance.is_country_fixed
        self.fields["country"] = forms.ChoiceField(
            label=gettext_lazy("Country or region"),
            choices=self._countries(),
            widget=forms.Select(attrs=REDRAW),
            disabled=fixed,
            help_text=_("Fixed, because the PSTN connection or the numbers follow it.") if fixed else "",
        )
        follow_country(self, self.country, "state")
        self.fields["time_zone"].choices = self._zones()  # type: ignore[attr-defined]
        self.helper = address_layout(
            "name", "country", iso=self.country, region="state", after=("time_zone", "routing_prefix")
        )

    @property
    def country(self) -> str:
        """The country that the fields are drawn for: the one chosen just now, or the location's."""
        offered = {code for code, _name in self._countries()}
        chosen = self.data.get("country") if self.is_bound else self.initial.get("country")
        known: str = self.instance.country
        return str(chosen) if chosen in offered and not self.fields["country"].disabled else known

    def _countries(self) -> list[tuple[str, Any]]:
        offered = countries.choices()
        stored = self.instance.country
        return offered if stored in dict(offered) else [*offered, (stored, stored)]

    def _zones(self) -> list[tuple[str, Any]]:
        pack = country_pack(self.country)
        zones = set(pack.every_zone) if pack else set()
        if self.instance.pk:
            zones.add(self.instance.time_zone)
        return [("", _("As the address")), *((zone, zone.replace("_", " ")) for zone in sorted(zones))]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.org.locations.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another location has this name."))
        return name

    def clean_routing_prefix(self) -> str:
        """What other locations dial before an extension of this one; each location its own."""
        prefix = "".join(self.cleaned_data["routing_prefix"].split())
        if prefix and not (prefix.isascii() and prefix.isdigit()):
            raise forms.ValidationError(_("A routing prefix has digits only."))
        if prefix:
            others = self.org.locations.filter(routing_prefix=prefix).exclude(pk=self.instance.pk)
            if other := others.first():
                raise forms.ValidationError(_("%(location)s has this prefix.") % {"location": other})
        return prefix

    def clean_postal_code(self) -> str:
        return clean_postal_code(self.cleaned_data["postal_code"], self.country)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        pack = country_pack(self.country)
        if pack and not pack.has_regions:
            cleaned["state"] = ""
        if not cleaned.get("time_zone"):
            zone = pack.zone(cleaned.get("state", "")) if pack else self.instance.time_zone
            cleaned["time_zone"] = zone
        return cleaned


class MainNumberForm(forms.Form):
    """Which active number of the location is its main number."""

    number = forms.CharField(label=gettext_lazy("Main number"), max_length=40)

    def __init__(self, data: Any = None, *, location: Location) -> None:
        main = location.main_number
        super().__init__(data, initial={"number": main.e164 if main else ""})
        self.location = location
        offered = list(location.phone_numbers.assignable()[: SELECT_LIMIT + 1])
        self.has_choices = bool(offered)
        if len(offered) > SELECT_LIMIT:
            self.fields["number"].help_text = _("Type one of the active numbers of this location.")
            return
        choices = [("", _("Choose a number")), *((n.e164, phone.international(n.e164)) for n in offered)]
        self.fields["number"].widget = forms.Select(choices=choices)

    def clean_number(self) -> PhoneNumber:
        read = phone.parse(self.cleaned_data["number"], self.location.country)
        if isinstance(read, phone.Reason):
            raise forms.ValidationError(read.sentence)
        number: PhoneNumber | None = self.location.phone_numbers.assignable().filter(e164=read.e164).first()
        if number is None:
            raise forms.ValidationError(
                _("%(number)s is not an active number of %(location)s.")
                % {"number": phone.international(read.e164), "location": self.location}
            )
        return number
