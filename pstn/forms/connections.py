"""What the PSTN connection wizard asks, one form a step."""

from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgModelForm
from lib import phone
from pstn.models import Connection
from pstn.offers import DISCLAIMER_VERSION, Offer, offers_for


class StepForm(OrgModelForm):
    """One step. When somebody only saves and leaves, nothing is required: what they have typed is kept."""

    def __init__(self, *args: Any, leaving: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label or "")
            field.required = field.required and not leaving

    def require(self, *names: str, leaving: bool) -> None:
        """The model leaves these empty, because its draft may be; the finished step may not."""
        for name in names:
            self.fields[name].required = not leaving


class OfferSelect(forms.RadioSelect):
    """Cards of which some cannot be chosen; those say why."""

    offers: ClassVar[dict[str, Offer]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        offer = self.offers[str(value)]
        option["label"] = _card(offer)
        if offer.why_not:
            option["attrs"]["disabled"] = True
        return option


def _card(offer: Offer) -> SafeString:
    lines = format_html_join("", "<small>{}</small>", ((line,) for line in offer.lines))
    reason = format_html("<small><strong>{}</strong></small>", offer.why_not) if offer.why_not else ""
    return format_html("<strong>{}</strong>{}{}", offer.title, lines, reason)


class TypeForm(StepForm):
    """How the location reaches the telephone network. What is not to be had shows the reason."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Connection type"),
        error_messages={"required": gettext_lazy("Choose how this location is connected.")},
    )

    class Meta:
        model = Connection
        fields: ClassVar[list[str]] = ["kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {offer.kind: offer for offer in offers_for(self.instance.location)}
        field = self.fields["kind"]
        field.choices = [(kind, offer.title) for kind, offer in self.offers.items()]  # type: ignore[attr-defined]
        field.widget = OfferSelect(attrs={"class": "cards"}, choices=field.choices)  # type: ignore[attr-defined]
        field.widget.offers = self.offers  # type: ignore[misc]

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if kind and self.offers[kind].why_not:
            raise forms.ValidationError(self.offers[kind].why_not)
        return kind


class ContactForm(StepForm):
    """The person who signs the contract for a calling plan. The e-mail address is asked for once."""

    class Meta:
        model = Connection
        fields: ClassVar[list[str]] = ["company", "first_name", "last_name", "email", "billing_number"]
        help_texts: ClassVar[dict[str, Any]] = {
            "billing_number": gettext_lazy("The number that the contract is billed to, if there is one."),
        }

    def __init__(self, *args: Any, leaving: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, leaving=leaving, **kwargs)
        self.require("company", "first_name", "last_name", "email", leaving=leaving)
        if not self.instance.company:
            self.initial["company"] = self.org.name
        if self.instance.billing_number:
            self.initial["billing_number"] = phone.international(self.instance.billing_number)
        self.fields["billing_number"] = forms.CharField(
            label=self.fields["billing_number"].label,
            help_text=self.fields["billing_number"].help_text,
            required=False,
            max_length=40,  # as typed; what is stored is E.164
        )

    def clean_billing_number(self) -> str:
        typed: str = self.cleaned_data["billing_number"]
        if not typed.strip():
            return ""
        read = phone.parse(typed, self.instance.location.country)
        if isinstance(read, phone.Reason):
            raise forms.ValidationError(read.sentence)
        return read.e164


class DisclaimerForm(StepForm):
    """Who took note of what emergency calls can and cannot do. The version is of the text shown."""

    version = forms.CharField(widget=forms.HiddenInput)
    is_read = forms.BooleanField(
        label=gettext_lazy("I have read this and I am authorized to accept it for the company."),
        error_messages={"required": gettext_lazy("Tick the box to accept.")},
    )

    class Meta:
        model = Connection
        fields: ClassVar[list[str]] = ["disclaimer_contact", "disclaimer_title"]

    def __init__(self, *args: Any, leaving: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.require("disclaimer_contact", "disclaimer_title", leaving=False)
        self.initial["version"] = DISCLAIMER_VERSION
        self.fields["version"].required = False

    def clean_version(self) -> str:
        if self.cleaned_data["version"] != DISCLAIMER_VERSION:
            raise forms.ValidationError(_("The text has changed since you opened the page. Read it again."))
        return DISCLAIMER_VERSION


class RoutingForm(StepForm):
    """Where calls of a premises-based location leave."""

    class Meta:
        model = Connection
        fields: ClassVar[list[str]] = ["routing", "routing_name"]
        help_texts: ClassVar[dict[str, Any]] = {
            "routing_name": gettext_lazy(
                "Its name, as whoever runs the gateway calls it. Not needed without routing."
            ),
        }

    def __init__(self, *args: Any, leaving: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, leaving=leaving, **kwargs)
        self.fields["routing"] = forms.ChoiceField(
            label=self.fields["routing"].label,
            choices=[
                ("none", _("None: decide later; outside calls do not leave until then")),
                ("trunk", _("Trunk: one gateway")),
                ("route_group", _("Route group: several trunks, in an order")),
            ],
            widget=forms.RadioSelect,
            required=not leaving,
            error_messages={"required": _("Choose where outside calls leave.")},
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_named = cleaned.get("routing") in {"trunk", "route_group"}
        if is_named and self.fields["routing"].required and not cleaned.get("routing_name"):
            self.add_error("routing_name", _("Say which trunk or route group."))
        return cleaned
