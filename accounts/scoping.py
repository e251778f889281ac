"""How tenant data is fenced in. Read this before touching a queryset."""

from typing import Any

from django import forms
from django.db import models

from accounts.models import Membership, Organization


class OrgOwned(models.Model):
    """A row that belongs to one organization, by its `org` field or through its parent.

    There is no `.objects`: start from `request.org.<things>` or from a row you already hold.
    Code that must look across organizations (tasks, commands) says so by writing `.unscoped`.
    """

    unscoped: models.Manager[Any] = models.Manager()

    class Meta:
        abstract = True


def org_field(related_name: str) -> "models.ForeignKey[Organization, Organization]":
    return models.ForeignKey(Organization, models.CASCADE, related_name=related_name, editable=False)


class OrgModelForm(forms.ModelForm[Any]):
    """A ModelForm that offers only the rows a person may reach and saves only its own fields."""

    def __init__(
        self, *args: Any, org: Organization, membership: Membership | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.org = org
        if hasattr(self.instance, "org_id"):
            if self.instance.org_id is None:
                self.instance.org = org
            assert self.instance.org_id == org.pk, "the instance belongs to another organization"
        for field in self.fields.values():
            rows = getattr(field, "queryset", None)
            if rows is not None and issubclass(rows.model, OrgOwned):
                rows = rows.filter(org=org)
                within = getattr(rows, "within", None)
                field.queryset = within(membership) if within and membership else rows  # type: ignore[attr-defined]

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is None or not commit:
            return super().save(commit)
        stored = {field.name for field in self.instance._meta.concrete_fields}
        touched = {f.name for f in self.instance._meta.concrete_fields if getattr(f, "auto_now", False)}
        self.instance.save(update_fields=(stored & set(self.fields)) | touched)
        self._save_m2m()  # type: ignore[attr-defined]
        return self.instance
