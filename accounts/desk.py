"""What every page of the case desk (Django admin) has in common: cheap lists, and audited writes."""

from typing import Any, Unpack

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts import audit
from accounts.models import Organization
from lib.keyset import bounded_count

HIDDEN = "•••"


class BoundedPaginator(Paginator[Any]):
    """Counts at most ten thousand rows: who looks further searches or filters."""

    @cached_property
    def count(self) -> int:
        return bounded_count(self.object_list)[0]  # type: ignore[arg-type]


class DeskAdmin(admin.ModelAdmin[Any]):
    """A list that costs the same number of queries however long it is; writes are recorded as staff's."""

    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        super().save_model(request, obj, form, change)
        asked = form.changed_data if change else form.cleaned_data
        stored = {field.name for field in obj._meta.get_fields()}
        changed = [name for name in asked if name in stored]  # not, say, the two fields of a new password
        before = {name: _plain(form.initial.get(name)) for name in changed} if change else {}
        after = {name: _plain(form.cleaned_data.get(name)) for name in changed}
        if changed:
            record("change" if change else "add", obj, before=before, after=after)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            record("add", row, after=_values(row))
        for row, changed in formset.changed_objects:
            record(
                "change", row, after={name: value for name, value in _values(row).items() if name in changed}
            )
        for row in formset.deleted_objects:
            record("delete", row, before=_values(row))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record("delete", obj, before=_values(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for row in queryset:
            record("delete", row, before=_values(row))
        super().delete_queryset(request, queryset)


class ReadOnlyAdmin(DeskAdmin):
    """For what only verbs move, and for history, which nobody edits. Shows all fields but `exclude`."""

    actions: Any = None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if self.fields:
            return list(self.fields)
        names = [field.name for field in self.model._meta.concrete_fields if not field.primary_key]
        return [name for name in names if name not in (self.exclude or ())]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    """Rows below the thing that they belong to, to look at."""

    extra = 0
    can_delete = False
    show_change_link = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return list(self.fields or ())

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def record(verb: str, subject: models.Model, **values: Unpack[audit.Values]) -> None:
    """Write what support staff did with something into the audit log of its organization."""
    what = f"{subject._meta.model_name}.{verb}"
    audit.record(what, subject, org=owner(subject), acting_as="staff", **values)


def owner(subject: Any) -> Organization | None:
    """The organization that something belongs to: itself, its `org`, or its order's; None for a person."""
    if isinstance(subject, Organization):
        return subject
    if hasattr(subject, "org_id"):
        return subject.org  # type: ignore[no-any-return]
    parent = next((getattr(subject, name) for name in ("order", "location") if hasattr(subject, name)), None)
    return owner(parent) if parent is not None else None


def _values(row: models.Model) -> dict[str, Any]:
    return {field.name: _plain(getattr(row, field.name)) for field in row._meta.concrete_fields}


def _plain(value: Any) -> Any:
    if isinstance(value, models.QuerySet | list | tuple | set):
        return [str(one) for one in value]
    return value if isinstance(value, bool | int | float | None) else str(value)
