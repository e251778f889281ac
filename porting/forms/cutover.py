"""What people say on the day of a port: which numbers, that they have read what it means, and why."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import phone
from porting.day import cutover
from porting.models import PortOrder, TestRun

BOXES = 60  # more numbers than this are chosen as a range, or all


class NumbersChoice(forms.Form):
    """Some of an order's numbers: ticked one by one, as a range, or all. `chosen` is what came of it."""

    prefix_of_ids = "numbers"
    whole = forms.BooleanField(label=gettext_lazy("All of them"), required=False)
    numbers = forms.MultipleChoiceField(
        label=gettext_lazy("Numbers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("One of these numbers cannot be chosen any more.")},
    )
    first = forms.CharField(label=gettext_lazy("From"), required=False, max_length=40)
    last = forms.CharField(label=gettext_lazy("to"), required=False, max_length=40)

    def __init__(self, *args: Any, order: PortOrder, offered: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{self.prefix_of_ids}_%s", **kwargs})
        self.order, self.offered, self.chosen = order, list(offered), list[str]()
        numbers: Any = self.fields["numbers"]
        numbers.choices = [(e164, phone.international(e164)) for e164 in self.offered]
        if len(self.offered) > BOXES:
            numbers.widget = forms.MultipleHiddenInput()
        for name in ("first", "last"):
            self.fields[name].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    @property
    def has_boxes(self) -> bool:
        return len(self.offered) <= BOXES

    def clean_first(self) -> str:
        return self._number("first")

    def clean_last(self) -> str:
        return self._number("last")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found = set(self.offered) if cleaned.get("whole") else set(cleaned.get("numbers") or ())
        first, last = cleaned.get("first", ""), cleaned.get("last", "")
        if bool(first) != bool(last) and not {"first", "last"} & set(self.errors):
            self.add_error("last" if first else "first", _("A range has two ends."))
        elif first and last:
            inside = cutover.between(self.offered, first, last)
            if not inside:
                self.add_error("first", _("No number that can be chosen lies in this range."))
            found.update(inside)
        self.chosen = sorted(found)
        if not found and not self.errors:
            self.add_error(None, _("Choose at least one number."))
        return cleaned

    def _number(self, name: str) -> str:
        text = self.cleaned_data[name].strip()
        if not text:
            return ""
        read = phone.parse(text, self.order.country)
        if isinstance(read, phone.Reason):
            raise ValidationError(_("This is not a phone number: %(text)s") % {"text": text})
        return read.e164


class ActivateForm(NumbersChoice):
    """`sure` is asked for while something that should be ready is not."""

    prefix_of_ids = "activate"
    sure = forms.BooleanField(
        label=gettext_lazy("Something above is not ready. Activate all the same."),
        error_messages={
            "required": gettext_lazy("Something above is not ready: say that you want to go on, or mend it.")
        },
    )

    def __init__(self, *args: Any, is_ready: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_ready:
            del self.fields["sure"]


class SnapBackForm(NumbersChoice):
    prefix_of_ids = "back"
    accepted = forms.BooleanField(
        label=gettext_lazy("I have read what happens and want these numbers to go back."),
        error_messages={"required": gettext_lazy("Say that you have read this first.")},
    )


class DelayForm(forms.Form):
    accepted = forms.BooleanField(
        label=gettext_lazy("I have read that the numbers may move today all the same."),
        error_messages={"required": gettext_lazy("Say that you have read this first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_delay_%s", **kwargs})


class TestForm(forms.Form):
    """Which numbers to test: a button each, so only a made-up request is wrong."""

    __test__ = False
    scope = forms.ChoiceField(
        choices=[
            (scope.value, scope.label)
            for scope in (TestRun.Scope.SAMPLE, TestRun.Scope.ALL, TestRun.Scope.FAILED)
        ]
    )


class VerifyForm(forms.Form):
    """`note` must be written while tests are open: somebody answers for the rest."""

    note = forms.CharField(
        label=gettext_lazy("Why you confirm all the same"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Not everything has passed: write why you confirm.")},
    )

    def __init__(self, *args: Any, lacks: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_verify_%s", **kwargs})
        if not lacks:
            del self.fields["note"]
