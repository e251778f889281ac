"""The case desk's lists of what happens around an order: links, reminders, tests, records. Staff looks."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.desk import ReadOnlyAdmin
from porting import models


@admin.register(models.TaskLink)
class TaskLinkDesk(ReadOnlyAdmin):
    list_display = ("made_at", "order", "purpose", "email", "by", "expires_at", "done_at", "revoked_at")
    list_filter = ("purpose",)
    list_select_related = ("order", "by")
    search_fields = ("=order__id", "=email")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What opens a link is not shown, not even as a digest."""
        hidden = ("token", "code")
        return [name for name in super().get_fields(request, obj) if not str(name).startswith(hidden)]


@admin.register(models.TaskLinkEvent)
class TaskLinkEventDesk(ReadOnlyAdmin):
    list_display = ("at", "link", "kind", "by")
    list_filter = ("kind",)
    list_select_related = ("link__order", "by")


@admin.register(models.LetterReminder)
class LetterReminderDesk(ReadOnlyAdmin):
    list_display = ("due_at", "order", "sent_at")
    list_select_related = ("order",)
    search_fields = ("=order__id",)


@admin.register(models.PortGroup)
class PortGroupDesk(ReadOnlyAdmin):
    list_display = ("reference", "org", "created_by", "created_at", "is_aligned")
    list_select_related = ("org", "created_by")
    search_fields = ("=id", "org__slug")


@admin.register(models.GroupEvent)
class GroupEventDesk(ReadOnlyAdmin):
    list_display = ("at", "group", "verb", "order", "by", "date", "note")
    list_select_related = ("group", "order", "by")
    search_fields = ("=group__id", "=order__id")


@admin.register(models.Activation)
class ActivationDesk(ReadOnlyAdmin):
    list_display = ("at", "order", "attempt", "by", "told_at", "refused")
    list_select_related = ("order", "by")
    search_fields = ("=order__id",)


@admin.register(models.TestRun)
class TestRunDesk(ReadOnlyAdmin):
    list_display = ("at", "order", "scope", "by", "told_at", "refused")
    list_select_related = ("order", "by")
    search_fields = ("=order__id",)


@admin.register(models.PreflightOverride)
class PreflightOverrideDesk(ReadOnlyAdmin):
    list_display = ("at", "order", "attempt", "by", "light", "score")
    list_filter = ("light",)
    list_select_related = ("order", "by")
    search_fields = ("=order__id",)


@admin.register(models.CsrRequest)
class CsrRequestDesk(ReadOnlyAdmin):
    list_display = ("asked_at", "order", "losing_carrier", "state", "answered_at")
    list_filter = ("state",)
    list_select_related = ("order",)
    search_fields = ("=order__id",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The record itself is personal data that no case needs."""
        return [name for name in super().get_fields(request, obj) if name not in ("record", "asked")]
