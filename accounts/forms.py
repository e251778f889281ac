"""Signing in, and what a person may choose about how the console looks to them."""

import zoneinfo
from typing import Any, ClassVar

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

CONTINENTS = frozenset(
    "Africa America Antarctica Asia Atlantic Australia Europe Indian Pacific".split()  # noqa: SIM905
)


def zones() -> list[str]:
    """The time zones that people choose from: those named after a place, and UTC."""
    named = [
        name for name in zoneinfo.available_timezones() if name.split("/")[0] in CONTINENTS and "/" in name
    ]
    return [*sorted(named), "UTC"]


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

    time_zone = forms.ChoiceField(choices=lambda: [(name, name) for name in zones()])

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["theme", "density", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in self.data:
                del self.fields[name]
