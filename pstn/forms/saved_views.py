"""Forms of saved views: a name, and who has the view."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ViewNameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)


class ViewForm(ViewNameForm):
    is_shared = forms.BooleanField(label=_("For everybody in the organization"), required=False)
    is_usual = forms.BooleanField(
        label=_("Show this view first"),
        required=False,
        help_text=_("For you alone: the Numbers page opens with it, and All is one press away."),
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]
