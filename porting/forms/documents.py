"""The upload of a paper that an order wants: checked like a bill."""

from django import forms
from django.utils.translation import gettext_lazy

from porting.forms.paper_field import PaperField


class DocumentForm(forms.Form):
    """One file. `accepted` is the copy that was made anew, once the form is valid."""

    paper = PaperField(
        label=gettext_lazy("File"), help_text=gettext_lazy("One PDF or PNG file, at most 10 MB.")
    )

    @property
    def file_name(self) -> str:
        """What the person called it: kept as text, never as a path."""
        return str(getattr(self.files.get("paper"), "name", ""))
