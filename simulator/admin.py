"""The simulator's panel for support staff: records, stock, the clock; what happened can only be read."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from simulator import appointments, clock, demo_rows
from simulator.models import (
    Appointment,
    CarrierEvent,
    Clock,
    ServiceAccount,
    ServiceLine,
    SimAttempt,
    SimPort,
    StockBlock,
    StockHold,
    StockNumber,
    StockOrder,
    StockReturn,
    UnknownStreet,
)


class ReadOnly(admin.options.BaseModelAdmin[Any]):
    """What happened stays as it happened."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


# --- Records ------------------------------------------------------------------------------------------------


class ServiceLineInline(admin.TabularInline[ServiceLine, ServiceAccount]):
    model = ServiceLine
    extra = 0
    fields = [
        "e164",
        "btn",
        "status",
        "rate_center",
        "is_supported",
        "is_wireless",
        "feature",
        "other_request",
        "other_request_until",
    ]


@admin.register(ServiceAccount)
class ServiceAccountAdmin(admin.ModelAdmin[ServiceAccount]):
    list_display = ["company_name", "carrier_name", "btn", "account_number", "pin", "is_frozen"]
    list_filter = ["carrier_name", "is_frozen"]
    search_fields = ["company_name", "account_number", "btn", "lines__e164"]
    inlines = [ServiceLineInline]
    actions = ["restore_demo"]

    @admin.action(description=gettext_lazy("Make the demonstration's accounts as they were first"))
    def restore_demo(self, request: HttpRequest, queryset: QuerySet[ServiceAccount]) -> None:
        demo_rows.restore()
        self.message_user(request, _("The demonstration's accounts are as they were first."))


@admin.register(UnknownStreet)
class UnknownStreetAdmin(admin.ModelAdmin[UnknownStreet]):
    search_fields = ["name"]


# --- Stock --------------------------------------------------------------------------------------------------


@admin.register(StockBlock)
class StockBlockAdmin(admin.ModelAdmin[StockBlock]):
    list_display = ["thousand", "first", "last", "city", "state", "sold", "is_broken"]
    list_filter = ["state", "is_broken"]
    search_fields = ["thousand", "city"]
    show_full_result_count = False


@admin.register(StockNumber)
class StockNumberAdmin(ReadOnly, admin.ModelAdmin[StockNumber]):
    list_display = ["e164", "hold", "held_until", "order"]
    list_select_related = ["hold", "order"]
    search_fields = ["e164"]
    show_full_result_count = False


@admin.register(StockHold)
class StockHoldAdmin(ReadOnly, admin.ModelAdmin[StockHold]):
    list_display = ["reference", "key", "expires_at", "is_extended"]
    ordering = ["-pk"]


@admin.register(StockOrder)
class StockOrderAdmin(ReadOnly, admin.ModelAdmin[StockOrder]):
    list_display = ["reference", "key", "state", "created_at"]
    list_filter = ["state"]
    ordering = ["-pk"]


@admin.register(StockReturn)
class StockReturnAdmin(ReadOnly, admin.ModelAdmin[StockReturn]):
    list_display = ["key", "numbers", "created_at"]
    ordering = ["-pk"]


# --- Ports and events ---------------------------------------------------------------------------------------


class SimAttemptInline(ReadOnly, admin.StackedInline[SimAttempt, SimPort]):
    model = SimAttempt
    fields = ["key", "kind", "received_at", "answered_at", "code", "detail", "request"]


@admin.register(SimPort)
class SimPortAdmin(ReadOnly, admin.ModelAdmin[SimPort]):
    list_display = ["carrier_ref", "reference", "state", "foc_date", "moved_at"]
    list_filter = ["state"]
    search_fields = ["reference"]
    ordering = ["-pk"]
    inlines = [SimAttemptInline]


@admin.register(CarrierEvent)
class CarrierEventAdmin(ReadOnly, admin.ModelAdmin[CarrierEvent]):
    list_display = ["topic", "position", "kind", "key", "code", "date", "at"]
    list_filter = ["topic", "kind", "code"]
    search_fields = ["key"]
    ordering = ["-at", "-pk"]


# --- Time ---------------------------------------------------------------------------------------------------


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly, admin.ModelAdmin[Appointment]):
    list_display = ["__str__", "day", "due_at", "ended_at", "outcome"]
    list_filter = ["kind", "outcome"]
    list_select_related = ["port", "order"]
    ordering = ["-pk"]
    actions = ["do_now"]

    @admin.action(description=gettext_lazy("Do these appointments now"))
    def do_now(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> None:
        waiting = queryset.filter(ended_at=None).order_by("due_at", "pk").values_list("pk", flat=True)
        done = sum(appointments.keep(pk) for pk in list(waiting))
        text = ngettext("%(count)s appointment was done.", "%(count)s appointments were done.", done)
        self.message_user(request, text % {"count": done})


@admin.register(Clock)
class ClockAdmin(admin.ModelAdmin[Clock]):
    fields = ["day_seconds", "is_down", "paused_at", "next_appointment"]
    readonly_fields = ["paused_at", "next_appointment"]
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Clock | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one clock: the list leads to it."""
        return redirect("admin:simulator_clock_change", Clock.current().pk)

    @admin.display(description=gettext_lazy("next appointment"))
    def next_appointment(self, obj: Clock) -> str:
        appointment = Appointment.objects.waiting().select_related("port", "order").first()
        if appointment is None:
            return _("Nothing is planned.")
        return f"{appointment}, {appointment.due_at:%Y-%m-%d %H:%M:%S %Z}"

    def save_model(self, request: HttpRequest, obj: Clock, form: Any, change: bool) -> None:
        """Another length of the day also moves what is planned."""
        Clock.objects.filter(pk=obj.pk).update(is_down=obj.is_down)
        clock.set_day_length(obj.day_seconds)

    def response_change(self, request: HttpRequest, obj: Clock) -> HttpResponse:
        if "_next" in request.POST:
            done = appointments.keep_next()
            text = _("Done: %(what)s.") % {"what": done} if done else _("Nothing is planned.")
        elif "_day" in request.POST:
            clock.let_a_day_pass()
            appointments.keep_due()
            text = _("A business day has passed.")
        elif "_pause" in request.POST:
            clock.pause()
            text = _("The clock stands still.")
        elif "_resume" in request.POST:
            clock.resume()
            text = _("The clock runs.")
        else:
            return super().response_change(request, obj)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(request.path)
