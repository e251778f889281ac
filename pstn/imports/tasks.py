"""What checks files of numbers in the background, and tidies up behind them. Every task may run twice."""

import math
import time
from contextlib import suppress
from datetime import timedelta
from tempfile import TemporaryFile

from celery import shared_task
from django.conf import settings
from django.core.files.base import File
from django.db.models import F, Q
from django.utils import timezone

from lib.queue import publish
from lib.sheets import SheetRefused
from lib.transitions import Refused
from pstn import exports
from pstn.imports import columns, judging, staging
from pstn.models import ImportLine, NumberExport, NumberImport
from pstn.selection import Selection
from pstn.workflow import exports as exporting
from pstn.workflow import imports as workflow

S = NumberImport.State
# A spreadsheet is read and written in one piece: going on in the middle would mean to begin again. Seconds.
LONGEST = 600
EXPORT_LEASE = timedelta(seconds=LONGEST + 30)
# Times that a check may be taken up without getting on before the file is given up.
MOST_TRIES = 5
# Lines of a file that one statement deletes, and files that one run of the sweep takes up.
DELETED_AT_ONCE, BATCH = 20_000, 200


@shared_task(soft_time_limit=LONGEST, time_limit=LONGEST + 20)
def check(import_pk: int) -> None:
    """Read and judge a file for a while, then let others have the worker and go on after them."""
    now = timezone.now()
    waiting = NumberImport.unscoped.filter(pk=import_pk, state=S.CHECKING)
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    if not waiting.filter(free).update(claimed_until=staging.lease(), tries=F("tries") + 1):
        return
    it = NumberImport.unscoped.select_related("org", "membership").get(pk=import_pk)
    is_spreadsheet = str(it.file.name).endswith(".xlsx")
    until = math.inf if is_spreadsheet else time.monotonic() + settings.JOB_SECONDS
    try:
        if it.tries > MOST_TRIES:
            raise SheetRefused("broken")
        if it.membership_id is None:
            raise SheetRefused("no_rights")
        is_over = (it.is_staged or staging.stage(it, until)) and judging.judge(it, until)
    except SheetRefused as why:
        with suppress(Refused):  # another worker was at it as well, and has said so
            workflow.refuse(it, why)
        return
    if is_over:
        it.refresh_from_db()
        with suppress(Refused):
            workflow.finish_check(it, judging.summary(it))
    else:
        waiting.update(claimed_until=None, tries=0)
        publish(check, import_pk)


@shared_task
def tidy(import_pk: int) -> None:
    """Forget the staged rows of an import that is over or refused, some at a time."""
    it = NumberImport.unscoped.select_related("job").get(pk=import_pk)
    if it.state in (S.CHECKING, S.CHECKED) or (it.state == S.STARTED and it.job and not it.job.is_over):
        return
    rows = ImportLine.unscoped.filter(number_import=it)
    for first in range(0, it.staged_to + 1, DELETED_AT_ONCE):
        rows.filter(line__gte=first, line__lt=first + DELETED_AT_ONCE)._raw_delete(using=rows.db)


@shared_task(soft_time_limit=LONGEST, time_limit=LONGEST + 20)
def make_export(export_pk: int) -> None:
    """Make a file that somebody asked for, by the rights that they have now."""
    now = timezone.now()
    waiting = NumberExport.unscoped.filter(pk=export_pk, ready_at=None, failed_at=None)
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    if not waiting.filter(free).update(claimed_until=now + EXPORT_LEASE, tries=F("tries") + 1):
        return
    export = NumberExport.unscoped.select_related("org", "membership").get(pk=export_pk)
    if export.membership is None or export.tries > MOST_TRIES:
        exporting.fail(export, str(columns.SENTENCES["no_rights" if export.membership is None else "broken"]))
        return
    chosen = Selection(export.query, tuple(export.numbers))
    numbers = chosen.apply(export.org, export.membership)
    with TemporaryFile() as out:
        try:
            rows = exports.write(export.org, numbers, export.format, out)
        except ValueError:
            exporting.fail(export, exports.too_many_for_a_sheet())
            return
        out.seek(0)
        exporting.finish(export, File(out), rows)


@shared_task
def sweep() -> None:
    """Take up what a lost message or a dead worker left undone, and let files go whose time is over."""
    now = timezone.now()
    late = now - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    left = NumberImport.unscoped.filter(state=S.CHECKING, created_at__lt=late)
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    for pk in left.filter(free).order_by("pk").values_list("pk", flat=True)[:BATCH]:
        publish(check, pk)
    unmade = NumberExport.unscoped.filter(ready_at=None, failed_at=None, created_at__lt=late)
    for pk in unmade.filter(free).order_by("pk").values_list("pk", flat=True)[:BATCH]:
        publish(make_export, pk)
    for export in NumberExport.unscoped.filter(until__lte=now)[:BATCH]:
        exporting.forget(export)
    old = now - timedelta(days=NumberImport.KEPT_DAYS)
    busy = Q(job__state__in=["queued", "running", "paused"])
    for it in NumberImport.unscoped.filter(created_at__lt=old).exclude(state=S.EXPIRED).exclude(busy)[:BATCH]:
        workflow.expire(it)
