"""The papers of a port: the bill that is uploaded, and the letter that is signed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from porting import drafting, letters
from porting.forms.base import StepForm
from porting.forms.drawing import DrawnField
from porting.forms.paper_field import PaperField


class BillForm(StepForm):
    bill = PaperField(
        label=gettext_lazy("Bill"),
        help_text=gettext_lazy("The whole last bill as one PDF or PNG file, at most 10 MB."),
        error_messages={"required": gettext_lazy("Choose the file of the bill.")},
    )
    dated = forms.DateField(
        label=gettext_lazy("Date of the bill"),
        required=False,
        help_text=gettext_lazy("Leave it empty to have it read from the bill."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the date as YYYY-MM-DD.")},
    )

    def prepare(self) -> None:
        current = self.order.paper("bill")
        self.fields["bill"].required = current is None
        if current:
            self.fields["bill"].help_text = _("Choose a file only to replace the bill that is there.")
            self.initial["dated"] = current.dated
        today = self.order.today
        oldest = today - timedelta(days=self.order.pack.bill_max_age_days)
        self.fields["dated"].widget.attrs.update({"min": oldest.isoformat(), "max": today.isoformat()})

    def clean_dated(self) -> Any:
        """Of a new bill the date may come later, from its reading; until then the step is unfinished."""
        dated, today = self.cleaned_data["dated"], self.order.today
        if dated is None:
            if "bill" not in self.fields or not self.files.get("bill"):
                raise ValidationError(_("Type the date of the bill."), code="required")
            return None
        most = self.order.pack.bill_max_age_days
        if dated > today:
            raise ValidationError(_("This date is in the future."))
        if (today - dated).days > most:
            raise ValidationError(
                _("The bill is from %(date)s. It must be from the last %(days)s days.")
                % {"date": date_format(dated), "days": most}
            )
        return dated

    @property
    def keeps_file(self) -> bool:  # type: ignore[override]
        return bool(self.cleaned_data.get("bill"))

    def apply(self, by: User | None) -> dict[str, Any]:
        accepted, dated = self.cleaned_data.get("bill"), self.cleaned_data.get("dated")
        name = str(getattr(self.files.get("bill"), "name", ""))
        paper = drafting.keep_bill(self.order, accepted, name=name, dated=dated, by=by)
        return {"bill": paper.sha256 if paper else "", "dated": str(dated or "")}


class LetterForm(StepForm):
    """Signing. It saves nothing of the order; letters.sign checks again who signs and what was shown."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=50)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=50)
    title = forms.CharField(label=gettext_lazy("Job title"), max_length=100)
    drawn = DrawnField()
    consent = forms.BooleanField(
        label=letters.CONSENT_LABEL,
        error_messages={"required": gettext_lazy("Tick the box to sign.")},
    )
    shown = forms.CharField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        first, _space, last = self.order.authorized_name.rpartition(" ")
        former = self.order.paper("loa")
        signature = former.signature if former else None
        self.initial["first_name"] = signature.first_name if signature else first
        self.initial["last_name"] = signature.last_name if signature else last
        self.initial["title"] = signature.title if signature else ""
        if not self.is_bound and not letters.why_no_letter(self.order):
            self.initial["shown"] = letters.token(self.order)

    @property
    def can_wait(self) -> bool:
        """Half a signature is none."""
        return False

    def apply(self, by: User | None) -> dict[str, Any]:
        names = ("shown", "first_name", "last_name", "title", "drawn")
        letters.sign(self.order, by=self.membership, **{name: self.cleaned_data[name] for name in names})
        return {}
