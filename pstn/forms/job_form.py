"""The form of background jobs that need to know nothing but the numbers; the base of the others."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from accounts.models import Membership, Organization
from pstn.models import Location
from pstn.models.numbers import PhoneNumberQuerySet


class JobForm(forms.Form):
    """Kinds that need to know nothing but the numbers; the base of those that do."""

    def __init__(
        self,
        *args: Any,
        org: Organization,
        membership: Membership,
        numbers: PhoneNumberQuerySet,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.org, self.membership, self.numbers = org, membership, numbers

    @property
    def is_plain(self) -> bool:
        """Nothing to fill in: what would happen can be told at once."""
        return not self.fields

    def params(self) -> dict[str, Any]:
        """Call it once the form is valid."""
        return {}

    def sources(self) -> list[Location]:
        """The locations that the numbers are at: the index is asked once a location, not once a number."""
        there = Exists(self.numbers.filter(location=OuterRef("pk")))
        places = self.org.locations.within(self.membership).filter(there)
        return list(places)
