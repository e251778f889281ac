"""The panel's pages of time: the clock with its buttons, and what is planned."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from simulator import appointments, clock
from simulator.admin.verbs import ReadOnly
from simulator.models import Appointment, Clock


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly, admin.ModelAdmin[Appointment]):
    list_display = ["__str__", "day", "due_at", "ended_at", "outcome"]
    list_filter = ["kind", "outcome"]
    list_select_related = ["port", "order", "record", "port_out"]
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
        appointment = (
            Appointment.objects.waiting()
            .select_related("port", "order", "cancel", "record", "port_out")
            .first()
        )
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
