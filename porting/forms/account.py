"""The account at the current carrier, as that carrier's record has it."""

import re
from typing import Any

from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import phone
from porting.forms.base import StepForm
from porting.models import PortOrder
from porting.models.gaps import ACCOUNT_FIELDS

PO_BOX = re.compile(r"\b(p\.?\s*o\.?\s*box|post\s+office\s+box|postal\s+box)\b", re.IGNORECASE)


class AccountForm(StepForm):
    secrets = frozenset({"account_number", "pin"})

    class Meta:
        model = PortOrder
        fields = [
            "losing_carrier",
            "btn",
            "account_number",
            "pin",
            "company_name",
            "authorized_name",
            "address_line1",
            "address_line2",
            "city",
            "region",
            "postal_code",
            "full_port",
            "remaining",
            "new_btn",
        ]
        help_texts = {
            "btn": gettext_lazy("The number that the bill is for. It need not be in your list."),
            "account_number": gettext_lazy("As on the bill. Some carriers use the BTN."),
            "company_name": gettext_lazy("Exactly as on the bill, with Inc. or LLC."),
            "authorized_name": gettext_lazy("The person whom the current carrier knows."),
            "address_line1": gettext_lazy("Where the service is installed. No PO box."),
            "new_btn": gettext_lazy("One of the numbers that stay."),
        }

    def prepare(self) -> None:
        order, fields = self.order, self.fields
        for name in ACCOUNT_FIELDS:
            fields[name].required = True
        for name in self.secrets:
            self._mask(name)
        for name in ("btn", "new_btn"):
            self.initial[name] = phone.international(self.initial.get(name) or "")
        labels = order.pack.labels
        fields["region"] = forms.ChoiceField(
            label=str(labels.region),
            choices=[("", _("Choose")), *((code, name) for code, name in order.pack.regions.items())],
        )
        fields["postal_code"].label = str(labels.postal_code)
        fields["full_port"] = forms.TypedChoiceField(
            label=gettext_lazy("Which numbers of the account"),
            choices=[
                ("True", _("All of them are in my list")),
                ("False", _("Only some: others stay with the current carrier")),
            ],
            coerce=lambda value: value == "True",
            widget=forms.RadioSelect,
        )
        fields["remaining"] = forms.ChoiceField(
            label=gettext_lazy("Numbers that stay"),
            choices=PortOrder.Remaining.choices,
            widget=forms.RadioSelect,
            required=False,
        )
        self._prefill()

    def _mask(self, name: str) -> None:
        """A stored secret is never in the page: an empty field keeps it, what is typed replaces it."""
        stored = bool(getattr(self.order, name))
        field = self.fields[name]
        field.widget = forms.PasswordInput(
            attrs={"autocomplete": "off", "placeholder": _("•••• stored, type to change") if stored else ""},
            render_value=True,  # what was typed just now comes back with its errors; the stored value never
        )
        field.required = False
        self.initial[name] = ""
        if name == "pin":
            wireless = any(row.is_wireless for row in self.order.numbers.all())
            field.required = wireless and not stored
            field.help_text = (
                _("Wireless numbers need the port-out PIN.")
                if wireless
                else _("If the carrier asks for one.")
            )

    def _prefill(self) -> None:
        """What we know already need not be typed again (WCAG 3.3.7)."""
        location = self.order.location
        if location is None or self.order.address_line1:
            return
        connection = location.ready_connection
        known = {
            "company_name": connection.company if connection else "",
            "address_line1": location.line1,
            "address_line2": location.line2,
            "city": location.city,
            "region": location.state,
            "postal_code": location.postal_code,
        }
        for name, value in known.items():
            self.initial[name] = self.initial.get(name) or value

    def layout(self) -> Layout | None:
        if self.only:
            return None
        row = "row-fields"
        return Layout(
            Fieldset(
                _("Account"),
                Div("losing_carrier", "btn", css_class=row),
                Div("account_number", "pin", css_class=row),
                Div("company_name", "authorized_name", css_class=row),
                css_class="group",
            ),
            Fieldset(
                _("Service address"),
                "address_line1",
                "address_line2",
                Div("city", "region", "postal_code", css_class=row),
                css_class="group",
            ),
            Fieldset(
                _("Rest of the account"),
                HTML(self._about_rest()),
                Field("full_port"),
                Field("remaining"),
                Field("new_btn"),
                css_class="group",
            ),
        )

    def _about_rest(self) -> str:
        if not self.order.btn_is_ported:
            return ""
        said = _("Your BTN is in the list. If other numbers stay, the carrier asks what happens to them.")
        return f'<p class="muted">{said}</p>'

    def clean_account_number(self) -> str:
        return self._typed_or_stored("account_number")

    def clean_pin(self) -> str:
        return self._typed_or_stored("pin")

    def clean_btn(self) -> str:
        return self._one_number("btn")

    def clean_new_btn(self) -> str:
        return self._one_number("new_btn") if self.cleaned_data["new_btn"] else ""

    def clean_address_line1(self) -> str:
        line: str = self.cleaned_data["address_line1"]
        if PO_BOX.search(line):
            raise ValidationError(_("A PO box is not where service is installed. Enter the street address."))
        return line

    def clean_postal_code(self) -> str:
        code = self.order.pack.clean_postal_code(self.cleaned_data["postal_code"])
        if code is None:
            raise ValidationError(str(self.order.pack.postal_code_sentence))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        said = {
            name: cleaned.get(name, getattr(self.order, name)) for name in ("btn", "full_port", "remaining")
        }
        if "full_port" not in self.fields or said["full_port"]:
            return cleaned
        ported = {number.e164 for number in self.order.numbers.all()}
        if said["btn"] in ported and not said["remaining"]:
            self.add_error("remaining", _("The BTN leaves this account. Say what happens to the rest."))
        elif said["btn"] in ported and said["remaining"] == "keep" and not cleaned.get("new_btn"):
            self.add_error("new_btn", _("The numbers that stay need a new BTN: one of them."))
        if cleaned.get("new_btn") in ported:
            self.add_error("new_btn", _("This number is in your list. Choose one that stays."))
        return cleaned

    def _typed_or_stored(self, name: str) -> str:
        return str(self.cleaned_data[name] or getattr(self.order, name))

    def _one_number(self, name: str) -> str:
        found = phone.parse(self.cleaned_data[name], self.order.country)
        if isinstance(found, phone.Reason):
            raise ValidationError(found.sentence)
        return found.e164
