"""The case desk's way to write to a customer about an order, or to note something for support alone."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.desk import DeskAdmin, ReadOnlyInline
from porting import thread
from porting.models import PortMessage, PortOrder

WRITTEN = ("order", "text", "is_internal", "needs_answer")


class ReplyForm(forms.ModelForm[PortMessage]):
    class Meta:
        model = PortMessage
        fields = WRITTEN

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        order: PortOrder | None = given.get("order")
        if given.get("is_internal") and given.get("needs_answer"):
            self.add_error("needs_answer", _("Nobody can answer a note that only support reads."))
        if given.get("needs_answer") and order and order.state in PortOrder.DONE:
            self.add_error(
                "needs_answer",
                _("%(order)s has ended; nobody has to answer any more.") % {"order": order},
            )
        return given


class PortMessages(ReadOnlyInline):
    """The thread of an order, internal notes included."""

    model = PortMessage
    fields = ("at", "side", "by", "text", "is_internal", "needs_answer")


@admin.register(PortMessage)
class PortMessageDesk(DeskAdmin):
    """Adding one sends it; afterwards nobody edits it. `?order=7` in the address fills the order in."""

    form = ReplyForm
    raw_id_fields = ("order",)
    list_display = ("at", "order", "side", "by", "is_internal", "needs_answer")
    list_filter = ("side", "is_internal", "needs_answer")
    list_select_related = ("order", "by")
    search_fields = ("=order__id",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return WRITTEN if obj is None else (*WRITTEN, "side", "by", "at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        written = thread.reply(
            obj.order,
            text=obj.text,
            by=request.user,  # type: ignore[arg-type]
            is_internal=obj.is_internal,
            needs_answer=obj.needs_answer,
        )
        obj.pk = written.pk
