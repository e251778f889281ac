"""The forms of a request through support: what is wanted, an answer to a question, a reason."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import countries
from accounts.models import Organization
from accounts.scoping import OrgModelForm
from countries.papers import document_label
from pstn import trial
from pstn.models import NumberOrder
from pstn.models.messages import LONGEST
from pstn.workflow.number_checks import ORDER_LIMIT

# Kept out of what people paste: they are invisible, or turn the direction of the text around.
UNSEEN = dict.fromkeys([*range(32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]) | {10: "\n", 9: " "}
NATIONAL = NumberOrder.NumberType.NATIONAL


def plain(text: str) -> str:
    """Text as people meant it."""
    return text.replace("\r\n", "\n").translate(UNSEEN).strip()


class RequestForm(OrgModelForm):
    """What numbers support is asked for."""

    class Meta:
        model = NumberOrder
        fields: ClassVar[list[str]] = ["number_type", "quantity", "area", "papers", "details"]
        widgets: ClassVar[dict[str, Any]] = {
            "number_type": forms.RadioSelect,
            "details": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "number_type": gettext_lazy(
                "Local numbers belong to a place; national ones to the whole country."
            ),
            "area": gettext_lazy("A city, or an area code. National numbers have none."),
            "details": gettext_lazy(
                "Anything that support should know: numbers in a row, a date, a pattern. No secrets, please."
            ),
        }

    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Documents that you have at hand"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Such requests usually need these. Support tells you which ones, and how to send them."
        ),
    )

    def __init__(self, *args: Any, org: Organization, **kwargs: Any) -> None:
        super().__init__(*args, org=org, **kwargs)
        self.left = trial.left(org)
        country = self.instance.location.country if self.instance.location else "DE"
        rules = countries.get(country).order_documents
        if rules:
            papers = self.fields["papers"]
            assert isinstance(papers, forms.MultipleChoiceField)
            papers.choices = [(rule.kind, document_label(rule.kind)) for rule in rules]
        else:
            del self.fields["papers"]
        self.fields["area"].required = self["number_type"].value() != NATIONAL
        self.fields["area"].error_messages["required"] = _("Name a city or an area code.")
        number_type = self.fields["number_type"]
        assert isinstance(number_type, forms.ChoiceField)
        number_type.choices = NumberOrder.NumberType.choices
        quantity = self.fields["quantity"]
        quantity.widget.attrs |= {"min": "1", "max": str(ORDER_LIMIT), "inputmode": "numeric"}
        quantity.help_text = (
            _("Up to %(most)s in one order.") % {"most": ORDER_LIMIT}
            if self.left is None
            else trial.sentence(org)
        )

    def clean_quantity(self) -> int:
        quantity = int(self.cleaned_data["quantity"])
        most = ORDER_LIMIT if self.left is None else min(ORDER_LIMIT, self.left)
        if not 1 <= quantity <= most:
            raise forms.ValidationError(_("Ask for 1 to %(most)s numbers.") % {"most": most})
        return quantity

    def clean_area(self) -> str:
        is_national = self.cleaned_data.get("number_type") == NATIONAL
        return "" if is_national else plain(str(self.cleaned_data["area"]))

    def clean_details(self) -> str:
        return plain(str(self.cleaned_data["details"]))


class AnswerForm(forms.Form):
    """A message to support. `serial` counts what was written before: while the open panel is drawn anew, the
    field with the same serial keeps what is being typed."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST,
        help_text=gettext_lazy("PSTN support reads it, and everybody here who may see the order."),
        widget=forms.Textarea(attrs={"rows": 3, "hx-preserve": "true"}),
        error_messages={
            "required": gettext_lazy("Write something first."),
            "max_length": gettext_lazy("At most %(limit_value)s characters; these are %(show_value)s."),
        },
    )

    def __init__(self, *args: Any, serial: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"answer-{serial}-%s"})

    def clean_text(self) -> str:
        text = plain(str(self.cleaned_data["text"]))
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"], code="required")
        return text


class DeclineForm(forms.Form):
    """Why an offer is not wanted: support needs to know, to make a better one."""

    reason = forms.CharField(
        label=gettext_lazy("What should be different?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "hx-preserve": "true"}),
        error_messages={"required": gettext_lazy("Say what should be different.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": "decline-%s"})

    def clean_reason(self) -> str:
        return " ".join(plain(str(self.cleaned_data["reason"])).split())
