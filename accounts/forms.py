"""What a person may choose about how the console looks to them."""

from typing import Any, ClassVar

from django import forms

from accounts.models import User


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
