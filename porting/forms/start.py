"""The first steps of the port wizard: where the numbers go, which they are, and when."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from lib import calendar
from porting import drafting, intake
from porting.forms.base import StepForm
from porting.intake import Outcome, Reading
from porting.models import PortOrder
from pstn.models import Connection, Location

CARDS = 8  # more locations than this are a drop-down list
EXTRA_ADDRESSES = 5


class LocationChoice(forms.ModelChoiceField[Location]):
    def label_from_instance(self, obj: Any) -> str:
        return format_html("{}<small>{}</small>", obj.name, obj.address_line)


class LocationForm(StepForm):
    class Meta:
        model = PortOrder
        fields = ["location"]

    def prepare(self) -> None:
        rows: Any = self.fields["location"].queryset  # type: ignore[attr-defined]
        ready = rows.filter(
            connection__state=Connection.State.READY, connection__kind=Connection.Kind.CALLING_PLAN
        )
        few = ready[: CARDS + 1].count() <= CARDS
        self.fields["location"] = LocationChoice(
            ready,
            label=gettext_lazy("Location"),
            empty_label=None if few else _("Choose"),
            widget=forms.RadioSelect(attrs={"class": "cards"}) if few else forms.Select(),
            error_messages={"required": _("Choose a location.")},
        )

    def apply(self, by: User) -> dict[str, Any]:
        location: Location = self.cleaned_data["location"]
        self.org.port_orders.filter(pk=self.order.pk).update(country=location.country)
        return super().apply(by)


class NumbersForm(StepForm):
    """`reading` is what became of each line, once the form is cleaned."""

    numbers = forms.CharField(
        label=gettext_lazy("Phone numbers"),
        help_text=gettext_lazy(
            "Paste a list, a spreadsheet column or ranges such as 408-555-0150 - 59. At most 1,000 numbers."
        ),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter at least one number.")},
    )
    reading: Reading | None = None

    def prepare(self) -> None:
        self.initial["numbers"] = intake.stored_text(self.order)

    def clean_numbers(self) -> str:
        text: str = self.cleaned_data["numbers"]
        self.reading = intake.read(self.order, text)
        for sentence in _objections(self.reading):
            self.add_error("numbers", sentence)
        if not self.reading.lines:
            raise ValidationError(_("Enter at least one number."), code="required")
        return text

    @property
    def can_wait(self) -> bool:
        """Lines that need a look may wait: the whole text is kept as it was typed."""
        return True

    def apply(self, by: User) -> dict[str, Any]:
        if self.reading is None:
            return {}
        text = "" if not self.reading.blocking else str(self.data["numbers"])
        drafting.set_numbers(self.order, self.reading.kept, typed=text)
        if not self.order.losing_carrier and self.reading.losing_carrier:
            self.order.losing_carrier = self.reading.losing_carrier
            self.order.save(update_fields=["losing_carrier"])
        return {"numbers": len(self.reading.kept)}


def _objections(reading: Reading) -> list[str]:
    """One sentence for each kind of line that cannot stay."""
    found = dict(reading.counts)
    sentences = []
    if count := found.get(Outcome.INVALID, 0):
        sentences.append(
            ngettext("%(n)s line is not understood.", "%(n)s lines are not understood.", count) % {"n": count}
        )
    if count := found.get(Outcome.NOT_PORTABLE, 0):
        sentences.append(
            ngettext(
                "%(n)s number cannot be ported. Leave it out, or keep it in a draft of its own.",
                "%(n)s numbers cannot be ported. Leave them out, or keep them in a draft of their own.",
                count,
            )
            % {"n": count}
        )
    if count := found.get(Outcome.YOURS, 0):
        sentences.append(
            ngettext("%(n)s number is yours already.", "%(n)s numbers are yours already.", count)
            % {"n": count}
        )
    return sentences


class DateForm(StepForm):
    class Meta:
        model = PortOrder
        fields = ["requested_date", "notify"]

    def prepare(self) -> None:
        order, pack = self.order, self.order.pack
        days = calendar.legal_dates(
            timezone.now(),
            order.zone,
            pack.holidays,
            pack.port_lead_business_days,
            pack.port_latest_days,
        )
        self.open = [choice.day for choice in days if choice.is_open]
        self.closed = [choice for choice in days if choice.closed == calendar.Closed.HOLIDAY]
        self.fields["requested_date"] = forms.TypedChoiceField(
            label=gettext_lazy("Port complete date"),
            choices=[(day.isoformat(), _day(day)) for day in self.open],
            coerce=date.fromisoformat,
            error_messages={"invalid_choice": _("Choose one of the dates offered.")},
        )
        stored = order.requested_date
        self.initial["requested_date"] = stored.isoformat() if stored else self.open[0].isoformat()
        notify = self.fields["notify"]
        notify.help_text = _("Separate several addresses with commas.")
        notify.widget.attrs["inputmode"] = "email"

    @property
    def earliest(self) -> date:
        return self.open[0]

    def clean_notify(self) -> str:
        addresses = [
            part for part in self.cleaned_data["notify"].replace(";", ",").replace(" ", ",").split(",")
        ]
        addresses = list(dict.fromkeys(address for address in addresses if address))
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(
                    _("%(text)s is not an e-mail address.") % {"text": address[:60]}
                ) from None
        if len(addresses) > EXTRA_ADDRESSES:
            raise ValidationError(_("At most %(n)s addresses.") % {"n": EXTRA_ADDRESSES})
        return ", ".join(addresses)


def _day(day: date) -> str:
    return date_format(day, "l, F j, Y")
