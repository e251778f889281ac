"""The field for a drawn signature: a pad where a browser can show one, and nothing at all elsewhere."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from lib.documents import DocumentRefused
from lib.documents.drawing import drawn_signature


class DrawingPad(forms.Widget):
    """A canvas with its button; static/signature.js writes the picture into the hidden field."""

    template_name = "porting/drawing_pad.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["value"] = value if isinstance(value, str) else ""
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        """Our templates lie where pages look for theirs, which is not where widgets look."""
        return render_to_string(template_name, context)

    def id_for_label(self, id_: str) -> str:
        """A canvas takes no focus: typing the name is the way by keyboard, and nothing is labeled."""
        return ""


class DrawnField(forms.CharField):
    """Answers a clean PNG as bytes, b"" when nothing was drawn."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": gettext_lazy("Drawn signature"),
                "required": False,
                "widget": DrawingPad,
                "help_text": gettext_lazy("If you like: the typed name is enough."),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> Any:
        try:
            return drawn_signature(str(super().clean(value) or ""))
        except DocumentRefused as refusal:
            raise ValidationError(str(refusal.sentence)) from None
