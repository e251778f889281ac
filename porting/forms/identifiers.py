"""What a country identifies accounts by, as fields of the account step; its pack lists them."""

from typing import Any

from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from countries import Identifier
from porting.forms.base import MASK, StepForm

FIELD = "id_of_"  # and the name in the pack


class IdentifierForm(StepForm):
    """A step that also asks for the identifiers; they are kept in PortOrder.identifiers."""

    def ask_identifiers(self) -> None:
        for one in self.order.pack.identifiers:
            self.fields[FIELD + one.name] = forms.CharField(
                label=str(one.label), required=one.required, max_length=60
            )
            self.initial[FIELD + one.name] = self.order.identifiers.get(one.name, "")

    @property
    def identifier_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith(FIELD)]

    def identifier_fieldsets(self) -> list[Fieldset]:
        """The fields as a group of their own. Nobody claims that each of them is needed."""
        if not self.identifier_names:
            return []
        about = _("Fill in what the current carrier asks you for, and leave the rest empty.")
        return [
            Fieldset(
                _("In %(country)s") % {"country": self.order.pack.name},
                HTML(f'<p class="muted">{about}</p>'),
                Div(*self.identifier_names, css_class="row-fields"),
                css_class="group",
            )
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for one in self.order.pack.identifiers:
            self._clean_identifier(one)
        return cleaned

    def _clean_identifier(self, one: Identifier) -> None:
        name = FIELD + one.name
        text = self.cleaned_data.get(name)
        if not text:
            return
        tidy = one.clean(text)
        if tidy is None:
            self.add_error(name, str(one.sentence))
        else:
            self.cleaned_data[name] = tidy

    def apply(self, by: User | None) -> dict[str, Any]:
        """Identifiers may be as secret as a PIN: the log says which were changed, not to what."""
        names = self.identifier_names
        given = {name[len(FIELD) :]: self.cleaned_data[name] for name in names}
        kept = {key: text for key, text in self.order.identifiers.items() if key not in given}
        self.order.identifiers = kept | {key: text for key, text in given.items() if text}
        set_to = super().apply(by)
        if names:
            self.order.save(update_fields=["identifiers"])
        return set_to | {name: MASK for name in names if name in set_to}
