"""The first steps of the port wizard: where the numbers go, which they are, and when."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from countries import Country
from lib import calendar, phone
from porting import drafting, intake
from porting.forms.base import StepForm
from porting.forms.date_grid import DateGrid
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

    def apply(self, by: User | None) -> dict[str, Any]:
        location: Location = self.cleaned_data["location"]
        stored = self.org.port_orders.filter(pk=self.order.pk)
        # Another country asks other things: what was said for the former does not go there.
        stored.exclude(country=location.country).update(
            region="", identifiers={}, requested_time=None, on_demand=False
        )
        stored.update(country=location.country)
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
        if self.order.pack.calling_code != "1":
            self.fields["numbers"].help_text = _(
                "Paste a list or a spreadsheet column. A range has its first number and the last digits of "
                "its last one, such as %(example)s - 59. At most 1,000 numbers."
            ) % {"example": phone.example(self.order.country, ends="50")}

    def clean_numbers(self) -> str:
        text: str = self.cleaned_data["numbers"]
        self.reading = intake.read(self.order, text, intake.posted_line_kinds(self.data))
        for sentence in _objections(self.reading):
            self.add_error("numbers", sentence)
        if not self.reading.lines:
            raise ValidationError(_("Enter at least one number."), code="required")
        return text

    @property
    def can_wait(self) -> bool:
        """Lines that need a look may wait: the whole text is kept as it was typed."""
        return True

    def apply(self, by: User | None) -> dict[str, Any]:
        if self.reading is None:
            return {}
        text = "" if not self.reading.blocking else str(self.data["numbers"])
        drafting.set_numbers(self.order, self.reading.kept, typed=text)
        if not self.order.losing_carrier and self.reading.losing_carrier:
            self.order.losing_carrier = self.reading.losing_carrier
            self.order.save(update_fields=["losing_carrier"])
        if not self.order.resp_org and self.reading.resp_org:
            self.order.resp_org = self.reading.resp_org
            self.order.save(update_fields=["resp_org"])
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
        fields = ["requested_date", "requested_time", "on_demand", "notify"]

    def prepare(self) -> None:
        order = self.order
        self._ask_time()
        self._ask_on_demand()
        self.lead = order.lead_time
        days = self.lead.dates()
        self.open = [choice.day for choice in days if choice.is_open]
        self.closed = [choice for choice in days if choice.closed == calendar.Closed.HOLIDAY]
        choice = order.date_choice()
        # What was chosen and is not possible any more, because days have passed or the order has changed.
        self.outdated = choice if choice and not choice.is_open else None
        self.fields["requested_date"] = forms.TypedChoiceField(
            label=gettext_lazy("Port complete date"),
            choices=[(day.isoformat(), _day(day)) for day in self.open],
            coerce=date.fromisoformat,
            widget=DateGrid(days),
            error_messages={
                "required": _("Choose a date."),
                "invalid_choice": _("Choose one of the dates offered."),
            },
        )
        if not self.outdated:
            self.initial["requested_date"] = (order.requested_date or self.open[0]).isoformat()
        else:
            self.initial["requested_date"] = None
        notify = self.fields["notify"]
        notify.help_text = _("Separate several addresses with commas.")
        notify.widget.attrs["inputmode"] = "email"

    def _ask_time(self) -> None:
        """A time of day where the country lets people wish for one, every half hour of its window."""
        field = time_field(self.order.pack)
        if field is None:
            del self.fields["requested_time"]
            return
        self.fields["requested_time"] = field
        stored = self.order.requested_time
        self.initial["requested_time"] = f"{stored:%H:%M}" if stored else ""

    def _ask_on_demand(self) -> None:
        """Where carriers keep a window for it, people may say when their numbers move."""
        if not self.order.may_be_on_demand:
            del self.fields["on_demand"]
            return
        field = self.fields["on_demand"]
        field.label = _("We start the activation ourselves on the day")
        field.help_text = _(
            "You choose the moment and the numbers, from 6:00 to 20:00. What is left then moves by itself. "
            "Otherwise the carriers choose, usually before noon."
        )

    @property
    def earliest(self) -> date:
        return self.open[0]

    def clean_notify(self) -> str:
        return read_addresses(self.cleaned_data["notify"])


def time_field(pack: Country) -> forms.TypedChoiceField | None:
    """The field for a time of day, or None where a country's carriers choose it alone."""
    if not pack.asks_time:
        return None
    first, last = (hour.hour * 2 + hour.minute // 30 for hour in pack.port_window)
    times = [time(at // 2, at % 2 * 30) for at in range(first, last + 1)]
    return forms.TypedChoiceField(
        label=gettext_lazy("Time"),
        choices=[("", _("No wish")), *((f"{at:%H:%M}", time_format(at)) for at in times)],
        coerce=time.fromisoformat,
        empty_value=None,
        required=False,
        help_text=_("A wish as well: the carriers may choose another time of the day."),
        error_messages={"invalid_choice": _("Choose one of the times offered.")},
    )


def read_addresses(text: str) -> str:
    """E-mail addresses as somebody typed them, each once, with commas between. Raises ValidationError."""
    addresses = list(dict.fromkeys(part for part in re.split(r"[;,\s]+", text) if part))
    for address in addresses:
        try:
            validate_email(address)
        except ValidationError:
            raise ValidationError(_("%(text)s is not an e-mail address.") % {"text": address[:60]}) from None
    if len(addresses) > EXTRA_ADDRESSES:
        raise ValidationError(_("At most %(n)s addresses.") % {"n": EXTRA_ADDRESSES})
    return ", ".join(addresses)


def _day(day: date) -> str:
    return date_format(day, "l, F j, Y")
