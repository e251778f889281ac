"""The account at the current carrier, as that carrier's record has it."""

import re
from typing import Any

from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import countries
from lib import phone
from porting.forms.identifiers import IdentifierForm
from porting.forms.service_address import ServiceAddress
from porting.forms.staying import StayingField
from porting.models import PortOrder, gaps
from pstn.forms.addresses import city_fields

# A change of RespOrg knows no billing number, PIN or rest of an account.
NOT_TOLL_FREE = ("btn", "pin", "full_port", "remaining", "numbers_staying", "new_btn")


class AccountForm(ServiceAddress, IdentifierForm):
    secrets = frozenset({"account_number", "pin"})

    class Meta:
        model = PortOrder
        fields = [
            "resp_org",
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
            "numbers_staying",
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

    @property
    def pack(self) -> countries.Country:
        return self.order.pack

    def prepare(self) -> None:
        order, fields = self.order, self.fields
        for name in NOT_TOLL_FREE if order.is_toll_free else ("resp_org",):
            del fields[name]
        for name in gaps.account_fields(order):
            fields[name].required = True
        for name in self.secrets & fields.keys():
            self._mask(name)
        self._follow_words()
        if order.is_toll_free:
            self._follow_registry()
        else:
            self._ask_about_rest()
        self._prefill()

    def _follow_words(self) -> None:
        """The country's words, and what it identifies accounts by."""
        self.follow_country()
        pack, fields = self.pack, self.fields
        if pack.calling_code != "1":
            fields["company_name"].help_text = _("Exactly as on the bill, with its legal form.")
        if "btn" in fields and pack.asks_line_kinds:
            fields["btn"].help_text = _("The number that the bill is for; of a multi line, its main number.")
        elif "btn" in fields and not pack.asks_btn:
            fields["account_number"].help_text = _("As on the bill.")
            fields["btn"].label = _("Main number of the account")
            fields["btn"].help_text = _("If the bill names one. It need not be in your list.")
        self.ask_identifiers()

    def _follow_registry(self) -> None:
        """What a change of RespOrg asks for instead."""
        fields = self.fields
        fields["resp_org"].help_text = _("Five characters, from the toll-free registry or the bill.")
        fields["losing_carrier"].label = _("Current provider")
        fields["account_number"].help_text = _("If the current provider gave you one.")
        fields["authorized_name"].help_text = _("The person whom the current provider knows.")

    def _ask_about_rest(self) -> None:
        fields = self.fields
        for name in ("btn", "new_btn"):
            self.initial[name] = phone.international(self.initial.get(name) or "")
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
        fields["numbers_staying"] = StayingField(self.order.country)

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
        multi = next((row.e164 for row in self.order.numbers.all() if row.line_kind == "multi"), "")
        if "btn" in self.fields and multi and not self.initial.get("btn"):
            self.initial["btn"] = phone.international(multi)
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
        account = Fieldset(
            _("Account"),
            Div(*self._present("resp_org", "losing_carrier", "btn"), css_class=row),
            Div(*self._present("account_number", "pin"), css_class=row),
            Div("company_name", "authorized_name", css_class=row),
            css_class="group",
        )
        address = Fieldset(
            _("Service address"),
            "address_line1",
            "address_line2",
            Div(*city_fields(self.order.country, "region"), css_class=row),
            css_class="group",
        )
        return Layout(account, *self.identifier_fieldsets(), address, *self._rest())

    def _present(self, *names: str) -> list[str]:
        return [name for name in names if name in self.fields]

    def _rest(self) -> list[Fieldset]:
        if "full_port" not in self.fields:
            return []
        return [
            Fieldset(
                _("Rest of the account"),
                HTML(self._about_rest()),
                Field("full_port"),
                Field("remaining"),
                Field("numbers_staying"),
                Field("new_btn"),
                css_class="group",
            )
        ]

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
        return self._one_number("btn") if self.cleaned_data["btn"] else ""

    def clean_resp_org(self) -> str:
        resp_org = str(self.cleaned_data["resp_org"]).strip().upper()
        if not re.fullmatch(r"[A-Z0-9]{5}", resp_org):
            raise ValidationError(_("A RespOrg ID has five letters and digits."))
        return resp_org

    def clean_new_btn(self) -> str:
        return self._one_number("new_btn") if self.cleaned_data["new_btn"] else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
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
        if both := ported.intersection(cleaned.get("numbers_staying", ())):
            number = phone.international(min(both))
            self.add_error("numbers_staying", _("%(number)s is in your list.") % {"number": number})
        return cleaned

    def _typed_or_stored(self, name: str) -> str:
        return str(self.cleaned_data[name] or getattr(self.order, name))

    def _one_number(self, name: str) -> str:
        found = phone.parse(self.cleaned_data[name], self.order.country)
        if isinstance(found, phone.Reason):
            raise ValidationError(found.sentence)
        return found.e164
