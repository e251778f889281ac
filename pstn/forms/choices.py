"""A choice between things of which some are not possible, each with the reason beside it."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString


class ReasonedRadios(forms.RadioSelect):
    """Radio buttons. `reasons` has a sentence for each value that cannot be chosen: shown, and disabled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if self.reasons.get(str(value)):
            option["attrs"]["disabled"] = True
        return option


def label(word: object, small: object = "") -> SafeString | str:
    """The words of a radio button, with a second line in small letters."""
    return format_html("{}<small>{}</small>", word, small) if small else str(word)
