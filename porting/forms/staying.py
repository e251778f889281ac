"""The field for numbers that stay at the current carrier: a few numbers as text, kept as a list of E.164."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from lib import phone

MOST = 500  # a letter names those that people know of; "all others" needs no list


class StayingField(forms.CharField):
    """Answers the numbers in the order in which they were typed, each once."""

    def __init__(self, country: str) -> None:
        self.country = country
        super().__init__(
            label=gettext_lazy("Which numbers stay"),
            help_text=gettext_lazy("If you know them: the letter of agency then lists them."),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(phone.international(e164) for e164 in value)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial or [])) != str(data or "")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found: list[str] = []
        for piece in phone.read_paste(text, self.country, limit=MOST).pieces if text else ():
            if piece.verdict is phone.Verdict.DUPLICATE:
                continue
            if not piece.is_ready:
                raise ValidationError(piece.sentence)
            found += piece.numbers
        return found
