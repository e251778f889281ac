"""Whom a number of ours is for, found by the words of a name or new; and what it is used for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from pstn.forms.choices import ReasonedRadios, label
from pstn.forms.owners import NAME_LIMIT, clean_name, places_within, why_not_name
from pstn.forms.preparations import UseForm
from pstn.models import Owner, PhoneNumber
from pstn.workflow.extensions import why_not_extension
from pstn.workflow.owners import UNTOLD

SHOWN = 20
NOBODY, NEW = "nobody", "new"


def clean_extension(typed: str) -> str:
    """2 to 10 digits, or nothing."""
    digits = "".join(typed.split())
    if digits and not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 10):
        raise ValidationError(_("An extension has 2 to 10 digits."))
    return digits


class AssignmentForm(UseForm):
    """Search and choice are one form: searching keeps what else was typed."""

    q = forms.CharField(label=_("Find an owner"), max_length=100, required=False)
    owner = forms.CharField(
        label=_("Assigned to"), widget=ReasonedRadios, error_messages={"required": _("Choose one of these.")}
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Owner.Kind, required=False)
    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT, required=False)
    location = forms.ModelChoiceField[Any](label=_("Location"), queryset=None, required=False)
    extension = forms.CharField(
        label=_("Extension"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, number: PhoneNumber, membership: Membership, **kwargs: Any) -> None:
        initial = {
            "owner": str(number.owner_id or ("" if number.is_assigned else NOBODY)),
            "kind": UNTOLD.get(number.kind, Owner.Kind.USER).value,
            "location": number.location_id,
            "extension": number.extension,
        }
        super().__init__(*args, number=number, stored=number, initial=initial, **kwargs)
        self.within = number.org.owners.within(membership)
        places = self.fields["location"]
        assert isinstance(places, forms.ModelChoiceField)
        places.queryset = places_within(number.org, membership)
        if number.is_extension_only:
            del self.fields["extension"]
        self._offer()

    def _offer(self) -> None:
        """The radio buttons: who has it, who is found, somebody new, nobody. One query."""
        q = " ".join(str(self.data.get("q", "")).split())
        found = self.within.named(q) if q else self.within.filter(location=self.number.location_id)
        chosen = self.number.owner_id if not self.is_bound else _key(self.data.get("owner"))
        rows = list(found.order_by("name", "pk")[:SHOWN])
        missing = {pk for pk in (chosen, self.number.owner_id) if pk} - {row.pk for row in rows}
        rows = [*self.within.filter(pk__in=missing), *rows] if missing else rows
        self.found = len(rows)
        radios = self.fields["owner"].widget
        assert isinstance(radios, ReasonedRadios)
        for row in rows:
            if row.pk != self.number.owner_id and (reason := self.number.why_not_assign(row)):
                radios.reasons[str(row.pk)] = reason
        radios.choices = [
            (NOBODY, _("Nobody")),
            *((str(row.pk), label(row, self._about(row, radios.reasons))) for row in rows),
            (NEW, _("Somebody or something new")),
        ]

    def _about(self, row: Owner, reasons: dict[str, str]) -> str:
        return reasons.get(str(row.pk)) or str(row.get_kind_display())

    def clean_owner(self) -> Owner | str | None:
        """An owner; NEW; or None for nobody."""
        typed = self.cleaned_data["owner"]
        if typed in (NOBODY, NEW):
            return NEW if typed == NEW else None
        owner: Owner | None = self.within.filter(pk=_key(typed)).first()
        if owner is None:
            raise ValidationError(_("This owner is not there any more. Choose another."))
        if owner.pk != self.number.owner_id and (reason := self.number.why_not_assign(owner)):
            raise ValidationError(reason)
        return owner

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_extension(self) -> str:
        extension = clean_extension(self.cleaned_data["extension"])
        if extension and (reason := why_not_extension(self.number.location, extension, but=self.number)):
            raise ValidationError(reason)
        return extension

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("owner") == NEW and "name" in data:
            kind = data.get("kind") or Owner.Kind.USER
            if reason := self.number.why_not_assign(Owner(kind=kind)):
                self.add_error("owner", reason)
            elif not data["name"]:
                self.add_error("name", _("Say what it is called."))
            elif reason := why_not_name(self.number.org, kind, data["name"]):
                self.add_error("name", reason)
        return data

    @property
    def use(self) -> dict[str, Any]:
        """What the verb takes beside the owner. Call it once the form is valid."""
        names = ("caller_name", "capabilities", "extension")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


def _key(typed: Any) -> int:
    """A key as a form sends it; 0, which nothing has, for anything else."""
    return int(typed) if str(typed).isascii() and str(typed).isdigit() and len(str(typed)) < 19 else 0
