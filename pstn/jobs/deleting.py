"""Jobs that delete numbers, into the quarantine, and those that have them back."""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from accounts.models import Membership, Organization
from lib.among import Among
from pstn.jobs.activating import IN_USE
from pstn.jobs.base import DryRun, JobKind, Params, Reason, register
from pstn.jobs.numbers import EXAMPLES, TORN, NumberKind, Refusals
from pstn.jobs.reasons import REASONS
from pstn.models import Job, JobError, PhoneNumber, RestingNumber
from pstn.selection import Selection
from pstn.workflow import quarantine

S = PhoneNumber.State


@register
class Delete(NumberKind):
    """Undone by restoring, for as long as the numbers rest."""

    slug = Job.Kind.DELETE
    whole_blocks = True

    def refusals(self, org: Organization, params: Params) -> Refusals:
        return [
            *IN_USE,
            ("pending", Q(state=S.PENDING)),
            ("porting_order", Q(state=S.PORTING)),
        ]

    def change(self, job: Job, pks: Sequence[int]) -> None:
        numbers = list(job.org.phone_numbers.filter(Among("pk", pks)).order_by("e164"))
        quarantine.rest_many(job.org, numbers, by=job.created_by, job=job)


@register
class Restore(JobKind):
    """Over resting numbers: those that are named, with none named those that a job deleted (the query
    `?job=17`), and else all that this person may reach."""

    slug = Job.Kind.RESTORE

    def count(self, org: Organization, membership: Membership, selection: Selection) -> int:
        return len(selection.numbers) or _resting(org, membership, selection).count()

    def check(
        self, org: Organization, membership: Membership, selection: Selection, params: Params
    ) -> DryRun:
        found = list(_resting(org, membership, selection).order_by("e164").values_list("e164", flat=True))
        there = sorted(quarantine.in_the_way(org, found))
        gone = sorted(set(selection.numbers) - set(found))
        torn = sorted(_torn(org, selection.numbers, found) - set(there))
        refused = tuple(
            Reason(code, self.sentence(code), len(some), tuple(some[:EXAMPLES]))
            for code, some in (("taken", there), (TORN, torn), ("not_resting", gone))
            if some
        )
        return DryRun(len(found) - len(there) - len(torn), 0, refused)

    def block_mates(self, org: Organization, membership: Membership, e164s: Sequence[str]) -> list[str]:
        blocks = set(_blocks(org, e164s).values())
        mates = org.resting_numbers.within(membership).filter(was__block_id__in=blocks)
        return list(mates.order_by("e164").values_list("e164", flat=True)) if blocks else []

    def sentence(self, code: str) -> str:
        return str(REASONS[code]) if code in REASONS else super().sentence(code)

    def work(self, job: Job) -> bool:
        assert job.membership, "a job without a person's reach does not run"
        size: int = settings.JOB_SLICE
        rows = _resting(job.org, job.membership, Selection(job.query, tuple(job.numbers)))
        wanted = _keys(job, rows, size + 1)
        part = wanted[:size]
        within_reach = set(rows.filter(e164__in=part).values_list("e164", flat=True))
        refused = dict.fromkeys(set(part) - within_reach, "not_resting")
        torn = _torn(job.org, job.numbers or _tried_again(job), within_reach)
        within_reach -= torn
        refused |= dict.fromkeys(torn, TORN)
        refused |= quarantine.restore(job.org, within_reach, by=job.created_by, job=job)
        errors = [JobError(job=job, e164=e164, code=code) for e164, code in sorted(refused.items())]
        JobError._base_manager.bulk_create(errors, batch_size=500)
        job.failed += len(errors)
        job.done += len(part) - len(errors)
        job.cursor = part[-1] if part else job.cursor
        return len(wanted) > size


def _torn(org: Organization, chosen: Sequence[str], e164s: Collection[str]) -> set[str]:
    """Those of these resting numbers of whose block some are not chosen: its numbers come back together, as
    they went. Whoever chooses none, but all that a query finds, has whole blocks."""
    blocks = _blocks(org, e164s) if chosen else {}
    left = org.resting_numbers.exclude(e164__in=chosen)
    left = left.filter(e164__gte=OuterRef("first"), e164__lte=OuterRef("last"))
    torn = org.number_blocks.filter(Exists(left), pk__in=set(blocks.values()))
    keys = set(torn.values_list("pk", flat=True)) if blocks else set()
    return {e164 for e164, block in blocks.items() if block in keys}


def _blocks(org: Organization, e164s: Collection[str]) -> dict[str, int]:
    """The block of each of these resting numbers that was of one."""
    rows = org.resting_numbers.filter(e164__in=list(e164s), was__has_key="block_id")
    return dict(rows.values_list("e164", "was__block_id"))


def _tried_again(job: Job) -> list[str]:
    return list(job.retries.errors.values_list("e164", flat=True)) if job.retries else []


def _keys(job: Job, rows: QuerySet[RestingNumber], most: int) -> list[str]:
    """The next keys that it goes over."""
    named: list[str] = job.numbers
    if named:
        return named[bisect_right(named, job.cursor) :][:most]
    listed: Any = rows
    if job.retries_id:
        assert job.retries, "the job that is tried again is there while this one is"
        listed = job.retries.errors.all()
    following = listed.filter(e164__gt=job.cursor).order_by("e164")
    return list(following.values_list("e164", flat=True).distinct()[:most])


def _resting(org: Organization, membership: Membership, selection: Selection) -> QuerySet[RestingNumber]:
    rows: QuerySet[RestingNumber] = org.resting_numbers.within(membership)
    if selection.numbers:
        return rows.filter(e164__in=selection.numbers)
    deleted_by = QueryDict(selection.query.removeprefix("?")).get("job")
    if deleted_by is None:
        return rows
    return rows.filter(job=int(deleted_by)) if re.fullmatch(r"\d{1,15}", deleted_by, re.A) else rows.none()
