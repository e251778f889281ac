"""The field in which a paper is uploaded: what comes out is the copy that was made anew, never the upload."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from lib.documents import Accepted, DocumentRefused, accept


class PaperField(forms.FileField):
    """A PDF or PNG file of at most 10 MB. Cleans to lib.documents.Accepted, or None where none is needed."""

    def __init__(self, **kwargs: Any) -> None:
        words = {
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("This file is empty. Choose another."),
        }
        kwargs["error_messages"] = words | kwargs.get("error_messages", {})
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": "application/pdf,image/png"}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Accepted | None:
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return accept(upload, str(upload.name))
        except DocumentRefused as refusal:
            raise ValidationError(str(refusal.sentence)) from None
