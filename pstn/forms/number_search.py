"""What new numbers to look for: a place, a pattern, numbers like another, or certain ones."""

from dataclasses import replace
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

import countries
from lib import memorable, phone
from lib.numbering import TOLL_FREE_CODES
from pstn import stock, trial
from pstn.models import NumberBlock, NumberOrder
from pstn.workflow.number_checks import ORDER_LIMIT, why_not_fit

Kind = NumberOrder.Kind
# The fields of each kind of order; `region` and `exchange` only where the country has such things.
FIELDS = {
    Kind.STANDARD: {
        "region", "place", "exchange", "quantity", "pattern", "pattern_at", "like", "wanted"
    },
    Kind.BLOCK: {"region", "place", "exchange", "size"},
    Kind.TOLL_FREE: {"place", "quantity", "pattern", "pattern_at", "like", "wanted"},
    Kind.NON_GEOGRAPHIC: {"quantity", "pattern", "pattern_at", "like", "wanted"},
}  # fmt: skip
LONGEST_PATTERN = 10  # digits of a national number that a pattern may name


class SearchForm(forms.Form):
    """Area codes and cities are those that have stock, as the carrier answered.

    Certain numbers go before numbers like another, and those before a place and a pattern.
    """

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
    size = forms.TypedChoiceField(
        label=gettext_lazy("Size of the block"),
        choices=[(size, str(size)) for size in NumberBlock.SIZES],
        coerce=int,
        error_messages={"invalid_choice": gettext_lazy("Blocks have 10, 50 or 100 numbers.")},
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("How many?"),
        min_value=1,
        error_messages={"min_value": gettext_lazy("Order at least one number.")},
        widget=forms.NumberInput(attrs={"min": "1", "max": str(ORDER_LIMIT), "inputmode": "numeric"}),
    )
    pattern = forms.CharField(
        label=gettext_lazy("Digits or letters"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("For example 2525, or a word such as TAXI as on a telephone's keys."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    pattern_at = forms.ChoiceField(
        label=gettext_lazy("Where in the number"), required=False, choices=NumberOrder.At
    )
    like = forms.CharField(
        label=gettext_lazy("Similar to"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("A number, in any writing: the free ones nearest to it are found."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    wanted = forms.CharField(
        label=gettext_lazy("Certain numbers"),
        required=False,
        max_length=4_000,
        help_text=gettext_lazy("Up to 100, in any writing. Each gets its verdict."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, order: NumberOrder, places: stock.Places | None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.from_order(order))
        super().__init__(*args, **kwargs)
        self.order = order
        self.left = trial.left(order.org)
        self.country = order.location.country if order.location else "US"
        pack = countries.get(self.country)
        names = set(FIELDS[Kind(order.kind)])
        if pack.template != "A":
            names -= {"exchange"}
        if not pack.has_regions:
            names -= {"region"}
        for name in set(self.fields) - names:
            del self.fields[name]
        if "region" in self.fields:
            self._offer_regions(pack)
        if "place" in self.fields:
            self._offer_places(places)
        if "quantity" in self.fields:
            self.fields["quantity"].help_text = (
                _("Up to %(most)s in one order.") % {"most": ORDER_LIMIT}
                if self.left is None
                else trial.sentence(order.org)
            )

    def _offer_regions(self, pack: countries.Country) -> None:
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        # Another state has other places: htmx asks for them; without it the button "Show" does.
        field.widget.attrs |= {
            "hx-get": reverse("pstn:number_order_places", args=[self.order.org.slug, self.order.pk]),
            "hx-target": "#places",
            "hx-swap": "outerHTML",
        }
        field.label = str(pack.labels.region)
        field.choices = [("", _("Choose one")), *pack.regions.items()]

    def _offer_places(self, places: stock.Places | None) -> None:
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        if self.order.kind == Kind.TOLL_FREE:
            field.label = _("Prefix")
            codes = [(f"area:{code}", code) for code in sorted(TOLL_FREE_CODES)]
            field.choices = [("", _("Any prefix")), *codes]
            return
        field.choices = place_choices(places, chosen=str(self["place"].value() or ""))

    @staticmethod
    def from_order(order: NumberOrder) -> dict[str, Any]:
        area, city = order.area_code, order.city
        place = f"area:{area}" if area else f"city:{city}" if city else ""
        return {
            "region": order.region,
            "place": place,
            "exchange": order.prefix,
            "quantity": order.quantity,
            "size": order.block_size or NumberBlock.SIZES[0],
            "pattern": order.pattern,
            "pattern_at": order.pattern_at,
            "like": phone.national(order.like) if order.like else "",
            "wanted": order.wanted,
        }

    def clean_quantity(self) -> int:
        quantity = int(self.cleaned_data["quantity"])
        if quantity > ORDER_LIMIT:
            parts = -(-quantity // ORDER_LIMIT)
            text = _("At most %(most)s numbers per order. Split this into %(parts)s orders.")
            raise forms.ValidationError(text % {"most": ORDER_LIMIT, "parts": parts})
        self._check_trial(quantity)
        return quantity

    def clean_pattern(self) -> str:
        """Digits and letters; a star before them means that the number ends so."""
        text = str(self.cleaned_data["pattern"]).strip()
        digits = memorable.digits_of(text)
        if text and not digits:
            raise forms.ValidationError(_("Write digits, or letters from A to Z."))
        if not all(sign.isascii() and (sign.isalnum() or sign in " .-*()") for sign in text):
            raise forms.ValidationError(_("Write digits, or letters from A to Z."))
        if "*" in text.lstrip("*"):
            raise forms.ValidationError(
                _("A star stands only at the beginning: *55 finds numbers that end with 55.")
            )
        if len(digits) > LONGEST_PATTERN:
            raise forms.ValidationError(_("At most %(most)s digits.") % {"most": LONGEST_PATTERN})
        return text

    def clean_like(self) -> str:
        text = str(self.cleaned_data["like"]).strip()
        if not text:
            return ""
        found = phone.parse(text, self.country)
        if isinstance(found, phone.Reason):
            raise forms.ValidationError(found.sentence)
        self._check_fits(found.e164)
        return found.e164

    def clean_wanted(self) -> str:
        text = str(self.cleaned_data["wanted"]).strip()
        self.exactly = phone.read_paste(text, self.country).numbers if text else ()
        if text and not self.exactly:
            raise forms.ValidationError(_("There is no telephone number in this that we recognize."))
        if len(self.exactly) > ORDER_LIMIT:
            raise forms.ValidationError(_("At most %(most)s numbers per order.") % {"most": ORDER_LIMIT})
        for e164 in self.exactly:
            self._check_fits(e164)
        if self.exactly:
            self._check_trial(len(self.exactly))
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("exchange") and not str(data.get("place", "")).startswith("area:"):
            self.add_error("exchange", _("Choose an area code too: a prefix stands after one."))
        if str(data.get("pattern", "")).startswith("*"):
            data["pattern_at"] = NumberOrder.At.ENDS
        return data

    def search(self) -> stock.Search:
        """The question to the carrier. Only of a valid form."""
        data = self.cleaned_data
        what, _sep, value = str(data.get("place", "")).partition(":")
        draft = self.order
        draft.region = data.get("region", "")
        draft.area_code = value if what == "area" else ""
        draft.city = value if what == "city" else ""
        draft.prefix = data.get("exchange", "")
        draft.like = data.get("like", "")
        for name, asked in self.typed().items():
            setattr(draft, name, asked)
        exactly = getattr(self, "exactly", ())
        quantity = len(exactly) or data.get("quantity", 1)
        return replace(stock.search_of(draft, quantity), exactly=tuple(exactly))

    def typed(self) -> dict[str, Any]:
        """What the draft keeps of the search, beside the place."""
        data = self.cleaned_data
        return {
            "pattern": data.get("pattern", ""),
            "pattern_at": data.get("pattern_at") or NumberOrder.At.CONTAINS,
            "wanted": data.get("wanted", ""),
        }

    def _check_trial(self, quantity: int) -> None:
        if self.left is not None and quantity > self.left:
            text = ngettext(
                "Your trial can order %(left)s more number.",
                "Your trial can order %(left)s more numbers.",
                self.left,
            )
            raise forms.ValidationError(text % {"left": self.left})

    def _check_fits(self, e164: str) -> None:
        if reason := why_not_fit(self.order, e164):
            raise forms.ValidationError(reason)


def place_choices(places: stock.Places | None, chosen: str = "") -> list[Any]:
    """One list of both kinds of places, so that nobody chooses two that contradict each other.

    Without an answer of the carrier the list holds what was chosen before, so that nothing typed is lost.
    """
    choices: list[Any] = [("", _("Anywhere"))]
    if places is None:
        return [*choices, (chosen, chosen.partition(":")[2])] if chosen else choices
    if places.area_codes:
        choices.append((_("Area codes"), [(f"area:{code}", code) for code in places.area_codes]))
    if places.cities:
        choices.append((_("Cities"), [(f"city:{city}", city) for city in places.cities]))
    return choices
