"""What people change about one number: type, location, note and tags; and an extension without a number."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organization
from pstn.forms.assignment import clean_extension
from pstn.forms.choices import ReasonedRadios, label
from pstn.forms.owners import places_within
from pstn.models import Location, PhoneNumber
from pstn.models import number_rules as rules
from pstn.models.numbers import MOST_SESSIONS, one_line

MOST_TAGS = 20
TAG_LIMIT = 40
MOST_PLACES = 100
ABOUT_KINDS = {
    "standard": gettext_lazy("For people, places and features."),
    "service": gettext_lazy("For many callers at once, such as a hotline."),
    "contact_center": gettext_lazy("For a contact center, with a limit that you set."),
    "reserved": gettext_lazy("Kept for later: nobody can be given it."),
    "elin": gettext_lazy("Answers for emergency calls of telephones without a number of their own."),
}


class RetypeForm(forms.Form):
    """One of the types that people choose between."""

    kind = forms.ChoiceField(label=gettext_lazy("Type"), widget=ReasonedRadios(attrs={"class": "cards"}))
    sessions = forms.IntegerField(
        label=gettext_lazy("Calls at once"),
        required=False,
        min_value=1,
        max_value=MOST_SESSIONS,
        help_text=gettext_lazy("For a contact center only. A telephone always takes two."),
    )

    def __init__(self, *args: Any, number: PhoneNumber, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": number.kind, "sessions": number.sessions}
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        words = dict(PhoneNumber.Kind.choices)
        kinds.choices = [(kind, label(words[kind], ABOUT_KINDS[kind])) for kind in rules.CHOSEN_KINDS]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            data.get("kind") == PhoneNumber.Kind.CONTACT_CENTER
            and "sessions" in data
            and not data["sessions"]
        ):
            self.add_error("sessions", _("Say how many calls it takes at once."))
        return data


class MoveForm(forms.Form):
    """Where a number can go; the other locations are listed with the reason."""

    to = forms.ModelChoiceField[Location](
        label=gettext_lazy("Target location"), queryset=None, widget=ReasonedRadios(attrs={"class": "cards"})
    )

    def __init__(
        self, *args: Any, number: PhoneNumber, membership: Membership, q: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        everywhere = places_within(number.org, membership).exclude(pk=number.location_id)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = everywhere.select_related("connection", "emergency_address")
        shown = to.queryset.filter(name__icontains=q) if q else to.queryset
        self.places = list(shown[: MOST_PLACES + 1])
        self.has_more = len(self.places) > MOST_PLACES
        radios = to.widget
        assert isinstance(radios, ReasonedRadios)
        reasons = {place.pk: self._why_not(place) for place in self.places[:MOST_PLACES]}
        # Those that are possible first.
        ordered = sorted(self.places[:MOST_PLACES], key=lambda place: bool(reasons[place.pk]))
        radios.reasons = {str(pk): reason for pk, reason in reasons.items()}
        radios.choices = [(place.pk, label(place, reasons[place.pk] or place.city)) for place in ordered]
        self.is_hopeless = not any(not reason for reason in reasons.values())

    def _why_not(self, place: Location) -> str:
        return rules.sentence(rules.against_place(self.number, place, ask=False), self.number, place)

    def clean_to(self) -> Location:
        to: Location = self.cleaned_data["to"]
        if reason := self.number.why_not_move(to):
            raise ValidationError(reason)
        return to


class DescribeForm(forms.Form):
    """The note and the tags of a number."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        max_length=MOST_TAGS * (TAG_LIMIT + 2),
        required=False,
        help_text=gettext_lazy("Separated by commas."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_note(self) -> str:
        return one_line(self.cleaned_data["note"])

    def clean_tags(self) -> list[str]:
        """Names in the order typed; the same in other letter case is the same."""
        found: dict[str, str] = {}
        for part in re.split(r"[,;|]", self.cleaned_data["tags"]):
            if name := " ".join(part.split()):
                found.setdefault(name.casefold(), name)
        if too_long := next((name for name in found.values() if len(name) > TAG_LIMIT), ""):
            raise ValidationError(
                _("A tag has at most %(most)s characters; “%(tag)s…” has more.")
                % {"most": TAG_LIMIT, "tag": too_long[:TAG_LIMIT]}
            )
        if len(found) > MOST_TAGS:
            raise ValidationError(_("A number has at most %(most)s tags.") % {"most": MOST_TAGS})
        return list(found.values())


class ExtensionForm(forms.Form):
    """An extension without a telephone number of its own."""

    location = forms.ModelChoiceField[Location](
        label=gettext_lazy("Location"), queryset=None, empty_label=gettext_lazy("Choose a location")
    )
    extension = forms.CharField(
        label=gettext_lazy("Extension"),
        max_length=20,
        help_text=gettext_lazy("2 to 10 digits. Colleagues dial it; it cannot be called from outside."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, org: Organization, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        location = self.fields["location"]
        assert isinstance(location, forms.ModelChoiceField)
        location.queryset = places_within(org, membership)

    def clean_extension(self) -> str:
        return clean_extension(self.cleaned_data["extension"])

    def clean_note(self) -> str:
        return one_line(self.cleaned_data["note"])
