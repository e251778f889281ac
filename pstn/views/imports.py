"""Numbers from a file: sending it in, the check before, the import, what could not be used, the template."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from pstn import job_news, typed_count
from pstn.forms.imports import ImportForm
from pstn.imports import report, template
from pstn.job_words import tell_one
from pstn.models import NumberExport, NumberImport
from pstn.workflow import imports as workflow

SHOWN = 10
# A file of ours never runs as a page, whatever it holds, and stays in no cache.
INERT = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def import_start(request: OrgRequest) -> HttpResponse:
    """Choose a file and what to do with it. The check follows; nothing is changed yet."""
    is_sent = request.method == "POST"
    form = ImportForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        upload, mode = form.cleaned_data["file"], form.cleaned_data["mode"]
        it = workflow.begin(request.org, upload, mode=mode, membership=request.membership, by=request.user)
        return redirect(it)
    latest = _imports(request).select_related("created_by", "org").order_by("-pk")[:SHOWN]
    context = {"form": form, "latest": latest, "columns": template.explained()}
    return render(request, "pstn/import_start.html", context, status=422 if form.errors else 200)


@require_safe
def import_detail(request: OrgRequest, pk: int) -> HttpResponse:
    """How far the check is, what it found, and what became of the import."""
    it = _one(request, pk)
    seen = f"{it.state}-{it.percent}-{it.job.worked if it.job else 0}-{it.job.state if it.job else ''}"
    if request.GET.get("seen") == seen and wants_part(request, "live"):
        return HttpResponse(status=204)
    context = _context(it) | {"seen": seen, "is_part": wants_part(request, "live")}
    return page_or_part(request, "pstn/import_detail.html", "live", context)


@require_POST
def import_run(request: OrgRequest, pk: int) -> HttpResponse:
    """Import what was checked. That many numbers are to be deleted is typed first."""
    it = _one(request, pk)
    if it.must_be_typed and (error := typed_count.problem(request.POST.get("confirm", ""), it.wanted)):
        return render(request, "pstn/import_detail.html", _context(it) | {"confirm_error": error}, status=422)
    try:
        workflow.run(it, membership=request.membership, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        job_news.watch(request)
    return redirect(it)


@require_POST
def import_discard(request: OrgRequest, pk: int) -> HttpResponse:
    """Forget the file now instead of in some days."""
    try:
        workflow.discard(_one(request, pk))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The file is deleted."))
    return redirect("pstn:import_start", request.org.slug)


@require_safe
@needs(Right.EDIT)
def import_errors(request: OrgRequest, pk: int) -> HttpResponseBase:
    """The rows that could not be used, with a column that says why: to mend and to send in again."""
    it = _one(request, pk)
    if it.state in ("checking", "refused", "expired"):
        return redirect(it)
    audit.record("number_import.errors", it, org=request.org)
    response = StreamingHttpResponse(
        report.bad_rows(it), content_type="text/csv; charset=utf-8", headers=INERT
    )
    response["Content-Disposition"] = f'attachment; filename="import-{it.pk}-problems.csv"'
    return response


@require_safe
def import_template(request: OrgRequest) -> HttpResponse:
    """An empty table, as a spreadsheet; `?format=csv` as text."""
    places = list(request.org.locations.within(request.membership).order_by("name")[: template.MOST_NAMES])
    if request.GET.get("format") == "csv":
        response = HttpResponse(
            template.as_csv(places), content_type=NumberExport.FORMATS["csv"], headers=INERT
        )
        response["Content-Disposition"] = 'attachment; filename="numbers-template.csv"'
        return response
    response = HttpResponse(
        template.as_xlsx(places), content_type=NumberExport.FORMATS["xlsx"], headers=INERT
    )
    response["Content-Disposition"] = 'attachment; filename="numbers-template.xlsx"'
    return response


# --- What the pages need


def _imports(request: OrgRequest) -> Any:
    return request.org.number_imports.within(request.membership)


def _one(request: OrgRequest, pk: int) -> NumberImport:
    rows = _imports(request).select_related("org", "created_by", "membership", "job__org", "job__created_by")
    it: NumberImport = get_object_or_404(rows, pk=pk)
    return it


def _context(it: NumberImport) -> dict[str, Any]:
    return {
        "it": it,
        "job": it.job,
        "told": tell_one(it.job) if it.job else None,
        "problem": report.problem_of(it),
        "notes": report.notes(it),
        "counts": report.counts(it),
        "run_words": report.run_words(it),
        "wanted": f"{it.wanted:,}",
        "read_words": report.read_words(it),
        "kinds": report.kinds(it),
        "first": report.first_lines(it),
        "is_moving": it.state == "checking" or (it.job is not None and it.job.is_moving),
    }
