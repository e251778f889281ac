"""Letters as files: the scan of one that was signed by hand, and a file that somebody wants to be checked."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.documents.seal import MAX_BYTES
from porting.forms.paper_field import PaperField
from porting.models import PortOrder

FILE_ERRORS = {
    "required": gettext_lazy("Choose a file."),
    "empty": gettext_lazy("This file is empty. Choose another."),
}


class ScanForm(forms.Form):
    letter = PaperField(
        label=gettext_lazy("Signed letter"),
        help_text=gettext_lazy("All pages as one PDF or PNG file, at most 10 MB."),
        error_messages=FILE_ERRORS,
    )
    signed_on = forms.DateField(
        label=gettext_lazy("Date on the letter"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as YYYY-MM-DD.")},
    )
    first_name = forms.CharField(label=gettext_lazy("First name of the signer"), max_length=50)
    last_name = forms.CharField(label=gettext_lazy("Last name of the signer"), max_length=50)

    def __init__(self, *args: Any, order: PortOrder, **kwargs: Any) -> None:
        self.order = order
        first, _space, last = order.authorized_name.rpartition(" ")
        super().__init__(*args, **kwargs)
        self.initial.update({"first_name": first, "last_name": last})
        oldest = order.today - timedelta(days=order.pack.letter.max_age_days)
        limits = {"min": oldest.isoformat(), "max": order.today.isoformat()}
        self.fields["signed_on"].widget.attrs.update(limits)

    def clean_signed_on(self) -> date:
        signed: date = self.cleaned_data["signed_on"]
        most = self.order.pack.letter.max_age_days
        if signed > self.order.today:
            raise ValidationError(_("This date is in the future."))
        if (self.order.today - signed).days > most:
            raise ValidationError(
                _("A letter may be at most %(days)s days old. Sign a new one.") % {"days": most}
            )
        return signed


class VerifyForm(forms.Form):
    letter = forms.FileField(
        label=gettext_lazy("Letter"),
        help_text=gettext_lazy("The PDF as it was downloaded. It is only read, not kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png"}),
        error_messages=FILE_ERRORS,
    )

    def clean_letter(self) -> bytes:
        """The file's bytes; nothing parses them here."""
        upload = self.cleaned_data["letter"]
        if upload.size > MAX_BYTES:
            raise ValidationError(_("This file is larger than any letter of ours."))
        return bytes(upload.read())
