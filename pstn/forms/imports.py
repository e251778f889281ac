"""Sending a file of numbers in, and taking one out."""

import io
from contextlib import closing
from typing import Any, BinaryIO, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.sheets import ROW_LIMIT, SheetRefused, open_sheet
from pstn.imports.columns import read_header, why_refused
from pstn.models import NumberImport

M = NumberImport.Mode
ACCEPTED = ".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABOUT = {
    M.CREATE: gettext_lazy("Every row is a new number. What is here already stays as it is."),
    M.UPDATE: gettext_lazy(
        "Every row is a number that is here. Blank cells change nothing; a cell of only - clears."
    ),
    M.UPSERT: gettext_lazy("New numbers are added, those that are here are changed."),
    M.DELETE: gettext_lazy("Every number of the file is deleted. It can be restored for some time."),
}


class ImportForm(forms.Form):
    """What to do, and the file. What cannot be a table of numbers is refused here already."""

    mode = forms.ChoiceField(
        label=gettext_lazy("What to do"), initial=M.CREATE, widget=forms.RadioSelect(attrs={"class": "cards"})
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose the file.")},
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        mode, file = self.fields["mode"], self.fields["file"]
        assert isinstance(mode, forms.ChoiceField)
        mode.choices = [(one.value, format_html("{}<small>{}</small>", one.label, ABOUT[one])) for one in M]
        file.help_text = _(
            "CSV or XLSX, at most %(most)s rows. Of a spreadsheet the first visible sheet is read, all of "
            "its rows, also those that a filter hides. Nothing changes before you have seen the check."
        ) % {"most": f"{ROW_LIMIT:,}"}

    def clean_file(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            with closing(_another(upload)) as stream:
                read_header(open_sheet(stream, upload.size or 0).header)
        except SheetRefused as why:
            raise ValidationError(why_refused(why.code, why.facts)) from None
        return upload


def _another(upload: "UploadedFile[bytes]") -> BinaryIO:
    """The same bytes, opened for themselves: whoever looks at the header closes what they read from."""
    if path := getattr(upload, "temporary_file_path", None):
        return open(path(), "rb")
    upload.seek(0)
    return io.BytesIO(cast("bytes", upload.read()))
