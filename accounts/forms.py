"""Signing in, and what a person may choose about how the console looks to them."""

from typing import Any, ClassVar

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's form in our words, without placeholders that say the label again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"login": _("E-mail"), "password": _("Password"), "remember": _("Keep me signed in")}
        for name, label in labels.items():
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].widget.attrs.pop("placeholder", None)


class PreferencesForm(forms.ModelForm[User]):
    """Each field may be sent alone: the header's menu has one button for each choice."""

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["theme", "density"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in self.data:
                del self.fields[name]
