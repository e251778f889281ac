"""Writing a message about an order."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pstn.models.messages import LONGEST

# Kept out of what people paste: they are invisible, or turn the direction of the text around.
UNSEEN = dict.fromkeys([*range(32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]) | {10: "\n", 9: " "}


class MessageForm(forms.Form):
    """`serial` counts what this person wrote before: while the open panel is drawn anew, the field with the
    same serial keeps what is being typed."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST,
        help_text=_("PSTN support reads it, and everybody here who may see the order. No PINs, please."),
        widget=forms.Textarea(attrs={"rows": 3, "hx-preserve": "true"}),
        error_messages={
            "required": _("Write something first."),
            "max_length": _("At most %(limit_value)s characters; these are %(show_value)s."),
        },
    )

    def __init__(self, *args: Any, serial: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"say-{serial}-%s"})

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").translate(UNSEEN).strip()
        if not text:
            raise ValidationError(self.fields["text"].error_messages["required"], code="required")
        return text
