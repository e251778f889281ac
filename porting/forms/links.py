"""Forms of outsiders' links: asking somebody by one, entering its code, and doing its task."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.models import Membership, User
from porting import drafting, letters, links
from porting.forms.base import StepForm
from porting.forms.papers import BillForm, LetterForm
from porting.models import PortOrder, TaskLink

ADDRESS = re.compile(r"://|\bwww\.|\[[^\]]*\]\(", re.IGNORECASE)
# An outsider has no membership: what may be chosen does not depend on one in these forms.
NOBODY: dict[str, Any] = {"membership": None}
DAYS = (1, 3, 7, 14, links.LONGEST_DAYS)


class AskForm(forms.ModelForm[TaskLink]):
    """Who shall do what, by when. Of the signature, links.why_not_recipient says who may be asked."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("The link works for"),
        coerce=int,
        choices=[(n, ngettext_lazy("%(n)s day", "%(n)s days", n) % {"n": n}) for n in DAYS],
        initial=7,
    )

    class Meta:
        model = TaskLink
        fields = ["purpose", "email", "name", "note", "days"]
        labels = {"name": gettext_lazy("Name of this person"), "note": gettext_lazy("Note to this person")}
        widgets = {
            "purpose": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "email": gettext_lazy("The link and its one-time code go to this address, and only there."),
            "note": gettext_lazy("At most 300 characters. No PINs, no account numbers, no web addresses."),
        }

    def __init__(self, *args: Any, order: PortOrder, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.membership = order, membership
        self.fields["purpose"].choices = TaskLink.Purpose.choices  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_note(self) -> str:
        """A mail of ours with somebody's address in it would be a gift to those who fish for passwords."""
        note = str(self.cleaned_data["note"])
        if ADDRESS.search(note):
            raise ValidationError(_("Leave web addresses out: people are told not to trust them."))
        return note

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        purpose, email = said.get("purpose", ""), said.get("email", "")
        if purpose and (reason := links.why_not_ask(self.order, purpose)):
            self.add_error("purpose", reason)
        elif email and (reason := links.why_not_recipient(self.order, purpose, email, self.membership)):
            self.add_error("email", reason)
        return said


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Enter the six digits from the e-mail.")},
    )


class BillByLink(BillForm):
    """The wizard's upload with its checks; of another bill that the order may have, it tells nothing."""

    def __init__(self, *args: Any, link: TaskLink, **kwargs: Any) -> None:
        self.link = link
        super().__init__(*args, **kwargs, **NOBODY)

    def prepare(self) -> None:
        help_text = self.base_fields["bill"].help_text
        super().prepare()
        current = self.order.paper("bill")
        kept = current is not None and current.pk == self.link.kept_paper_id
        self.fields["bill"].required = not kept
        self.fields["bill"].help_text = (
            _("Your file has arrived. Choose one only to replace it.") if kept else help_text
        )
        self.initial.pop("dated", None)

    def apply(self, by: User | None) -> dict[str, Any]:
        accepted, dated = self.cleaned_data.get("bill"), self.cleaned_data.get("dated")
        name = str(getattr(self.files.get("bill"), "name", ""))
        paper = drafting.keep_bill(self.order, accepted, name=name, dated=dated, by=None)
        if paper is not None and accepted is not None:
            paper.outsider_email = self.link.email
            paper.save(update_fields=["outsider_email"])
            self.link.kept_paper = paper
            self.link.save(update_fields=["kept_paper"])
        return {"bill": paper.sha256 if paper else "", "dated": str(dated or "")}


class PinByLink(StepForm):
    """One or both of the account's secrets. What is stored is neither shown nor hinted at."""

    secrets = frozenset({"account_number", "pin"})

    class Meta:
        model = PortOrder
        fields = ["account_number", "pin"]
        labels = {"pin": gettext_lazy("Port-out PIN")}
        help_texts = {
            "account_number": gettext_lazy("As it stands on the bill."),
            "pin": gettext_lazy("Some carriers call it transfer PIN or passcode."),
        }

    def __init__(self, *args: Any, link: TaskLink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, **NOBODY)

    def prepare(self) -> None:
        for name in self.secrets:
            field = self.fields[name]
            field.required = False
            field.widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
            self.initial[name] = ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and not any(said.get(name) for name in self.secrets):
            raise ValidationError(_("Enter the PIN, the account number or both."), code="required")
        return said

    def apply(self, by: User | None) -> dict[str, Any]:
        for name in self.secrets:
            if not self.cleaned_data.get(name):
                del self.fields[name]  # left empty, it stays as it is stored
        return super().apply(by)


class SignatureByLink(LetterForm):
    """The wizard's signature, as the outsider: nothing of who signed before."""

    def __init__(self, *args: Any, link: TaskLink, **kwargs: Any) -> None:
        self.link = link
        super().__init__(*args, **kwargs, **NOBODY)

    def prepare(self) -> None:
        super().prepare()
        first, _space, last = self.link.name.rpartition(" ")
        self.initial.update({"first_name": first, "last_name": last, "title": ""})

    def apply(self, by: User | None) -> dict[str, Any]:
        names = ("shown", "first_name", "last_name", "title", "drawn")
        outsider = letters.Outsider(self.link.email, self.link.name, self.link.pk)
        letters.sign(self.order, by=outsider, **{name: self.cleaned_data[name] for name in names})
        return {}


FORMS: dict[str, type[Any]] = {
    TaskLink.Purpose.BILL: BillByLink,
    TaskLink.Purpose.PIN: PinByLink,
    TaskLink.Purpose.SIGNATURE: SignatureByLink,
}
