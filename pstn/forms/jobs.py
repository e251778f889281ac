"""What each kind of background job asks for before it begins. A form's `params()` is what the kind takes."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pstn.forms.choices import ReasonedRadios, label
from pstn.forms.job_address import AddressJobForm
from pstn.forms.job_form import JobForm
from pstn.jobs.moving import targets
from pstn.models import Job, PhoneNumber
from pstn.models.number_rules import CHOSEN_KINDS
from pstn.models.numbers import MOST_SESSIONS, one_line

OWNERS_SHOWN = 12
TAGS_SHOWN = 100


class MoveForm(JobForm):
    """Where to. Only places that at least one of the numbers can go to; the others say why not."""

    location = forms.ChoiceField(
        label=gettext_lazy("Target location"),
        widget=ReasonedRadios,
        error_messages={"required": gettext_lazy("Choose where the numbers go.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = targets(self.org, self.membership, self.numbers)
        field = self.fields["location"]
        assert isinstance(field, forms.ChoiceField)
        # Those that can be chosen come first.
        field.choices = [
            (str(place.location.pk), label(place.location.name, place.why_not))
            for place in sorted(places, key=lambda place: bool(place.why_not))
        ]
        assert isinstance(field.widget, ReasonedRadios)
        self.why_not = {str(place.location.pk): place.why_not for place in places if place.why_not}
        field.widget.reasons = self.why_not

    def clean_location(self) -> int:
        chosen: str = self.cleaned_data["location"]
        if reason := self.why_not.get(chosen):
            raise ValidationError(reason)
        return int(chosen)

    def params(self) -> dict[str, Any]:
        return {"location": self.cleaned_data["location"]}


class RetypeForm(JobForm):
    """The new type, and for a contact center how many calls its numbers take at once."""

    kind = forms.ChoiceField(
        label=gettext_lazy("New type"),
        choices=[(kind, PhoneNumber.Kind(kind).label) for kind in CHOSEN_KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a type.")},
    )
    sessions = forms.IntegerField(
        label=gettext_lazy("Calls at once"),
        help_text=gettext_lazy("For contact center numbers only: how many calls each of them takes at once."),
        min_value=1,
        max_value=MOST_SESSIONS,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") != PhoneNumber.Kind.CONTACT_CENTER:
            data["sessions"] = None
        elif not data.get("sessions") and "sessions" not in self.errors:
            self.add_error("sessions", _("Say how many calls a contact center number takes at once."))
        return data

    def params(self) -> dict[str, Any]:
        return {"kind": self.cleaned_data["kind"], "sessions": self.cleaned_data["sessions"]}


class AssignForm(JobForm):
    """To whom, or to what. Typing narrows the choice; it begins with the first of the alphabet."""

    find = forms.CharField(
        label=gettext_lazy("Find a person or a feature"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "data-narrows": ""}),
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Assign to"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose whom the numbers are for."),
            "invalid_choice": gettext_lazy("Choose one from the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = self.org.owners.within(self.membership)
        typed = str(self.data.get("find", ""))[:100] if self.is_bound else ""
        found = list(
            reached.named(typed).select_related("location").order_by("name", "pk")[: OWNERS_SHOWN + 1]
        )
        chosen = str(self.data.get("owner", "")) if self.is_bound else ""
        shown = found[:OWNERS_SHOWN]
        if (
            chosen.isascii()
            and chosen.isdigit()
            and len(chosen) < 19
            and not any(o.pk == int(chosen) for o in shown)
        ):
            shown = [*reached.filter(pk=int(chosen)).select_related("location"), *shown]
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (
                str(owner.pk),
                label(
                    owner.name,
                    " · ".join(filter(None, [owner.get_kind_display(), str(owner.location or "")])),
                ),
            )
            for owner in shown
        ]
        if len(found) > OWNERS_SHOWN:
            field.help_text = _("There are more. Type a part of the name to find them.")
        elif not shown:
            field.help_text = _("Nobody is found.")
        self.helper = FormHelper()
        self.helper.hide_optional = True
        self.helper.layout = Layout("find", Div("owner", css_id="owners", css_class="field wide"))

    def params(self) -> dict[str, Any]:
        return {"owner": int(self.cleaned_data["owner"])}


class TagForm(JobForm):
    """One tag, put on or taken off. A new one comes into being by being used."""

    remove = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[("", gettext_lazy("Put the tag on")), ("1", gettext_lazy("Take the tag off"))],
        widget=forms.RadioSelect,
        required=False,
    )
    tag = forms.CharField(
        label=gettext_lazy("Tag"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "tags", "autocomplete": "off", "data-narrows": ""}),
        error_messages={"required": gettext_lazy("Write the tag.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.hide_optional = True  # one of the two is always chosen
        self.helper.layout = Layout("remove", "tag")

    def clean_tag(self) -> str:
        return " ".join(self.cleaned_data["tag"].split())

    @property
    def suggestions(self) -> list[str]:
        return list(self.org.tags.order_by("name").values_list("name", flat=True)[:TAGS_SHOWN])

    def params(self) -> dict[str, Any]:
        return {"tag": self.cleaned_data["tag"], "remove": bool(self.cleaned_data["remove"])}


class NoteForm(JobForm):
    """The note takes the place of the one that is there."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=PhoneNumber._meta.get_field("note").max_length,
        help_text=gettext_lazy("It takes the place of the present note. Leave it empty to clear the notes."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def params(self) -> dict[str, Any]:
        return {"note": one_line(self.cleaned_data["note"])}


FORMS: dict[str, type[JobForm]] = {
    Job.Kind.ACTIVATE: JobForm,
    Job.Kind.DEACTIVATE: JobForm,
    Job.Kind.MOVE: MoveForm,
    Job.Kind.RETYPE: RetypeForm,
    Job.Kind.ASSIGN: AssignForm,
    Job.Kind.UNASSIGN: JobForm,
    Job.Kind.TAG: TagForm,
    Job.Kind.NOTE: NoteForm,
    Job.Kind.ADDRESS: AddressJobForm,
    Job.Kind.DELETE: JobForm,
    Job.Kind.RESTORE: JobForm,
}
