"""The import of a checked file as a background job: paused, stopped and followed like any other."""

from accounts.models import Membership, Organization
from lib.queue import later
from pstn.jobs.base import DryRun, JobKind, Params, Reason, register
from pstn.models import Job, NumberImport
from pstn.selection import Selection
from pstn.workflow import file_rows


def selection_of(it: NumberImport) -> Selection:
    """The rows of a file, as a job's selection names them."""
    return Selection(query=f"import={it.pk}")


@register
class Import(JobKind):
    """Over the rows of a file. What failed is mended in the file and sent again, so there is no retry."""

    slug = Job.Kind.IMPORT
    can_retry = False

    def count(self, org: Organization, membership: Membership, selection: Selection) -> int:
        return _import(org, membership, selection).rows

    def check(
        self, org: Organization, membership: Membership, selection: Selection, params: Params
    ) -> DryRun:
        it = _import(org, membership, selection)
        refused = tuple(Reason(column, text, n) for column, n, text in it.facts.get("kinds", ()))
        return DryRun(it.wanted, it.same, refused)

    def work(self, job: Job) -> bool:
        return file_rows.work(job)

    def ended(self, job: Job) -> None:
        from pstn.imports import tasks  # tasks lead back to the kinds

        it = job.org.number_imports.filter(job=job).first()
        if it is not None:
            later(tasks.tidy, it.pk)


def _import(org: Organization, membership: Membership, selection: Selection) -> NumberImport:
    pk = selection.query.removeprefix("import=")
    it: NumberImport = org.number_imports.within(membership).get(pk=int(pk))
    return it
