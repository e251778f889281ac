"""The panel's pages of ports and events: what was sent and answered, and verbs to force what comes next."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from simulator import workflow
from simulator.admin.verbs import ReadOnly, Verb, VerbsAdmin
from simulator.models import CarrierEvent, SimAttempt, SimBatch, SimPort

State = SimPort.State
#: Every reason for which a port may be rejected, as in differences.py.
CODES = (
    "account_name_mismatch",
    "account_number_mismatch",
    "account_number_required",
    "bill_invalid",
    "btn_mismatch",
    "company_name_mismatch",
    "foc_rejected",
    "invalid_pin",
    "loa_invalid",
    "multiple_btns",
    "pending_main_btn",
    "pending_order",
    "service_address_mismatch",
    "tn_mismatch",
    "tn_not_portable",
    "tn_special_feature",
    "unknown",
    "unsupported_rate_center",
    "zip_mismatch",
)


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class RejectForm(forms.Form):
    code = forms.ChoiceField(label=_("Reason"), choices=[(code, code) for code in CODES])
    detail = forms.CharField(label=_("In the carrier's words"), max_length=300)


class ConfirmForm(forms.Form):
    day = forms.DateField(label=_("Date (FOC)"), widget=DateInput)


class PaperForm(forms.Form):
    kind = forms.SlugField(
        label=_("Kind of paper"), max_length=40, help_text=_("Its code, for example account_page.")
    )
    detail = forms.CharField(label=_("Why it is needed"), max_length=300)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def _in(*states: State) -> Any:
    return lambda port: port.state in states


class SimAttemptInline(ReadOnly, admin.StackedInline[SimAttempt, SimPort]):
    model = SimAttempt
    fields = ["key", "kind", "received_at", "answered_at", "code", "detail", "request"]


class SimBatchInline(ReadOnly, admin.TabularInline[SimBatch, SimPort]):
    model = SimBatch
    fields = ["numbers", "activated_at", "messaging", "returned", "is_settled"]
    readonly_fields = ["numbers", "activated_at", "messaging", "returned", "is_settled"]


@admin.register(SimPort)
class SimPortAdmin(VerbsAdmin):
    list_display = ["carrier_ref", "reference", "state", "foc_date", "moved_at"]
    list_filter = ["state"]
    search_fields = ["reference"]
    ordering = ["-pk"]
    inlines = [SimBatchInline, SimAttemptInline]
    verbs = [
        Verb(
            "answer",
            _("Answer now"),
            _("The record is read and answers, also where the account's scenario keeps silent or waits."),
            workflow.answer_now,
            _in(State.WAITING),
        ),
        Verb(
            "confirm",
            _("Confirm a date"),
            _("The date is confirmed, whatever the record says. A date that was confirmed is moved."),
            workflow.force_confirm,
            _in(State.WAITING, State.CONFIRMED),
            ConfirmForm,
        ),
        Verb(
            "reject",
            _("Reject"),
            _("The port is rejected for the reason that you choose."),
            workflow.force_reject,
            _in(State.WAITING, State.CONFIRMED),
            RejectForm,
        ),
        Verb(
            "paper",
            _("Ask for a paper"),
            _("The customer is asked for one more paper; the answer waits for it."),
            workflow.ask_document,
            _in(State.WAITING, State.CONFIRMED, State.ACTIVATING),
            PaperForm,
        ),
        Verb(
            "complete",
            _("Complete now"),
            _("All numbers that have not moved are activated, as if their hour had come."),
            workflow.complete_now,
            _in(State.CONFIRMED, State.ACTIVATING),
        ),
        Verb(
            "messaging",
            _("Release messaging"),
            _("Messaging of all activated numbers comes now."),
            workflow.release_messaging,
            lambda port: port.batches.filter(
                messaging__in=[SimBatch.Messaging.ACTIVATING, SimBatch.Messaging.STUCK]
            ).exists(),
        ),
        Verb(
            "note",
            _("Write a note"),
            _("The customer reads the note as the carrier's."),
            workflow.write_note,
            lambda port: True,
            NoteForm,
        ),
    ]


@admin.register(CarrierEvent)
class CarrierEventAdmin(ReadOnly, admin.ModelAdmin[CarrierEvent]):
    list_display = ["topic", "position", "kind", "key", "code", "date", "at"]
    list_filter = ["topic", "kind", "code"]
    search_fields = ["key"]
    ordering = ["-at", "-pk"]
