"""Background jobs while they run and afterwards: the list, the header's drawer, one job and its verbs."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib import keyset
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from pstn import csv_lines, job_news
from pstn.job_words import tell, tell_one
from pstn.jobs.base import sentence_of
from pstn.models import Job, JobError
from pstn.workflow import jobs as workflow

PAGE_SIZE = 50
IN_DRAWER = 10
FIRST_OF_GROUP = 20
GONE = frozenset({"gone", "not_resting", "taken"})  # numbers that have no page here


@require_safe
def job_list(request: OrgRequest) -> HttpResponse:
    """All jobs that this person may see, the latest first; it asks for news while one moves."""
    jobs = _jobs(request).select_related("created_by", "org", "undone_by")
    page = keyset.page(jobs, ("-id",), request.GET.get("after"), request.GET.get("before"), PAGE_SIZE)
    context = {
        "page": page,
        "rows": tell(request.org, page.rows),
        "is_moving": any(job.is_moving for job in page.rows),
    }
    return page_or_part(request, "pstn/job_list.html", "jobs", context)


@require_safe
def job_drawer(request: OrgRequest) -> HttpResponse:
    """The last jobs, for the drawer of the header; a person who opens it as a page gets the list."""
    if not request.htmx:
        return redirect("pstn:job_list", request.org.slug)
    jobs = list(_jobs(request).select_related("org", "undone_by").order_by("-pk")[:IN_DRAWER])
    context = {"rows": tell(request.org, jobs), "is_moving": any(job.is_moving for job in jobs)}
    return render(request, "pstn/job_drawer.html", context)


@require_POST
@needs(Right.VIEW)
def job_pulse(request: OrgRequest) -> HttpResponse:
    """How many jobs move, and a toast for each of this person's that has ended and was not told yet.

    A list of numbers that is on the page then asks for itself once more.
    """
    pulse = job_news.take(request)
    response = render(request, "pstn/job_pulse.html", pulse._asdict())
    if pulse.has_ended:
        response.headers["HX-Trigger"] = "jobs-ended"
    return response


@require_safe
def job_detail(request: OrgRequest, pk: int) -> HttpResponse:
    job = _one(request, pk)
    seen = f"{job.state}-{job.worked}-{job.failed}"
    if request.GET.get("seen") == seen and wants_part(request, "live"):
        return HttpResponse(status=204)
    part = "live" if wants_part(request, "live") else "panel"
    context = {
        "job": job,
        "told": tell_one(job),
        "seen": seen,
        "eta": job_news.in_words(job.eta) if job.eta else "",
        "failure": sentence_of(job, job.result["error"]) if job.result.get("error") else "",
        "trouble": _trouble(request, job) if job.failed else [],
        "may_undo": workflow.why_not_undo(job) == "",
        "may_retry": workflow.why_not_retry(job) == "",
        "why_not_retry": workflow.why_not_retry(job) if job.is_over and job.undoes_id and job.failed else "",
        "may_restore": job.is_over and job.resting_numbers.within(request.membership).exists(),
        "relatives": _relatives(job),
        "list_url": reverse("pstn:job_list", args=[request.org.slug]),
        "is_live_part": part == "live",
    }
    job_news.note_end(request, job)
    return page_or_part(request, "pstn/job_detail.html", part, context)


@require_POST
def job_pause(request: OrgRequest, pk: int) -> HttpResponse:
    return _attempt(request, pk, workflow.pause)


@require_POST
def job_resume(request: OrgRequest, pk: int) -> HttpResponse:
    return _attempt(request, pk, workflow.resume)


@require_POST
def job_stop(request: OrgRequest, pk: int) -> HttpResponse:
    return _attempt(request, pk, workflow.stop)


@require_POST
def job_retry(request: OrgRequest, pk: int) -> HttpResponse:
    """A new job over the numbers that failed."""
    return _follow_up(request, pk, workflow.retry)


@require_POST
def job_undo(request: OrgRequest, pk: int) -> HttpResponse:
    """A new job that puts back what this one changed."""
    return _follow_up(request, pk, workflow.undo)


@require_safe
def job_errors(request: OrgRequest, pk: int) -> StreamingHttpResponse:
    """Every number that could not be changed, with the reason, as CSV."""
    job = _one(request, pk)
    header = [_("number"), _("line"), _("column"), _("code"), _("reason")]
    found = csv_lines.lines(header, _errors(job))
    response = StreamingHttpResponse(found, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="task-{job.pk}-errors.csv"'
    return response


# --- What the pages need


def _jobs(request: OrgRequest) -> Any:
    return request.org.jobs.within(request.membership)


def _one(request: OrgRequest, pk: int) -> Job:
    jobs = _jobs(request).select_related(
        "created_by", "org", "undone_by", "undoes", "retries", "number_import"
    )
    job: Job = get_object_or_404(jobs, pk=pk)
    return job


def _attempt(request: OrgRequest, pk: int, verb: Callable[..., None]) -> HttpResponse:
    job = _one(request, pk)
    try:
        verb(job, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(job)


def _follow_up(request: OrgRequest, pk: int, verb: Callable[..., Job]) -> HttpResponse:
    job = _one(request, pk)
    try:
        follower = verb(job, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(job)
    job_news.watch(request)
    return redirect(follower)


def _trouble(request: OrgRequest, job: Job) -> list[dict[str, Any]]:
    """Why numbers could not be changed: each reason with its count and first numbers, most frequent first.

    As many statements as there are reasons, and there are few of them.
    """
    groups = job.errors.order_by().values("code").annotate(n=Count("pk")).order_by("-n", "code")
    found = []
    for group in groups[:20]:
        first = list(job.errors.filter(code=group["code"]).order_by("pk")[:FIRST_OF_GROUP])
        found.append(
            {
                "sentence": first[0].text or sentence_of(job, group["code"]),
                "count": f"{group['n']:,}",
                "first": [_Error(request, error) for error in first],
                "more": group["n"] - len(first),
            }
        )
    return found


class _Error:
    """One number of a list of errors, with the page on which it can be put right."""

    def __init__(self, request: OrgRequest, error: JobError) -> None:
        self.e164, self.line = error.e164, error.line
        self.url = ""
        is_here = error.e164 and error.code not in GONE and error.line is None
        if is_here:
            self.url = reverse("pstn:number_detail", args=[request.org.slug, error.e164])


def _relatives(job: Job) -> list[tuple[str, Any]]:
    """What belongs to it: the job that it undoes, that undoes it, whose failures it tries again; its file."""
    found = [
        (_("Undoes"), job.undoes),
        (_("Tries again what failed in"), job.retries),
        (_("Undone by"), getattr(job, "undone_by", None)),
        (_("File"), getattr(job, "number_import", None)),
    ]
    others = [(label, other) for label, other in found if other]
    for _label, other in others:
        other.org = job.org  # its address names the organization
    return others


def _errors(job: Job) -> Iterator[tuple[str, ...]]:
    for error in job.errors.order_by("pk").iterator(chunk_size=2_000):
        reason = error.text or sentence_of(job, error.code)
        yield csv_lines.number(error.e164), str(error.line or ""), error.column, error.code, reason
