"""The forms of the order wizard: where the numbers go, and which of those that are held to keep.

What is looked for is in forms/number_search.py, a request through support in forms/number_requests.py.
"""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import countries
from accounts.models import Membership, Organization
from accounts.scoping import OrgModelForm
from pstn.models import Connection, NumberOrder


def selling(org: Organization, kind: str) -> "QuerySet[Connection]":
    """The connections through which numbers of this kind are ordered, or asked of support."""
    here = [iso for iso, _name in countries.choices() if kind in countries.get(iso).number_kinds]
    return org.connections.filter(
        state=Connection.State.READY,
        kind=Connection.Kind.CALLING_PLAN,
        location__country__in=here,
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
        field.queryset = field.queryset.filter(connection__in=selling(org, self.instance.kind))
        field.required, field.empty_label = True, _("Choose a location")


class ChoiceForm(forms.Form):
    """Which of the held numbers to order, and what to do about those that were not there."""

    THERE, REST, NONE = "there", "rest", "none"

    numbers = forms.MultipleChoiceField(
        label=gettext_lazy("Numbers"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("That number is not held for you any more. Search again."),
        },
    )
    rest = forms.ChoiceField(
        label=gettext_lazy("There are fewer than you asked for"),
        required=False,
        choices=[
            (THERE, gettext_lazy("Order what there is")),
            (REST, gettext_lazy("Order what there is, and wait in a queue for the rest")),
            (NONE, gettext_lazy("All or nothing: give these back and look for something else")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, order: NumberOrder, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"rest": self.THERE}, **kwargs})
        field = self.fields["numbers"]
        assert isinstance(field, forms.MultipleChoiceField)
        self.held = [line.e164 for line in order.lines.chosen()]
        field.choices = [(e164, e164) for e164 in self.held]
        self.is_block = order.is_block

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_block:  # a block is taken whole
            data["numbers"] = self.held
        if not data.get("numbers") and data.get("rest") != self.NONE and "numbers" not in self.errors:
            self.add_error("numbers", _("Choose at least one number, or search for others."))
        return data
