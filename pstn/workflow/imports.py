"""The life of a file of numbers that somebody sent in. Nothing else assigns NumberImport.state."""

import hashlib
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership, Organization, User
from lib.queue import later
from lib.sheets import SheetRefused
from lib.transitions import Refused, Table, move
from pstn.models import Job, NumberImport
from pstn.workflow import jobs

S = NumberImport.State

ALLOWED: Table = {
    S.CHECKING: frozenset({S.CHECKED, S.REFUSED, S.EXPIRED}),
    S.CHECKED: frozenset({S.STARTED, S.EXPIRED}),
    S.REFUSED: frozenset({S.EXPIRED}),
    S.STARTED: frozenset({S.EXPIRED}),
    S.EXPIRED: frozenset(),
}


def begin(
    org: Organization, upload: File[bytes], *, mode: str, membership: Membership, by: User
) -> NumberImport:
    """Keep the file and check it in the background: the dry run. Nothing of the inventory changes."""
    from pstn.imports import tasks  # tasks lead back to the workflows

    digest = hashlib.sha256()
    for block in upload.chunks():
        digest.update(block)
    it = NumberImport(
        org=org,
        mode=mode,
        original_name=str(upload.name)[:200],
        size=upload.size,
        sha256=digest.hexdigest(),
        membership=membership,
        created_by=by,
    )
    it.file.save(it.original_name, upload, save=False)
    with transaction.atomic():
        it.save()
        audit.record("number_import.check", it, org=org, after={"mode": mode, "sha256": it.sha256})
        later(tasks.check, it.pk)
    return it


def refuse(it: NumberImport, why: SheetRefused) -> None:
    """The file turned out not to be usable; what was read of it is forgotten."""
    from pstn.imports import tasks

    with move(it, S.REFUSED, ALLOWED):
        it.problem, it.problem_facts = why.code, {name: str(value) for name, value in why.facts.items()}
        it.claimed_until = None
        later(tasks.tidy, it.pk)


def finish_check(it: NumberImport, found: dict[str, Any]) -> None:
    """Every row is judged. `found` is what pstn.imports.judging.summary says.

    Refused: another worker was at the file as well, and has finished.
    """
    with move(it, S.CHECKED, ALLOWED):
        it.plan = found.pop("plan")
        it.facts = {**it.facts, **found}
        it.claimed_until = None


def run(it: NumberImport, *, membership: Membership, by: User) -> Job:
    """Import what was checked, as a background job. Pressed twice, it is one job."""
    from pstn.imports.kind import selection_of  # kinds lead back to the workflows

    if it.job is not None:
        return it.job
    if it.state == S.CHECKED and not it.wanted:
        raise Refused(_("Nothing in this file would change anything."))
    with transaction.atomic(), move(it, S.STARTED, ALLOWED):
        params = {"import": it.pk, "mode": it.mode}
        key = f"import-{it.pk}"
        kind, chosen = Job.Kind.IMPORT.value, selection_of(it)
        it.job = jobs.start(it.org, kind, chosen, params, membership=membership, by=by, key=key)
    return it.job


def expire(it: NumberImport) -> None:
    """Its time is over: the file and what was read of it are not kept. What it did to numbers stays."""
    from pstn.imports import tasks

    with move(it, S.EXPIRED, ALLOWED):
        stored = it.file.name
        transaction.on_commit(lambda: it.file.storage.delete(stored) if stored else None)
        later(tasks.tidy, it.pk)


def discard(it: NumberImport) -> None:
    """Somebody does not want it kept until its time is over. Refused while its job runs."""
    if it.job is not None and not it.job.is_over:
        raise Refused(_("The import is running. Stop its task first."))
    with transaction.atomic():
        audit.record("number_import.discard", it, org=it.org)
        expire(it)
