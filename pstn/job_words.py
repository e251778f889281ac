"""What a background job does and has done, in words; with the names that its parameters stand for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from pstn.models import Job, PhoneNumber

K = Job.Kind
ICONS = {
    K.ACTIVATE: "power",
    K.DEACTIVATE: "power-off",
    K.MOVE: "arrow-right-left",
    K.RETYPE: "shapes",
    K.ASSIGN: "user-plus",
    K.UNASSIGN: "user-minus",
    K.TAG: "tag",
    K.NOTE: "sticky-note",
    K.ADDRESS: "siren",
    K.DELETE: "trash-2",
    K.RESTORE: "archive-restore",
    K.IMPORT: "upload",
    K.EXPORT: "download",
}


@dataclass(frozen=True)
class Told:
    """A job with the words of its row: `does` is "Move 240 numbers to London"."""

    job: Job
    does: str
    icon: str

    @property
    def url(self) -> str:
        return self.job.get_absolute_url()

    @property
    def tone(self) -> str:
        """The tone of its state; finished with errors is not the same as finished."""
        return "warn" if self.is_mixed else self.job.TONES[Job.State(self.job.state)]

    @property
    def state_words(self) -> str:
        return _("Completed with errors") if self.is_mixed else str(self.job.get_state_display())

    @property
    def is_mixed(self) -> bool:
        return self.job.state == Job.State.DONE and self.job.failed > 0

    @property
    def counted(self) -> str:
        """12 of 240; and how many of these could not be changed."""
        job = self.job
        text = _("%(n)s of %(m)s") % {"n": f"{job.worked:,}", "m": f"{job.total:,}"}
        if job.failed:
            text += " · " + _("%(n)s could not be changed") % {"n": f"{job.failed:,}"}
        return text


def tell(org: Organization, jobs: Iterable[Job]) -> list[Told]:
    """The words of these jobs; one query for all the names in them, none when there are none."""
    rows = list(jobs)
    for job in rows:
        job.org = org  # its address names the organization; nobody asks the database for that
    names = _names(org, rows)
    return [Told(job, does(job, names), ICONS[K(job.kind)]) for job in rows]


def tell_one(job: Job) -> Told:
    return tell(job.org, [job])[0]


def does(job: Job, names: dict[tuple[str, int], str]) -> str:
    """Move 240 numbers to London."""
    to = target(job, names)
    text = (
        _act_to(K(job.kind), job.total, to)
        if to and not job.params.get("remove")
        else act(job.kind, job.total)
    )
    return _("Undo: %(what)s") % {"what": text} if job.undoes_id else text


def done(told: Told) -> str:
    """M-01: 240 numbers are activated. For the end of a job; those that were so already count as done."""
    job, n = told.job, told.job.done + told.job.same
    words = {"n": f"{n:,}"}
    if job.undoes_id:
        return ngettext("%(n)s number is as it was.", "%(n)s numbers are as they were.", n) % words
    match K(job.kind):
        case K.ACTIVATE:
            text = ngettext("%(n)s number is activated.", "%(n)s numbers are activated.", n)
        case K.DEACTIVATE:
            text = ngettext("%(n)s number is deactivated.", "%(n)s numbers are deactivated.", n)
        case K.MOVE:
            text = ngettext("%(n)s number is moved.", "%(n)s numbers are moved.", n)
        case K.ASSIGN:
            text = ngettext("%(n)s number is assigned.", "%(n)s numbers are assigned.", n)
        case K.UNASSIGN:
            text = ngettext("%(n)s number is unassigned.", "%(n)s numbers are unassigned.", n)
        case K.DELETE:
            text = ngettext("%(n)s number is deleted.", "%(n)s numbers are deleted.", n)
        case K.RESTORE:
            text = ngettext("%(n)s number is back.", "%(n)s numbers are back.", n)
        case K.IMPORT:
            text = ngettext("%(n)s line is imported.", "%(n)s lines are imported.", n)
        case K.EXPORT:
            text = ngettext("%(n)s number is exported.", "%(n)s numbers are exported.", n)
        case _other:
            text = ngettext("%(n)s number is changed.", "%(n)s numbers are changed.", n)
    return text % words


def target(job: Job, names: dict[tuple[str, int], str]) -> str:
    """The name of what the job's parameters point to: a place, a person, a type, a tag; "" without one."""
    params: dict[str, Any] = job.params
    for what in ("location", "owner"):
        if what in params:
            return names.get((what, params[what])) or _("something that is no longer there")
    if params.get("kind") in PhoneNumber.Kind.values:
        return str(PhoneNumber.Kind(params["kind"]).label)
    return str(params.get("tag", ""))


def _names(org: Organization, jobs: list[Job]) -> dict[tuple[str, int], str]:
    """The names of the locations and owners that the jobs point to, by ("location" or "owner", key)."""
    places = {job.params["location"] for job in jobs if "location" in job.params}
    owners = {job.params["owner"] for job in jobs if "owner" in job.params}
    if not places and not owners:
        return {}
    fields = ("what", "key", "shown")
    found = [
        rows.order_by().annotate(what=Value(what), key=F("pk"), shown=F("name")).values_list(*fields)
        for what, rows in (
            ("location", org.locations.filter(pk__in=places)),
            ("owner", org.owners.filter(pk__in=owners)),
        )
    ]
    return {(what, key): shown for what, key, shown in found[0].union(found[1])}


def act(kind: str, n: int) -> str:
    """Move 240 numbers: what a button says, and a job whose kind has no target."""
    match K(kind):
        case K.ACTIVATE:
            text = ngettext("Activate %(n)s number", "Activate %(n)s numbers", n)
        case K.DEACTIVATE:
            text = ngettext("Deactivate %(n)s number", "Deactivate %(n)s numbers", n)
        case K.MOVE:
            text = ngettext("Move %(n)s number", "Move %(n)s numbers", n)
        case K.RETYPE:
            text = ngettext("Change the type of %(n)s number", "Change the type of %(n)s numbers", n)
        case K.ASSIGN:
            text = ngettext("Assign %(n)s number", "Assign %(n)s numbers", n)
        case K.UNASSIGN:
            text = ngettext("Unassign %(n)s number", "Unassign %(n)s numbers", n)
        case K.TAG:
            text = ngettext("Change the tags of %(n)s number", "Change the tags of %(n)s numbers", n)
        case K.NOTE:
            text = ngettext("Write a note on %(n)s number", "Write a note on %(n)s numbers", n)
        case K.ADDRESS:
            text = ngettext(
                "Set the emergency address of %(n)s number", "Set the emergency address of %(n)s numbers", n
            )
        case K.DELETE:
            text = ngettext("Delete %(n)s number", "Delete %(n)s numbers", n)
        case K.RESTORE:
            text = ngettext("Restore %(n)s number", "Restore %(n)s numbers", n)
        case K.IMPORT:
            text = ngettext("Import %(n)s line", "Import %(n)s lines", n)
        case _other:
            text = ngettext("Export %(n)s number", "Export %(n)s numbers", n)
    return text % {"n": f"{n:,}"}


def _act_to(kind: Job.Kind, n: int, target: str) -> str:
    """Move 240 numbers to London."""
    match kind:
        case K.MOVE:
            text = ngettext("Move %(n)s number to %(target)s", "Move %(n)s numbers to %(target)s", n)
        case K.RETYPE:
            text = ngettext(
                "Change the type of %(n)s number to %(target)s",
                "Change the type of %(n)s numbers to %(target)s",
                n,
            )
        case K.ASSIGN:
            text = ngettext("Assign %(n)s number to %(target)s", "Assign %(n)s numbers to %(target)s", n)
        case K.TAG:
            text = ngettext("Tag %(n)s number: %(target)s", "Tag %(n)s numbers: %(target)s", n)
        case _other:
            return act(kind, n)
    return text % {"n": f"{n:,}", "target": target}
