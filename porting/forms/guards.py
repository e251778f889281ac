"""The port-out PIN and lock of an organization or of one number."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from porting.models import NumberGuard, OrganizationGuard

PIN = re.compile(r"[0-9]{4,10}")


class GuardForm(forms.Form):
    """A stored PIN is never in the page: an empty field keeps it, what is typed replaces it."""

    pin = forms.CharField(
        label=gettext_lazy("Port-out PIN"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}, render_value=True),
        help_text=gettext_lazy("4 to 10 digits. Another carrier must name it to get the numbers."),
    )
    remove_pin = forms.BooleanField(label=gettext_lazy("Remove the PIN"), required=False)
    is_locked = forms.BooleanField(
        label=gettext_lazy("Locked"),
        required=False,
        help_text=gettext_lazy("Every port-out is refused, with or without the PIN, until you unlock."),
    )

    def __init__(self, *args: Any, guard: OrganizationGuard | NumberGuard | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"is_locked": bool(guard and guard.is_locked)}
        super().__init__(*args, **kwargs)
        self.stored = guard.pin if guard else ""
        if self.stored:
            self.fields["pin"].widget.attrs["placeholder"] = _("•••• stored, type to change")
        else:
            del self.fields["remove_pin"]
        self.helper = FormHelper()

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        if pin and not PIN.fullmatch(pin):
            raise ValidationError(_("A PIN is 4 to 10 digits, nothing else."))
        if pin and len(set(pin)) == 1:
            raise ValidationError(_("One digit again and again is guessed at once. Choose another PIN."))
        return pin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("pin") and cleaned.get("remove_pin"):
            self.add_error("remove_pin", _("You typed a new PIN. Leave it empty to remove the PIN."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """For the verb: the PIN that holds from now on, and the lock."""
        data = self.cleaned_data
        pin = "" if data.get("remove_pin") else data["pin"] or self.stored
        return {"pin": pin, "is_locked": data["is_locked"]}
