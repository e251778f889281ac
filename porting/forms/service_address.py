"""The service address as two forms ask for it: in the country's words, checked by its rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

import countries
from lib.spelling import is_po_box


class ServiceAddress:
    """For a form with the fields address_line1, address_line2, city, region and postal_code."""

    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    @property
    def pack(self) -> countries.Country:
        """Whose rules count."""
        raise NotImplementedError

    def follow_country(self) -> None:
        """Label the fields as the country does, and ask for a region only where addresses have one."""
        labels, fields = self.pack.labels, self.fields
        fields["address_line2"].label, fields["city"].label = str(labels.line2), str(labels.city)
        fields["postal_code"].label = str(labels.postal_code)
        if self.pack.has_regions:
            choices = [("", _("Choose")), *self.pack.regions.items()]
            fields["region"] = forms.ChoiceField(label=str(labels.region), choices=choices)
        else:
            del fields["region"]

    def clean_address_line1(self) -> str:
        line: str = self.cleaned_data["address_line1"]
        if is_po_box(line):
            raise ValidationError(_("A PO box is not where service is installed. Enter the street address."))
        return line

    def clean_postal_code(self) -> str:
        typed = self.cleaned_data["postal_code"]
        code = self.pack.clean_postal_code(typed) if typed else ""
        if code is None:
            raise ValidationError(str(self.pack.postal_code_sentence))
        return code
