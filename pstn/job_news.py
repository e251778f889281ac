"""Telling people how their jobs go on: what the header counts, the toast at the start and at the end.

A page does not ask the database about jobs. The session remembers that this person waits for one; only then
the header asks, by itself, until there is nothing to wait for.
"""

from typing import NamedTuple

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.http import OrgRequest
from pstn.job_words import Told, done, tell
from pstn.models import Job
from pstn.workflow import jobs as workflow

MARK = "waits_for_jobs"  # in the session; templates/parts/header.html reads it
MOST = 5  # toasts at once


def watch(request: OrgRequest) -> None:
    """From here on the header tells this person how their jobs go on."""
    request.session[MARK] = True


class Pulse(NamedTuple):
    """How many jobs move that this person may see; whether to ask again; whether one of theirs has ended."""

    moving: int
    is_waiting: bool
    has_ended: bool


def take(request: OrgRequest) -> Pulse:
    """The pulse now. Jobs of this person that have ended become messages, each once."""
    jobs = request.org.jobs.within(request.membership)
    moving = jobs.moving().count()
    mine = request.org.jobs.filter(created_by=request.user)
    ended = mine.filter(state__in=Job.OVER, told_at=None).select_related("org", "undone_by").order_by("-pk")
    ends = tell(request.org, ended[:MOST])
    for told in ends:
        note_end(request, told.job)
        say_end(request, told)
    is_waiting = mine.moving().exists()
    if not is_waiting and MARK in request.session:
        del request.session[MARK]
    return Pulse(moving, is_waiting, bool(ends))


def note_end(request: OrgRequest, job: Job) -> None:
    """Remember that whoever started the job knows how it ended; somebody else's look does not count."""
    if job.created_by_id == request.user.pk:
        workflow.seen(job)


def say_start(request: OrgRequest, told: Told) -> None:
    """M-02: the job runs, and nobody has to wait for it."""
    text = _("{does}: it has started. You can keep working. {link}")
    messages.success(request, _linked(text, told, _("View task")))


def say_end(request: OrgRequest, told: Told) -> None:
    """M-01 or M-03: what was done, and the way back or to the reasons."""
    job = told.job
    text, link = "{done} {link}", _("View task")
    if job.failed:
        link = _("See why")
        text = "{done} {failed} {link}" if job.done + job.same else "{failed} {link}"
    if job.state == Job.State.STOPPED:
        text = _("{does}: stopped. {done} {link}")
    elif job.state == Job.State.FAILED:
        text = _("{does}: this did not work. {link}")
    tone = (
        messages.ERROR
        if job.state == Job.State.FAILED
        else messages.WARNING
        if job.failed
        else messages.SUCCESS
    )
    back = job.may_be_undone and job.done and request.membership.may_edit
    undo_url = reverse("pstn:job_undo", args=[request.org.slug, job.pk])
    messages.add_message(request, tone, _linked(text, told, link), extra_tags=undo_url if back else "")


def in_words(seconds: int) -> str:
    """A length of time as one says it: 40 seconds, 3 minutes, 2 hours."""
    if seconds < 90:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


def _linked(text: str, told: Told, link: str) -> str:
    failed = ngettext(
        "%(n)s number could not be changed.", "%(n)s numbers could not be changed.", told.job.failed
    ) % {"n": f"{told.job.failed:,}"}
    return format_html(
        text,
        does=told.does,
        done=done(told),
        failed=failed,
        link=format_html('<a href="{}">{}</a>', told.url, link),
    )
