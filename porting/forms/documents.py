"""The upload of a paper that an order wants: checked like a bill."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from lib.documents import Accepted, DocumentRefused, accept


class DocumentForm(forms.Form):
    """One file. `accepted` is the copy that was made anew, once the form is valid."""

    paper = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("One PDF or PNG file, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png"}),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("This file is empty. Choose another."),
        },
    )

    def clean_paper(self) -> Accepted:
        upload: Any = self.cleaned_data["paper"]
        try:
            return accept(upload, upload.name)
        except DocumentRefused as refusal:
            raise ValidationError(str(refusal.sentence)) from None

    @property
    def file_name(self) -> str:
        """What the person called it: kept as text, never as a path."""
        return str(getattr(self.files.get("paper"), "name", ""))
