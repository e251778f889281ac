"""What people say about whom numbers are for: kind, name, location."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organization, Role
from pstn.models import Location, Owner
from pstn.models.locations import LocationQuerySet

NAME_LIMIT = 100


def places_within(org: Organization, membership: Membership) -> LocationQuerySet:
    rows: LocationQuerySet = org.locations.within(membership).order_by("name", "pk")
    return rows


def clean_name(typed: str) -> str:
    """Single spaces, no control characters."""
    return " ".join("".join(one for one in typed if one.isprintable() or one.isspace()).split())


def why_not_name(org: Organization, kind: str, name: str, but: Owner | None = None) -> str:
    """The reason why no further owner of this kind can have this name, or ""."""
    same = org.owners.filter(kind=kind, name__iexact=name)
    if not (same.exclude(pk=but.pk) if but else same).exists():
        return ""
    words = {"kind": Owner.Kind(kind).label, "name": name}
    return _("There is already an owner of the kind “%(kind)s” with the name %(name)s.") % words


class OwnerForm(forms.Form):
    """A new owner, or another name or place of one. The kind stays what it was: numbers follow its rules."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Owner.Kind)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LIMIT)
    location = forms.ModelChoiceField[Location](
        label=gettext_lazy("Location"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("None"),
        help_text=gettext_lazy("Where its numbers usually are. Administrators of a location see its owners."),
    )

    def __init__(
        self, *args: Any, org: Organization, membership: Membership, owner: Owner | None = None, **kwargs: Any
    ) -> None:
        if owner:
            kwargs["initial"] = {"kind": owner.kind, "name": owner.name, "location": owner.location_id}
        super().__init__(*args, **kwargs)
        self.org, self.owner = org, owner
        self.fields["kind"].disabled = owner is not None
        places = self.fields["location"]
        assert isinstance(places, forms.ModelChoiceField)
        places.queryset = places_within(org, membership)
        if membership.role == Role.LOCATION_ADMIN:
            places.required, places.empty_label = True, gettext_lazy("Choose a location")

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("name") == "":
            self.add_error("name", _("Say what it is called."))
        elif {"name", "kind"} <= set(data) and (
            reason := why_not_name(self.org, data["kind"], data["name"], but=self.owner)
        ):
            self.add_error("name", reason)
        return data
