"""The case desk's view of what runs in the background and of what rests: jobs, files, deleted numbers."""

from django.contrib import admin

from accounts.desk import ReadOnlyAdmin
from pstn import models


@admin.register(models.Job)
class JobDesk(ReadOnlyAdmin):
    list_display = (
        "__str__",
        "org",
        "kind",
        "state",
        "total",
        "done",
        "same",
        "failed",
        "created_by",
        "created_at",
    )
    list_filter = ("state", "kind")
    list_select_related = ("org", "created_by")
    search_fields = ("=id", "org__slug")


@admin.register(models.JobError)
class JobErrorDesk(ReadOnlyAdmin):
    list_display = ("job", "e164", "line", "column", "code", "text")
    list_select_related = ("job",)
    search_fields = ("=job__id", "=e164")


@admin.register(models.NumberImport)
class NumberImportDesk(ReadOnlyAdmin):
    """Not the file itself: it holds what a customer knows of their people."""

    list_display = ("__str__", "org", "mode", "state", "rows", "problem", "job", "created_by", "created_at")
    list_filter = ("state", "mode")
    list_select_related = ("org", "job", "created_by")
    search_fields = ("=id", "org__slug")
    exclude = ("file", "membership")


@admin.register(models.NumberExport)
class NumberExportDesk(ReadOnlyAdmin):
    list_display = ("__str__", "org", "format", "created_by", "created_at", "until")
    list_select_related = ("org", "created_by")
    search_fields = ("=id", "org__slug")
    exclude = ("file", "membership")


@admin.register(models.RestingNumber)
class RestingNumberDesk(ReadOnlyAdmin):
    list_display = ("e164", "org", "location", "is_from_carrier", "by", "at", "until")
    list_filter = ("is_from_carrier",)
    list_select_related = ("org", "location", "by")
    search_fields = ("=e164", "org__slug")
