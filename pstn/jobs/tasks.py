"""What works on background jobs, slice by slice, and sweeps up what was left. Every task may run twice."""

import logging
import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from lib.queue import publish
from notifications import outbox
from pstn.job_words import tell_one
from pstn.jobs.base import sentence_of
from pstn.models import Job, RestingNumber
from pstn.models.tallies import compact, crowded
from pstn.workflow import jobs as workflow
from pstn.workflow import quarantine

log = logging.getLogger(__name__)

S = Job.State
# Times that a job may be taken up without finishing a slice before it is given up.
MOST_TRIES = 5
# After how long nobody seems to look at a job's page any more, so that its end is told by e-mail.
LEFT = timedelta(minutes=2)
# Most rows that one run takes up.
BATCH = 200


@shared_task
def run(job_pk: int) -> None:
    """Work on a job for a while, then let others have the worker and go on after them.

    One worker at a time is at a job: it claims it until its lease is over, and each slice renews that. Should
    two be at it all the same, the job's row makes their slices take turns.
    """
    now = timezone.now()
    moving = Job.unscoped.moving().filter(pk=job_pk)
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    if not moving.filter(free).update(claimed_until=workflow.lease(), tries=F("tries") + 1):
        return
    job = Job.unscoped.select_related("org").get(pk=job_pk)
    if job.tries > MOST_TRIES:
        workflow.fail(job, "broken")
        return
    if job.state == S.QUEUED and not workflow.begin(job):
        # The job before it in its lane wakes it.
        moving.update(claimed_until=None, tries=0)
        return
    until = time.monotonic() + settings.JOB_SECONDS
    while workflow.advance(job):
        if time.monotonic() > until:
            moving.update(claimed_until=None)
            publish(run, job_pk)
            return


@shared_task
def add_up(org_pk: int) -> None:
    """Add up the counts of an organization after a job has changed many of its numbers."""
    compact([org_pk])


@shared_task
def add_up_crowded() -> None:
    """Add up the counts of every organization where many small changes have piled up."""
    compact(crowded())


@shared_task
def sweep() -> None:
    """Take up what a lost message or a dead worker left undone, and tell of ends that nobody has seen."""
    now = timezone.now()
    late = now - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    left = Job.unscoped.moving().filter(free, created_at__lt=late)
    for pk in left.order_by("pk").values_list("pk", flat=True)[:BATCH]:
        publish(run, pk)
    unseen = Job.unscoped.filter(state__in=Job.OVER, told_at=None, finished_at__lt=now - LEFT)
    for pk in unseen.order_by("finished_at").values_list("pk", flat=True)[:BATCH]:
        _tell(pk)


@shared_task
def end_rests() -> None:
    """Let numbers go whose time in the quarantine is over, a batch of an organization at a time."""
    due = RestingNumber.unscoped.due()
    for org_pk in sorted(set(due.values_list("org", flat=True)[:BATCH])):
        with transaction.atomic():
            mine = RestingNumber.unscoped.due().filter(org=org_pk).select_related("org").order_by("e164")
            quarantine.let_go(list(mine.select_for_update(of=("self",))[:BATCH]))


def _tell(job_pk: int) -> None:
    """One e-mail to whoever started it, unless its end was seen meanwhile."""
    with transaction.atomic():
        unseen = Job.unscoped.select_for_update(of=("self",)).filter(pk=job_pk, told_at=None)
        job = unseen.select_related("org", "created_by").first()
        if job is None:
            return
        person = job.created_by
        if person and person.is_active and person.memberships.filter(org=job.org).exists():
            context = {"told": tell_one(job), "url": job.get_absolute_url(), "reason": _reason(job)}
            outbox.post("job_finished", event=f"job:{job.pk}", org=job.org, to=[person], context=context)
        Job.unscoped.filter(pk=job_pk).update(told_at=timezone.now())


def _reason(job: Job) -> str:
    return sentence_of(job, job.result["error"]) if job.state == S.FAILED else ""
