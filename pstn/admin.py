"""The case desk's view of locations, numbers, orders and terms. Only verbs move them; staff looks."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.desk import DeskAdmin, ReadOnlyAdmin, ReadOnlyInline
from accounts.models import Membership, Role
from pstn import models
from pstn.desk import requests, work

__all__ = ["requests", "work"]  # they register themselves


class LocationAdministrators(admin.TabularInline[Any, Any]):
    """Which location administrators administer a location: the one thing that staff changes here."""

    model = models.LocationAdmin
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        people = Membership.objects.filter(org=obj.org if obj else None, role=Role.LOCATION_ADMIN)
        choice: Any = formset.form.base_fields["membership"]
        choice.queryset = people.select_related("user", "org")
        return formset


@admin.register(models.Location)
class LocationDesk(DeskAdmin):
    list_display = ("name", "org", "country", "city", "state", "main_number", "created_at")
    list_filter = ("country",)
    list_select_related = ("org", "main_number")
    search_fields = ("name", "city", "org__slug", "org__name")
    inlines = (LocationAdministrators,)
    readonly_fields = (
        *("org", "name", "country", "line1", "line2", "city", "state", "postal_code", "time_zone"),
        *("main_number", "created_at", "updated_at"),
    )
    fields = readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ConnectionEvents(ReadOnlyInline):
    model = models.ConnectionEvent
    fields = ("at", "before", "after", "by")


@admin.register(models.Connection)
class ConnectionDesk(ReadOnlyAdmin):
    list_display = ("location", "org", "kind", "state", "routing", "updated_at")
    list_filter = ("state", "kind")
    list_select_related = ("location", "org")
    search_fields = ("location__name", "org__slug", "company")
    inlines = (ConnectionEvents,)


@admin.register(models.PhoneNumber)
class PhoneNumberDesk(ReadOnlyAdmin):
    list_display = (
        "e164",
        "org",
        "location",
        "state",
        "kind",
        "assigned_to",
        "waits_for_terms",
        "updated_at",
    )
    list_filter = ("state", "kind", "waits_for_terms")
    list_select_related = ("org", "location")
    search_fields = ("^e164", "org__slug")


@admin.register(models.Owner)
class OwnerDesk(ReadOnlyAdmin):
    list_display = ("name", "kind", "org", "location", "created_at")
    list_select_related = ("org", "location")
    list_filter = ("kind",)
    search_fields = ("^name", "org__slug")


@admin.register(models.NumberBlock)
class NumberBlockDesk(ReadOnlyAdmin):
    list_display = ("first", "last", "size", "org", "created_at")
    list_select_related = ("org",)
    list_filter = ("size",)
    search_fields = ("^first", "org__slug")


@admin.register(models.Preparation)
class PreparationDesk(ReadOnlyAdmin):
    list_display = ("number", "org", "assigned_to", "temporary_e164", "becomes_main", "used_at", "left")
    list_filter = ("left",)
    list_select_related = ("number", "org")
    search_fields = ("^number__e164", "org__slug")


@admin.register(models.NumberEvent)
class NumberEventDesk(ReadOnlyAdmin):
    list_display = ("at", "e164", "org", "what", "before", "after", "by")
    list_select_related = ("org", "by")
    search_fields = ("^e164", "org__slug")


class NumberOrderLines(ReadOnlyInline):
    model = models.NumberOrderLine
    fields = ("e164", "city", "rate_center", "is_chosen", "is_placed", "state", "reason")


class NumberOrderEvents(ReadOnlyInline):
    model = models.NumberOrderEvent
    fields = ("at", "before", "after", "by", "code", "note", "carrier_event", "handled_at")


@admin.register(models.NumberOrder)
class NumberOrderDesk(requests.TurnDown, ReadOnlyAdmin):
    list_display = (
        "reference",
        "org",
        "location",
        "kind",
        "state",
        "number_count",
        "carrier_ref",
        "moved_at",
        "created_by",
    )
    list_filter = ("state", "kind", "waits_for_terms")
    list_select_related = ("org", "location", "created_by")
    search_fields = ("=id", "=carrier_ref", "org__slug", "=lines__e164")
    inlines = (
        requests.NumberOrderMessages,
        requests.NumberOffers,
        NumberOrderLines,
        NumberOrderEvents,
    )


@admin.register(models.BackOrder)
class BackOrderDesk(ReadOnlyAdmin):
    list_display = ("order", "quantity", "came", "carrier_ref", "created_at", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("order__org",)
    search_fields = ("=order__id", "=carrier_ref")


@admin.register(models.NumberOrderEvent)
class NumberOrderEventDesk(ReadOnlyAdmin):
    list_display = ("at", "order", "before", "after", "by", "code", "handled_at")
    list_filter = ("after",)
    list_select_related = ("order", "by")
    search_fields = ("=order__id", "=carrier_event")


@admin.register(models.TermsAcceptance)
class TermsAcceptanceDesk(ReadOnlyAdmin):
    list_display = ("at", "org", "version", "by", "role", "ip")
    list_select_related = ("org", "by")
    search_fields = ("org__slug", "by__email")


@admin.register(models.TermsRequest)
class TermsRequestDesk(ReadOnlyAdmin):
    list_display = ("at", "org", "by", "handled_at")
    list_select_related = ("org", "by")
    search_fields = ("org__slug", "by__email")


@admin.register(models.CarrierFeed)
class CarrierFeedDesk(ReadOnlyAdmin):
    list_display = ("topic", "cursor", "read_at")


@admin.register(models.ReturnedNumber)
class ReturnedNumberDesk(ReadOnlyAdmin):
    list_display = ("e164", "org", "at", "told_at")
    list_select_related = ("org",)
    search_fields = ("=e164", "org__slug")


@admin.register(models.StuckEvent)
class StuckEventDesk(ReadOnlyAdmin):
    list_display = ("at", "topic", "kind", "key", "error", "tries", "tried_at")
    list_filter = ("topic",)
    search_fields = ("=carrier_event", "=key")
