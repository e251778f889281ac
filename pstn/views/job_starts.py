"""Before a background job begins: its parameters, the dry run, the refused as CSV, and the start."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import wants_part
from lib.transitions import Refused
from pstn import csv_lines, job_news, typed_count
from pstn.forms.job_form import JobForm
from pstn.forms.jobs import FORMS
from pstn.job_words import ICONS, act, tell_one
from pstn.jobs.base import DryRun, kind_of
from pstn.listing.filters import NumberFilter
from pstn.listing.words import parts
from pstn.models import Job
from pstn.selection import Selection
from pstn.workflow import jobs as workflow

AT_ONCE = 50  # numbers that a person may wait for
TORN = frozenset({"block", "block_moves"})  # only some of the numbers of a block are chosen
# What can be done about a reason: the kind of job that removes it.
CURES = {"assigned": Job.Kind.UNASSIGN, "inactive": Job.Kind.ACTIVATE}


@dataclass
class Asked:
    """What somebody is about to do: a kind, the numbers, its parameters as far as they are filled in."""

    kind: str
    selection: Selection
    form: JobForm
    key: str
    params: dict[str, Any] | None = None  # as soon as they make sense
    dry: DryRun | None = None
    next: str = ""
    confirm_error: str = ""

    @property
    def title(self) -> str:
        return str(Job.Kind(self.kind).label)

    @property
    def icon(self) -> str:
        return ICONS[Job.Kind(self.kind)]

    @property
    def button(self) -> str:
        return act(self.kind, self.dry.can if self.dry else 0)

    @property
    def verdict(self) -> str:
        """238 will work, 2 will not, 5 are so already. Or: Nothing would change: 2 will not work."""
        if self.dry is None:
            return ""
        can, cannot, same = self.dry.can, self.dry.cannot, self.dry.same
        parts = []
        if can:
            parts.append(ngettext("%(n)s will work", "%(n)s will work", can) % {"n": f"{can:,}"})
        if cannot and can:
            parts.append(ngettext("%(n)s will not", "%(n)s will not", cannot) % {"n": f"{cannot:,}"})
        elif cannot:
            parts.append(
                ngettext("%(n)s will not work", "%(n)s will not work", cannot) % {"n": f"{cannot:,}"}
            )
        if same:
            parts.append(ngettext("%(n)s is so already", "%(n)s are so already", same) % {"n": f"{same:,}"})
        if not parts:
            return _("Nothing would change.")
        text = ", ".join(parts) + "."
        return text if can else _("Nothing would change: %(why)s") % {"why": text}

    @property
    def is_grave(self) -> bool:
        """Whether the count must be typed: so many numbers are deleted."""
        return self.kind == Job.Kind.DELETE and self.dry is not None and self.dry.can > typed_count.OVER

    @property
    def has_list(self) -> bool:
        """Whether every refused number can be named."""
        return hasattr(kind_of(self.kind), "refused")

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Why numbers are refused, each reason with what could be done about it."""
        if self.dry is None:
            return []
        return [
            {
                "reason": reason,
                "count": f"{reason.count:,}",
                "more": reason.count - len(reason.examples),
                "cure": CURES.get(reason.code, ""),
                "is_torn": reason.code in TORN and bool(self.selection.numbers),
            }
            for reason in self.dry.refused
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def job_prepare(request: OrgRequest, kind: str) -> HttpResponse:
    """What would happen to the chosen numbers, once it is clear what to do with them. Changes nothing."""
    asked = _asked(request, kind)
    return _shown(request, asked)


@require_POST
def job_start(request: OrgRequest, kind: str) -> HttpResponse:
    """Begin the job, once a key. Few numbers are done while the person waits."""
    if there := request.org.jobs.filter(
        key=request.POST.get("key", "")[:64], created_by=request.user
    ).first():
        return redirect(_way_back(request) or there)  # pressed twice
    asked = _asked(request, kind)
    if asked.is_grave and asked.dry:
        asked.confirm_error = typed_count.problem(request.POST.get("confirm", ""), asked.dry.can)
    if asked.params is None or asked.dry is None or not asked.dry.can or asked.confirm_error:
        return _shown(request, asked, status=422)
    try:
        job = workflow.start(
            request.org,
            kind,
            asked.selection,
            asked.form.params(),
            membership=request.membership,
            by=request.user,
            key=asked.key,
        )
    except Refused as refusal:
        asked.form.add_error(None, str(refusal))
        return _shown(request, asked, status=422)
    return _started(request, job, asked)


@require_POST
def job_refusals(request: OrgRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Every number that would be refused, with the reason, as CSV."""
    asked = _asked(request, kind, counts=False)
    if asked.params is None or not asked.has_list:
        return _shown(request, asked, status=422)
    found = csv_lines.lines([_("number"), _("code"), _("reason")], _refused(request, asked))
    response = StreamingHttpResponse(found, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}-refused.csv"'
    return response


# --- What the pages need


def _asked(request: OrgRequest, kind: str, *, counts: bool = True) -> Asked:
    """Read what is asked. The dry run is part of it, if the form allows one; its errors stand in the form."""
    if kind not in FORMS:
        raise Http404
    data = request.POST if request.method == "POST" else request.GET
    selection = Selection.read(data)
    if selection.is_empty and request.method != "POST" and "query" in data:  # a link: all that it finds
        selection = Selection(query=data["query"].replace("\x00", "")[:4_000])
    if selection.numbers and "whole" in data:
        selection = _with_their_blocks(request, kind, selection)
    numbers = selection.apply(request.org, request.membership)
    is_filled = "asked" in data
    form = FORMS[kind](
        data if is_filled or not FORMS[kind].base_fields else None,
        org=request.org,
        membership=request.membership,
        numbers=numbers,
    )
    asked = Asked(kind, selection, form, key=_key(kind, data.get("key", "")), next=_way_back(request))
    if selection.is_empty or not form.is_bound or not form.is_valid():
        return asked
    it = kind_of(kind)
    try:
        asked.params = it.clean(request.org, request.membership, form.params())
        if counts:
            asked.dry = it.check(request.org, request.membership, selection, asked.params)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return asked


def _with_their_blocks(request: OrgRequest, kind: str, selection: Selection) -> Selection:
    """These numbers, and those that belong to a block with one of them."""
    others = kind_of(kind).block_mates(request.org, request.membership, selection.numbers)
    return replace(selection, numbers=tuple(dict.fromkeys([*selection.numbers, *others])))


def _key(kind: str, posted: str) -> str:
    """The key of this page: made once, kept while its parameters change, never that of another kind."""
    fits = posted.startswith(f"{kind}-") and len(posted) <= 60 and posted.isascii() and posted.isprintable()
    return posted if fits else f"{kind}-{uuid.uuid4().hex}"


def _way_back(request: OrgRequest) -> str:
    """Where the person came from: what `next` names, if that is in this console."""
    data = request.POST if request.method == "POST" else request.GET
    wanted = data.get("next", "") or (request.htmx.current_url_abs_path if request.htmx else "") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""


def _shown(request: OrgRequest, asked: Asked, status: int = 200) -> HttpResponse:
    """The page, the dialog, or only the dry run below the form."""
    total = asked.dry.total if asked.dry else 0
    if not asked.selection.is_empty and asked.dry is None:
        total = kind_of(asked.kind).count(request.org, request.membership, asked.selection)
    chosen = ngettext("%(n)s number is chosen.", "%(n)s numbers are chosen.", total) % {"n": f"{total:,}"}
    is_part, is_dialog = wants_part(request, "dry-run"), wants_part(request, "ask")
    context = {
        "asked": asked,
        "form": asked.form,
        "chosen": chosen,
        "filters": _filters(request, asked),
        "days": settings.QUARANTINE_DAYS,
        "list_url": asked.next or reverse("pstn:number_list", args=[request.org.slug]),
        "is_part": is_part,
        "is_dialog": is_dialog or (is_part and "dialog" in request.POST),
    }
    template = "pstn/job_prepare.html"
    if is_part:
        template = "pstn/job_form.html#dry_run"
    elif is_dialog:
        template = "pstn/job_ask.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _filters(request: OrgRequest, asked: Asked) -> list[str]:
    """What narrows a selection by query, in words: State: Inactive."""
    if asked.selection.numbers or asked.selection.is_empty or asked.kind == Job.Kind.RESTORE:
        return []
    places = request.org.locations.within(request.membership)
    read = NumberFilter.read(QueryDict(asked.selection.query.removeprefix("?")), places)
    return [str(part) for part in parts(read)] or [_("All numbers")]


def _started(request: OrgRequest, job: Job, asked: Asked) -> HttpResponse:
    if job.total <= AT_ONCE:
        _run_now(job)
    told = tell_one(job)
    if job.is_over:
        workflow.seen(job)
        job_news.say_end(request, told)
    else:
        job_news.watch(request)
        job_news.say_start(request, told)
    return redirect(asked.next or reverse("pstn:number_list", args=[request.org.slug]))


def _run_now(job: Job) -> None:
    """Do a small job here, so that the next page has its result; a worker that was quicker goes on."""
    try:
        is_more = workflow.begin(job)
        while is_more:
            is_more = workflow.advance(job)
    except Refused:
        job.refresh_from_db()


def _refused(request: OrgRequest, asked: Asked) -> Iterator[tuple[str, str, str]]:
    it: Any = kind_of(asked.kind)
    for e164, code in it.refused(request.org, request.membership, asked.selection, asked.params):
        yield csv_lines.number(e164), code, it.sentence(code)
