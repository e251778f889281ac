"""Reading bills: a page after the other, from the row that waits for it. Done twice, it finds the same."""

import logging
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db.models import F, Q
from django.utils.timezone import now

from lib import reading
from lib.queue import later
from porting.models import BillReading, PortDocument, PortOrder

log = logging.getLogger(__name__)
S = BillReading.Stage
LEASE = timedelta(minutes=3)  # longer than a task may run: nobody reads a bill that is being read
MOST_TRIES = 40  # of one bill, the continuations of a long one included
SLICE = 20.0  # seconds; a long scan goes on in another task, so that the queue is not held up
OCR_PAGES = 12  # of a scan; the account stands on its first pages
BATCH = 50


@shared_task
def read_bill(reading_pk: int) -> None:
    """Read what is left of a bill, or stop after a while and queue the rest."""
    mine = now()
    # The claim is one conditional UPDATE: of two workers one gets it.
    free = Q(stage=S.WAITING) | Q(stage=S.READING, claimed_at__lt=mine - LEASE)
    claimed = BillReading.unscoped.filter(free, pk=reading_pk).update(
        stage=S.READING, claimed_at=mine, tries=F("tries") + 1
    )
    if not claimed:
        return
    row = BillReading.unscoped.select_related("document__order").get(pk=reading_pk)
    if row.tries > MOST_TRIES:  # each try ended with the worker: this file is not worth another
        _note(row, mine, stage=S.FAILED, reason="too_complex")
        return
    kind = "pdf" if row.document.media_type == "application/pdf" else "png"
    try:
        content = row.document.read()
        pages = reading.pages_of(kind, content)
    except (reading.Unreadable, OSError) as failure:
        reason = getattr(failure, "code", None) or "damaged"
        _note(row, mine, stage=S.FAILED, reason=reason)
        log.info("Bill reading %s failed: %s", row.pk, reason)
        return
    _go_on(row, mine, kind, content, pages)


def _go_on(
    row: BillReading, mine: datetime, kind: str, content: bytes, pages: list[reading.Page | None]
) -> None:
    program, began = reading.ocr_program(), time.monotonic()
    for number, page in enumerate(pages[row.pages_read :], start=row.pages_read + 1):
        if page is None and program and pages[:number].count(None) <= OCR_PAGES:
            page = _recognized(kind, content, number, program)
            _take(row, number, page)
            if not _note(row, mine):
                return  # another worker has it, or the document is gone
        else:
            _take(row, number, page)
        if time.monotonic() - began > SLICE and number < len(pages):
            if _note(row, mine, stage=S.WAITING, queued_at=now()):
                later(read_bill, row.pk)
            return
    _note(row, mine, stage=S.DONE, reason="" if program or not row.unread else "no_ocr")


def _recognized(kind: str, content: bytes, number: int, program: str) -> reading.Page | None:
    """A scanned page, or None when it cannot be read: the others are read all the same."""
    try:
        page = reading.recognize(kind, content, number, program)
    except reading.Unreadable:
        return None
    return page if page.letters else None


def _take(row: BillReading, number: int, page: reading.Page | None) -> None:
    """Add what a page says to the row, which is not saved here."""
    row.pages_read = number
    if page is None:
        row.unread.append(number)
        return
    row.sizes[str(number)] = [round(page.width, 1), round(page.height, 1)]
    row.engine = page.source if row.engine in ("", page.source) else BillReading.Engine.BOTH
    row.findings += [asdict(finding) for finding in reading.find(page, row.document.order.country)]


def _note(row: BillReading, mine: datetime, **also: Any) -> bool:
    """Save how far it is, if it is still ours to read."""
    known = {name: getattr(row, name) for name in ("pages_read", "unread", "sizes", "engine", "findings")}
    same = BillReading.unscoped.filter(pk=row.pk, stage=S.READING, claimed_at=mine)
    return bool(same.update(**known, **also))


def take_up() -> None:
    """What the sweep does: readings whose message or worker was lost, and bills that nobody began to read."""
    old = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    lost = Q(stage=S.WAITING) | Q(stage=S.READING, claimed_at__lt=now() - LEASE)
    found = BillReading.unscoped.filter(lost, queued_at__lt=old).order_by("queued_at")
    pks = list(found.values_list("pk", flat=True)[:BATCH])
    BillReading.unscoped.filter(pk__in=pks).update(queued_at=now())
    unread = PortDocument.unscoped.current().filter(
        kind=PortDocument.Kind.BILL, reading=None, order__state__in=PortOrder.EDITABLE, uploaded_at__lt=old
    )
    for document in unread.order_by("pk")[:BATCH]:
        pks.append(BillReading.unscoped.get_or_create(document=document)[0].pk)
    for pk in pks:
        later(read_bill, pk)
