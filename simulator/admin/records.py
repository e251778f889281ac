"""The panel's pages of other carriers' records, of who asked for one, and of unknown streets."""

from django import forms
from django.contrib import admin
from django.db.models import CharField, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simulator import csr, demo_rows
from simulator.admin.verbs import Verb, VerbsAdmin
from simulator.models import ServiceAccount, ServiceLine, SimRecordRequest, UnknownStreet


class ServiceLineInline(admin.TabularInline[ServiceLine, ServiceAccount]):
    model = ServiceLine
    extra = 0
    # Twelve columns: short fields, so that a line fits on a screen.
    formfield_overrides = {CharField: {"widget": forms.TextInput(attrs={"size": 12})}}
    fields = [
        "e164",
        "btn",
        "status",
        "rate_center",
        "is_supported",
        "is_wireless",
        "has_messaging",
        "registry_status",
        "resp_org",
        "feature",
        "other_request",
        "other_request_until",
    ]


@admin.register(ServiceAccount)
class ServiceAccountAdmin(admin.ModelAdmin[ServiceAccount]):
    list_display = ["company_name", "carrier_name", "btn", "account_number", "scenario", "csr_answer"]
    list_filter = ["scenario", "csr_answer", "carrier_name", "country", "is_frozen"]
    search_fields = ["company_name", "account_number", "btn", "lines__e164"]
    inlines = [ServiceLineInline]
    actions = ["restore_demo"]
    fieldsets = [
        (
            None,
            {"fields": ["company_name", "carrier_name", "account_number", "requires_account_number", "btn"]},
        ),
        (
            gettext_lazy("What happens with it"),
            {"fields": ["scenario", "wanted_document", "csr_answer", "is_frozen"]},
        ),
        (
            gettext_lazy("Who and where"),
            {
                "fields": [
                    "authorized_names",
                    "country",
                    "line1",
                    "line2",
                    "city",
                    "state",
                    "postal_code",
                    "identifiers",
                ]
            },
        ),
        (
            gettext_lazy("What a port must bring"),
            {"fields": ["pin", "bill_cycle_day", "accepted_titles", "signer_rule"]},
        ),
        (gettext_lazy("Time"), {"fields": ["answer_days", "minimum_lead_days", "closed_dates"]}),
    ]

    @admin.action(description=gettext_lazy("Make the demonstration's accounts as they were first"))
    def restore_demo(self, request: HttpRequest, queryset: QuerySet[ServiceAccount]) -> None:
        demo_rows.restore()
        self.message_user(request, _("The demonstration's accounts are as they were first."))


@admin.register(SimRecordRequest)
class SimRecordRequestAdmin(VerbsAdmin):
    list_display = ["reference", "losing_carrier", "btn", "state", "created_at", "answered_at"]
    list_filter = ["state"]
    search_fields = ["key", "btn"]
    ordering = ["-pk"]
    show_full_result_count = False
    verbs = [
        Verb(
            "answer",
            gettext_lazy("Answer now"),
            gettext_lazy("The record is given as it is now, also where nobody answers as a rule."),
            csr.answer_now,
            lambda row: row.state != SimRecordRequest.State.ANSWERED,
        )
    ]


@admin.register(UnknownStreet)
class UnknownStreetAdmin(admin.ModelAdmin[UnknownStreet]):
    search_fields = ["name"]
