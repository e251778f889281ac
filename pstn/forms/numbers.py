"""Adding numbers by hand, for locations whose provider keeps the numbers elsewhere."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization
from pstn import paste
from pstn.models import Connection, Location
from pstn.models.locations import LocationQuerySet

# Longest text that is read at all; 5,000 lines of anything fit.
TEXT_LIMIT = 400_000


def takes_numbers_by_hand(org: Organization, membership: Membership) -> LocationQuerySet:
    """The locations where this person may type numbers in."""
    rows: LocationQuerySet = org.locations.within(membership).filter(
        connection__state=Connection.State.READY, connection__kind=Connection.Kind.PREMISES
    )
    return rows.select_related("org", "connection", "emergency_address")


class NumberAddForm(forms.Form):
    """A location, a type, and any text with numbers in it."""

    location = forms.ModelChoiceField(
        queryset=Location._base_manager.none(), label=_("Location"), empty_label=_("Choose a location")
    )
    kind = forms.ChoiceField(label=_("Number type"))
    numbers = forms.CharField(
        label=_("Numbers"),
        max_length=TEXT_LIMIT,
        help_text=_(
            "Paste anything: a list, a spreadsheet column, ranges such as 408-555-0150 - 59. "
            "Each number is checked."
        ),
        error_messages={"required": _("Type or paste at least one number.")},
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    later = forms.BooleanField(
        label=_("Activate later"),
        required=False,
        help_text=_("The numbers are listed as inactive until somebody activates them."),
    )

    def __init__(self, *args: Any, org: Organization, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        self.verdicts = paste.Verdicts()
        location, kind = self.fields["location"], self.fields["kind"]
        assert isinstance(location, forms.ModelChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        location.queryset = takes_numbers_by_hand(org, membership)
        kind.choices = paste.kind_choices()
        # The verdicts follow the typing; without JavaScript the button "Check" asks for them.
        ask = {
            "hx-post": reverse("pstn:number_verdicts", args=[org.slug]),
            "hx-target": "#verdicts",
            "hx-swap": "outerHTML",
            "hx-sync": "closest form:replace",
        }
        self.fields["numbers"].widget.attrs |= ask | {"hx-trigger": "input changed delay:300ms"}
        location.widget.attrs |= ask | {"hx-trigger": "change"}

    def refuse(self, reason: str) -> None:
        """Somebody else was faster: say so at the field, and judge once more."""
        text, location = self.cleaned_data["numbers"], self.cleaned_data["location"]
        self.verdicts = paste.judge(text, location, self.membership)
        self.add_error("numbers", reason)

    def judge(self) -> paste.Verdicts:
        """The verdicts of whatever was typed so far, also while other fields are still wrong."""
        self.full_clean()
        return self.verdicts

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        location, text = data.get("location"), data.get("numbers")
        if location and text:
            self.verdicts = paste.judge(text, location, self.membership)
            if not self.verdicts.ready:
                self.add_error("numbers", _("None of these numbers can be added. The list below says why."))
            elif self.verdicts.is_too_many:
                self.add_error("numbers", self.verdicts.too_many)
        return data
