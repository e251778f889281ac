"""Numbers as a file: which ones and in what format, the download, and files that take longer to make."""

from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib import keyset
from lib.htmx import page_or_part, wants_part
from pstn import exports
from pstn.models import NumberExport
from pstn.selection import Selection
from pstn.views.imports import INERT
from pstn.workflow import exports as workflow

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.VIEW)
def export_numbers(request: OrgRequest) -> HttpResponseBase:
    """Which numbers, and as what: the list's query in the address, or a selection that was sent. With
    `format` the file itself."""
    selection = _selection(request)
    format = request.POST.get("format", "")
    if format not in NumberExport.FORMATS:
        return _choices(request, selection)
    numbers = selection.apply(request.org, request.membership)
    if format == "csv":
        workflow.record(request.org, selection, format=format)
        return _download(StreamingHttpResponse(exports.csv_stream(request.org, numbers)), "csv")
    if numbers.order_by()[: exports.XLSX_AT_ONCE + 1].count() > exports.XLSX_AT_ONCE:
        return redirect(
            workflow.ask(
                request.org, selection, format=format, membership=request.membership, by=request.user
            )
        )
    workflow.record(request.org, selection, format=format)
    made: Any = TemporaryFile()  # noqa: SIM115 (it is closed with the response)
    exports.xlsx(request.org, numbers, made)
    made.seek(0)
    return _download(FileResponse(made), "xlsx")


@require_safe
def export_detail(request: OrgRequest, pk: int) -> HttpResponse:
    """A file that is being made, or is there to be downloaded for some hours."""
    export = _one(request, pk)
    is_moving = not (export.ready_at or export.failed_at)
    if is_moving and request.GET.get("seen") and wants_part(request, "live"):
        return HttpResponse(status=204)
    return page_or_part(
        request, "pstn/export_detail.html", "live", {"export": export, "is_moving": is_moving}
    )


@require_safe
def export_download(request: OrgRequest, pk: int) -> HttpResponseBase:
    export = _one(request, pk)
    if not export.ready_at:
        raise Http404("this file is not there")
    audit.record("number.export_download", request.org, org=request.org, after={"export": str(export)})
    return _download(FileResponse(export.file.open("rb")), export.format)


# --- What the pages need


def _selection(request: OrgRequest) -> Selection:
    if request.method == "POST":
        return Selection.read(request.POST)
    if request.GET.get("all") or request.GET.get("numbers"):
        return Selection.read(request.GET)
    return Selection(query=request.GET.urlencode()[:4_000])


def _choices(request: OrgRequest, selection: Selection) -> HttpResponse:
    count, is_more = (0, False)
    if not selection.is_empty:
        count, is_more = keyset.bounded_count(selection.apply(request.org, request.membership))
    words = ngettext("%(n)s number", "%(n)s numbers", count) % {"n": f"{count:,}{'+' if is_more else ''}"}
    latest = _exports(request).filter(created_by=request.user).select_related("org").order_by("-pk")[:SHOWN]
    context = {"count": count, "words": words, "pairs": selection.pairs(), "latest": latest}
    return render(request, "pstn/export_start.html", context)


def _download(response: Any, format: str) -> HttpResponseBase:
    for name, value in INERT.items():
        response.headers[name] = value
    response.headers["Content-Type"] = NumberExport.FORMATS[format]
    response.headers["Content-Disposition"] = f'attachment; filename="numbers.{format}"'
    done: HttpResponseBase = response
    return done


def _exports(request: OrgRequest) -> Any:
    return request.org.number_exports.within(request.membership)


def _one(request: OrgRequest, pk: int) -> NumberExport:
    export: NumberExport = get_object_or_404(_exports(request).select_related("org"), pk=pk)
    if export.is_over:
        raise Http404("the time of this file is over")
    return export
