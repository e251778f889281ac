"""Several orders out of one list: moving numbers between them, and what they share."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import countries
from accounts.models import Membership, User
from accounts.scoping import OrgModelForm
from lib import phone
from lib.transitions import Refused
from porting import splitting
from porting.forms.base import StepForm
from porting.forms.service_address import ServiceAddress
from porting.forms.start import read_addresses, time_field
from porting.models import PortGroup, PortOrder
from porting.models.groups import SHARED
from porting.models.lead_times import lead_time
from porting.splitting import Part, PortClass
from pstn.forms.addresses import city_fields
from pstn.models import Connection


@dataclass(frozen=True)
class PlanCard:
    """A part of the plan as the page shows it. `earliest` is the first day that may be asked for."""

    part: Part
    port_class: PortClass
    earliest: date | None

    @property
    def names_carrier(self) -> bool:
        """Whether a reason says the current carrier; a row of its own would repeat it."""
        carrier = self.part.carrier
        return bool(carrier) and any(carrier in reason for reason in self.part.reasons)


def plan_cards(order: PortOrder) -> list[PlanCard]:
    """The plan of an order; each calendar is read once, however many parts need the same time."""
    first_days: dict[tuple[int, int], date | None] = {}
    cards = []
    for part in splitting.suggestion(order):
        lead = lead_time(order, part.rows)
        if (key := (lead.days, lead.latest_days)) not in first_days:
            first_days[key] = next((choice.day for choice in lead.dates() if choice.is_open), None)
        cards.append(PlanCard(part, part.port_class(order.project_above), first_days[key]))
    return cards


class Ticked(forms.Field):
    """The values of the boxes that are ticked; what they may be is judged with the plan."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [str(one) for one in value or []]


class PlanForm(StepForm):
    """Put numbers into another order of the plan, or into a new one; say under which number some are billed;
    or take the suggestion again.
    """

    class Meta:
        model = PortOrder
        fields = ["plan_aligned"]

    number = Ticked(required=False)  # E.164
    whole = Ticked(required=False)  # positions of parts: all their numbers
    to = forms.IntegerField(required=False, min_value=splitting.NEW, max_value=10_000)
    billed_to = forms.CharField(required=False, max_length=40, strip=True)
    place: dict[str, int] | None = None
    billed: dict[str, str] | None = None  # E.164 → BTN

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        then = self.data.get("then")
        if then == "reset":
            self.place = {row.e164: 0 for row in self.order.numbers.all()}
            return cleaned
        parts = splitting.suggestion(self.order)
        whole = set(cleaned.get("whole", []))
        ticked = {row.e164 for part in parts if str(part.at) in whole for row in part.rows}
        ticked |= set(cleaned.get("number", []))
        if then == "btn":
            return self._clean_btn(cleaned, ticked)
        if then != "move" and not ticked:
            return cleaned
        if cleaned.get("to") is None:
            self.add_error("to", _("Choose the order into which they go."))
            return cleaned
        try:
            self.place = splitting.moved(parts, ticked, cleaned["to"])
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None
        return cleaned

    def _clean_btn(self, cleaned: dict[str, Any], ticked: set[str]) -> dict[str, Any]:
        """The billing number of what is ticked; an empty field takes it back."""
        if not ticked:
            raise ValidationError(_("Tick the numbers first, or all numbers of an order."))
        typed, btn = cleaned.get("billed_to") or "", ""
        if typed:
            found = phone.parse(typed, self.order.country)
            if isinstance(found, phone.Reason):
                self.add_error("billed_to", found.sentence)
                return cleaned
            btn = found.e164
        self.billed = dict.fromkeys(ticked, btn)
        return cleaned

    def apply(self, by: User | None) -> dict[str, Any]:
        said = super().apply(by)
        if self.place is None and self.billed is None:
            return said
        rows = list(self.order.numbers.filter())
        for row in rows:
            if self.place is not None:
                row.part = self.place.get(row.e164, 0)
            elif self.billed and row.e164 in self.billed:
                row.btn, row.part = self.billed[row.e164], 0  # it goes where it belongs now
        self.order.numbers.bulk_update(rows, ["part", "btn"], batch_size=500)
        return said | {"numbers": len(self.billed or self.place or ())}


class SharedForm(ServiceAddress, OrgModelForm):
    """What the orders of a group share. Everything may be left empty: each order then says it itself."""

    class Meta:
        model = PortGroup
        fields = list(SHARED)

    def __init__(self, *args: Any, drafts: list[PortOrder], membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, membership=membership, **kwargs)
        group: PortGroup = self.instance
        self._prepare_location(group)
        self._prepare_date(group, drafts)
        time = time_field(self.pack)
        if time is None:
            del self.fields["requested_time"]
        else:
            self.fields["requested_time"] = time
            self.initial["requested_time"] = f"{group.requested_time:%H:%M}" if group.requested_time else ""
        self.follow_country()
        self.fields["notify"].help_text = _("Separate several addresses with commas.")
        for field in self.fields.values():
            field.required = False
        self.fields["location"].required = True
        self.helper = FormHelper()
        when = [name for name in ("requested_date", "requested_time") if name in self.fields]
        address = ["address_line1", "address_line2"]
        cities = city_fields(group.country, "region")
        self.helper.layout = Layout(
            "location",
            Div(*when, css_class="row-fields"),
            "notify",
            Div("company_name", "authorized_name", css_class="row-fields"),
            *address,
            Div(*cities, css_class="row-fields"),
        )

    @property
    def pack(self) -> countries.Country:
        return countries.get(self.instance.country)

    def _prepare_location(self, group: PortGroup) -> None:
        field: Any = self.fields["location"]
        field.queryset = field.queryset.filter(
            country=group.country,
            connection__state=Connection.State.READY,
            connection__kind=Connection.Kind.CALLING_PLAN,
        )
        field.empty_label = None

    def _prepare_date(self, group: PortGroup, drafts: list[PortOrder]) -> None:
        """The days that every draft may ask for: those of the one that needs the longest."""
        leads = [order.lead_time for order in drafts]
        slowest = max(leads, key=lambda lead: lead.days, default=None)
        days = [choice.day for choice in slowest.dates() if choice.is_open] if slowest else []
        self.fields["requested_date"] = forms.TypedChoiceField(
            label=gettext_lazy("Port complete date"),
            choices=[
                ("", _("Not chosen")),
                *((day.isoformat(), date_format(day, "l, F j, Y")) for day in days),
            ],
            coerce=date.fromisoformat,
            empty_value=None,
            error_messages={"invalid_choice": _("Choose one of the dates offered.")},
        )
        stored = group.requested_date
        self.initial["requested_date"] = stored.isoformat() if stored in days else ""

    def clean_notify(self) -> str:
        return read_addresses(self.cleaned_data["notify"])
