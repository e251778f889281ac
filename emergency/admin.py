"""The case desk's view of emergency addresses and their history. Only verbs move them; staff looks."""

from django.contrib import admin

from accounts.desk import ReadOnlyAdmin, ReadOnlyInline
from emergency.models import EmergencyAddress, EmergencyAddressEvent


class EmergencyAddressEvents(ReadOnlyInline):
    model = EmergencyAddressEvent
    fields = ("at", "before", "after", "text", "by")


@admin.register(EmergencyAddress)
class EmergencyAddressDesk(ReadOnlyAdmin):
    list_display = ("__str__", "location", "number", "org", "state", "checked_at")
    list_filter = ("state",)
    list_select_related = ("location", "number__location", "org")
    search_fields = ("location__name", "^number__e164", "org__slug", "line1", "postal_code")
    inlines = (EmergencyAddressEvents,)


@admin.register(EmergencyAddressEvent)
class EmergencyAddressEventDesk(ReadOnlyAdmin):
    list_display = ("at", "address", "before", "after", "by")
    list_filter = ("after",)
    list_select_related = ("address__location", "address__number__location", "by")
    search_fields = ("text",)
