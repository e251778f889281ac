"""The life of a file of numbers that somebody takes away: asked for, made by a task, kept for some hours."""

from datetime import timedelta

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Membership, Organization, User
from lib.queue import later
from lib.transitions import lock
from pstn.models import NumberExport
from pstn.selection import Selection


def ask(
    org: Organization, selection: Selection, *, format: str, membership: Membership, by: User
) -> NumberExport:
    """Have the file made in the background."""
    from pstn.imports import tasks  # tasks lead back to the workflows

    with transaction.atomic():
        export: NumberExport = org.number_exports.create(
            format=format,
            query="" if selection.numbers else selection.query,
            numbers=list(selection.numbers),
            membership=membership,
            created_by=by,
            until=timezone.now() + timedelta(hours=NumberExport.KEPT_HOURS),
        )
        record(org, selection, format=format)
        later(tasks.make_export, export.pk)
    return export


def record(org: Organization, selection: Selection, *, format: str) -> None:
    """That somebody took numbers away is on record: which question, never what it answered."""
    after = {"format": format, "query": selection.query, "named": len(selection.numbers)}
    audit.record("number.export", org, org=org, after=after)


def finish(export: NumberExport, made: File[bytes], rows: int) -> None:
    """The file is there. Made twice, the first one counts."""
    with transaction.atomic():
        lock(export)
        if export.ready_at or export.failed_at:
            return
        export.file.save(f"numbers.{export.format}", made, save=False)
        export.ready_at, export.rows, export.claimed_until = timezone.now(), rows, None
        export.save()


def fail(export: NumberExport, why: str) -> None:
    """It cannot be made; `why` is fit to show."""
    unfinished = export.org.number_exports.filter(pk=export.pk, ready_at=None, failed_at=None)
    unfinished.update(failed_at=timezone.now(), problem=why[:300], claimed_until=None)


def forget(export: NumberExport) -> None:
    """Its time is over."""
    stored = export.file.name
    with transaction.atomic():
        export.delete()
        if stored:
            transaction.on_commit(lambda: export.file.storage.delete(stored))
