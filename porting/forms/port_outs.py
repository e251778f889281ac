"""What people say to a request for their numbers: yes, with a new main number; no, and why; or too late."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.phone import international
from porting.models import PortOut
from pstn.models import PhoneNumber


class MainNumberField(forms.ModelChoiceField[PhoneNumber]):
    """Another number of a location, as people write it."""

    def label_from_instance(self, number: PhoneNumber) -> str:
        return international(number.e164)


class AcceptForm(forms.Form):
    """For each location whose main number leaves: what takes its place, or knowing that there is nothing."""

    def __init__(self, *args: Any, port_out: PortOut, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_accept_%s", **kwargs})
        self.rows = port_out.main_numbers()
        for row in self.rows:
            choices = port_out.replacements_for(row.location).order_by("e164")
            said = {"location": row.location, "number": international(row.e164)}
            if choices.exists():
                self.fields[f"main_{row.pk}"] = MainNumberField(
                    queryset=choices,
                    label=_("New main number of %(location)s") % said,
                    help_text=_("%(number)s is its main number now. The new one takes over when it leaves.")
                    % said,
                    empty_label=_("Choose"),
                )
            else:
                self.fields[f"bare_{row.pk}"] = forms.BooleanField(
                    label=_(
                        "I know that %(location)s has no other active number: without a main number it "
                        "cannot make or receive outside calls."
                    )
                    % said
                )
        self.helper = FormHelper()

    def replacements(self) -> dict[str, PhoneNumber | None]:
        """For the verb: the number chosen for each main number; None where there was none to choose."""
        return {row.e164: self.cleaned_data.get(f"main_{row.pk}") for row in self.rows}


class RejectForm(forms.Form):
    """One lawful reason, of those that can be true of this request."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, port_out: PortOut, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_reject_%s", **kwargs})
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (reason.value, reason.label) for reason in port_out.lawful_reasons()
        ]
        self.fields["reason"].error_messages["required"] = _("Choose the reason that is true.")
        self.helper = FormHelper()


class DisputeForm(forms.Form):
    """What went wrong, for the people at the carriers who look into it."""

    reason = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For instance: nobody here asked for this. No PINs, no account numbers."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_dispute_%s", **kwargs})
        self.helper = FormHelper()
