"""The life of a background job. Nothing else in the codebase assigns Job.state."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership, Organization, Right, User
from lib.queue import later
from lib.transitions import Refused, Table, lock, move
from pstn.jobs.base import DryRun, Params, kind_of
from pstn.models import Job
from pstn.selection import Selection

S = Job.State

ALLOWED: Table = {
    S.QUEUED: frozenset({S.RUNNING, S.PAUSED, S.STOPPED, S.FAILED}),
    S.RUNNING: frozenset({S.PAUSED, S.DONE, S.STOPPED, S.FAILED}),
    S.PAUSED: frozenset({S.QUEUED, S.STOPPED}),
    S.DONE: frozenset(),
    S.STOPPED: frozenset(),
    S.FAILED: frozenset(),
}

# --- By a person


def check(
    org: Organization, kind: str, selection: Selection, params: Params, *, membership: Membership
) -> DryRun:
    """The dry run: what a job would do now. Changes nothing. `Refused`: these parameters make no sense."""
    it = kind_of(kind)
    return it.check(org, membership, selection, it.clean(org, membership, params))


def start(
    org: Organization,
    kind: str,
    selection: Selection,
    params: Params,
    *,
    membership: Membership,
    by: User,
    key: str,
) -> Job:
    """Queue a job. The same key again answers the job that there is already.

    Refused when the parameters make no sense or nothing is selected. `key` is of this press of the button:
    the page that offers it makes one up (at most 64 characters).
    """
    if there := org.jobs.filter(key=key).first():
        return there
    it = kind_of(kind)
    params = it.clean(org, membership, params)
    total = it.count(org, membership, selection)
    if not total:
        raise Refused(_("No number is selected."))
    job = Job(
        kind=kind,
        params=dict(params),
        query="" if selection.numbers else selection.query,
        numbers=sorted(selection.numbers),
        lane=it.lane(org, membership, selection, params),
        total=total,
    )
    return _queue(job, org, membership, by, key)


def pause(job: Job, *, by: User) -> None:
    """Let it rest. A slice that is being done is finished first; what is done stays."""
    with move(job, S.PAUSED, ALLOWED) as before:
        job.claimed_until = None
        _record(job, "pause", before)
    _wake_next(job)


def resume(job: Job, *, by: User) -> None:
    """Go on where it rested, as soon as its lane is free."""
    with move(job, S.QUEUED, ALLOWED) as before:
        _record(job, "resume", before)
    _wake(job)


def stop(job: Job, *, by: User) -> None:
    """End it here. What is done stays, and can be undone where the kind allows."""
    _end(job, S.STOPPED)


def retry(job: Job, *, by: User) -> Job:
    """A new job over the numbers that this one could not do. Pressed twice, it is one job."""
    if reason := why_not_retry(job):
        raise Refused(reason)
    again = Job(kind=job.kind, params=job.params, lane=job.lane, retries=job, total=job.failed)
    return _queue(again, job.org, _membership(job.org, by), by, f"retry-{job.pk}")


def why_not_retry(job: Job) -> str:
    """Why what a job could not do is not tried again now, or ""."""
    if not kind_of(job.kind).can_retry or not job.failed:
        return _("There is nothing to try again.")
    if not job.is_over:
        return _("It is not over yet.")
    if job.undoes_id:
        return _("An undo is not tried again. Change these numbers one by one, or with a new task.")
    return ""


def undo(job: Job, *, by: User) -> Job:
    """A new job that puts back what this one changed, wherever nothing has happened to a number since."""
    reason = why_not_undo(job)
    if there := job.org.jobs.filter(undoes=job).first():
        return there
    if reason:
        raise Refused(reason)
    back = Job(kind=job.kind, params=job.params, lane=job.lane, undoes=job, total=job.done)
    return _queue(back, job.org, _membership(job.org, by), by, f"undo-{job.pk}")


def why_not_undo(job: Job) -> str:
    """Why what a job did cannot be undone now, or ""."""
    if not job.is_over:
        return _("It is not over yet. Stop it first.")
    if job.undo_until is None:
        return _("This cannot be undone.")
    if not job.may_be_undone:
        return _("The time in which it could be undone is over.")
    return ""


def seen(job: Job) -> None:
    """Somebody was shown how it ended, so nobody needs an e-mail about it."""
    if job.is_over and job.told_at is None:
        job.org.jobs.filter(pk=job.pk, told_at=None).update(told_at=timezone.now())


# --- By the worker


def lease() -> datetime:
    """Until when a worker that takes a job up now may be silent, before another takes it up."""
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def begin(job: Job) -> bool:
    """Let a waiting job run. False while an earlier one, or one that runs, is in its lane."""
    with transaction.atomic():
        if job.lane and _lane_is_taken(job):
            return False
        with move(job, S.RUNNING, ALLOWED):
            job.started_at = job.started_at or timezone.now()
            job.paced_at, job.paced = timezone.now(), job.worked
            kind_of(job.kind).begun(job)
    return True


def advance(job: Job) -> bool:
    """Do the next slice of a running job, and end it after the last. False: no more can be done now."""
    with transaction.atomic():
        lock(job)
        if job.state != S.RUNNING:
            return False
        it = kind_of(job.kind)
        if job.membership is None or not job.membership.may(Right.EDIT) or not it.is_within_reach(job):
            fail(job, "reach")
            return False
        is_more = it.work(job)
        job.tries, job.claimed_until = 0, lease()
        job.save()
        if not is_more:
            _end(job, S.DONE)
    return is_more


def fail(job: Job, code: str) -> None:
    """End it because it cannot go on: `code` is "reach" (its person may not do this any more) or "broken"."""
    _end(job, S.FAILED, error=code)


# --- Inside


def _queue(job: Job, org: Organization, membership: Membership, by: User, key: str) -> Job:
    newest = org.phone_numbers.aggregate(newest=Max("pk"))["newest"]
    job.org, job.membership, job.created_by, job.key = org, membership, by, key
    job.last_pk = newest or 0
    try:
        with transaction.atomic():
            job.save()
            told = {"numbers": job.total, "undoes": job.undoes, "retries": job.retries}
            after = {**job.params, **{name: value for name, value in told.items() if value}}
            audit.record(f"job.{job.kind}", job, after=after)
    except IntegrityError:
        if there := org.jobs.filter(key=key).first():
            return there
        raise
    _wake(job)
    return job


def _membership(org: Organization, by: User) -> Membership:
    found = org.memberships.filter(user=by).first()
    if found is None:
        raise Refused(_("You do not belong to this organization."))
    return found


def _lane_is_taken(job: Job) -> bool:
    """Rivals are locked in order, so of two that would begin at once the second sees the first."""
    rivals = job.org.jobs.moving().filter(kind=job.kind).filter(kind_of(job.kind).rivals(job.lane))
    locked = list(rivals.select_for_update().order_by("pk").values_list("pk", "state"))
    return any(
        state == S.RUNNING or (state == S.QUEUED and pk < job.pk) for pk, state in locked if pk != job.pk
    )


def _end(job: Job, to: str, *, error: str = "") -> None:
    it = kind_of(job.kind)
    with move(job, to, ALLOWED) as before:
        job.finished_at, job.claimed_until = timezone.now(), None
        if it.undo_minutes and job.done and not job.undoes_id:
            job.undo_until = timezone.now() + timedelta(minutes=it.undo_minutes)
        if error:
            job.result = {**job.result, "error": error}
        it.ended(job)
        _record(job, "end" if to != S.STOPPED else "stop", before, to=to)
    _wake_next(job)
    _tidy(job)


def _record(job: Job, what: str, before: str, **after: Any) -> None:
    counts = {"done": job.done, "same": job.same, "failed": job.failed, "of": job.total}
    audit.record(f"job.{what}", job, org=job.org, before={"state": before}, after={**after, **counts})


def _wake(job: Job) -> None:
    from pstn.jobs import tasks  # tasks lead back to the workflows

    later(tasks.run, job.pk)


def _wake_next(job: Job) -> None:
    """The lane may be free now: the next in it starts by itself."""
    if job.lane:
        rivals = kind_of(job.kind).rivals(job.lane)
        waiting = job.org.jobs.filter(kind=job.kind, state=S.QUEUED).filter(rivals)
        if following := waiting.order_by("pk").first():
            _wake(following)


def _tidy(job: Job) -> None:
    from pstn.jobs import tasks  # tasks lead back to the workflows

    later(tasks.add_up, job.org_id)
