"""The case desk's way to ask for one more paper: one form, one verb, and what came of it to look at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.desk import DeskAdmin, record
from countries import DOCUMENT_LABELS
from porting import documents_wanted
from porting.models import DocumentRequest, PortOrder

ASKED = ("order", "kind", "detail")
CAME = ("source", "by", "asked_at", "told_at", "reminders", "document", "fulfilled_at", "sent_at")


class AskForm(forms.ModelForm[DocumentRequest]):
    """The papers that can be asked for, except bill and letter: an order never goes without those."""

    class Meta:
        model = DocumentRequest
        fields = ASKED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, label) for kind, label in DOCUMENT_LABELS.items() if kind not in ("bill", "loa")]
        if "kind" in self.fields:  # not when it is only looked at
            self.fields["kind"] = forms.ChoiceField(label=self.fields["kind"].label, choices=kinds)

    def clean_order(self) -> PortOrder:
        order: PortOrder = self.cleaned_data["order"]
        if order.is_draft or order.state in PortOrder.DONE:
            raise ValidationError(_("%(order)s takes no papers now.") % {"order": order})
        return order


@admin.register(DocumentRequest)
class DocumentRequestDesk(DeskAdmin):
    """Adding one asks for the paper; afterwards nobody edits it."""

    form = AskForm
    raw_id_fields = ("order",)
    list_display = ("asked_at", "order", "label", "source", "fulfilled_at", "sent_at")
    list_filter = ("source", "kind")
    list_select_related = ("order",)
    search_fields = ("=order__id",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ASKED if obj is None else ASKED + CAME

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        asked = documents_wanted.ask(obj.order, kind=obj.kind, detail=obj.detail, by=request.user)  # type: ignore[arg-type]
        obj.pk = asked.pk
        record("add", asked, after={"kind": asked.kind})
