"""The case desk's view of port-outs and of what guards numbers. Only verbs move them; staff looks."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.desk import HIDDEN, ReadOnlyAdmin, ReadOnlyInline
from porting import models


class PortOutNumbers(ReadOnlyInline):
    model = models.PortOutNumber
    fields = ("e164", "location", "replacement", "left_at", "left_without_main")


class PortOutEvents(ReadOnlyInline):
    model = models.PortOutEvent
    fields = (
        "at",
        "verb",
        "before",
        "after",
        "by",
        "acting_as",
        "code",
        "note",
        "carrier_event",
        "handled_at",
    )


@admin.register(models.PortOut)
class PortOutDesk(ReadOnlyAdmin):
    list_display = (
        *("__str__", "org", "gaining_carrier", "state", "number_count"),
        *("requested_date", "answer_by", "untold", "moved_at"),
    )
    list_filter = ("state", "blocked_by")
    list_select_related = ("org",)
    search_fields = ("=id", "=carrier_ref", "org__slug", "=numbers__e164")
    inlines = (PortOutNumbers, PortOutEvents)


@admin.register(models.PortOutEvent)
class PortOutEventDesk(ReadOnlyAdmin):
    list_display = ("at", "order", "verb", "before", "after", "by", "code", "handled_at")
    list_filter = ("verb",)
    list_select_related = ("order", "by")
    search_fields = ("=order__id", "=carrier_event")


class GuardDesk(ReadOnlyAdmin):
    """The PIN only as a mark that it is there."""

    exclude = ("pin",)
    list_display = ("__str__", "hidden_pin", "is_locked")
    list_filter = ("is_locked",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_fields(request, obj), "hidden_pin"]

    @admin.display(description=gettext_lazy("PIN"))
    def hidden_pin(self, guard: models.OrganizationGuard | models.NumberGuard) -> str:
        return HIDDEN if guard.pin else ""


@admin.register(models.OrganizationGuard)
class OrganizationGuardDesk(GuardDesk):
    list_select_related = ("org",)
    search_fields = ("org__slug",)


@admin.register(models.NumberGuard)
class NumberGuardDesk(GuardDesk):
    list_select_related = ("org", "number")
    search_fields = ("org__slug", "=number__e164")


@admin.register(models.GuardChange)
class GuardChangeDesk(ReadOnlyAdmin):
    list_display = ("at", "org", "number", "changes_pin", "is_new_numbers", "by", "told_at", "tries")
    list_select_related = ("org", "by")
    search_fields = ("org__slug", "=number")
