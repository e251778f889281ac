"""What people fill in about an emergency service address."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from accounts.scoping import OrgModelForm
from emergency.models import ADDRESS_FIELDS, EmergencyAddress
from emergency.validation import FIELD_OF, Answer, problems
from pstn.forms.addresses import address_layout, capitalize_labels, clean_postal_code, follow_country


class AddressForm(OrgModelForm):
    """Where help should go. The country is the location's."""

    class Meta:
        model = EmergencyAddress
        fields: ClassVar[list[str]] = list(ADDRESS_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country: str = self.instance.home.country
        follow_country(self, self.country, "state_code")
        capitalize_labels(self)
        self.fields["line2"].help_text = _("Emergency operators often see only the first 20 characters.")
        self.helper = address_layout(iso=self.country, region="state_code")

    def clean_postal_code(self) -> str:
        return clean_postal_code(self.cleaned_data["postal_code"], self.country)

    @property
    def typed(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in ADDRESS_FIELDS}

    def show(self, answer: Answer) -> None:
        """Put the service's answer above the form, and beside the fields that it is about."""
        if answer.outcome == "no_answer":
            self.add_error(
                None,
                _(
                    "The emergency service does not answer right now. "
                    "What you typed is still here; check it again later."
                ),
            )
            return
        general = [reason for reason in answer.reasons if reason not in FIELD_OF]
        self.add_error(
            None,
            " ".join(
                [
                    _("The emergency service does not know this address."),
                    *problems(general),
                    _("Check the street, or ask support to have it added."),
                ]
            ),
        )
        for reason in answer.reasons:
            if reason in FIELD_OF:
                field = FIELD_OF[reason] if FIELD_OF[reason] in self.fields else None
                self.add_error(field, problems([reason])[0])
