"""The panel's pages of port-outs: asking for numbers in another carrier's name, and what follows."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carrier.base import CarrierRefused
from lib.calendar import is_business_day
from lib.paste import read_paste
from simulator import appointments, deadlines, port_outs
from simulator.admin.ports import DateInput
from simulator.admin.verbs import ReadOnly, Verb, VerbsAdmin
from simulator.clock import ZONE
from simulator.models import GuardChange, NumberGuard, SimPortOut

State = SimPortOut.State


def _working_day(day: Any) -> None:
    """A validator: a date on which numbers can move."""
    if day < timezone.localdate(timezone=ZONE) or not is_business_day(day, deadlines.COUNTRY):
        raise forms.ValidationError(_("Choose a business day from today on."))


class AskForm(forms.Form):
    numbers = forms.CharField(
        label=_("Numbers"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Numbers of one customer: bought here, or ported in."),
    )
    gaining_carrier = forms.CharField(label=_("Gaining carrier"), max_length=80, initial="Tideline Wireless")
    pin = forms.CharField(
        label=_("PIN that it was given"),
        max_length=20,
        required=False,
        help_text=_("Asked for where a number is guarded by one."),
    )
    day = forms.DateField(
        label=_("Date"),
        required=False,
        widget=DateInput,
        validators=[_working_day],
        help_text=_("Empty: three business days from now."),
    )

    def clean_numbers(self) -> tuple[str, ...]:
        paste = read_paste(self.cleaned_data["numbers"])
        unread = [piece.text for piece in paste.pieces if not piece.is_ready]
        if unread or not paste.numbers:
            raise forms.ValidationError(
                _("No phone numbers: %(pieces)s."), params={"pieces": ", ".join(unread) or "–"}
            )
        return paste.numbers


class DateForm(forms.Form):
    day = forms.DateField(label=_("Date"), widget=DateInput, validators=[_working_day])


@admin.register(SimPortOut)
class SimPortOutAdmin(VerbsAdmin):
    list_display = [
        "reference",
        "all_numbers",
        "gaining_carrier",
        "state",
        "pin",
        "requested_date",
        "answer_by",
    ]
    list_filter = ["state", "pin"]
    search_fields = ["numbers", "gaining_carrier"]
    ordering = ["-pk"]
    show_full_result_count = False
    change_list_template = "admin/simulator/port_outs_change_list.html"
    verbs = [
        Verb(
            "date",
            _("Change the date"),
            _("The gaining carrier wants the numbers on another day."),
            port_outs.change_date,
            lambda row: row.state in (State.PENDING, State.ACCEPTED),
            DateForm,
        ),
        Verb(
            "withdraw",
            _("Withdraw"),
            _("The gaining carrier takes its request back."),
            port_outs.withdraw,
            lambda row: row.state in SimPortOut.OPEN,
        ),
        Verb(
            "next",
            _("Let the next thing happen now"),
            _("What is planned next happens at once: consent by silence, the day, an answer."),
            appointments.hurry,
            lambda row: row.appointments.filter(ended_at=None).exists(),
        ),
    ]

    @admin.display(description=_("Numbers"))
    def all_numbers(self, obj: SimPortOut) -> str:
        return ", ".join(obj.numbers)

    def get_urls(self) -> list[URLPattern]:
        ask = path("ask/", self.admin_site.admin_view(self.ask_view), name="simulator_simportout_ask")
        return [ask, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"may_ask": self.may_act(request), **(extra_context or {})})

    def ask_view(self, request: HttpRequest) -> HttpResponse:
        """A surprise: another carrier asks for numbers."""
        if not self.may_act(request):
            raise PermissionDenied
        form = AskForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                row = port_outs.request(**form.cleaned_data)
            except CarrierRefused as refusal:
                form.add_error("numbers", str(refusal))
            else:
                self.log_addition(request, row, str(_("Ask for numbers")))
                return redirect("admin:simulator_simportout_change", row.pk)
        return self.verb_page(
            request,
            form,
            _("Ask for numbers"),
            explain=_("Another carrier asks for numbers of a customer, who has a business day to answer."),
            back=reverse("admin:simulator_simportout_changelist"),
        )


@admin.register(NumberGuard)
class NumberGuardAdmin(ReadOnly, admin.ModelAdmin[NumberGuard]):
    """Which numbers are guarded; a customer's PIN is shown to nobody here."""

    fields = ["e164", "has_pin", "is_locked"]
    list_display = ["e164", "has_pin", "is_locked"]
    search_fields = ["e164"]
    show_full_result_count = False

    @admin.display(description=_("PIN is set"), boolean=True)
    def has_pin(self, obj: NumberGuard) -> bool:
        return bool(obj.pin)


@admin.register(GuardChange)
class GuardChangeAdmin(ReadOnly, admin.ModelAdmin[GuardChange]):
    list_display = ["key", "numbers", "created_at"]
    ordering = ["-pk"]
    show_full_result_count = False
