"""What people fill in about a number that is porting in, alone or in a table; and what any number is for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lib import phone
from pstn.models import PhoneNumber, Preparation
from pstn.models.numbers import Capability
from pstn.models.preparations import capabilities_of, clean_caller_name
from pstn.workflow.preparations import Problem, Wanted

TYPED_LIMIT = 60


class UseForm(forms.Form):
    """What a number is used for, and the name that it shows."""

    caller_name = forms.CharField(
        label=_("Caller ID name"),
        max_length=TYPED_LIMIT,
        required=False,
        help_text=_("At most 15 characters. Carriers may take some days to show it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    capabilities = forms.MultipleChoiceField(
        label=_("Used for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        number: PhoneNumber,
        stored: Any,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        known = {name: getattr(stored, name) for name in self.base_fields if hasattr(stored, name)}
        kwargs["initial"] = known | (initial or {})
        super().__init__(*args, **kwargs)
        self.number = number
        self.possible = capabilities_of(number)
        # Every number takes calls; only the rest is a choice.
        choices = [(one.value, one.label) for one in self.possible if one != Capability.VOICE]
        used = self.fields["capabilities"]
        assert isinstance(used, forms.MultipleChoiceField)
        used.choices = choices
        if not choices:
            del self.fields["capabilities"]

    def clean_caller_name(self) -> str:
        return clean_caller_name(self.cleaned_data["caller_name"])

    def clean_capabilities(self) -> list[str]:
        chosen = {Capability.VOICE.value, *self.cleaned_data["capabilities"]}
        return [one.value for one in self.possible if one.value in chosen]


class PreparationForm(UseForm):
    """What becomes of a number when it comes. `version` is what was seen: a stale tab is told.

    A name that no owner has becomes one when the number comes. The page's list `people` suggests some.
    """

    field_order = ("assigned_to",)

    assigned_to = forms.CharField(
        label=_("Assigned to"),
        max_length=100,
        required=False,
        help_text=_("A person, a place or a group, as your directory names it."),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    temporary_e164 = forms.CharField(
        label=_("Temporary number"),
        max_length=TYPED_LIMIT,
        required=False,
        help_text=_(
            "An active number of the same location that serves until the port. What it has (assignment, "
            "caller ID name, own emergency address) passes to this number."
        ),
        widget=forms.TextInput(attrs={"list": "temporaries", "autocomplete": "off", "inputmode": "tel"}),
    )
    afterwards = forms.ChoiceField(
        label=_("Temporary number afterwards"), choices=Preparation.Afterwards, required=False
    )
    becomes_main = forms.BooleanField(
        label=_("Becomes the main number of its location"),
        required=False,
        help_text=_("At activation it takes the place of the present main number."),
    )

    def __init__(self, *args: Any, number: PhoneNumber, **kwargs: Any) -> None:
        stored = getattr(number, "preparation", None) or Preparation()
        super().__init__(*args, number=number, stored=stored, **kwargs)
        self.initial["temporary_e164"] = stored.temporary_shown
        self.stored = stored
        # What the page says was seen; after a conflict the version that the sentence tells of.
        self.seen = self.data.get(self.add_prefix("version"), "") if self.is_bound else str(stored.version)

    def clean_assigned_to(self) -> str:
        return " ".join(self.cleaned_data["assigned_to"].split())

    def clean_temporary_e164(self) -> str:
        typed = self.cleaned_data["temporary_e164"]
        if not typed:
            return ""
        read = phone.parse(typed, self.number.location.country)
        if isinstance(read, phone.Reason):
            raise ValidationError(read.sentence)
        return read.e164

    def clean_afterwards(self) -> str:
        return self.cleaned_data["afterwards"] or Preparation.Afterwards.KEEP.value

    @property
    def is_main_now(self) -> bool:
        return self.number.is_main

    def wanted(self) -> Wanted:
        """Call it once the form is valid."""
        version = int(self.seen) if self.seen.isascii() and self.seen.isdecimal() else 0
        return Wanted(self.number, dict(self.cleaned_data), version)

    def refuse(self, problem: Problem) -> None:
        """Say what stands in the way, at its field; what was typed stays."""
        self.add_error(problem.field or None, problem.sentence)
        if not problem.field:
            self.seen = str(self.stored.version)


class RowForm(PreparationForm):
    """One row of the table: each control says which number it is about."""

    def __init__(self, *args: Any, number: PhoneNumber, **kwargs: Any) -> None:
        super().__init__(*args, number=number, prefix=f"n{number.pk}", **kwargs)
        shown = phone.national(number.e164)
        for name, field in self.fields.items():
            field.help_text = ""
            if name != "capabilities":
                field.widget.attrs["aria-label"] = f"{field.label}, {shown}"
            if name not in ("capabilities", "becomes_main"):
                field.widget.attrs["class"] = "input"
        for name, size in (("assigned_to", 16), ("caller_name", 14), ("temporary_e164", 14)):
            self.fields[name].widget.attrs["size"] = size


class PasteForm(forms.Form):
    """Lines for many numbers at once: copied from a spreadsheet, or comma-separated."""

    lines = forms.CharField(
        label=_("Numbers and what they become"),
        max_length=400_000,
        help_text=_(
            "One number a line: number, assigned to, caller ID name, used for (calls text fax), temporary "
            "number, afterwards (keep or delete). An empty cell keeps what is there, a - clears it. "
            "Columns at the end may be missing; a line of titles is passed over."
        ),
        error_messages={"required": _("Paste at least one line.")},
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
