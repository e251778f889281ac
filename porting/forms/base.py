"""What every step of the port wizard is: a form over the draft that can also show one field of itself."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization, User
from accounts.scoping import OrgModelForm
from porting.models import PortOrder

MASK = "••••"


class StepForm(OrgModelForm):
    """`only` narrows the form to some of its fields: the order panel opens exactly what was rejected."""

    secrets: frozenset[str] = frozenset()

    class Meta:
        model = PortOrder
        fields: list[str] = []

    def __init__(
        self,
        *args: Any,
        org: Organization,
        membership: Membership,
        only: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, org=org, membership=membership, **kwargs)
        self.membership = membership
        self.only = frozenset(only)
        self.prepare()
        if self.only:
            for name in set(self.fields) - self.only:
                del self.fields[name]
        self.helper = FormHelper()
        if layout := self.layout():
            self.helper.layout = layout

    @property
    def order(self) -> PortOrder:
        order: PortOrder = self.instance
        return order

    def prepare(self) -> None:
        """Fill in choices and first values that depend on the order."""

    def layout(self) -> Layout | None:
        """How the fields stand together; None is one under another."""
        return None

    def apply(self, by: User | None) -> dict[str, Any]:
        """Save under the lock that the caller holds; answers what the audit log shall say was set."""
        self.save()
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.fields}

    #: An upload is kept although another field is wrong: nobody chooses the same file twice.
    keeps_file = False

    @property
    def can_wait(self) -> bool:
        """Whether the page may be left: nothing is wrong with what was typed, it is only unfinished."""
        return all(error.code == "required" for errors in self.errors.as_data().values() for error in errors)

    def forget_errors(self) -> None:
        """Let `apply` keep what is there: fields with errors are left as they are stored."""
        for name in list(self.errors):
            if name in self.fields:
                del self.fields[name]
        self._errors = forms.utils.ErrorDict()

    def stored(self, order: PortOrder) -> list[tuple[str, str]]:
        """What is stored for the fields of this form, as pairs to show; secrets are masked."""
        pairs = []
        for name, field in self.fields.items():
            value = getattr(order, name, None)
            if value is None or name not in {f.name for f in PortOrder._meta.concrete_fields}:
                continue
            shown = MASK if name in self.secrets and value else value
            if isinstance(value, bool):
                shown = _("Yes") if value else _("No")
            pairs.append((str(field.label), str(shown)))
        return pairs
