"""The forms of the order wizard: where the numbers go, which ones to look for, which of those to keep."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

import countries
from accounts.models import Membership, Organization
from accounts.scoping import OrgModelForm
from pstn import stock, trial
from pstn.models import Connection, NumberOrder
from pstn.workflow.number_orders import ORDER_LIMIT


def selling(org: Organization) -> "QuerySet[Connection]":
    """The connections through which numbers are ordered here; in other countries support is asked."""
    selling_here = [iso for iso, _name in countries.choices() if countries.get(iso).sells_numbers]
    return org.connections.filter(
        state=Connection.State.READY,
        kind=Connection.Kind.CALLING_PLAN,
        location__country__in=selling_here,
    )


class LocationForm(OrgModelForm):
    """Where the numbers will be used: only locations whose calling plan sells numbers."""

    class Meta:
        model = NumberOrder
        fields: ClassVar[list[str]] = ["location"]
        help_texts: ClassVar[dict[str, Any]] = {
            "location": gettext_lazy(
                "Only locations with a calling plan are listed: elsewhere numbers come differently."
            )
        }

    def __init__(
        self, *args: Any, org: Organization, membership: Membership | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, org=org, membership=membership, **kwargs)
        field = self.fields["location"]
        assert isinstance(field, forms.ModelChoiceField)
        assert field.queryset is not None
        field.queryset = field.queryset.filter(connection__in=selling(org))
        field.required, field.empty_label = True, _("Choose a location")


class SearchForm(forms.Form):
    """What numbers to look for. Area codes and cities are those that have stock, as the carrier answered."""

    region = forms.ChoiceField(label=gettext_lazy("State"))
    place = forms.ChoiceField(label=gettext_lazy("Area code or city"), required=False)
    exchange = forms.RegexField(
        r"^[2-9][0-9]{2}$",
        label=gettext_lazy("Prefix"),
        required=False,
        help_text=gettext_lazy("The three digits after the area code."),
        error_messages={"invalid": gettext_lazy("A prefix has three digits and does not begin with 0 or 1.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "3", "autocomplete": "off"}),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("How many?"),
        min_value=1,
        error_messages={"min_value": gettext_lazy("Order at least one number.")},
        widget=forms.NumberInput(attrs={"min": "1", "max": str(ORDER_LIMIT), "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, order: NumberOrder, places: stock.Places | None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.from_order(order))
        super().__init__(*args, **kwargs)
        self.order = order
        self.left = trial.left(order.org)
        pack = countries.get(order.location.country if order.location else "US")
        region, place = self.fields["region"], self.fields["place"]
        assert isinstance(region, forms.ChoiceField)
        assert isinstance(place, forms.ChoiceField)
        # Another state has other places: htmx asks for them; without it the button "Show" does.
        region.widget.attrs |= {
            "hx-get": reverse("pstn:number_order_places", args=[order.org.slug, order.pk]),
            "hx-target": "#places",
            "hx-swap": "outerHTML",
        }
        region.label = str(pack.labels.region)
        region.choices = [("", _("Choose one")), *pack.regions.items()]
        place.choices = place_choices(places, chosen=str(self["place"].value() or ""))
        self.fields["quantity"].help_text = (
            _("Up to %(most)s in one order.") % {"most": ORDER_LIMIT}
            if self.left is None
            else trial.sentence(order.org)
        )

    @staticmethod
    def from_order(order: NumberOrder) -> dict[str, Any]:
        area, city = order.area_code, order.city
        place = f"area:{area}" if area else f"city:{city}" if city else ""
        return {"region": order.region, "place": place, "exchange": order.prefix, "quantity": order.quantity}

    def clean_quantity(self) -> int:
        quantity = int(self.cleaned_data["quantity"])
        if quantity > ORDER_LIMIT:
            parts = -(-quantity // ORDER_LIMIT)
            text = _("At most %(most)s numbers per order. Split this into %(parts)s orders.")
            raise forms.ValidationError(text % {"most": ORDER_LIMIT, "parts": parts})
        if self.left is not None and quantity > self.left:
            text = ngettext(
                "Your trial can order %(left)s more number.",
                "Your trial can order %(left)s more numbers.",
                self.left,
            )
            raise forms.ValidationError(text % {"left": self.left})
        return quantity

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("exchange") and not str(data.get("place", "")).startswith("area:"):
            self.add_error("exchange", _("Choose an area code too: a prefix stands after one."))
        return data

    def search(self) -> stock.Search:
        """The question to the carrier. Only of a valid form."""
        data = self.cleaned_data
        what, _sep, value = data["place"].partition(":")
        return stock.Search(
            country=self.order.location.country if self.order.location else "US",
            state=data["region"],
            area_code=value if what == "area" else "",
            city=value if what == "city" else "",
            prefix=data["exchange"],
            quantity=data["quantity"],
        )


class ChoiceForm(forms.Form):
    """Which of the held numbers to order."""

    numbers = forms.MultipleChoiceField(
        label=gettext_lazy("Numbers"),
        error_messages={
            "required": gettext_lazy("Choose at least one number, or search for others."),
            "invalid_choice": gettext_lazy("That number is not held for you any more. Search again."),
        },
    )

    def __init__(self, *args: Any, order: NumberOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["numbers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(line.e164, line.e164) for line in order.lines.all()]


def place_choices(places: stock.Places | None, chosen: str = "") -> list[Any]:
    """One list of both kinds of places, so that nobody chooses two that contradict each other.

    Without an answer of the carrier the list holds what was chosen before, so that nothing typed is lost.
    """
    choices: list[Any] = [("", _("Anywhere in the state"))]
    if places is None:
        return [*choices, (chosen, chosen.partition(":")[2])] if chosen else choices
    if places.area_codes:
        choices.append((_("Area codes"), [(f"area:{code}", code) for code in places.area_codes]))
    if places.cities:
        choices.append((_("Cities"), [(f"city:{city}", city) for city in places.cities]))
    return choices
