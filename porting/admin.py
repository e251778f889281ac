"""The case desk's view of port orders, their papers and their history. Only verbs move them; staff looks."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import HIDDEN, DeskAdmin, ReadOnlyAdmin, ReadOnlyInline, record
from porting import models
from porting.desk import documents, lists, port_outs  # noqa: F401 - they register their own pages
from porting.desk.thread import PortMessages

SECRET = ("account_number", "pin")


class PortedNumbers(ReadOnlyInline):
    model = models.PortedNumber
    fields = (
        "e164",
        "state",
        "problem",
        "foc_date",
        "messaging",
        "emergency",
        "portable",
        "reason",
        "losing_carrier",
        "rate_center",
        "is_named_in_reject",
    )


class PortEvents(ReadOnlyInline):
    model = models.PortEvent
    fields = ("at", "verb", "before", "after", "by", "source", "code", "note", "carrier_event", "handled_at")


class WithDownload:
    @admin.display(description=gettext_lazy("file"))
    def download(self, paper: models.PortDocument) -> str:
        address = reverse("admin:porting_portdocument_download", args=[paper.pk])
        return format_html('<a href="{}">{}</a>', address, _("Download"))


class PortDocuments(WithDownload, ReadOnlyInline):
    model = models.PortDocument
    fields = (
        "kind",
        "media_type",
        "size",
        "dated",
        "uploaded_by",
        "uploaded_at",
        "download",
    )


@admin.register(models.PortOrder)
class PortOrderDesk(ReadOnlyAdmin):
    list_display = (
        "reference",
        "org",
        "location",
        "state",
        "number_count",
        "losing_carrier",
        "foc_date",
        "moved_at",
    )
    list_filter = ("state",)
    list_select_related = ("org", "location")
    search_fields = ("=id", "=carrier_ref", "org__slug", "=numbers__e164")
    inlines = (PortedNumbers, PortDocuments, PortMessages, PortEvents)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Every field; the account number and the PIN only as a mark that they are there."""
        names = super().get_fields(request, obj)
        return [f"hidden_{name}" if name in SECRET else name for name in names]

    @admin.display(description=gettext_lazy("account number"))
    def hidden_account_number(self, order: models.PortOrder) -> str:
        return HIDDEN if order.account_number else ""

    @admin.display(description=gettext_lazy("PIN"))
    def hidden_pin(self, order: models.PortOrder) -> str:
        return HIDDEN if order.pin else ""


@admin.register(models.PortDocument)
class PortDocumentDesk(WithDownload, ReadOnlyAdmin):
    list_display = ("__str__", "kind", "media_type", "size", "uploaded_by", "uploaded_at", "download")
    list_filter = ("kind",)
    list_select_related = ("order", "uploaded_by")
    search_fields = ("=order__id",)
    fields = (
        *("order", "kind", "media_type", "size", "pages", "dated", "sha256", "uploaded_by", "uploaded_at"),
        *("superseded_at", "download"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download_view)
        return [path("<int:pk>/download/", view, name="porting_portdocument_download"), *super().get_urls()]

    def download_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The stored file as an attachment. Who took which paper is in the audit log."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        paper = get_object_or_404(self.get_queryset(request).select_related("order__org"), pk=pk)
        try:
            content = paper.file.open("rb")
        except FileNotFoundError:
            raise Http404(_("The file is no longer stored.")) from None
        record("download", paper, after={"sha256": paper.sha256})
        headers = {"X-Content-Type-Options": "nosniff"}
        return FileResponse(
            content,
            as_attachment=True,
            filename=paper.download_name,
            content_type=paper.media_type,
            headers=headers,
        )


@admin.register(models.LetterSignature)
class LetterSignatureDesk(ReadOnlyAdmin):
    list_display = ("signed_at", "__str__", "document", "by", "ip")
    list_select_related = ("document__order", "by")
    search_fields = ("=document__order__id", "last_name")


@admin.register(models.PortEvent)
class PortEventDesk(ReadOnlyAdmin):
    list_display = ("at", "order", "before", "after", "source", "by", "code", "handled_at")
    list_filter = ("after", "source")
    list_select_related = ("order", "by")
    search_fields = ("=order__id", "=carrier_event")


@admin.register(models.SignatureRequest)
class SignatureRequestDesk(ReadOnlyAdmin):
    list_display = ("at", "order", "by")
    list_select_related = ("order", "by")


@admin.register(models.FeeBand)
class FeeBandDesk(DeskAdmin):
    """What late changes cost is the operator's to say: these rows are edited here."""

    list_display = ("kind", "under_hours", "amount", "is_example")
    list_filter = ("kind",)


@admin.register(models.CalendarFeed)
class CalendarFeedDesk(ReadOnlyAdmin):
    list_display = ("membership", "created_at", "read_at", "revoked_at")
    list_select_related = ("membership__org", "membership__user")
    exclude = ("token_sha256",)


@admin.register(models.PortWarning)
class PortWarningDesk(ReadOnlyAdmin):
    list_display = ("sent_at", "order", "day", "since")
    list_select_related = ("order",)
    search_fields = ("=order__id",)
